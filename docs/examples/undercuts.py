"""Who gained by stopping first in São Paulo, and what a stop would have led to."""

import racecraft as rc
from racecraft.analysis.fights.undercuts import pit_window, undercuts

race = rc.load_race(2023, "São Paulo")
for row in undercuts(race).drop_nulls("kind").iter_rows(named=True):
    print(f"{row['kind']}: {row['first']} stopped on lap {row['first_lap']}, "
          f"{row['second']} on lap {row['second_lap']}; "
          f"stopping first gained {row['gained'].total_seconds():.1f} s")  # fmt: skip
window = pit_window(race, "VER").filter(lap=20).row(0, named=True)
print(f"VER, stopping on lap 20, rejoins in place {window['rejoins']}, behind {window['behind']}")
