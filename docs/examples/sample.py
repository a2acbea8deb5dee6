"""The season and the races that are in the package."""

from racecraft.sources.sample.sample import sample_race, sample_season

print(sample_season())
print(sample_race(19))
print(sample_race(20))
