"""Who finished where, who was ahead of whom, and by how much."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.people import is_rival, told_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.look import Look
    from racecraft.press.sentence import Person

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
    yield from _chains(look, placed)
    yield from _podium(look, placed)
    yield from _losses(look)
    look.placed = placed
    yield from _margins(look)
    yield from _elsewhere(look)


def _position(
    look: Look, who: str, place: int, i: int, j: int, session: str = "race", *, sure: bool = False
) -> Claim:
    kind = "sprint_position" if session == "sprint" else "finish_position"
    scope = {"sure": True} if sure else {}
    return look.claim(kind, [look.driver(who)], (i, j), value=place, session=session, scope=scope)


def _order(look: Look, ahead: str, behind: str, i: int) -> Claim:
    other = look.driver(behind)
    return look.claim(
        "relative_order",
        [look.driver(ahead)],
        (i, i),
        scope={"other": other},
        value=f"ahead of {other.name}",
    )


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
                    yield _position(
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
                for who in look.subject(k)[:1] if rival else ():
                    yield _order(look, rival.who, who, k)
                continue
            for who in _holder(look, k):
                yield _position(look, who, s.marks[k].kinds["ordinal"], k, k, session)


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
                or s.at(k, "team", "of", "the", "OTHER", "word", "HEDGE")
                and not s.at(k, "FINISH", "BE")
                for k in gap
            )
            and len(gap) <= 4
            and not is_rival(s, p)
        ):
            closer = [q for q in beside if p.last < q.first < i]
            if not closer:
                return look._together([q for q in beside if q.last < i]) if not gap else [p.who]
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
                s.marks[k].word in "-"
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
    """Whose place stands before him: "Cuarto fue Norris y quinto Russell", "Zweiter wurde Bottas"."""
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
            yield _position(look, who, 1, i, i, session)
    for i in s.find("VICTORY"):
        person = next((p for p in look.people if p.first > i and p.first - i <= 6), None)
        counted = s.near(i, "ordinal", "number", "MAIDEN", left=3, stop=",;")
        if s.at(i, "WIN") or counted >= 0 and not s.at(counted, "year"):
            continue
        another = person and any(s.at(k, "LEADS", "LED", "PASS") for k in range(i, person.first))
        if (
            person
            and s.at(person.first - 1, "of", "BE", "by", "for", "to")
            and not (person.genitive or another)
        ):
            session = "sprint" if s.near(i, "SPRINT", right=5, left=2, stop=",;") >= 0 else "race"
            yield _position(look, person.who, 1, i, person.first, session)
        elif s.at(i - 1, "of", "TAKE") and s.near(i, "GP", "place", right=5, stop=",;") >= 0:
            for who in look.subject(i)[:1]:
                yield _position(look, who, 1, i, i)
        elif (
            (owner := look.owner(i))
            and s.near(i, "his", "driver", left=2) >= 0
            and s.near(i, "SINCE", right=3) < 0
        ):
            yield _position(look, owner, 1, i, i)
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
            if crowned or k >= 0 and s.at(k, "TAKE", "WIN", "CLINCH"):
                for who in look.subject(i):
                    yield _position(look, who, 1, i, i)


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
                    yield _position(look, who, 1, i, i)
    for i in s.find("LED"):
        rival = next((p for p in look.people if p.first > i), None)
        if rival and rival.first - i <= 3 and s.at(rival.last + 1, "HOME", "FINISH"):
            for who in look.subject(i)[:1]:
                yield _position(look, who, 1, i, i)
                yield _position(look, rival.who, 2, i, rival.last)
    for i in s.find("WON_BY"):
        if s.near(i, "RACE", "GP", "VICTORY", left=9) >= 0:
            for p in look.list_after(i)[:1]:
                yield _position(look, p.who, 1, i, p.last)


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
                yield _position(look, who, last - n, i, i)


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
                yield _position(look, who, n + 1, i, i)
            continue
        for p in look.list_after(i):
            if s.near(p.first, "AHEAD", left=3) >= 0 and s.near(i, "AHEAD", right=2) >= 0:
                yield _position(look, p.who, 3, i, p.first)
            break


def _chains(look: Look, placed: dict[str, int]) -> Iterator[Claim]:
    """``fourth, ahead of A, B and C``: places that follow from another one."""
    s = look.s
    for i in s.find("AHEAD", "BEHIND", "FOLLOWED_BY", "HEADS_HOME", "BEAT"):
        if s.at(i, "START", "LAP") and s.near(i, "POLE", right=1) >= 0:
            continue
        front = s.at(i, "BEHIND") and not s.at(i, "FOLLOWED_BY")
        after = look.list_after(i)
        if after and s.at(i, "about_whom") and told_of(s, i, after[0]):
            continue
        if not after or s.near(i, "NOT", left=7, stop=",;") >= 0:
            continue
        if any(
            s.at(k, "COLLISION", "ACCIDENT", "PIT", "PENALTY", "RETIRE")
            for k in range(i + 1, after[0].first)
        ):
            continue
        step = s.near(i, "number", left=2) if s.near(i, "PLACE", left=1) >= 0 else -1
        step = int(s.marks[step].kinds["number"]) if step >= 0 else 1
        if (
            s.near(i, "seconds", "number", left=3) >= 0
            and s.near(i, "ordinal", "PLACE", left=1, right=1) < 0
        ):
            continue
        if (
            s.near(
                i,
                "STANDINGS",
                "CHAMPIONSHIP",
                "LAP",
                "LAPS",
                "POINTS",
                "GRID",
                "LEAD",
                "QUALIFY",
                "SPRINT",
                left=6,
                right=8,
                stop=";",
            )
            >= 0
        ):
            continue
        left = [
            p
            for p in look.people
            if p.last < i and p.who in placed and p.who not in {q.who for q in after}
        ]
        known = look.known | placed
        holders = [w for w in look.subject(i) if w in known] or [p.who for p in left[-1:]]
        finishing = s.near(i, "FINISH", "TAKE", "HEADS_HOME", "BEAT", left=2) >= 0 or s.at(
            i, "HEADS_HOME", "BEAT"
        )
        told = any(w in placed for w in holders)
        if not holders and finishing and len(after) > 1 and s.number < 2 and not front:
            for who in look.subject(i)[:1]:
                placed[who] = 1
                yield _position(look, who, 1, i, i)
                holders = [who]
                known = look.known | placed
        fought = [k for k in s.find("ordinal", end=i) if s.near(k, "BATTLE", left=4) >= 0]
        if fought and not front and not s.has("LOSE"):
            for n, who in enumerate([*look.subject(i)[:1], after[0].who]):
                placed[who] = s.marks[fought[-1]].kinds["ordinal"] + n
                yield _position(look, who, placed[who], i, after[0].last)
            continue
        if front and (led := _followers(look, i, after[0])):
            before = (look.known | placed).get(after[0].who)
            for n, p in enumerate(led if before else ()):
                placed[p.who] = (before or 0) + 1 + n
                yield _position(look, p.who, placed[p.who], i, p.last)
            continue
        third = s.near(i, "ordinal", right=1)
        if third >= 0 and look.roles[third] == "finish" and not front and not told:
            for who in look.subject(i)[:1]:
                placed[who] = s.marks[third].kinds["ordinal"] - 1
                yield _position(look, who, placed[who], i, third)
            continue
        if s.at(i, "BEAT") and not front:
            for who in look.subject(i)[:1]:
                yield from (_order(look, who, p.who, i) for p in after if p.who != who)
        if holders and holders[-1] in known and (finishing or told):
            # those who follow a wrong place are judged by where it ought to have been
            anchor = look.setting.place(holders[-1]) or known[holders[-1]]
            first = anchor - len(after) if front else anchor
            yield from _swapped(look, [p.who for p in after], i)
            for n, p in enumerate(after):
                place = first + n + (0 if front else step)
                if p.who in known or place < 1:
                    continue
                there = look.setting.place(p.who)
                if there and (there > anchor if front else there < anchor):
                    pair = (p.who, holders[-1]) if front else (holders[-1], p.who)
                    yield _order(look, *pair, i)
                    continue
                nearby = (
                    any(
                        k > p.last and k - p.last <= 5 and role == "finish"
                        for k, role in look.roles.items()
                    )
                    and p is after[-1]
                )
                if nearby:
                    continue
                placed[p.who] = place
                yield _position(look, p.who, place, p.first, p.last)
            continue
        for who in look.subject(i)[:1]:
            for p in after:
                if p.who != who:
                    yield _order(look, p.who, who, i) if front else _order(look, who, p.who, i)


def _swapped(look: Look, group: list[str], i: int) -> Iterator[Claim]:
    """Neighbours in a list of finishers who finished the other way round."""
    for a, b in pairwise(group):
        ahead, behind = look.setting.place(a), look.setting.place(b)
        if ahead and behind and ahead > behind:
            yield _order(look, a, b, i)


def _followers(look: Look, i: int, front: Person) -> list[Person]:
    """``Achter hem finishten A, B en C``: those who come after somebody, in their order."""
    s = look.s
    verb = front.last + 1
    starts = i == 0 or s.marks[i - 1].word in ",;:"
    if not (starts and s.at(verb, "FINISH", "BE")) or any(
        role == "finish" for role in look.roles.values()
    ):
        return []
    return look.list_after(verb)


def _elsewhere(look: Look) -> Iterator[Claim]:
    """``third places in Spain, Monaco and Canada``."""
    s = look.s
    event = look.event
    for i in look.roles:
        if (
            not (s.at(i + 1, "PLACE") and s.at(i + 2, "of") and s.at(i + 3, "place"))
            or event is None
        ):
            continue
        k, value = i + 3, s.marks[i].kinds["ordinal"]
        while k < len(s) and (s.at(k, "place", "and") or s.marks[k].word == ","):
            if s.at(k, "place"):
                there = look.names.events_at(s.marks[k].kinds["place"], event.season)
                for who in look.subject(i)[:1] if there and there[0].key != event.key else ():
                    yield look.claim(
                        "finish_position", [look.driver(who)], (i, k), event=there[0], value=value,
                    )  # fmt: skip
            k += 1


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


def _losses(look: Look) -> Iterator[Claim]:
    """``the loser against Alonso``, ``humble in defeat``."""
    s = look.s
    for i in s.find("LOSE"):
        if (
            s.near(i, "PASS", "ordinal", "PLACE", "points", "LEAD", right=4) >= 0
            or s.at(i, "PASS")
            or s.has("LAP")
        ):
            continue
        loser = next(iter(look.subject(i)), "")
        rival = next((p.who for p in look.people if i < p.first and p.who != loser), "")
        if not rival and s.marks[i].word in s.grammar.file["small"].get("defeat", ()):
            order = look.setting.order
            ahead = order[order.index(loser) - 1] if loser in order[1:] else ""
            rival = ahead if any(ahead == who for _, who in look.cast.spoken) else ""
        if loser and rival:
            yield _order(look, rival, loser, i)


def _margins(look: Look) -> Iterator[Claim]:
    s = look.s
    for i in s.find("seconds"):
        seconds = s.marks[i].kinds["seconds"]
        if seconds > 600 or s.near(i, "PENALTY", right=8, left=5) >= 0:
            continue
        qualifying = s.near(i, "QUALIFY", "POLE", left=7, right=7, stop=",;") >= 0
        crossing = s.near(i, "FINISH", "WIN", left=3) >= 0
        qualifying = qualifying and not crossing
        if not qualifying and s.near(i, "LAP", "FASTEST_LAP", left=3, right=6, stop=",;") >= 0:
            continue
        pair = _pair(look, i)
        if pair is None:
            continue
        a, b = pair
        if a == b:
            continue
        first = look.setting.order[:1]
        kind = (
            "qualifying_gap"
            if qualifying
            else "winning_margin"
            if first and a == first[0]
            else "time_gap"
        )
        yield look.claim(
            kind, [look.driver(a), look.driver(b)], (i, i), relation="over", value=seconds,
            hedge=look.hedge(i), scope={"decimals": s.marks[i].kinds.get("decimals", 0)},
        )  # fmt: skip


def _pair(look: Look, i: int) -> tuple[str, str] | None:
    """Who was that much ahead of whom; where the words do not say, as they finished."""
    s, order = look.s, look.setting.order
    subject = look.subject(i)
    here = [p.who for p in look.people if not p.genitive]
    near = next(
        (p.who for p in look.people if p.first > i and p.first - i <= 8 and p.who not in subject),
        "",
    )
    rival = next((p for p in look.people if p.who == near and p.first > i), None)
    links = ("AHEAD", "BEHIND", "BEAT", "LOSE", "of", "by", "HEADS_HOME", "FOLLOWED_BY", "VERSUS")
    if rival and not any(s.at(k, *links) for k in range(i + 1, rival.i)):
        near = ""
    after = s.near(i, "CLEAR", right=2)
    if (
        after >= 0
        and after + 1 < len(s)
        and s.marks[after + 1].word in ",.;"
        and not s.at(after, "AHEAD")
    ):
        near = ""
        last = max((place for place in look.placed.values()), default=0)
        if len(subject) == 1 and s.marks[after].word.startswith("further") and last > 1:
            return order[last - 2], subject[0]
    if not here or s.has("they") and len(set(here)) < 2:
        both = look.both()
        if both and not (len(here) == 1 and here[0] in order[:1]):
            return _as_finished(order, *both)
    if len(subject) >= 2:
        return subject[0], subject[1]
    if near and subject:
        behind = s.near(i, "BEHIND", right=3, left=2) >= 0 and s.near(i, "AHEAD", right=3) < 0
        behind |= s.near(i, "on", left=2) >= 0 and s.at(i + 1, "of")
        behind |= s.at(i - 1, "to") and s.at(i + 1, "of", "by")
        lost = s.near(i, "LOSE", left=7) >= 0
        return (near, subject[0]) if behind or lost else (subject[0], near)
    beaten = [p.who for p in look.people if p.last < i and p.who not in subject and not p.genitive]
    if subject and beaten and s.near(i, "BEAT", left=9, stop=",;") >= 0:
        return subject[0], beaten[-1]
    if subject and len(order) > 1:
        if subject[0] == order[0] and s.near(i, "BEHIND", right=2) < 0:
            return order[0], order[1]
        return (order[0], subject[0]) if subject[0] != order[0] else None
    return None


def _as_finished(order: tuple[str, ...], a: str, b: str) -> tuple[str, str]:
    places = {who: n for n, who in enumerate(order)}
    return (a, b) if places.get(a, 99) <= places.get(b, 99) else (b, a)
