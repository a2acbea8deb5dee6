"""When the two races of the package were not racing."""

import racecraft as rc

for event in ("Mexico City", "São Paulo"):
    race = rc.load_race(2023, event)
    print(race.name)
    print(rc.control(race))
    print(race.doubts.filter(table="control")["reason"].item())
