"""The picture of a race: chances to win, lap by lap."""

import racecraft as rc

race = rc.load_race(2023, "Mexico City")
figure = rc.plot.win_probability(race)
print(figure.get_size_inches())
