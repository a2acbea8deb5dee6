"""What lap times were made of in São Paulo."""

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
pace = rc.pace(race)
for row in pace.drivers.head(5).iter_rows(named=True):
    print(f"{row['car']} {row['field_pct']:+.1f} % ± {row['field_pct_error']:.1f}")
for row in pace.terms.filter(unit="s/kg").iter_rows(named=True):
    print(f"{row['meaning']}: {row['value']:.3f} ± {row['error']:.3f} {row['unit']}")
lap = rc.breakdown(race, "PER", 71)
for row in lap.parts.iter_rows(named=True):
    print(f"{row['cause']:<9} {row['seconds']:+7.1f} s")
print(f"{'lap time':<9} {lap.lap_time_s:+7.1f} s")
