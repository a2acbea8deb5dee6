"""What happened on the way: laps, passes, stops, retirements, penalties, flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look

REASONS = {
    "ENGINE": "engine",
    "GEARBOX": "gearbox",
    "HYDRAULICS": "hydraulics",
    "BRAKES": "brakes",
    "SUSPENSION": "suspension",
    "PUNCTURE": "puncture",
    "ELECTRICAL": "electrical",
    "COLLISION": "collision",
    "ACCIDENT": "accident",
    "POWER": "power",
    "FUEL": "fuel",
    "OIL": "oil",
    "WATER": "water",
}


def find(look: Look) -> Iterator[Claim]:
    """Retirements and their causes, stops, passes, penalties, the safety car."""
    yield from _retirements(look)
    yield from _stops(look)
    yield from _laps(look)
    yield from _others(look)


def lap_at(look: Look, i: int) -> tuple[int | None, int]:
    """Lap that is named near a place, and the place of the number."""
    s = look.s
    event = look.event
    total = event.laps if event and event.laps else 0
    for k in sorted(
        s.find("number", "ordinal", "LAST_LAP", "PENULTIMATE_LAP", "FIRST_LAP"),
        key=lambda k: abs(k - i),
    ):
        if s.at(k, "FIRST_LAP"):
            return 1, k
        if s.at(k, "LAST_LAP"):
            return total or None, k
        if s.at(k, "PENULTIMATE_LAP"):
            return total - 1 if total else None, k
        if s.at(k, "seconds", "year"):
            continue
        n = s.marks[k].kinds.get("number", s.marks[k].kinds.get("ordinal"))
        if n is None or n != int(n):
            continue
        if s.near(k, "TO_GO", right=3, stop=",;") >= 0 and s.near(k, "LAPS", "LAP", right=2) >= 0:
            return (total - int(n) if total else None), k
        if (
            s.at(k + 1, "LAPS")
            and s.near(k, "BEHIND", left=2) >= 0
            and s.at(i, "RETIRE")
            and n < total
        ):
            return int(n), k
        if s.at(k - 1, "LAP", "LAPS") or (s.at(k, "ordinal") and s.at(k + 1, "LAP")):
            return int(n), k
    return None, -1


def _retirements(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("RETIRE", "NO_START"):
        if s.near(i, "NOT", left=2) >= 0 and not s.at(i, "NO_START"):
            continue
        if s.at(i, "PIT") and lap_at(look, i)[0] and s.near(i, *REASONS, right=6) < 0:
            continue
        lap, k = lap_at(look, i)
        for who in look.subject(i):
            driver = look.driver(who)
            if lap is not None and abs(k - i) <= 8:
                yield look.claim(
                    "lap_of_event",
                    [driver],
                    (i, k),
                    value=f"retired on lap {lap}",
                    lap=lap,
                    scope={"kind": "retirement"},
                )
            yield look.claim(
                "retirement",
                [driver],
                (i, i),
                value="did not start" if s.at(i, "NO_START") else True,
            )
            reason = s.near(i, *REASONS, right=15, left=3, stop=";")
            if reason >= 0:
                kind = next(name for concept, name in REASONS.items() if s.at(reason, concept))
                yield look.claim("retirement_reason", [driver], (reason, reason), value=kind)


def _stops(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("PIT"):
        lap, k = lap_at(look, i)
        each = [
            (p.who, j)
            for p in look.people
            for j in s.find("number", start=p.last + 1, end=p.last + 4)
            if s.at(j - 1, "LAP") and p.last > i - 2
        ]
        for who, j in each:
            n = int(s.marks[j].kinds["number"])
            yield look.claim("pit_stop", [look.driver(who)], (i, j), value=n, unit="lap", lap=n)
        if each:
            continue
        if lap is not None and abs(k - i) <= 7:
            for who in look.subject(k)[-1:]:
                yield look.claim(
                    "pit_stop", [look.driver(who)], (i, k), value=lap, unit="lap", lap=lap
                )
            continue
        n = s.near(i, "number", "times", left=2, right=2, stop=",;")
        if n >= 0 and not s.at(n, "year"):
            kinds = s.marks[n].kinds
            value = kinds["number"] if "number" in kinds else kinds["times"]
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "pit_stop", [look.driver(who)], (n, i), value=int(value), unit="stops"
                )


def _laps(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("PASS"):
        lap, _ = lap_at(look, i)
        others = look.others(i)
        for who in look.subject(i)[:1]:
            other = next((p.who for p in others if p.who != who), "")
            if not other or s.near(i, "POINTS", left=3) >= 0:
                continue
            if s.near(i, "NOT", left=3, stop=",;") >= 0:
                yield look.claim(
                    "relative_order",
                    [look.driver(other)],
                    (i, i),
                    scope={"other": look.driver(who)},
                    value=f"ahead of {look.record.name(who)}",
                )
                continue
            if lap is None:
                yield look.claim(
                    "lap_of_event",
                    [look.driver(who)],
                    (i, i),
                    scope={"kind": "overtake", "other": look.driver(other)},
                    value=f"past {look.record.name(other)}",
                )
            else:
                yield look.claim(
                    "lap_of_event",
                    [look.driver(who)],
                    (i, i),
                    lap=lap,
                    value=f"past {look.record.name(other)} on lap {lap}",
                    scope={"kind": "overtake", "other": look.driver(other)},
                )
    for i in s.find("LED") if look.people or not s.has("team") else ():
        lap, _ = lap_at(look, i)
        for who in look.subject(i)[:1]:
            if who not in look.setting.entered:
                continue
            yield look.claim(
                "lap_of_event",
                [look.driver(who)],
                (i, i),
                lap=lap,
                value="led",
                scope={"kind": "lead"},
            )
    for i, role in look.roles.items():
        if role == "running":
            lap, _ = lap_at(look, i)
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "lap_of_event",
                    [look.driver(who)],
                    (i, i),
                    lap=lap,
                    value=f"in place {s.marks[i].kinds['ordinal']}",
                    scope={"kind": "position", "position": s.marks[i].kinds["ordinal"]},
                )


def _others(look: Look) -> Iterator[Claim]:
    s = look.s
    event = [look.event_entity(look.event)] if look.event else []
    for i in s.find("PENALTY"):
        for who in look.subject(i)[:1]:
            k = s.near(i, "seconds", left=5, right=5)
            yield look.claim(
                "penalty",
                [look.driver(who)],
                (i, i),
                value=s.marks[k].kinds["seconds"] if k >= 0 else s.marks[i].text,
            )
    for i in s.find("RED_FLAG"):
        yield look.claim("red_flag", event, (i, i), value=True)
        break
    for i in s.find("SAFETY_CAR"):
        yield look.claim("safety_car", event, (i, i), value=True)
        break
    for i in s.find("FASTEST_LAP"):
        if s.near(i, "MODAL", "IF", left=8, right=6) >= 0:
            continue
        after = [
            p
            for p in look.people
            if p.first > i and s.at(p.first - 1, "of", "BE", "by", "for", "to")
        ]
        for who in ([after[0].who] if after else look.subject(i))[:1]:
            yield look.claim("fastest_lap", [look.driver(who)], (i, i), value=True)
    for i in s.find("SWAP"):
        group = list(dict.fromkeys(p.who for p in look.people))[:2] or []
        if len(group) < 2 and look.before is not None:
            group = list(dict.fromkeys(p.who for p in look.before.people))[:2]
        if len(group) == 2:
            n = s.near(i, "times", "number", right=5, left=2)
            value = (
                int(s.marks[n].kinds.get("times", s.marks[n].kinds.get("number", 1)))
                if n >= 0
                else None
            )
            yield look.claim(
                "position_swaps", [look.driver(w) for w in group], (i, i), relation="&", value=value
            )
    for i in s.find("CONTINUE"):
        if s.near(i, "NOT", left=2, right=4, stop=",;") >= 0:
            continue
        for who in look.subject(i)[:1]:
            yield look.claim("retirement", [look.driver(who)], (i, i), value="continued")
    for i in s.find("LAPS_LED"):
        for who in look.subject(i)[:1]:
            share = "almost all" if look.hedge(i) == "almost" else "all"
            yield look.claim(
                "laps_led", [look.driver(who)], (i, i), value=share, hedge=look.hedge(i)
            )
    for i in s.find("OUT_OF_POINTS"):
        for who in look.subject(i)[:1]:
            if s.at(i, "OUT_OF_TOP_TEN"):
                yield look.claim(
                    "finish_position", [look.driver(who)], (i, i), value="outside top 10"
                )
            yield look.claim("race_points", [look.driver(who)], (i, i), value=0.0)
