"""Who was likely to win at Monza in 2023, and what did the grid change?"""

import racecraft as rc

season = rc.load_season(2023)
history = [rc.load_season(year) for year in range(2018, 2023)]
for moment in ("qualifying", "race"):
    table = rc.forecast(season, "Monza", before=moment, history=history)
    print(f"before the {moment}:")
    for driver, win, podium in table.head(3).select("driver", "win", "podium").iter_rows():
        print(f"  {driver} wins with {win:.0%}, podium {podium:.0%}")
