"""Where the gaps of a race might have gone, from its restart on."""

import racecraft as rc
from racecraft.sim.lapwise.world import Keep

race = rc.load_race(2023, "Mexico City")
runs = rc.simulate(race, from_lap=36, runs=500, seed=1, keep=Keep(times=True))
figure = rc.plot.gap_fan(runs)
print(len(figure.axes), "picture of", runs.runs, "races")
