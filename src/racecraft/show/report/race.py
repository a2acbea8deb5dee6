"""The report of a race: what is in it, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from racecraft.errors import RacecraftError
from racecraft.model.clock import clock
from racecraft.model.terms import FORMULA_ONE
from racecraft.model.words.book import Book, number, words_of
from racecraft.show.charts.battle import battle_chart
from racecraft.show.charts.lap_chart import lap_chart, who_mattered
from racecraft.show.charts.overtakes import overtakes_chart
from racecraft.show.charts.pace import has_classes, pace_rows
from racecraft.show.charts.shapes import family_names, race_name
from racecraft.show.charts.strategy import strategy_chart
from racecraft.show.charts.win_probability import win_chart
from racecraft.show.moments import RUNS, opening_rows
from racecraft.show.report.doubts import doubts_in
from racecraft.show.report.language import day_in_words, event_title, status_in_words
from racecraft.show.report.parts import (
    Chart,
    Numbered,
    Paragraph,
    Part,
    Report,
    Rows,
    Section,
    section,
)
from racecraft.show.svg import race_charts as svg
from racecraft.sim.moments.words import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from racecraft.analysis.fights.battle import Battle
    from racecraft.analysis.pace.pace import Pace
    from racecraft.analysis.race import Story
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.words.book import Words
    from racecraft.press.intake.article import Article

PARAGRAPH = "\n\n"
STANDING = 10  # places of the championship that are shown
NUMBERS = {"place", "car", "grid", "time", "points"}  # columns of a result that stand at the right


@dataclass(frozen=True, eq=False, kw_only=True)
class Known:
    """What is known of a race with timing, from the rooms that found it out.

    Attributes
    ----------
    story
        What happened; its race is the one that is reported.
    moments, chances
        ``MOMENTS``, and ``CHANCES`` after every lap; None beyond Formula 1.
    pace
        What its laps were made of; None where there were too few.
    season
        Its season; None where it is not stored.
    article
        The story as a newspaper would have it; None where none can be written.
    effect, doubts, notes
        What it did to the standings, what is not sure, and what could not be told.
    """

    story: Story
    moments: pl.DataFrame | None = None
    chances: pl.DataFrame | None = None
    pace: Pace | None = None
    season: Season | None = None
    article: Article | None = None
    effect: str = ""
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def race_report(known: Known, lang: str = "en") -> Report:
    """Report of a race.

    Raises
    ------
    ArgumentError
        There are no words in that language.
    """
    words, race = words_of(lang), known.story.race
    asked = asked_of(race)
    sections = (
        _decided(known, words, lang, asked),
        story_section(known.article, words, asked, lang),
        _result(known.story, words, asked),
        _places(known, words, asked),
        _battles(known.story, words, lang, asked),
        _overtakes(known.story, words, asked),
        _tyres(race, words, asked),
        _pace(known, words, asked),
        standings_section(known.season, race.event, race.session, words, lang, known.effect),
        _doubts(known, words, asked),
    )
    facts = [
        day_in_words(race.date, words),
        words["head"]["laps"].format(count=race.crossings["lap"].max()),
        words["head"]["of"].format(source=race.source),
    ]
    return Report(
        title=_title(race, lang),
        kind=words["head"]["report"],
        facts=", ".join(filter(None, facts)),
        lang=lang,
        sections=tuple(one for one in sections if one is not None),
        notes=known.notes,
    )


def _title(race: Race, lang: str) -> str:
    name = f"{race.season} {race.name}"
    return race_name(race).replace(name, event_title(race.name, lang, race.season))


def asked_of(race: Race) -> str:
    """How a race is named on the command line, after a verb: ``2023 20``."""
    series = "" if race.series == FORMULA_ONE else f" --series {race.series}"
    sprint = " --session sprint" if race.session == "sprint" else ""
    return f"{race.season} {race.round or race.event}{sprint}{series}"


def story_section(article: Article | None, words: Words, asked: str, lang: str) -> Section | None:
    """The story as a newspaper would have it."""
    if article is None:
        return None
    proof = f"racecraft race {asked} --story {lang}"
    parts = [Paragraph(text, proof) for text in article.text.split(PARAGRAPH)]
    return section("story", words["sections"], parts, proof)


def standings_section(
    season: Season | None, event: str, session: str, words: Words, lang: str, effect: str
) -> Section | None:
    """The first ten of the championship, before the race and after it."""
    from racecraft.title.standings.calendar import calendar
    from racecraft.title.standings.standings import standings

    if season is None:
        return None
    try:
        run = [(one.event, one.session) for one in calendar(season)]
        at = run.index((event, session))
        now = standings(season, after=f"{event}:{session}")
        before = standings(season, after=":".join(run[at - 1])) if at else now.clear()
    except (RacecraftError, ValueError):
        return None
    names = {
        row["driver"]: row["family_name"] or row["driver"] for row in season.drivers.to_dicts()
    }
    was = {row["driver"]: row for row in before.to_dicts()}
    rows = []
    for row in now.head(STANDING).to_dicts():
        old = was.get(row["driver"])
        had = old["points"] if old else 0.0
        moved = old["position"] - row["position"] if old else 0
        rows.append((
            str(row["position"]), names.get(row["driver"], row["driver"]),
            number(had, lang, 1), number(row["points"] - had, lang, 1),
            number(row["points"], lang, 1), f"{moved:+d}" if moved else "=",
        ))  # fmt: skip
    head = ("place", "driver", "before", "scored", "after", "moved")
    told = Paragraph(effect) if effect else None
    columns = tuple(words["columns"][name] for name in head)
    table = Rows(columns, tuple(rows), frozenset({0, 2, 3, 4, 5}))
    proof = f"racecraft standings {season.season} --after {event}:{session}"
    return section("standings", words["sections"], [told, table], proof)


def _decided(known: Known, words: Words, lang: str, asked: str) -> Section | None:
    if known.moments is None or known.chances is None:
        return None
    race = known.story.race
    chart = win_chart(race, known.chances, known.moments, lang=lang)
    proof = f"racecraft moments {asked}"
    told = opening_rows(known.moments).to_dicts()
    by_lap: dict[int, str] = {}
    for row in told:
        by_lap.setdefault(row["lap"], "")
        by_lap[row["lap"]] += f" {in_words(row['facts'], lang)}"
    numbered = {mark.lap: mark.number for mark in chart.marks}
    items = tuple(
        (numbered.get(lap, 0), words["charts"]["lap"].format(lap=lap), text.strip(), proof)
        for lap, text in by_lap.items()
    )
    simulated = known.moments.is_empty() or known.moments["basis"][0] == "simulated"
    basis = words["charts"]["simulated" if simulated else "formula"]
    parts: list[Part | None] = [
        Chart(
            svg.win_svg(chart, words["charts"]), f"{chart.title}: {words['charts']['win']}",
            _plotted("win_probability", race, chances=known.chances, moments=known.moments),
        ),
        Paragraph(basis.format(runs=RUNS), f"racecraft forecast {asked} --every-lap"),
        Numbered(items) if items else None,
    ]  # fmt: skip
    every_lap = f"racecraft forecast {asked} --every-lap --runs {RUNS}"
    return section("decided", words["sections"], parts, proof, every_lap)


def _result(story: Story, words: Words, asked: str) -> Section | None:
    head = ("place", "car", "class", "driver", "team", "grid", "time", "points")
    numbered = story.race.series != FORMULA_ONE  # where a car is called by its number
    rows: list[tuple[str | None, ...]] = []
    most = max(story.result["laps"].drop_nulls().to_list(), default=0)
    for row in story.result.to_dicts():
        time = status_in_words(row["status"], words)
        if row["time"] is not None:
            time = clock(row["time"])
        if row["position"] is None and row["status"]:
            time = status_in_words(row["status"], words)
        elif row["gap"] is not None and rows:
            time = f"+{clock(row['gap'])}"
        elif (
            row["position"] is not None and row["time"] is not None and (row["laps"] or most) < most
        ):
            down = most - row["laps"]
            time = words["charts"]["lap_down" if down == 1 else "laps_down"].format(count=down)
        rows.append((
            _plain(row["position"]), row["car"] if numbered else "",
            f"{row['class']} {_plain(row['class_position']) or ''}".strip() if row["class"] else "",
            row["name"] or ("" if numbered else row["car"]), row["team"], _plain(row["grid"]), time,
            _plain(row["points"]),
        ))  # fmt: skip
    kept = [i for i in range(len(head)) if any(row[i] for row in rows)]
    columns = tuple(words["columns"][head[i]] for i in kept)
    numbers = frozenset(new for new, i in enumerate(kept) if head[i] in NUMBERS)
    spare = frozenset(new for new, i in enumerate(kept) if head[i] == "team")
    cells = tuple(tuple(row[i] for i in kept) for row in rows)
    table = Rows(columns, cells, numbers, spare=spare)
    verb = "race" if numbered else "results"  # of other series no results are stored
    return section("result", words["sections"], [table], f"racecraft {verb} {asked}")


def _places(known: Known, words: Words, asked: str) -> Section | None:
    race = known.story.race
    mattered = who_mattered(known.moments) if known.moments is not None else []
    chart = lap_chart(race, mattered)
    drawn = Chart(
        svg.lap_chart_svg(chart, words["charts"]), f"{chart.title}: {words['charts']['places']}",
        _plotted("lap_chart", race, cars=mattered or None),
    )  # fmt: skip
    return section("places", words["sections"], [drawn], f"racecraft laps {asked}")


def _battles(story: Story, words: Words, lang: str, asked: str) -> Section | None:
    parts: list[Part | None] = []
    proofs = []
    for battle in story.decisive:
        proof = f"racecraft battle {asked} {battle.row['first']} {battle.row['second']}"
        try:
            chart = battle_chart(story.race, battle)
        except RacecraftError:
            continue
        text = battle.story if lang == "en" else _battle_words(battle, chart.names, lang)
        parts += [
            Paragraph(text, proof),
            Chart(
                svg.battle_svg(chart, words["charts"]),
                f"{chart.names[chart.first]}, {chart.names[chart.second]}",
                _plotted("battle", story.race, drivers=battle),
            ),
        ]
        proofs.append(proof)
    return section("battles", words["sections"], parts, *proofs)


def _battle_words(battle: Battle, names: dict[str, str], lang: str) -> str:
    """A battle in a sentence: for what, how long, how close, and who was ahead in the end."""
    book, row = Book(lang), battle.row
    first, second, ahead = (
        book.say("car", "sentences", number=car) if names.get(car, car) == car else names[car]
        for car in (row["first"], row["second"], row["ahead_at_end"])
    )
    margin = row["margin"].total_seconds() if row["at_flag"] else None
    after = "battle_over" if margin is None else "battle_to_flag"
    within = {"class": row["class"]} if row["class"] else {}
    return book.sentence(
        book.say(
            "battle", "sentences", first=first, second=second,
            start=row["start_lap"], end=row["end_lap"], swaps=row["swaps"],
            place=row["class_position"] if within else row["position"],
            among=book.say("battle_among", "sentences", **within) if within else "",
            closest=row["closest"].total_seconds(),
            after=book.say(after, "sentences", ahead=ahead, margin=margin),
        )
    )  # fmt: skip


def _overtakes(story: Story, words: Words, asked: str) -> Section | None:
    chart = overtakes_chart(story.race)
    if not chart.rows:
        return None
    drawn = Chart(
        svg.overtakes_svg(chart, words["charts"]),
        f"{chart.title}: {words['charts']['overtakes']}",
    )
    rows = tuple((words["charts"][f"kind_{kind}"], str(len(own))) for kind, own in chart.rows)
    proofs = tuple(f"racecraft overtakes {asked} --kind {kind} --count" for kind, _ in chart.rows)
    columns = (words["columns"]["kind"], words["columns"]["count"])
    table = Rows(columns, rows, frozenset({1}), proofs)
    return section("overtakes", words["sections"], [drawn, table], f"racecraft overtakes {asked}")


def _tyres(race: Race, words: Words, asked: str) -> Section | None:
    chart = strategy_chart(race)
    known = any(name != "unknown" for name in chart.compounds)
    key = words["charts"]["tyres_key" if known else "tyres_unknown"]
    drawn = Chart(
        svg.strategy_svg(chart, words["charts"]), f"{chart.title}: {words['charts']['tyres']}",
        _plotted("strategy", race),
    )  # fmt: skip
    return section("tyres", words["sections"], [drawn, Paragraph(key)], f"racecraft stops {asked}")


def _pace(known: Known, words: Words, asked: str) -> Section | None:
    if known.pace is None:
        return None
    race = known.story.race
    rows = pace_rows(known.pace)
    if not rows:
        return None
    drawn = Chart(
        svg.pace_svg(
            rows, race_name(race), words["charts"], classes=has_classes(known.pace)
        ),
        f"{race_name(race)}: {words['charts']['pace']}", _plotted("pace", known.pace),
    )  # fmt: skip
    return section("pace", words["sections"], [drawn], f"racecraft pace {asked}")


def _doubts(known: Known, words: Words, asked: str) -> Section | None:
    race = known.story.race
    names = family_names(race)
    of_race = [
        reason if car is None else f"{names.get(car, car)}: {reason}"
        for car, reason in race.doubts.drop_nulls("reason")["car", "reason"].iter_rows()
    ]
    said = list(dict.fromkeys([*known.doubts, *of_race, f"Audit: {known.story.audit}."]))
    return section("doubts", words["sections"], doubts_in(said, words), f"racecraft race {asked}")


def _plotted(name: str, *given: Any, **more: Any) -> Any:
    """A figure that is drawn when it is asked for, on given axes."""

    def drawn(ax: Any = None) -> Any:
        from racecraft import plot

        return getattr(plot, name)(*given, **more, ax=ax)

    return drawn


def _plain(value: Sequence[str] | float | None) -> str | None:
    return None if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)
