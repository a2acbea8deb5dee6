"""How far the reconstruction of Mexico City can be trusted."""

import polars as pl

import racecraft as rc

race = rc.load_race(2023, "Mexico City")
report = rc.audit(race)
print(report)
for row in report.differences.iter_rows(named=True):
    print(row)
with pl.Config(fmt_str_lengths=90, tbl_width_chars=120):
    print(race.doubts.group_by("table", "reason").len().sort("len", "reason"))
