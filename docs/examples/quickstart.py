"""Load a race and ask it three things."""

import racecraft as rc

race = rc.load_race(2023, "São Paulo")
print(race)
print(rc.gaps(race, drivers=("ALO", "PER")).tail(4))
print(rc.overtakes(race, rule="flying_laps").height, "overtakes on flying laps")
print(rc.battle(race, drivers=("PER", "ALO")).story)
