"""A moment in a sentence, in any language that races are told in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.model.words.book import Book
from racecraft.sim.moments.facts import read
from racecraft.sim.moments.trouble_words import puncture_words, trouble_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NEWER_LAPS = 8  # tyres newer by so many are worth telling


class Told(NamedTuple):
    """The facts of a moment, and the book of the language that it is told in."""

    facts: Mapping[str, Any]
    book: Book

    def name(self, car: str) -> str:
        """What a car is called."""
        return str(self.facts["names"].get(car, car))

    def names(self, cars: Sequence[str]) -> list[str]:
        """What cars are called."""
        return [self.name(car) for car in cars]

    def say(self, pattern: str, /, **slots: Any) -> str:
        """A pattern of the book, in which the lap of the moment may stand."""
        laps = (self.facts["lap"], self.facts["last_lap"])
        return self.book.say(pattern, **{"lap": laps[0], "laps": laps, **slots})


def in_words(facts: Mapping[str, Any] | str, lang: str = "en", *, chances: bool = True) -> str:
    """What happened, and what it did to whose chances, in a sentence.

    Parameters
    ----------
    facts
        Of a moment, or how they stand in a row of ``MOMENTS``.
    lang
        One of `racecraft.model.words.book.languages`.
    chances
        With what it did to them.

    Raises
    ------
    ArgumentError
        Nothing is told in that language.

    Examples
    --------
    >>> known = {"kind": "title decided", "lap": 58, "last_lap": 58, "cars": ["VER"],
    ...          "names": {"VER": "Verstappen"}}
    >>> [in_words(known, lang) for lang in ("en", "nl")]
    ['Verstappen became champion.', 'Verstappen werd kampioen.']
    """
    known = read(facts) if isinstance(facts, str) else facts
    told = Told(known, Book(lang))
    words = _TOLD.get(known["kind"], _plain)(told)
    swing, without = known.get("swing"), known.get("without")
    did = f" ({_swung(told, swing)})" if chances and swing else ""
    text = told.book.sentence(f"{words}{did}")
    if not chances or not without:
        return text
    slots = {**without, "name": told.name(without["car"])}
    return f"{text} {told.say('without', **slots)}"


def _swung(told: Told, swing: Mapping[str, Any]) -> str:
    name, before, after = told.name(swing["car"]), swing["before"], swing["after"]
    if swing["of"] == "points":
        more = "points_more" if after > before else "points_fewer"
        return told.say(more, name=name, n=abs(after - before))
    return told.say("chance_by_then" if swing["of"] == "win by then" else "chance",
                    name=name, before=before, after=after)  # fmt: skip


def _start(told: Told) -> str:
    if "away" in told.facts:
        return told.say("few_started", n=told.facts["away"], of=told.facts["of"],
                        other=told.name(told.facts["cars"][0]))  # fmt: skip
    moves = []
    for row in told.facts["moves"]:
        met = told.say("met", name=told.name(row["met"])) if row["met"] else ""
        kind = "stayed" if row["was"] == row["now"] else "moved"
        moves.append(
            told.say(kind, name=told.name(row["car"]), was=row["was"], now=row["now"], met=met)
        )
    return told.say("start", moves=moves) if moves else told.say("start_little")


def _pass(told: Told) -> str:
    facts = told.facts
    *passers, passed = told.names(facts["cars"])
    margin, corner = facts["at_flag_s"], facts["corner"]
    turns = {"first": corner["turns"][0], "last": corner["turns"][-1]} if corner else {}
    return told.say(
        "retook" if facts["back"] else "passed",
        names=passers, other=passed, places=facts["places"],
        corner=told.say(f"corner_{corner['how']}", **turns) if corner else "",
        flag=told.say("flag", s=margin) if margin else "",
    )  # fmt: skip


def _lead(told: Told) -> str:
    facts = told.facts
    new, old = told.names(facts["cars"])
    cause = facts["cause"] or "other"
    raced = cause == "on_track"
    if "slow_s" in facts:
        cause = "slow_stop"
    elif cause == "start" and facts["lap"] > 1:
        cause = "restart"
    elif facts["earlier"]:
        cause = "_".join(filter(None, ["earlier", facts["turned"]]))
    elif facts["regained"]:
        cause = "regained"
    elif facts["maybe_passed"] and cause == "pit":  # on the track before, or by the stop
        cause, raced = "pit_or_track", True
    why = facts.get("why") if cause == "retirement" else None
    newer = raced and facts["newer"] >= NEWER_LAPS
    after = told.say("kept_after") if facts["for_good"] else ""
    kept = after if newer or cause == "pit_or_track" else told.say("kept")
    return told.say(
        f"lead_{cause}", new=new, old=old, n=facts["earlier"], s=facts.get("slow_s", 0.0),
        why=told.say("why", why=told.book.status(why)) if why else "",
        tyres=told.say("newer", n=facts["newer"]) if newer else "",
        kept=kept if facts["for_good"] else "", kept_after=after,
    )  # fmt: skip


def _period(told: Told) -> str:
    facts = told.facts
    kind = facts["kind"].replace(" ", "_")
    if facts.get("in_line"):
        half = told.say("in_line_half") if facts["half"] else ""
        pattern = "in_line_of" if facts["planned"] else "in_line"
        return told.say(pattern, planned=facts["planned"], half=half)
    if "planned" in facts:
        half = told.say("half") if facts["half"] else ""
        return told.say("ended_early", planned=facts["planned"], half=half)
    if facts["inferred"]:
        kind = "stood_still" if kind == "red_flag" else "slowed"
    out = _out(told)
    later = facts["last_lap"] > facts["lap"]
    over = "ended" if kind == "virtual_safety_car" else "until"
    until = told.say(f"{over}_after" if out else over, lap=facts["last_lap"]) if later else ""
    short = facts["last_lap"] <= facts["lap"] + 1 and not facts["inferred"]
    laps = (facts["lap"], facts["lap"] if short else facts["last_lap"])
    return told.say(kind, laps=laps, out=out, until=until, stops=_stops(told))


def _out(told: Told) -> str:
    """Who dropped out as it came out."""
    out = told.facts["out"]
    if not out:
        return ""
    causes = {told.book.status(cause) for cause in out.values()}
    why = told.say("why", why=causes.pop()) if len(causes) == 1 and causes != {""} else ""
    return told.say("as_out", names=told.names(list(out)), why=why)


def _stops(told: Told) -> str:
    """Who stopped under it, for which tyres, and who did not."""
    stopped = told.facts.get("stopped")
    if not stopped:
        return ""
    fitted = set(stopped.values())
    one = fitted.pop() if len(fitted) == 1 else ""
    tyres = ""
    if told.book.has(one, "compounds"):
        tyres = told.say("for_tyres", tyres=told.book.say(one, "compounds"))
    others = told.names(told.facts["stayed"])
    return told.say("stops", names=told.names(list(stopped)), tyres=tyres, others=others)


def _restart(told: Told) -> str:
    alone = told.facts["alone"]
    if alone:
        return told.say("restart_alone", names=told.names(alone), n=told.facts["others"])
    return told.say(f"restart_{told.facts['from'].replace(' ', '_')}")


def _rain(told: Told) -> str:
    each = [
        told.say("each_on", names=told.names(cars), lap=lap) for lap, cars in told.facts["each"]
    ]
    return told.say(
        "to_wet" if told.facts["kind"] == "rain" else "to_dry",
        n=told.facts["count"], laps=_longer(told),
        each=told.say("each", each=", ".join(each)) if each else "",
    )  # fmt: skip


def _longer(told: Told) -> tuple[int, int]:
    """First and last lap; of two laps in a row the first alone."""
    first, last = told.facts["lap"], told.facts["last_lap"]
    return first, first if last <= first + 1 else last


def _of_one(pattern: str) -> Callable[[Told], str]:
    """Words of a moment of one car, of which the facts fill the slots."""

    def words(told: Told) -> str:
        seconds = abs(told.facts.get("slow_s", 0.0))
        points, back = told.facts.get("points"), told.facts.get("back")
        return told.say(
            pattern, name=told.name(told.facts["cars"][0]), s=seconds, n=points, back=back
        )

    return words


def _wrong_tyre(told: Told) -> str:
    return _of_one("wrong_wet" if told.facts["wet"] else "wrong_dry")(told)


def _cut(told: Told) -> str:
    facts = told.facts
    number = facts["gainers"]
    names = told.names(facts["cars"])
    how = "_".join(filter(None, ["by", facts["kind"], facts["tyres"]]))
    return told.say(
        "gained" if number == 1 and facts["place_in_effect"] == facts["place"] else "got_ahead",
        names=names[:number], others=names[number:], place=facts["place"], how=told.say(how),
        slow=told.say("slow", s=facts["slow_s"]) if "slow_s" in facts else "",
    )  # fmt: skip


def _battle(told: Told) -> str:
    facts = told.facts
    ahead, behind = told.names(facts["cars"])
    slots = {"ahead": ahead, "behind": behind, "place": facts["place"], "s": facts["at_flag_s"]}
    if "swaps" not in facts:
        return told.say("close_finish", **slots)
    kind = "held_off" if facts["held"] else "battle"
    pattern = kind if facts["at_flag_s"] is None else f"{kind}_to_flag"
    laps = (facts["start_lap"], facts["end_lap"])
    return told.say(pattern, **slots, laps=laps, swaps=facts["swaps"])


def _penalty(told: Told) -> str:
    facts = told.facts
    road, now = facts.get("road"), facts.get("now")
    name, *gained = told.names(facts["cars"])
    if road == 1 and gained:
        return told.say("penalty_win", name=name, other=gained[0])
    if road and now:
        return told.say("penalty_to", name=name, road=road, now=now)
    return told.say("penalty", name=name, n=facts["places"])


def _disqualified(told: Told) -> str:
    name, road = told.name(told.facts["cars"][0]), told.facts.get("road")
    whole = "disqualified_full" if told.facts.get("full_distance") else "disqualified"
    return told.say("disqualified_from" if road else whole, name=name, road=road)


def _title(told: Told) -> str:
    facts = told.facts
    place, rival = facts.get("place"), facts.get("ahead_of")
    at = told.say("title_place", place=place) if place and place > 1 else ""
    by = told.say("title_by", n=facts["by"], other=rival) if rival and facts["by"] else ""
    if absent := facts.get("absent"):
        how = "title_of_the_dead" if absent["dead"] else "title_of_the_absent"
        return told.say(how, name=absent["name"], by=by)
    return told.say("title", name=told.name(facts["cars"][0]), at=at, by=by)


def _record(told: Told) -> str:
    words = "; ".join(record_words(one, told.book) for one in told.facts["records"])
    return told.say("records", name=told.name(told.facts["cars"][0]), told=words)


def record_words(one: Mapping[str, Any], book: Book) -> str:
    """One record, in words that follow the name of who set it."""
    slots = dict(one)
    if "age" in one:
        years, days = one["age"]
        slots["age"] = book.form("age", "records", days, years=years, days=days)
    if "thing" in one:
        slots["thing"] = book.say(f"thing_{one['thing']}", "records")
    return book.say(slots.pop("record"), "records", **slots)


def _from_grid(told: Told) -> str:
    facts = told.facts
    grid, place = facts["grid"], facts["position"]
    names = told.names(facts["cars"])
    if place == 1:
        pattern = "won" if not grid else "won_pole" if grid == 1 else "won_from"
        pattern = pattern if len(names) == 1 else "won_shared"
    elif grid and place > grid:
        pattern = "fell_from_pole" if grid == 1 else "fell_from_grid"
    else:
        pattern = "came_from" if grid else "came"
    by = facts.get("ahead")
    nose = "won_by_a_nose" if by and by["s"] < 1 else "won_by"
    margin = told.say(nose, s=by["s"], other=told.name(by["car"])) if by else ""
    return told.say(pattern, name=names[0], names=names, grid=grid, place=place, margin=margin)


def _plain(told: Told) -> str:
    return told.say("other", kind=told.facts["kind"], names=told.names(told.facts["cars"]))


_TOLD: dict[str, Callable[[Told], str]] = {
    "start": _start,
    "pass": _pass,
    "re-pass": _pass,
    "lead change": _lead,
    "incident": trouble_words,
    "retirement": trouble_words,
    "puncture": puncture_words,
    "safety car": _period,
    "virtual safety car": _period,
    "red flag": _period,
    "restart": _restart,
    "rain": _rain,
    "drying track": _rain,
    "slow stop": _of_one("slow_stop"),
    "good stop": _of_one("good_stop"),
    "wrong tyre": _wrong_tyre,
    "fastest lap": _of_one("fastest_lap"),
    "undercut": _cut,
    "overcut": _cut,
    "battle": _battle,
    "penalty": _penalty,
    "disqualification": _disqualified,
    "title decided": _title,
    "record": _record,
    "from the grid": _from_grid,
}
