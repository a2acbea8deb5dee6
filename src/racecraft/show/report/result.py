"""The report of a race that is known by its result alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.model.clock import clock
from racecraft.model.words.book import words_of
from racecraft.show.moments import opening_rows
from racecraft.show.report.doubts import doubts_in
from racecraft.show.report.language import day_in_words, event_title, status_in_words
from racecraft.show.report.parts import Listed, Report, Rows, section
from racecraft.show.report.race import standings_section, story_section
from racecraft.sim.moments.words import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from racecraft.analysis.outcome import Outcome
    from racecraft.press.intake.article import Article

HEAD = ("place", "driver", "team", "grid", "time", "points")


def result_report(
    told: Outcome,
    *,
    lang: str = "en",
    article: Article | None = None,
    effect: str = "",
    doubts: Sequence[str] = (),
    notes: Sequence[str] = (),
    moments: pl.DataFrame | None = None,
) -> Report:
    """Report of a race by its result: what decided it, story, result, championship, doubts.

    Raises
    ------
    ArgumentError
        There are no words in that language.
    """
    words = words_of(lang)
    event, season = told.event, told.season
    sprint = " --session sprint" if told.session == "sprint" else ""
    asked = f"{season.season} {event['round'] or event['event']}{sprint}"
    rows: list[tuple[str | None, ...]] = []
    for row in told.result.to_dicts():
        time = status_in_words(row["status"], words)
        if row["time"] is not None and not rows:
            time = clock(row["time"])
        if row["gap"] is not None and row["position"] is not None and rows:
            time = f"+{clock(row['gap'])}"
        place = row["position"] if row["position"] is not None else row["position_text"]
        rows.append((
            str(place or ""), row["name"] or row["driver"], row["team"],
            "" if row["grid"] is None else str(row["grid"]), time,
            "" if row["points"] is None else f"{row['points']:g}",
        ))  # fmt: skip
    columns = tuple(words["columns"][name] for name in HEAD)
    table = Rows(columns, tuple(rows), frozenset({0, 3, 4, 5}), spare=frozenset({2}))
    proof = f"racecraft race {asked}"
    doubted = doubts_in(doubts, words)
    opened = [] if moments is None else opening_rows(moments)["facts"].to_list()
    decided = [Listed(tuple(in_words(facts, lang) for facts in opened))] if opened else []
    sections = (
        section("decided", words["sections"], decided, f"racecraft moments {asked}"),
        story_section(article, words, asked, lang),
        section("result", words["sections"], [table], proof),
        standings_section(season, event["event"], told.session, words, lang, effect),
        section("doubts", words["sections"], doubted, proof),
    )
    laps = event["laps"] if told.session == "race" else event["sprint_laps"]
    facts = [
        event["circuit"] or "",
        day_in_words(event["date"], words),
        words["head"]["laps"].format(count=laps) if laps else "",
    ]
    return Report(
        title=event_title(event["name"], lang, season.season) + (", sprint" if sprint else ""),
        kind=words["head"]["report"],
        facts=", ".join(filter(None, facts)),
        lang=lang,
        sections=tuple(one for one in sections if one is not None),
        notes=(words["sentences"]["no_timing"], *notes),
    )
