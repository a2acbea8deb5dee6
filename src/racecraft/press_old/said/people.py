"""What is said of people in passing: their country, age, team, titles, team-mate."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


def find(look: Look) -> Iterator[Claim]:
    """What words for a person say of him, and the cars that people are said to drive."""
    for person in look.people:
        who = look.driver(person.who)
        told = {kind for kind, _, _ in person.said}
        for kind, value, i in person.said:
            if kind in ("nationality", "nationality?"):
                yield look.claim("nationality", [who], (i, i), value=look.names.country_name(value))
            elif kind in ("age", "age?"):
                yield look.claim("age", [who], (i, i), value=value)
            elif kind == "titles" and "CHAMPION" in told:
                yield look.claim("titles", [who], (i, i), value=value)
            elif kind == "champion_of":
                yield look.claim("titles", [who], (i, i), value={"season": value})
            elif (
                kind == "CHAMPION" and not told & {"titles", "champion_of"} and "former" not in told
            ):
                yield look.claim("titles", [who], (i, i), value="reigning")
            elif kind == "team":
                yield from _team(look, person.who, value, i, former="former" in told)
            elif kind == "team_mate" and value and value != person.who:
                yield look.claim(
                    "team", [look.driver(value), who], (i, i), relation="&", value="team-mates"
                )
            elif kind == "LEADER":
                before = person.who != look.setting.leader
                scope = {"before": True} if before else {}
                yield look.claim("standings_position", [who], (i, i), value=1, scope=scope)
            elif kind == "POLESITTER":
                yield look.claim("grid_position", [who], (i, i), value=1)
            elif kind == "WINNER" and person.how != "winner":
                yield look.claim("finish_position", [who], (i, i), value=1)
            elif kind == "HOME":
                yield look.claim("home_race", [who], (i, i), value=True)
    yield from _ages(look)
    yield from _numbers(look)
    yield from _leaders(look)
    yield from _cars(look)
    yield from _mates(look)
    yield from _home(look)


def _leaders(look: Look) -> Iterator[Claim]:
    """``remains leader of the championship``: a leader who is not himself the one that is meant."""
    s = look.s
    for i in s.find("LEADER"):
        if look.person_at(i) is None and s.near(i, "NOT", left=4, stop=",;") < 0:
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "standings_position", [look.driver(who)], (i, i), value=1, event=look.now()
                )


def _team(look: Look, who: str, ids: tuple[str, ...], i: int, *, former: bool) -> Iterator[Claim]:
    team = look.team(ids)
    s, event = look.s, None
    year = s.near(i, "year", right=3, left=2, stop=",;")
    if year >= 0 and look.event and s.marks[year].kinds["year"] != look.event.season:
        event = next(iter(look.record.calendar(s.marks[year].kinds["year"])), None)
    yield look.claim(
        "team",
        [look.driver(who)],
        (i, i),
        value=team.name,
        event=event or look.event_at(i),
        scope={"team": team, "former": former},
    )
    both = s.at(i + 1, "pair") or (s.at(i - 1, "OTHER") and not s.at(i - 1, "ordinal"))
    mates = [p.who for p in look.people if p.who in look.setting.mates(who)]
    if both and mates:
        yield look.claim(
            "team",
            [look.driver(mates[0]), look.driver(who)],
            (i, i),
            relation="&",
            value="team-mates",
        )


def _cars(look: Look) -> Iterator[Claim]:
    """Cars and teams that stand beside somebody: "Massa's Williams", "for Ferrari"."""
    s = look.s
    said = {i for person in look.people for kind, _, i in person.said if kind == "team"}
    for i in s.find("team"):
        if i in said or (s.at(i, "driver") and look.person_at(i)):
            continue
        ids = s.marks[i].kinds["team"]
        left = [p for p in s.people if p.genitive and p.last < i <= p.last + 4]
        if left:
            yield from _team(look, left[-1].who, ids, i, former=False)
            continue
        right = [p for p in look.people if i < p.first <= i + 3 and not p.genitive]
        placed = [p for p in look.people if i - 6 <= p.last < i and not p.genitive]
        if (
            placed
            and s.at(placed[-1].last + 1, "punct", "word", "ordinal", "the")
            and any(s.at(k, "ordinal") for k in range(placed[-1].last + 1, i))
        ):
            yield from _team(look, placed[-1].who, ids, i, former=False)
            continue
        if s.marks[min(i + 1, len(s) - 1)].word in s.grammar.genitive or s.at(i + 1, "pair", "of"):
            for person in look.list_after(i)[: 2 if s.at(i + 1, "pair", "of") else 1]:
                yield from _team(look, person.who, ids, i, former=False)
            continue
        if (
            right
            and not (s.at(i + 1, "and") or s.marks[i + 1].word in ",;")
            and s.at(i - 1, "the", "OTHER", "ordinal")
        ):
            yield from _team(look, right[0].who, ids, i, former=False)
            continue
        k = i - 1
        while k >= 0 and s.at(k, "the", "OTHER", "ordinal", "his") and not s.at(k, "of"):
            k -= 1
        if (s.at(k, "of") or s.at(k + 1, "his")) and look.subjects:
            for who in look.subject(i)[:1]:
                yield from _team(look, who, ids, i, former=False)


def _numbers(look: Look) -> Iterator[Claim]:
    """``the man with number 11``."""
    s = look.s
    for i in s.find("NUMBER_PLATE"):
        if s.at(i + 1, "number") and s.near(i, "person", left=3) >= 0:
            for who in look.subject(i)[:1]:
                number = int(s.marks[i + 1].kinds["number"])
                yield look.claim("car_number", [look.driver(who)], (i, i + 1), value=number)


def _ages(look: Look) -> Iterator[Claim]:
    """``At 25 he is``, ``turned 19``, ``43 years old``."""
    s = look.s
    for i in s.find("number"):
        if not 16 < s.marks[i].kinds["number"] < 60 or any(
            p.first <= i <= p.last for p in look.people
        ):
            continue
        scope = {"past": True} if s.near(i, "NOT", left=3) >= 0 else {}  # "not being 20 any more"
        if s.at(i - 1, "aged") or s.at(i + 1, "year_old"):
            for who in look.subject(i)[:1]:
                age = int(s.marks[i].kinds["number"])
                yield look.claim("age", [look.driver(who)], (i, i), value=age, scope=scope)


def _mates(look: Look) -> Iterator[Claim]:
    """Two drivers for one team that is named once: "the Williams pair Bottas and Massa"."""
    s = look.s
    teams = [k for k in s.find("team") if not (s.at(k, "driver") and look.person_at(k))]
    for i in teams:
        ids = s.marks[i].kinds["team"]
        if sum(bool(set(ids) & set(s.marks[k].kinds["team"])) for k in teams) > 1:
            continue
        both = [
            w for w in dict.fromkeys(p.who for p in look.people) if look.setting.team.get(w) in ids
        ]
        if (
            not both
            and s.near(i, "number", left=1) >= 0
            and s.near(i, "person", "pair", right=1) >= 0
        ):
            both = [w for w in look.setting.order if look.setting.team.get(w) in ids][:2]
        if len(both) == 2 and both[1] in look.setting.mates(both[0]):
            yield look.claim(
                "team", [look.driver(w) for w in both], (i, i), relation="&", value="team-mates"
            )


def _home(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("HOME"):
        racing = s.near(i, "GP", "RACE", "VICTORY", "WIN", "PODIUM", right=1) >= 0
        if s.marks[i].word == "home" and not racing:
            continue
        if any(kind == "HOME" for p in look.people for kind, _, _ in p.said):
            continue
        for who in ([look.owner(i)] if look.owner(i) else look.subject(i))[:1]:
            yield look.claim("home_race", [look.driver(who)], (i, i), value=True)
