"""Every parameter of the simulator, from what races say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.errors import NotEnoughDataError
from racecraft.model.folding import fold
from racecraft.sim.lapwise.course import HARD, INTERMEDIATE, RED, SC, UNKNOWN, VSC
from racecraft.sim.lapwise.crossover import fit_changes
from racecraft.sim.lapwise.evidence import START_SHOWS_BY, TROUBLE_FROM_S
from racecraft.sim.lapwise.fit_pace import fit_pace, fit_prior
from racecraft.sim.lapwise.fit_stops import fit_policy
from racecraft.sim.lapwise.parameters import Figure, Parameters
from racecraft.sim.lapwise.regress import least_squares, logit, shrunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.fit_pace import PaceFit
    from racecraft.sim.lapwise.prior import Known

    Floats = NDArray[np.float64]

FEWEST_RACES = 5
QUANTILES = 256
MOST_PACE_APART = 3.0  # seconds a lap; beyond it a pass is no surer
ATTACKER_SPREAD = 0.25  # of drivers' log-odds before anything is known, in attack and in defence
LEAST_APART_S = 0.05  # at which one car follows another
FASTER_STARTS = 20  # places, over which a start is fitted


def fit_parameters(
    races: Sequence[tuple[Evidence, Known | None]],
    *,
    provenance: Mapping[str, object] | None = None,
) -> Parameters:
    """Parameters of the simulator with their errors, from the evidence of races.

    Parameters
    ----------
    races
        What each race says, and what was known of its cars before it.
    provenance
        Where the races came from; seasons and count are added.

    Raises
    ------
    NotEnoughDataError
        There are fewer than five races.
    """
    if len(races) < FEWEST_RACES:
        raise NotEnoughDataError(
            f"{len(races)} races are too few to fit the simulator on",
            hint=f"{FEWEST_RACES} are the least, a season is better; see racecraft data add laps",
        )
    seen = [one for one, _ in races]
    where = [_circuit(one, known) for one, known in races]
    pace = fit_pace(seen, where)
    figures = dict(pace.figures)
    circuits: dict[str, dict[str, Figure]] = {name: {} for name in dict.fromkeys(where)}
    curves: dict[str, list[float]] = {}
    parts = [
        (pace.figures, pace.circuits, {}),
        fit_prior(races, pace),
        _passing(seen, where, pace),
        _pit_lane(seen, where),
        fit_policy(seen, where),
        (fit_changes(seen), {}, {}),
        _flags(seen, where),
        _start(seen),
        _failures(seen),
    ]
    for some, here, lines in parts:
        figures |= some
        curves |= lines
        for name, values in here.items():
            circuits[name] |= values
    return Parameters(
        figures=figures,
        circuits={name: here for name, here in circuits.items() if name and here},
        curves=curves,
        events={one.event: name for one, name in zip(seen, where, strict=True) if name},
        provenance={
            **(provenance or {}),
            "seasons": sorted({one.season for one in seen}),
            "races": len(seen),
            "laps": int(sum(one.exposure[:, 0].sum() for one in seen)),
        },
    )


Part = tuple[dict[str, Figure], dict[str, dict[str, Figure]], dict[str, list[float]]]


def _circuit(one: Evidence, known: Known | None) -> str:
    return fold(known.circuit) if known is not None and known.circuit else fold(one.event)


def _passing(seen: Sequence[Evidence], where: Sequence[str], pace: PaceFit) -> Part:
    """Log-odds of a pass within a lap, by pace, interval, circuit, attacker and defender."""
    rows, done, place, people = [], [], [], []
    for one, circuit, levels in zip(seen, where, pace.levels, strict=True):
        attack = one.attacks
        behind, ahead = attack["behind"].astype(int), attack["ahead"].astype(int)
        faster = (
            levels[ahead] + pace.tyre(attack["tyre_ahead"], attack["age_ahead"])
            - levels[behind] - pace.tyre(attack["tyre_behind"], attack["age_behind"])
        )  # fmt: skip
        dry = (attack["tyre_behind"] <= HARD) & (attack["tyre_ahead"] <= HARD)
        good = np.isfinite(faster) & dry
        faster = np.clip(faster, -MOST_PACE_APART, MOST_PACE_APART)
        rows.append(np.stack([faster, attack["interval"]], axis=1)[good])
        done.append(attack["passed"][good])
        place += [circuit] * int(good.sum())
        people += [
            (one.cars[a], one.cars[b]) for a, b in zip(behind[good], ahead[good], strict=True)
        ]
    x, y = np.concatenate(rows), np.concatenate(done)
    circuits, drivers = sorted(set(place)), sorted({name for pair in people for name in pair})
    at = {name: i for i, name in enumerate(circuits)}
    who = {name: i for i, name in enumerate(drivers)}
    design = np.zeros((len(y), 3 + 2 * len(circuits) + 2 * len(drivers)))
    design[:, 0] = 1.0
    design[:, 1:3] = x
    row = np.arange(len(y))
    design[row, 3 + np.array([at[name] for name in place])] = 1.0
    steeper = 3 + len(circuits)
    design[row, steeper + np.array([at[name] for name in place])] = x[:, 0]
    first = 3 + 2 * len(circuits)
    design[row, first + np.array([who[a] for a, _ in people])] = 1.0
    design[row, first + len(drivers) + np.array([who[b] for _, b in people])] = -1.0
    spread, slopes = 0.5, 0.3
    for _ in range(4):  # the spreads between circuits, by expectation and maximisation
        penalty = np.full(design.shape[1], 1 / ATTACKER_SPREAD**2)
        penalty[:3] = 1e-4
        penalty[3:steeper], penalty[steeper:first] = 1 / spread**2, 1 / slopes**2
        found = logit(design, y, penalty)
        own, more = found.coefficients[3:steeper], found.coefficients[steeper:first]
        spread = float(np.sqrt(np.mean(own**2 + found.errors[3:steeper] ** 2)))
        slopes = float(np.sqrt(np.mean(more**2 + found.errors[steeper:first] ** 2)))
    base, by_pace, by_gap = found.coefficients[:3]
    errors = found.errors
    count = np.bincount([at[name] for name in place], minlength=len(circuits))
    here = {
        name: {
            "pass_base": Figure(
                float(base + own[i]), float(np.hypot(errors[0], errors[3 + i])), int(count[i])
            ),
            "pass_by_pace": Figure(
                float(by_pace + more[i]),
                float(np.hypot(errors[1], errors[steeper + i])),
                int(count[i]),
            ),
        }
        for name, i in at.items()
    }
    figures = {
        "pass_base": Figure(float(base), float(np.hypot(errors[0], spread)), len(y)),
        "pass_by_pace": Figure(float(by_pace), float(errors[1]), len(y)),
        "pass_by_gap": Figure(float(by_gap), float(errors[2]), len(y)),
        "pass_circuit_spread": Figure(spread, spread / np.sqrt(2 * len(circuits)), len(circuits)),
    }
    for name, i in who.items():
        for what, start in (("attack", first), ("defend", first + len(drivers))):
            figures[f"{what} {name}"] = Figure(
                float(found.coefficients[start + i]), float(errors[start + i]), len(y)
            )
    figures |= _following(np.concatenate([one.followed for one in seen]))
    figures["passes"] = _average([float(one.passes) for one in seen])
    return figures, here, {}


def _following(followed: Floats) -> dict[str, Figure]:
    """How far behind a car is that did not get past, by how far it was when the lap began."""
    interval, after = followed.T
    line = least_squares(np.stack([np.ones(len(after)), interval], axis=1), after)
    by_gap, error = float(line.coefficients[1]), float(line.errors[1])
    low, middle = np.percentile(after - by_gap * interval, [5, 50])
    return {
        "follow": _mean_of(after, max(float(low), LEAST_APART_S)),
        "follow_by_gap": Figure(by_gap, error, len(after)),
        "follow_spread": _mean_of(after, float(2 * (middle - low))),
        "after_pass": _mean_of(after, float(np.percentile(after, 75)) * 0.75),
    }


def _pit_lane(seen: Sequence[Evidence], where: Sequence[str]) -> Part:
    """Time that a stop costs at each circuit, its share under flags, and how slow stops are."""
    medians, errors = [], []
    beyond, shares = [], {VSC: [], SC: []}  # type: ignore[var-annotated]
    for one in seen:
        seconds, state = one.stops["seconds"], one.stops["state"]
        green = seconds[state == 0]
        few = len(green) < 5
        middle = float(np.median(green)) if not few else np.nan
        wide = float(np.subtract(*np.percentile(green, [75, 25]))) if not few else np.nan
        medians.append(middle)
        errors.append(wide / np.sqrt(max(len(green), 1)) + 0.1)
        if not few and one.wet < 0.05:
            beyond.append(green[green < middle + 30] - middle)
            for flag, into in shares.items():
                under = seconds[state == flag]
                if len(under) > 2:
                    into.append(float(np.median(under)) / middle)
    by_circuit = shrunk(where, np.array(medians), np.array(errors))
    extra = np.sort(np.concatenate(beyond)) if beyond else np.zeros(1)
    figures = {
        "pit_loss": Figure(by_circuit.mean, by_circuit.spread, len(medians)),
        "pit_vsc": _average(shares[VSC] or [0.75]),
        "pit_sc": _average(shares[SC] or [0.55]),
    }
    here = {
        str(name): {"pit_loss": Figure(value, error, 1)}
        for name, (value, error) in by_circuit.groups.items()
    }
    return figures, here, {"stop_s": _quantiles(np.clip(extra, -4.0, None)).tolist()}


def _flags(seen: Sequence[Evidence], where: Sequence[str]) -> Part:
    """How often the race is neutralised, by what, and for how long."""
    green = np.sum([one.green_laps for one in seen], axis=0)
    rows = [
        (lap, state, laps, after)
        for one in seen
        for lap, state, laps, after in zip(*one.flags.values(), strict=True)
    ]
    table = np.array(rows, float).reshape(-1, 4)
    first, after = table[:, 0] <= START_SHOWS_BY, table[:, 3] > 0
    later = ~first
    kinds = table[:, 1]
    quiet, loud = float((later & ~after).sum()), float((later & after).sum())
    onset = _rate(quiet, green[0])
    here = {}
    strength = 12.0  # races' worth of the mean that a circuit is credited with: fitted below
    totals: dict[str, list[float]] = {}
    for one, circuit in zip(seen, where, strict=True):
        own = totals.setdefault(circuit, [0.0, 0.0])
        own[0] += float((one.flags["lap"] > START_SHOWS_BY).sum())
        own[1] += float(one.green_laps.sum())
    overall = max(quiet + loud, 0.5) / max(green.sum(), 1.0)
    strength = _gamma_strength(totals.values(), overall)
    for circuit, (count, laps) in totals.items():
        rate = (count + strength) / (laps + strength / overall)
        relative = rate / overall
        error = relative / np.sqrt(count + strength)
        here[circuit] = {
            "sc_onset": Figure(onset.value * relative, float(onset.value * error), int(count))
        }
    after_out = _rate(loud, green[1] + loud)
    figures = {
        "sc_onset": onset,
        "sc_after_out": after_out,
        "sc_first_lap": _at_the_start(seen, float(first.sum()), after_out.value),
        "sc_circuit_strength": Figure(strength, strength, len(totals)),
        "vsc_share": _rate(float((kinds == VSC).sum()), float(len(kinds))),
        "red_share": _rate(float((kinds == RED).sum()), float(len(kinds))),
    }
    curves = {
        name: _quantiles(np.sort(table[kinds == kind, 2]), smooth=False).tolist()
        for name, kind in (("sc_laps", SC), ("vsc_laps", VSC))
    }
    return figures, here, curves


def _at_the_start(seen: Sequence[Evidence], flags: float, after_out: float) -> Figure:
    """Neutralisations at the start, beyond those that a retirement on the first lap brings."""
    all_of = _rate(flags, float(len(seen)))
    with_out = float(np.mean([one.exposure[0, 1] > 0 for one in seen]))
    return all_of._replace(value=max(1 - (1 - all_of.value) / (1 - after_out * with_out), 0.0))


def _gamma_strength(totals: Iterable[list[float]], overall: float) -> float:
    """Events' worth of the common rate in the law of circuits, by moments; at most 50."""
    counts, laps = np.array(list(totals), float).T
    expected = overall * laps
    excess = float(((counts - expected) ** 2 - expected).sum())
    if excess <= 0:
        return 50.0
    return float(np.clip((expected**2).sum() / excess, 1.0, 50.0))


def _start(seen: Sequence[Evidence]) -> Part:
    """The first lap: seconds for each place on the grid, and their spread."""
    place = np.concatenate([one.starts["place"] for one in seen if one.wet < 0.3])
    seconds = np.concatenate([one.starts["seconds"] for one in seen if one.wet < 0.3])
    inside = place <= FASTER_STARTS
    place, seconds = place[inside], seconds[inside]
    middles = np.array([np.median(seconds[place == g]) for g in np.unique(place)])
    slope, at_pole = np.polyfit(np.unique(place)[1:], middles[1:], 1)
    left = seconds - np.maximum(at_pole + slope * place, 0)
    low, high = np.percentile(left, [16, 84])
    spread = min((high - low) / 2, -low * 1.1)
    count = len(place)
    return (
        {
            "start_slot": Figure(float(slope), float(spread / np.sqrt(count) / 6), count),
            "start_spread": Figure(float(spread), float(spread / np.sqrt(2 * count)), count),
        },
        {},
        {},
    )


def _failures(seen: Sequence[Evidence]) -> Part:
    """Retirements on the first lap and later, penalties after the flag."""
    exposure = np.sum([one.exposure for one in seen], axis=0)
    laps, slow, lost = np.sum([one.trouble for one in seen], axis=0)
    late, all_of = np.sum([one.penalised for one in seen], axis=0)
    return (
        {
            "first_lap_out": _rate(exposure[0, 1], exposure[0, 0]),
            "retires": _rate(exposure[1, 1], exposure[1, 0]),
            "trouble": _rate(float(slow), float(max(laps, 1))),
            "trouble_s": Figure(
                TROUBLE_FROM_S + float(lost) / max(float(slow), 1.0),
                float(lost) / max(float(slow), 1.0) / np.sqrt(max(float(slow), 1.0)),
                int(slow),
            ),
            "penalty": _rate(float(late), float(max(all_of, 1))),
        },
        {},
        {},
    )


def _rate(events: float, of: float) -> Figure:
    """Share with Jeffreys' half event."""
    value = (events + 0.5) / (of + 1)
    return Figure(value, float(np.sqrt(value * max(1 - value, 0.0) / (of + 1))), int(of))


def _average(values: Sequence[float]) -> Figure:
    array = np.array(values, float)
    error = array.std(ddof=1) / np.sqrt(len(array)) if len(array) > 1 else np.abs(array).sum()
    return Figure(float(array.mean()), float(error), len(array))


def _mean_of(values: Floats, value: float) -> Figure:
    return Figure(value, float(values.std() / np.sqrt(max(len(values), 1))), len(values))


def _quantiles(values: Floats, *, smooth: bool = True) -> Floats:
    """Values at the middle of equal steps of chance, ``(QUANTILES,)``."""
    if not len(values):
        return np.ones(QUANTILES)
    at = (np.arange(QUANTILES) + 0.5) / QUANTILES
    method = "linear" if smooth else "inverted_cdf"
    return np.asarray(np.quantile(values, at, method=method))  # type: ignore[call-overload]


__all__ = ["INTERMEDIATE", "UNKNOWN", "fit_parameters"]
