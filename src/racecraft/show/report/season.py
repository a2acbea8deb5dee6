"""The report of a season: who led when, every race, when the title fell, the fiercest battles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from racecraft.model.terms import FORMULA_ONE, series_name
from racecraft.model.words.book import number, words_of
from racecraft.show.charts.season import points_traces
from racecraft.show.report.doubts import doubts_in
from racecraft.show.report.language import event_title
from racecraft.show.report.parts import Chart, Paragraph, Report, Rows, Section, section
from racecraft.show.svg.race_charts import points_svg
from racecraft.sim.moments.words import in_words

if TYPE_CHECKING:
    import polars as pl

    from racecraft.model.season import Season
    from racecraft.model.words.book import Words

FIERCEST = 8  # battles that are listed
FIRST = 20  # of the standings


@dataclass(frozen=True, eq=False, kw_only=True)
class KnownSeason:
    """What is known of a season, from the rooms that found it out.

    Attributes
    ----------
    season, standings
        Its tables, and ``STANDINGS`` as they are now.
    title
        Who has secured what place, or how far it is: a sentence.
    moments
        By event and session: the ``MOMENTS`` of the races whose timing is stored.
    battles
        ``BATTLES`` of those races, with the event and its name in `event` and `name`.
    doubts
        What is not sure.
    """

    season: Season
    standings: pl.DataFrame
    title: str = ""
    moments: dict[tuple[str, str], pl.DataFrame]
    battles: pl.DataFrame
    doubts: tuple[str, ...] = ()


def season_report(known: KnownSeason, lang: str = "en") -> Report:
    """Report of a season.

    Raises
    ------
    ArgumentError
        There are no words in that language.
    """
    words, year = words_of(lang), known.season.season
    sections = (
        _standings(known, words, lang),
        _rounds(known, words, lang),
        _battles(known, words, lang),
        section("doubts", words["sections"], doubts_in(known.doubts, words),
                f"racecraft standings {year}{_of(known.season)}"),
    )  # fmt: skip
    return Report(
        title=_titled(known.season, words),
        kind=words["head"]["season"],
        facts=_leads(known, words, lang),
        lang=lang,
        sections=tuple(one for one in sections if one is not None),
    )


def _titled(season: Season, words: Words) -> str:
    """What the report is called: by its year, and by its series where that is not Formula 1."""
    if season.series != FORMULA_ONE:
        return f"{series_name(season.series)} {season.season}"
    told: str = words["head"]["of_season"].format(year=season.season)
    return told


def _of(season: Season) -> str:
    """How the series of a season is named on the command line."""
    return "" if season.series == FORMULA_ONE else f" --series {season.series}"


def _leads(known: KnownSeason, words: Words, lang: str) -> str:
    first = known.standings.head(2).to_dicts()
    if len(first) < 2:
        return ""
    names = _names(known.season)
    done = set(known.season.results.filter(session="race")["event"])
    over = done.issuperset(known.season.events["event"]) and first[1]["points"] < first[0]["points"]
    told: str = words["sentences"]["is_champion" if over else "leads"].format(
        name=names.get(first[0]["driver"], first[0]["driver"]),
        points=number(first[0]["points"], lang, 1),
        margin=number(first[0]["points"] - first[1]["points"], lang, 1),
        second=names.get(first[1]["driver"], first[1]["driver"]),
    )
    return told


def _standings(known: KnownSeason, words: Words, lang: str) -> Section | None:
    if known.standings.is_empty():
        return None
    traces = points_traces(known.season)
    year = known.season.season
    head = f"{year}: {words['sections']['standings']}"
    names = _names(known.season)
    rows = tuple(
        (str(row["position"]), names.get(row["driver"], row["driver"]),
         number(row["points"], lang, 1))
        for row in known.standings.head(FIRST).to_dicts()
    )  # fmt: skip
    columns = tuple(words["columns"][name] for name in ("place", "driver", "points"))
    parts = [
        Chart(points_svg(traces, head, words["charts"]), head, _plotted(known.season)),
        Paragraph(known.title, f"racecraft title {year}") if known.title else None,
        Rows(columns, rows, frozenset({0, 2})),
    ]
    of = _of(known.season)
    proofs = (f"racecraft standings {year}{of}", f"racecraft title {year} --when{of}")
    return section("standings", words["sections"], parts, *proofs)


def _rounds(known: KnownSeason, words: Words, lang: str) -> Section | None:
    season = known.season
    names = _names(season)
    won = {
        (row["event"], row["session"]): row["driver"]
        for row in season.results.filter(position=1).to_dicts()
    }
    rows, proofs = [], []
    for event in season.events.sort("round", nulls_last=True).to_dicts():
        key = (event["event"], "race")
        moments = known.moments.get(key)
        winner = won.get(key)
        heaviest = [] if moments is None else moments["facts"].head(1).to_list()
        first = "".join(in_words(facts, lang, chances=False) for facts in heaviest)
        rows.append((
            "" if event["round"] is None else str(event["round"]), event_title(event["name"], lang),
            names.get(winner, winner) if winner else "", first,
        ))  # fmt: skip
        verb = "moments" if first else "race"
        proofs.append(
            f"racecraft {verb} {season.season} {event['round'] or event['event']}{_of(season)}"
        )
    head = ("round", "race", "winner", "moment")
    kept = [at for at in range(len(head)) if any(row[at] for row in rows)]
    columns = tuple(words["columns"][head[at]] for at in kept)
    cells = tuple(tuple(row[at] for at in kept) for row in rows)
    table = Rows(columns, cells, frozenset({kept.index(0)} if 0 in kept else ()), tuple(proofs))
    return section(
        "rounds", words["sections"], [table], f"racecraft season {season.season}{_of(season)}"
    )


def _battles(known: KnownSeason, words: Words, lang: str) -> Section | None:
    if known.battles.is_empty():
        return None
    names = _names(known.season)
    best = known.battles.sort("intensity", descending=True).head(FIERCEST)
    rows, proofs = [], []
    for row in best.to_dicts():
        pair = " – ".join(names.get(row[car], row[car]) for car in ("first", "second"))
        place = str(row["position"])
        if row["class"]:
            place = f"{row['class']} {row['class_position']}"
        rows.append((
            event_title(row["name"], lang) + (", sprint" if row["session"] == "sprint" else ""),
            pair, place, f"{row['start_lap']}-{row['end_lap']}",
            str(row["swaps"]), number(row["closest"].total_seconds(), lang, 3),
        ))  # fmt: skip
        asked = f"{row['season']} {row['round'] or row['event']}"
        option = " --session sprint" if row["session"] == "sprint" else ""
        proofs.append(
            f"racecraft battle {asked} {row['first']} {row['second']}{option}{_of(known.season)}"
        )
    head = ("race", "battle", "place", "laps", "swaps", "closest")
    columns = tuple(words["columns"][name] for name in head)
    table = Rows(columns, tuple(rows), frozenset({2, 3, 4, 5}), tuple(proofs))
    proof = f'racecraft search "swaps >= 0" --season {known.season.season} --in battles'
    proof += _of(known.season)
    return section("battles", words["sections"], [table], proof)


def _names(season: Season) -> dict[Any, str]:
    return {row["driver"]: row["family_name"] or row["driver"] for row in season.drivers.to_dicts()}


def _plotted(season: Season) -> Any:
    def drawn(ax: Any = None) -> Any:
        from racecraft import plot

        return plot.standings(season, ax=ax)

    return drawn
