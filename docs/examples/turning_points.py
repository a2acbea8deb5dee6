"""What decided third place in São Paulo."""

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
battle = rc.battle(race, drivers=("PER", "ALO"))
print(battle.story)
for point in battle.turning_points.iter_rows(named=True):
    print(point["sentence"])
