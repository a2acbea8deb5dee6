"""Who finished where: said outright, as a win, or at the end of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.governed import is_rival
from racecraft.press_old.said.chains import chains, elsewhere, losses
from racecraft.press_old.said.margins import margins
from racecraft.press_old.said.placing import ahead_of, finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look
    from racecraft.press_old.sentence import Person


CLOSING = {
    "COMPLETE_PODIUM": 3,
    "COMPLETE_TOP_FIVE": 5,
    "COMPLETE_TOP_SIX": 6,
    "COMPLETE_TOP_TEN": 10,
}


def find(look: Look) -> Iterator[Claim]:
    """Places in the race: said outright, in a list, or by who was ahead."""
    placed: dict[str, int] = {}
    if look.s.has("IF"):
        return
    for claim in [
        *_ordinals(look),
        *_wins(look),
        *_heads(look),
        *_closing(look),
        *_one_two(look),
        *_tops(look),
    ]:
        if isinstance(claim.value, int) and claim.claim_type == "finish_position":
            if claim.subjects[0].id in placed:
                continue
            placed[claim.subjects[0].id] = claim.value
        yield claim
    yield from chains(look, placed)
    yield from _podium(look, placed)
    yield from losses(look)
    look.placed = placed
    yield from margins(look)
    yield from elsewhere(look)


def _ordinals(look: Look) -> Iterator[Claim]:
    s = look.s
    places = [
        i
        for i, role in look.roles.items()
        if role in ("finish", "sprint", "dropped")
        and s.near(i, "MODAL", left=5, stop=",;") < 0
        and s.near(i, "COST", "LOSE", left=3, stop=",;") < 0
        and not _lost_after(look, i)
    ]
    done: set[int] = set()
    for i in places:
        if i in done:
            continue
        session = "sprint" if look.roles[i] == "sprint" else "race"
        run = [i]
        while (k := run[-1] + 1) < len(s):
            while k < len(s) and (s.at(k, "and") or s.marks[k].word == ","):
                k += 1
            if k in places and k not in run and k > run[-1] + 1:
                run.append(k)
            else:
                break
        done |= set(run)
        if len(run) > 1:
            people = [p for p in look.people if not p.genitive]
            left = [p for p in people if p.last < i][-len(run) :]
            right = [p for p in people if p.first > run[-1]][: len(run)]
            group = left if len(left) == len(run) else right
            if len(group) == len(run):
                for person, k in zip(group, run, strict=True):
                    yield finished(
                        look,
                        person.who,
                        s.marks[k].kinds["ordinal"],
                        person.first,
                        k,
                        session,
                        sure=True,
                    )
                continue
        for k in run:
            if (
                s.near(k, "NOT", left=5, stop=",;") >= 0
                and s.near(k, "TAKE", "FINISH", left=2) >= 0
            ):
                rival = next(
                    (p for p in look.people if p.first > k and s.at(p.first - 1, "AHEAD")), None
                )
                if rival:
                    yield from (ahead_of(look, rival.who, w, k) for w in look.subject(k)[:1])
                continue
            for who in _holder(look, k):
                yield finished(look, who, s.marks[k].kinds["ordinal"], k, k, session)


def _lost_after(look: Look, i: int) -> bool:
    """``second on the road, but dropped to fourth by a penalty``: a place that did not last."""
    s = look.s
    return s.has("PENALTY") and any(role == "dropped" for k, role in look.roles.items() if k > i)


def _holder(look: Look, i: int) -> list[str]:
    """Who has the place that an ordinal names: the one it stands beside, or the subject."""
    s = look.s
    beside = [p for p in look.people if not p.genitive]
    if owner := _inverted(look, i, beside):
        return [owner]
    # "Russell, fifth, and" - "with Stroll third" - "third-placed Leclerc"
    for p in beside:
        gap = range(p.last + 1, i)
        if (
            p.last < i
            and all(
                s.marks[k].word in ",("
                or (
                    s.at(k, "team", "of", "the", "OTHER", "word", "HEDGE")
                    and not s.at(k, "FINISH", "BE")
                )
                for k in gap
            )
            and len(gap) <= 4
            and (not is_rival(s, p) or s.marks[p.last + 1].word in (",", "("))
        ):
            closer = [q for q in beside if p.last < q.first < i]
            if not closer:
                return look.together([q for q in beside if q.last < i]) if not gap else [p.who]
    sent = s.near(i, "RELEGATE", left=9, stop=",;")
    if sent >= 0 and (down := [p for p in look.people if sent < p.first and p.last < i]):
        return [down[0].who]  # "verwies Gasly auf den zweiten Platz"
    if s.at(i + 1, "WON_BY") and (to := look.list_after(i + 1)):  # "Rang vier ging an Piastri"
        return [to[0].who]
    for p in beside:
        between = [k for k in range(i + 1, p.first) if not s.at(k, "driver_s")]
        if (
            p.first > i
            and len(between) <= 3
            and all(
                s.marks[k].word == "-"
                or s.at(k, "PLACE", "FINISH", "BE", "the", "team", "of", "for", "went", "behind")
                for k in between
            )
            and not s.at(i + 1, "of", "AHEAD", "BEHIND")
        ):
            before = [q for q in look.subjects if q.last < i]
            if i + 1 == p.first and s.marks[i].word in s.grammar.file["numbers"].get(
                "ordinals", {}
            ):
                return [p.who]  # "nummer twee Lando Norris"
            if s.at(i + 1, "FINISH", "BE", "PLACE") or s.marks[i + 1].word == "-" or not before:
                return [p.who]
    return look.subject(i)


def _inverted(look: Look, i: int, people: list[Person]) -> str:
    """Whose place stands before him: "Cuarto fue Norris", "Zweiter wurde Bottas"."""
    s = look.s
    if not (i == 0 or s.at(i - 1, "and") or s.marks[i - 1].word in (",", ";", ":")):
        return ""
    for p in people:
        follows = s.marks[p.last + 1] if p.last + 1 < len(s) else None
        if p.first == i + 1 and (follows is None or follows.is_a("punct", "and", "of", "AHEAD")):
            return p.who
        between = [k for k in range(i + 2, p.first) if not s.at(k, "driver_s")]
        if p.first > i + 1 and s.at(i + 1, "BE", "FINISH") and not between:
            return p.who
    return ""


def _wins(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("WIN"):
        if s.near(i, "ordinal", left=3, stop=",;") >= 0 and s.at(i, "VICTORY"):
            continue
        if s.near(i, "number", left=2) >= 0 and s.at(i, "VICTORY"):
            continue
        if s.near(i, "TITLE", "CHAMPIONSHIP", "CHAMPION", "number", right=3, stop=",;") >= 0 and (
            s.near(i, "GP", "RACE", "place", right=3, stop=",;") < 0
        ):
            continue
        if (
            s.near(i, "NOT", left=3) >= 0
            or s.near(i, "times", right=1) >= 0
            or s.near(i, "MODAL", left=2) >= 0
        ):
            continue
        session = "sprint" if s.near(i, "SPRINT", right=5, left=1, stop=",;") >= 0 else "race"
        if s.near(i, "POLE", right=2) >= 0:
            continue
        by = next((p for p in look.people if p.first > i and s.at(p.first - 1, "by")), None)
        for who in [by.who] if by else look.subject(i):
            yield finished(look, who, 1, i, i, session)
    for i in s.find("VICTORY"):
        person = next((p for p in look.people if p.first > i and p.first - i <= 6), None)
        counted = s.near(i, "ordinal", "number", "MAIDEN", left=3, stop=",;")
        if s.at(i, "WIN") or (counted >= 0 and not s.at(counted, "year")):
            continue
        another = person and any(s.at(k, "LEADS", "LED", "PASS") for k in range(i, person.first))
        if (
            person
            and s.at(person.first - 1, "of", "BE", "by", "for", "to")
            and not (person.genitive or another)
        ):
            session = "sprint" if s.near(i, "SPRINT", right=5, left=2, stop=",;") >= 0 else "race"
            yield finished(look, person.who, 1, i, person.first, session)
        elif s.at(i - 1, "of", "TAKE") and s.near(i, "GP", "place", right=5, stop=",;") >= 0:
            for who in look.subject(i)[:1]:
                yield finished(look, who, 1, i, i)
        elif (
            (owner := look.owner(i))
            and s.near(i, "his", "driver", left=2) >= 0
            and s.near(i, "SINCE", right=3) < 0
        ):
            yield finished(look, owner, 1, i, i)
    for i in s.find("VICTORY", "WIN"):
        # "his sixth success of the season": a win that is counted is a win
        if (
            s.near(i, "ordinal", "MAIDEN", left=3, stop=",;") >= 0
            and s.near(i, "SINCE", "NOT", left=5) < 0
        ):
            k = look.verb(i)
            crowned = (
                s.near(i, "of", left=4) >= 0
                and 1 not in look.known.values()
                and s.near(i, "his", left=4) >= 0
            )
            if crowned or (k >= 0 and s.at(k, "TAKE", "WIN", "CLINCH")):
                for who in look.subject(i):
                    yield finished(look, who, 1, i, i)


def _heads(look: Look) -> Iterator[Claim]:
    """``headed X home``, ``the race went to X``: who won, and who was behind him."""
    s = look.s
    for i in s.find("HEADS_HOME"):
        if (
            look.list_after(i)
            and s.near(i, "STANDINGS", "CHAMPIONSHIP", "LEADS", right=5, stop=",;") < 0
        ):
            for who in look.subject(i)[:1]:
                if who not in look.known:
                    yield finished(look, who, 1, i, i)
    for i in s.find("LED"):
        rival = next((p for p in look.people if p.first > i), None)
        if rival and rival.first - i <= 3 and s.at(rival.last + 1, "HOME", "FINISH"):
            for who in look.subject(i)[:1]:
                yield finished(look, who, 1, i, i)
                yield finished(look, rival.who, 2, i, rival.last)
    for i in s.find("WON_BY"):
        if s.near(i, "RACE", "GP", "VICTORY", left=9) >= 0:
            for p in look.list_after(i)[:1]:
                yield finished(look, p.who, 1, i, p.last)


def _tops(look: Look) -> Iterator[Claim]:
    """``a top-five result``."""
    s = look.s
    for i in s.find("TOP"):
        n = s.near(i, "number", right=2)
        if n >= 0 and s.marks[n].kinds["number"] in range(2, 21):
            for who in look.subject(i)[:1]:
                number = int(s.marks[n].kinds["number"])
                yield look.claim(
                    "finish_position", [look.driver(who)], (i, n), value=f"top {number}"
                )


def _closing(look: Look) -> Iterator[Claim]:
    """``X, Y and Z rounded out the top ten``: the last of them tenth."""
    s = look.s
    for kind, last in CLOSING.items():
        for i in s.find(kind):
            after = look.list_after(i)
            named = after and (s.near(i, "by", "BE", right=1) >= 0 or after[0].first == i + 1)
            group = [p.who for p in after] if named else look.subject(i)
            if not group and after:
                group = [p.who for p in after]
            for n, who in enumerate(reversed(group)):
                yield finished(look, who, last - n, i, i)


def _one_two(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("ONE_TWO"):
        if s.near(i, "STANDINGS", "CHAMPIONSHIP", right=4) >= 0:
            continue
        mates = [p.who for p in look.people if not p.genitive]
        if (
            len(mates) == 2
            and mates[1] in look.setting.mates(mates[0])
            and not s.has("NOT", "SINCE")
        ):
            for n, who in enumerate(mates):
                yield finished(look, who, n + 1, i, i)
            continue
        for p in look.list_after(i):
            if s.near(p.first, "AHEAD", left=3) >= 0 and s.near(i, "AHEAD", right=2) >= 0:
                yield finished(look, p.who, 3, i, p.first)
            break


def _podium(look: Look, placed: dict[str, int]) -> Iterator[Claim]:
    s = look.s
    for i in s.find("PODIUM"):
        if (
            s.near(i, "ordinal", "number", "MAIDEN", "SINCE", "STARTS", "MOST", left=6, stop=",;")
            >= 0
            or s.near(i, "IN_A_ROW", right=3) >= 0
        ):
            continue
        negative = s.near(i, "NOT", "COST", left=6) >= 0
        taken_from = [
            p
            for p in look.people
            if p.last < i and i - p.last <= 3 and s.near(i, "AHEAD", left=3) >= 0
        ]
        denied = [p for p in look.people if p.last < i and s.near(p.first, "COST", left=2) >= 0]
        for who in [p.who for p in taken_from[-1:] or denied[-1:]] or look.subject(i):
            negative = negative and not taken_from
            if who not in placed:
                yield look.claim("podium", [look.driver(who)], (i, i), value=not negative)
