"""Who was likely to be second of 2023, two races before the end?"""

import racecraft as rc

season = rc.load_season(2023)
table = rc.odds(season, after=20, runs=20_000, seed=7)

for driver, places in table.head(4).select("driver", "places").iter_rows():
    second = places[1]
    said = "certain" if second == 1 else "out of reach" if second == 0 else f"{second:.0%}"
    print(driver, said)
