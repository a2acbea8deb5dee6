"""Points, places and gaps in the championship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claim import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.look import Look
    from racecraft.press.record import Moment


MOST_A_RACE = 26  # points for a win with the fastest lap


def find(look: Look) -> Iterator[Claim]:
    """Totals, gaps and places."""
    yield from _totals_with_gaps(look)
    yield from _gaps(look)
    yield from _scores(look)
    yield from _totals(look)
    yield from _places(look)
    yield from _between(look)
    yield from _teams(look)


def _is_points(look: Look, i: int) -> bool:
    """Whether a number is one of points."""
    s = look.s
    unit = s.near(i, "UNIT", right=2, stop=",;().")
    if s.at(i + 1, "MORE") and any(s.at(k, "POINTS") for k in range(i)):
        return True  # "Hij telt 188 punten, 17 meer dan Vettel"
    return (
        unit >= 0
        and s.marks[unit].kinds["UNIT"] == "points"
        and s.near(i, "number", right=unit - i) < 0
    )


def _race_points(look: Look, i: int) -> bool:
    return False


def _totals_with_gaps(look: Look) -> Iterator[Claim]:
    """``with 64 points, 17 points ahead of Hunt``: what somebody has, and how much more it is."""
    s = look.s
    for i, gap, other in _with_gap(look):
        constructors = s.has("CONSTRUCTORS")
        if s.at(other, "team") and (constructors or not look.person_at(other)):
            teams = [k for k in s.find("team", end=i) if constructors or not look.person_at(k)]
            holder = look.team(s.marks[teams[-1]].kinds["team"]) if teams else None
            rival: Entity | None = look.team(s.marks[other].kinds["team"])
        else:
            subject, person = look.subject(i), look.person_at(other)
            holder = look.driver(subject[-1]) if subject else None
            rival = look.driver(person.who) if person else None
        if holder is None or rival is None or holder.id == rival.id:
            continue
        total, more = (float(s.marks[k].kinds["number"]) for k in (i, gap))
        yield look.claim("points_total", [holder], (i, i), value=total, event=look.now())
        behind = s.near(gap, "BEHIND", "LESS", right=3, stop=",;") >= 0
        yield look.claim(
            "points_gap", [rival, holder] if behind else [holder, rival], (gap, gap),
            relation="over", unit="points", value=more, event=look.now(),
        )  # fmt: skip


def _with_gap(look: Look) -> Iterator[tuple[int, int, int]]:
    """A total, the gap that comes right after it, and whom that is to."""
    s = look.s
    for i in s.find("number"):
        gap = next((k for k in s.find("number", start=i + 1, end=i + 5)), -1)
        between = s.marks[i + 1 : gap]
        if gap < 0 or not all(m.is_a("UNIT", "POINTS", "and") or m.word in ",–-" for m in between):
            continue
        other = s.near(gap, "driver", "team", "person", right=5, stop=",;().")
        said = s.near(gap, "AHEAD", "BEHIND", "CLEAR", "MORE", right=max(other - gap, 0)) >= 0
        more = s.at(other - 1, "HEDGE", "of_whom") and s.at(other - 2, "POINTS")
        if _is_points(look, i) and other >= 0 and (said or more):
            yield i, gap, other


def _told(look: Look) -> set[int]:
    """Numbers of which it is clear what they are, as in a total with its gap."""
    return {k for i, gap, _ in _with_gap(look) for k in (i, gap)}


def _gaps(look: Look) -> Iterator[Claim]:
    """``leads by 32 points``, ``24 points ahead of X``, ``cut the lead from 33 to 26``."""
    s = look.s
    taken = _told(look)
    chains = list(_chained(look))
    for i, rival in chains:
        for who in look.subject(i)[:1] or [look.topic]:
            if who and who != rival:
                pair = [who, rival]
                pair = pair[::-1] if _really_behind(look, pair) else pair
                yield look.claim(
                    "points_gap", [look.driver(w) for w in pair], (i, i), relation="over", unit="points",
                    value=float(s.marks[i].kinds["number"]), hedge=look.hedge(i), event=look.now(),
                    scope=_when(look),
                )  # fmt: skip
    for i in s.find("number"):
        if i in taken or s.at(i, "year", "seconds"):
            continue
        context = (s.at(i - 1, "by") and s.has("LEADS", "LEAD")) or s.near(i, "LEAD", "CLEAR", "AHEAD", "BEHIND", "LEADS", "CUT", "EXTEND", "APART", "MORE", "LEVEL",
                         left=9, right=5, stop=";:") >= 0  # fmt: skip
        attributive = s.at(i + 1, "UNIT") and s.near(i, "LEAD", right=4, stop=",;") >= 0
        if not (_is_points(look, i) and context or attributive):
            continue
        ahead = s.near(i, "CLEAR", "LEAD", "MORE", left=3, right=3, stop=",;") >= 0
        if (
            s.near(i, "SCORE", left=3, stop=",;") >= 0
            or s.near(i, "TAKE", left=6) >= 0
            and not ahead
        ):
            continue
        if s.near(i, "LEVEL", left=12) >= 0 and s.at(i - 1, "of", "with"):
            continue
        beyond = s.near(i, "CLEAR", "LEAD", "AHEAD", "MORE", "BEHIND", right=4, stop=",;") >= 0
        if s.at(i - 1, "with") and not beyond or _held(look, i):
            continue
        if (
            s.near(i, "HAVE", left=2) >= 0
            and s.near(i, "CLEAR", "LEAD", "AHEAD", "MORE", "BEHIND", right=4, stop=",;") < 0
        ):
            continue
        value = float(s.marks[i].kinds["number"])
        if s.near(i, "seconds", right=1) >= 0:
            continue
        if any(chain == i for chain, _ in chains):
            continue
        pair = _pair(look, i)
        if pair is None:
            continue
        a, b = pair
        yield look.claim(
            "points_gap", [a, b], (i, i), relation="over", value=value, hedge=look.hedge(i), unit="points", event=look.now(),
            scope=_when(look),
        )  # fmt: skip
        before = s.near(i, "number", left=2, stop=",;")
        if (
            before >= 0
            and s.near(i, "CUT", "EXTEND", "LEAD", left=8) >= 0
            and not s.at(before, "year")
        ):
            taken.add(before)
            yield look.claim(
                "points_gap", [a, b], (before, before), relation="over",
                value=float(s.marks[before].kinds["number"]), unit="points", scope={"before": True},
            )  # fmt: skip
        for k in s.find("number", start=i + 1):
            if s.at(k + 1, "MORE") and s.at(k + 2, "team") and s.has("CONSTRUCTORS"):
                taken.add(k)
                yield look.claim(
                    "points_gap", [a, look.team(s.marks[k + 2].kinds["team"])], (k, k), relation="over", unit="points",
                    value=float(s.marks[k].kinds["number"]), event=look.now(),
                )  # fmt: skip
    yield from _from_to(look)
    yield from _short(look)
    for i in s.find("EXTEND"):
        number = next(s.find("number", start=i), i)
        if s.near(i, "LEAD", right=4) >= 0 and (pair := _pair(look, number)):
            yield look.claim(
                "points_gap", list(pair), (i, i), relation="over", unit="points", event=look.now(),
                value="lead increased", scope={"direction": "increased"},
            )  # fmt: skip
    for i in s.find("LEVEL"):
        rival = look.list_after(i)[:1]
        if rival and s.has("POINTS") and look.subject(i) and rival[0].who != look.subject(i)[0]:
            pair = [look.driver(look.subject(i)[0]), look.driver(rival[0].who)]
            yield look.claim(
                "points_gap",
                pair,
                (i, i),
                relation="over",
                value=0.0,
                unit="points",
                event=look.now(),
            )
        elif (
            s.near(i, "POINTS", "UNIT", left=2, right=3) >= 0
            and s.has("HAVE") is False
            or s.marks[i].word.endswith("points")
        ):
            group = look.subject(i) + [p.who for p in look.list_after(i)[:1]]
            if len(group) >= 2:
                a, b = look.driver(group[0]), look.driver(group[1])
                yield look.claim(
                    "points_gap", [a, b], (i, i), relation="over", value=0.0, unit="points"
                )


def _chained(look: Look) -> Iterator[tuple[int, str]]:
    """``290 ahead of Pérez and 341 ahead of Hamilton``: each number with the one it is counted from."""
    s = look.s
    if not s.has("POINTS", "STANDINGS", "CHAMPIONSHIP"):
        return
    for i in s.find("number"):
        if s.at(i, "year") or s.at(i + 1, "LAP", "LAPS", "RACE", "PLACE", "VICTORY"):
            continue
        link = s.near(i, "AHEAD", "MORE", "CLEAR", "BEHIND", right=2, stop=",;")
        if s.at(i - 1, "with") and not s.at(link, "MORE", "CLEAR"):
            continue
        rival = next((p for p in look.people if p.first > i), None)
        counted = s.marks[i].text[0].isdigit() or s.at(i + 1, "POINTS")
        if counted and link >= 0 and rival and rival.first - link <= 3 and rival.how != "he":
            yield i, rival.who


def _from_to(look: Look) -> Iterator[Claim]:
    """``has gone from eight points to 23``: the gap before, and the gap now."""
    s = look.s
    for i in s.find("number"):
        then = s.near(i, "number", right=4, stop=",;")
        if not (s.at(i + 1, "POINTS") and then >= 0 and s.near(i, "LEAD", left=9) >= 0) or not s.at(
            i - 1, "AHEAD", "START", "of"
        ):
            continue
        pair = _pair(look, then)
        for place, scope in ((then, {}), (i, {"before": True})) if pair else ():
            yield look.claim(
                "points_gap", list(pair or ()), (place, place), relation="over", unit="points", event=look.now(),
                value=float(s.marks[place].kinds["number"]), scope=scope,
            )  # fmt: skip


def _held(look: Look, i: int) -> bool:
    """Whether points are what somebody has, not what he leads by: "führt mit 223 Punkten vor"."""
    s = look.s
    bracketed = s.marks[i - 1].word == "(" and i + 2 < len(s) and s.marks[i + 2].word == ")"
    return (
        bracketed
        or s.at(i - 1, "with")
        and s.near(i, "LEAD", "CLEAR", "MORE", right=4, stop=",;") < 0
    )


def _short_of(look: Look, i: int) -> str:
    """Whoever is that many points away: "a 17 puntos de Vettel", "à 17 points du leader"."""
    s = look.s
    if not (s.at(i - 1, "to", "on") and s.at(i + 1, "POINTS") and s.at(i + 2, "of", "by")):
        return ""
    return next((p.who for p in look.people if i + 2 < p.first <= i + 4), "")


def _short_of_leader(look: Look, i: int) -> str:
    """``Pérez volgt op één punt``: nobody is named from whom that is counted but the leader."""
    s = look.s
    follows = s.at(i - 1, "on") and s.at(i + 1, "POINTS") and s.near(i, "FINISH", left=4) >= 0
    return look.setting.leader if follows and s.near(i, "ordinal", left=4, right=4) < 0 else ""


def _short(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("number"):
        rival = _short_of(look, i) or _short_of_leader(look, i)
        for who in look.subject(i)[:1] if rival else ():
            if who != rival:
                yield look.claim(
                    "points_gap", [look.driver(rival), look.driver(who)], (i, i), relation="over", unit="points",
                    value=float(s.marks[i].kinds["number"]), hedge=look.hedge(i), event=look.now(),
                )  # fmt: skip


def _between(look: Look) -> Iterator[Claim]:
    """``three places and 73 points ahead of Alonso``."""
    s = look.s
    for i in s.find("number"):
        if s.at(i + 1, "PLACE") and s.has("POINTS", "STANDINGS"):
            pair = _pair(look, i)
            if pair:
                yield look.claim(
                    "standings_places_between", list(pair), (i, i + 1), relation="over", event=look.now(),
                    value=int(s.marks[i].kinds["number"]),
                )  # fmt: skip


def _pair(look: Look, i: int) -> tuple[Entity, Entity] | None:
    """Who is that many points ahead of whom."""
    s = look.s
    people = [p for p in look.people if not p.genitive or True]
    subject = look.subject(i)
    right = [p for p in people if p.first > i and p.who not in subject]
    left = [p for p in people if p.last < i]
    if s.has("CONSTRUCTORS"):
        teams = [k for k in s.find("team")]
        if len(teams) >= 2:
            left_of, after = [k for k in teams if k < i], [k for k in teams if k > i]
            second = left_of[1] if len(left_of) > 1 else after[0] if after else teams[-1]
            a, b = (
                look.team(s.marks[teams[0]].kinds["team"]),
                look.team(s.marks[second].kinds["team"]),
            )
            return (a, b) if a.id != b.id else None
    behind = s.near(i, "BEHIND", right=3, stop=",;") >= 0 and s.near(i, "AHEAD", right=3) < 0
    both = [
        k for k in s.find("team", end=i) if s.at(k + 1, "person", "pair") and s.at(k - 1, "number")
    ]
    if both and not look.people:
        ids = s.marks[both[-1]].kinds["team"]
        mates = [w for w in look.setting.order if look.setting.team.get(w) in ids][:2]
        if len(mates) == 2:
            one, two = sorted(
                mates, key=lambda w: _really_behind(look, [w, next(m for m in mates if m != w)])
            )
            return look.driver(one), look.driver(two)
    who: list[str] = []
    if right and right[0].first - i <= 9:
        who = [*subject[:1], right[0].who]
    elif len(subject) >= 2:
        who = subject[:2]
    elif len(left) >= 2 and left[-1].who != left[-2].who:
        who = (
            [left[-2].who, left[-1].who]
            if left[-1].who in subject
            else [subject[0] if subject else left[0].who, left[-1].who]
        )
    if len(who) < 2 or who[0] == who[1]:
        when: Moment = "before" if s.has("BEFORE") else "after"
        rows = look.record.standings(*look.event.key, when=when) if look.event else ()
        if not subject or len(rows) < 2:
            return None
        leader, second = rows[0].id, rows[1].id
        who = [subject[0], second] if subject[0] == leader else [leader, subject[0]]
        return look.driver(who[0]), look.driver(who[1])
    a, b = look.driver(who[0]), look.driver(who[1])
    return (b, a) if behind or _really_behind(look, who) else (a, b)


def _really_behind(look: Look, who: list[str]) -> bool:
    """Whether the first of two has fewer points, and a gap between them is put his way round."""
    event = look.event
    if event is None:
        return False
    when: Moment = "before" if look.s.has("BEFORE") else "after"
    points = {row.id: row.points for row in look.record.standings(*event.key, when=when)}
    return points.get(who[0], 0) < points.get(who[1], 0)


def _when(look: Look) -> dict[str, bool]:
    """Whether points are spoken of as they were before the race."""
    return {"before": True} if look.s.has("BEFORE") else {}


def _scores(look: Look) -> Iterator[Claim]:
    """``307 to 197``: what one has and what the other has, where it is clear who they are."""
    s = look.s
    for i in s.find("number"):
        if not (
            s.at(i + 1, "AGAINST")
            and s.at(i + 2, "number")
            and s.has("POINTS", "STANDINGS", "LEAD")
        ):
            continue
        pair = _pair(look, i)
        figures = sorted((s.marks[k].kinds["number"], k) for k in (i, i + 2))
        for entity, (value, k) in zip(pair or (), reversed(figures), strict=False):
            yield look.claim(
                "points_total",
                [entity],
                (k, k),
                value=float(value),
                event=look.now(),
                scope=_when(look),
            )


def _totals(look: Look) -> Iterator[Claim]:
    """``has 273 points``, ``Hamilton has 164 points, Bottas 117``, ``Norris (113)``."""
    s = look.s
    table = s.has("POINTS", "STANDINGS", "CHAMPIONSHIP", "UNIT")
    listing = look.before is not None and getattr(look.before, "listing", False)
    if not (table or listing) or not look.people and s.has("CONSTRUCTORS"):
        return
    found = 0
    told = _told(look)
    for i in s.find("number"):
        if (
            i in told
            or s.at(i, "year")
            or s.at(i + 2, "driver")
            and s.marks[i + 1].word == "."
            or s.at(i + 1, "AGAINST")
            or s.at(i - 1, "AGAINST")
            or s.near(i, "LEAD", left=2, stop=",;") >= 0
            or s.at(i - 1, "to")
            and s.at(i - 2, "number")
            and s.has("LEAD", "CUT", "EXTEND")
            or not s.marks[i].text[0].isdigit()
            and not _is_points(look, i)
        ):
            continue
        value = float(s.marks[i].kinds["number"])
        if s.near(i, "LEAD", left=9, right=3) >= 0 and not s.at(i - 1, "HAVE"):
            continue
        if _counts_something_else(look, i) or _counts_a_lead(look, i):
            continue
        holder = ""
        person = [p for p in look.people if p.last < i]
        if person and i - person[-1].last <= 7:
            gap = range(person[-1].last + 1, i)
            if all(s.at(k, "HAVE", "BE", "on", "to", "of", "the", "team", "with", "BEHIND", "number", "word", "HEDGE", "ordinal", "STANDINGS",
                        "PLACE", "FINISH", "and", "TAKE") or s.marks[k].word in ",(-–—:" for k in gap):  # fmt: skip
                direct = (
                    s.marks[i - 1].word == "("
                    or s.at(i - 1, "HAVE", "of", "with", "on", "to", "team", "person", "HEDGE")
                    or i - 1 == person[-1].last
                )
                if direct or s.marks[i - 1].word == ",":
                    holder = person[-1].who
        owner = [p for p in s.people if p.genitive and i - 3 <= p.last < i]
        if owner and (found or _is_points(look, i)):
            holder = owner[-1].who
        said_before = (
            s.at(i - 1, "of", "HAVE", "with")
            or s.at(i - 2, "HAVE")
            and s.at(i - 1, "there")
            or found
            and s.at(i + 1, "HAVE")
        )
        with_ = said_before and (_is_points(look, i) or s.at(i - 2, "ordinal") or found)
        if not holder and (
            with_ or _is_points(look, i) and s.near(i, "HAVE", "TAKE", "SCORE", left=4) >= 0
        ):
            holder = (look.subject(i) or [""])[0]
        if not holder:
            continue
        if not (
            _is_points(look, i) or found or listing or s.has("STANDINGS", "CHAMPIONSHIP", "LEADS")
        ):
            continue
        beyond = ("CLEAR", "LEAD") if s.at(i - 1, "with") else ("CLEAR", "AHEAD", "LEAD")
        short = _short_of(look, i) or _short_of_leader(look, i)
        if s.near(i, *beyond, right=2, stop=",;().") >= 0 or short:
            continue
        scored = s.near(i, "SCORE", left=5, stop=",;") >= 0
        scored |= s.near(i, "TAKE", left=5, stop=",;") >= 0 and value <= MOST_A_RACE
        if scored and not s.has("STANDINGS", "CHAMPIONSHIP"):
            yield look.claim("race_points", [look.driver(holder)], (i, i), value=value)
            continue
        found += 1
        group = (
            look._together([p for p in look.people if p.last < i])
            if s.near(i, "LEVEL", right=3) >= 0
            else [holder]
        )
        if s.near(i, "LEVEL", right=3) >= 0:
            group = list(dict.fromkeys([p.who for p in look.people if p.last < i]))[-2:]
        for who in group:
            yield look.claim(
                "points_total",
                [look.driver(who)],
                (i, i),
                value=value,
                event=look.now(),
                scope=_when(look),
            )
    look.listing = found > 0  # type: ignore[attr-defined]


def _counts_a_lead(look: Look, i: int) -> bool:
    """Whether somebody just before a number is the one it is counted from: "son avance sur Vettel à 30"."""
    s = look.s
    before = [p for p in look.people if i - 5 <= p.last < i]
    return bool(before) and (
        s.marks[i - 1].word != "("
        and s.near(before[-1].first, "AHEAD", "BEHIND", left=2) >= 0
        and s.near(before[-1].first, "LEAD", "CUT", "EXTEND", left=6) >= 0
    )


def _counts_something_else(look: Look, i: int) -> bool:
    s = look.s
    following = s.marks[i + 1] if i + 1 < len(s) else None
    if following is None:
        return False
    if following.is_a(
        "LAPS",
        "LAP",
        "RACE",
        "VICTORY",
        "WIN",
        "PODIUM",
        "POLE",
        "TIMES",
        "GP",
        "year_old",
        "PLACE",
        "STARTS",
        "person",
        "TO_GO",
        "TITLE",
        "SPRINT",
    ):
        return True
    if (
        following.word in ("-", "th", "%")
        or following.is_a("UNIT")
        and following.kinds["UNIT"] != "points"
    ):
        return True
    return s.at(i - 1, "LAP", "RACE", "NUMBER_PLATE", "TURN", "TOP") or s.marks[i - 1].word in (
        "formula",
        "p",
        "turn",
    )


def _teams(look: Look) -> Iterator[Claim]:
    """Points, places and gaps of teams, in a sentence that is about them."""
    s = look.s
    teams = [k for k in s.find("team") if not (s.at(k, "driver") and look.person_at(k))]
    if (
        not teams
        or (look.people and not s.has("CONSTRUCTORS"))
        or not s.has("POINTS", "CONSTRUCTORS", "STANDINGS")
    ):
        return
    now = look.now()

    def team(k: int) -> Entity:
        return look.team(s.marks[k].kinds["team"])

    told = _told(look)
    totals = [k for k in s.find("number")
              if k not in told and not s.at(k, "year") and not _counts_something_else(look, k)]  # fmt: skip
    gap = next((k for k in totals if s.near(k, "LEADS", "CLEAR", "AHEAD", "LEAD", "BEHIND", "MORE", left=9, right=3, stop=";") >= 0
                and s.at(k + 1, "POINTS") and not _held(look, k)), -1)  # fmt: skip
    if gap >= 0 and len(teams) >= 2:
        before = [k for k in teams if k < gap]
        second = before[1] if len(before) > 1 else next((k for k in teams if k > gap), teams[1])
        a, b = (teams[0], second) if second != teams[0] else (teams[0], teams[1])
        yield look.claim(
            "points_gap", [team(a), team(b)], (gap, gap), relation="over", unit="points", event=now,
            value=float(s.marks[gap].kinds["number"]), hedge=look.hedge(gap),
        )  # fmt: skip
    for k in totals:
        if k == gap or s.near(k, "CLEAR", "AHEAD", "MORE", right=3, stop=",;") >= 0:
            continue
        holder = [t for t in teams if t < k]
        pair = [
            n
            for n in totals
            if n != gap
            and abs(n - k) <= 3
            and s.marks[min(n, k) + 1].word in ("to", "-", "–", "om", "a", "zu", "tegen")
        ]
        if pair and len(teams) >= 2 and min(k, *pair) > teams[1]:
            holder = teams[:1] if k < pair[0] else teams[1:2]
        if holder and (k - holder[-1] <= 7 or pair):
            yield look.claim(
                "points_total",
                [team(holder[-1])],
                (k, k),
                value=float(s.marks[k].kinds["number"]),
                event=now,
            )
    for k, role in look.roles.items():
        holder = [t for t in teams if t < k and k - t <= 6]
        if role in ("standings", "finish") and holder:
            yield look.claim(
                "standings_position",
                [team(holder[-1])],
                (k, k),
                value=s.marks[k].kinds["ordinal"],
                event=now,
            )


def _places(look: Look) -> Iterator[Claim]:
    s = look.s
    for i, role in look.roles.items():
        if role == "standings_before":
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "standings_position", [look.driver(who)], (i, i), scope={"before": True},
                    value=s.marks[i].kinds["ordinal"], event=look.now(),
                )  # fmt: skip
        if role == "standings":
            beside = [p.who for p in look.people if p.last == i - 2 and s.marks[i - 1].word == ","]
            for who in (beside or look.subject(i))[:1]:
                yield look.claim(
                    "standings_position",
                    [look.driver(who)],
                    (i, i),
                    value=s.marks[i].kinds["ordinal"],
                    event=look.now(),
                )
    for i in s.find("LEADS") if look.people or not s.has("CONSTRUCTORS") else ():
        if s.at(i + 1, "driver", "person"):  # a lead over somebody, for whatever place
            continue
        owner = look.subject(i)
        for who in owner[-1:]:
            yield look.claim(
                "standings_position", [look.driver(who)], (i, i), value=1, event=look.now()
            )
