"""Was Pérez's lead of 32 points over Hamilton unassailable, with two races to go?"""

from racecraft.sources.sample.sample import sample_season
from racecraft.title.clinch import clinch, clinch_when

season = sample_season()
answer = clinch(season, after=20, driver="PER", position=2)
print(f"secured: {answer.secured}, possible: {answer.possible}, "
      f"{answer.points_available:g} points left")  # fmt: skip
print(answer.sentence)
for race in answer.counterexample.iter_rows(named=True):
    print(f"for example: {race['name']} first in the {race['event']}")

cells = answer.next.cells.filter(position=4).sort("rival_position")
print("if Pérez is fourth:", *(f"HAM {cell['rival_position']}: {cell['secures']}"
                               for cell in cells.head(5).iter_rows(named=True)))  # fmt: skip

after = clinch(season, after=21, driver="PER", position=2)
print(after.sentence, "Proof:", after.bound)
for row in clinch_when(season).head(3).iter_rows(named=True):
    print(f"place {row['position']}, {row['name']}: {row['session']} of round {row['round']}")
