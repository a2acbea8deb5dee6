"""The fit of the simulator over many races, spread over workers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError, RacecraftError
from racecraft.sim.executor import executor
from racecraft.sim.lapwise.course import course
from racecraft.sim.lapwise.evidence import evidence
from racecraft.sim.lapwise.fit import FEWEST_RACES, fit_parameters
from racecraft.sim.lapwise.fit_passes import match_passes
from racecraft.sim.lapwise.fit_wins import fit_wins
from racecraft.sim.lapwise.prior import known_before

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Workers
    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.prior import Known

    Job = tuple[Race, Season | None, list[Season]]

MEMORY = 3  # seasons before, from which strengths are learnt


def fit_races(
    races: Sequence[Race],
    seasons: Mapping[int, Season],
    *,
    workers: Workers = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Parameters:
    """Parameters of the simulator from races, each seen with the results before it.

    Parameters
    ----------
    races
        With timing; sprints and races of less than ten laps are left out.
    seasons
        By year: those of the races, and some years before.
    workers, progress
        As in `racecraft.simulate`.

    Raises
    ------
    NotEnoughDataError
        Fewer than five races say something.

    Notes
    -----
    Interrupted, it is fitted on the races read until then; their provenance says ``partial``.
    """
    jobs: list[Job] = [
        (
            race,
            seasons.get(race.season),
            [seasons[y] for y in range(race.season - MEMORY, race.season) if y in seasons],
        )
        for race in races
        if race.session == "race"
    ]
    if not jobs:
        raise NotEnoughDataError(
            "no race is stored to fit the simulator on", hint="see racecraft data add laps --help"
        )
    said: list[tuple[Race, Evidence, Known]] = []
    told: dict[str, object] = {}
    with executor(workers) as pool:
        try:
            for number, one in enumerate(pool.map(evidence_of, jobs), 1):
                if progress is not None:
                    progress("races", number, len(jobs))
                if one is not None:
                    said.append((jobs[number - 1][0], *one))
        except KeyboardInterrupt:
            if len(said) < FEWEST_RACES:
                raise
            told["partial"] = True
    told["sources"] = sorted({race.source for race, _, _ in said if race.source})
    found = fit_parameters([(one, known) for _, one, known in said], provenance=told)
    found = match_passes(said, found)
    return replace(found, figures={**found.figures, **fit_wins(said, found)})


def evidence_of(job: Job) -> tuple[Evidence, Known] | None:
    """What a race says, and what was known before it; None where it says nothing."""
    race, season, history = job
    try:
        said = evidence(race)
    except RacecraftError:
        return None
    if said is None:
        return None
    run = course(race)
    return said, known_before(race, run.cars, run.grid, season, history)
