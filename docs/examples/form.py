"""Whether the form of Pérez changed during 2023."""

import racecraft as rc

form = rc.form(rc.load_season(2023), "PER", races=rc.load_races(2023))
print(form.sentence)
for row in form.rounds.filter(session="race").tail(4).iter_rows(named=True):
    wet = ", wet" if row["quali_wet"] else ""
    print(f"round {row['round']}: qualifying {row['quali_pct']:+.1f} %{wet}", end="")
    print(f", race {row['race_pct']:+.1f} % by {row['race_basis']}" if row["race_pct"] else "")
