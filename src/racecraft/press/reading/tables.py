"""Tables that were pasted as text: every row says what the head of its columns means, or nothing.

A table is a run of lines with as many cells each, parted by bars or wide gaps, whose first line
names no driver and says what at least one column has. Without such a head nothing is read of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Claim, Entity, Scope, Slot
from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from racecraft.press.lexicon.marks import Mark, Sentence
    from racecraft.press.reading.people import People

EDGE = re.compile(r"\s*\|\s*|\s{2,}")
BAR = "|"
FEWEST_CELLS, FEWEST_ROWS = 3, 2  # of a table; rows besides its head
MOST_OF_A_RACE = 26  # points that one race has given at most
ABOVE = 3  # lines above a table that may say what it is of
LIKELY = 0.9
_STANDINGS = (Concept.STANDINGS, Concept.CHAMPIONSHIP, Concept.CONSTRUCTORS)
# What a column is by a word of its head; the first that fits.
_HEADS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("laps", (Concept.LAP, Concept.LAPS)),
    ("grid_position", (Concept.GRID, Concept.START)),
    ("points", (Concept.POINTS,)),
    ("wins", (Concept.VICTORY,)),
    ("place", (Concept.PLACE, Concept.COLUMN_OF_PLACES)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its marks by cell, its words and where it stands."""

    cells: tuple[tuple[Mark, ...], ...]
    text: str
    start: int
    number: int

    @property
    def end(self) -> int:
        """Character after the last one."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its rows, what each column has, and what it is a table of."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    of: str

    @property
    def paragraphs(self) -> frozenset[int]:
        """Paragraphs that are lines of it."""
        return frozenset(row.number for row in self.rows)


def tables(marked: Sequence[Sentence], people: People) -> list[Grid]:
    """All tables of an article."""
    lines = [list(group) for _, group in groupby(marked, key=lambda s: s.paragraph)]
    rows = [row for line in lines if (row := _row(line)) is not None]
    found: list[Grid] = []
    run: list[Row] = []
    for before, row in pairwise([None, *rows, None]):
        goes_on = (
            before is not None and row is not None and row.number == before.number + 1
            and len(row.cells) == len(before.cells)
        )  # fmt: skip
        if not goes_on:
            found += _table(run, lines, people)
            run = []
        if row is not None:
            run.append(row)
    return found


def claims_of_rows(table: Grid, scope: Scope, people: People) -> Iterator[Claim]:
    """What the rows of a table say, each of its driver, or else of its team."""
    for row in table.rows:
        who = _who(row, people)
        for cell, column in zip(row.cells, table.columns, strict=True):
            n = next((n for mark in cell if (n := _number(mark)) is not None), None)
            kind = _claim_type(column, table.of, n)
            if who is not None and n is not None and kind:
                yield _claim(kind, who, n, cell, row, scope)
        if who is not None and any(table.columns):
            yield from _of_team(who, row, scope, people)


def _of_team(
    who: Slot[Entity], row: Row, scope: Scope, people: People
) -> Iterator[Claim]:  # fmt: skip
    """For whom the driver of a row drives, where it names one team beside him."""
    teams = [
        m for cell in row.cells for m in cell if m.is_a(Kind.TEAM) and not people.candidates(m)
    ]
    if who.value.kind == "driver" and len(teams) == 1:
        team = people.team(people.team_of(teams[0].kinds[Kind.TEAM])[0])
        made = _claim("team", who, 0, teams, row, scope)
        yield replace(made, value=team.name, details={"team": team})


def _row(line: list[Sentence]) -> Row | None:
    text, start = line[0].text, line[0].start
    if len(line) > 1:
        text = "".join(_padded(line))
    edges = [0, *(k for m in EDGE.finditer(text) for k in m.span()), len(text)]
    spans = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    if len(spans) < FEWEST_CELLS:
        return None
    marks = [mark for sentence in line for mark in sentence.marks]
    cells = tuple(tuple(m for m in marks if start + a <= m.start < start + b) for a, b in spans)
    return Row(cells, text, start, line[0].paragraph)


def _padded(line: list[Sentence]) -> Iterator[str]:
    """Sentences of a line, with as many spaces between them as there were."""
    yield line[0].text
    for before, sentence in pairwise(line):
        yield " " * (sentence.start - before.end) + sentence.text


def _table(run: list[Row], lines: list[list[Sentence]], people: People) -> Iterator[Grid]:
    if len(run) <= FEWEST_ROWS:
        return
    if _drivers(run[0], people):
        if all(BAR in row.text and _drivers(row, people) for row in run):
            yield Grid(tuple(run), ("",) * len(run[0].cells), "race")  # nothing is read of it
        return
    columns = tuple(_column(cell) for cell in run[0].cells)
    rows = tuple(run[1:])
    if not any(columns) or not any(_drivers(row, people) for row in rows):
        return
    above = [s for line in lines if run[0].number - ABOVE <= line[0].paragraph < run[0].number
             for s in line]  # fmt: skip
    yield Grid(tuple(run), columns, _of(rows, columns, run[0], above))


def _column(cell: Iterable[Mark]) -> str:
    for mark in cell:
        if mark.kinds.get(Kind.UNIT) in ("points", "laps"):
            return str(mark.kinds[Kind.UNIT])
        for column, concepts in _HEADS:
            if mark.is_a(*concepts):
                return column
    return ""


def _of(
    rows: Iterable[Row], columns: Sequence[str], head: Row, above: Iterable[Sentence]
) -> str:  # fmt: skip
    """What a table is of: the standings, qualifying, the grid or a race."""
    said = [m for cell in head.cells for m in cell] + [
        m for s in above if not s.text.endswith((".", "!", "?")) for m in s.marks
    ]
    sums = [
        _number(mark) or 0.0
        for row in rows
        for cell, column in zip(row.cells, columns, strict=True)
        if column == "points"
        for mark in cell
    ]
    most = max(sums, default=0.0)
    if most > MOST_OF_A_RACE or any(m.is_a(*_STANDINGS) for m in said):
        return "standings"
    if any(m.is_a(Concept.SPRINT) for m in said):
        return "sprint"
    if any(m.is_a(Concept.QUALIFY) for m in said):
        return "qualifying"
    others = [m for s in above if len(s.marks) < MOST_OF_A_RACE for m in s.marks]
    return "grid" if any(m.is_a(Concept.GRID) for m in others) else "race"


def _claim_type(column: str, of: str, n: float | None) -> str:
    if column == "place":
        return {
            "standings": "standings_position", "qualifying": "qualifying_position",
            "grid": "grid_position", "sprint": "sprint_position",
        }.get(of, "finish_position")  # fmt: skip
    if column == "points":
        if of == "standings":
            return "points_total"
        return "race_points" if of == "race" and (n or 0) <= MOST_OF_A_RACE else ""
    if column == "wins":
        return "season_count" if of == "standings" else ""
    return column if column == "grid_position" else ""


def _drivers(row: Row, people: People) -> list[Mark]:
    return [m for cell in row.cells for m in cell if m.is_a(Kind.DRIVER) and people.candidates(m)]


def _who(row: Row, people: People) -> Slot[Entity] | None:
    """The driver of a row, or its team where it names none; nobody if it names several."""
    drivers = _drivers(row, people)
    if len(drivers) == 1:
        return people.slot(people.candidates(drivers[0]))
    teams = [m for cell in row.cells for m in cell if m.is_a(Kind.TEAM)]
    if drivers or len(teams) != 1:
        return None
    return Slot(people.team(people.team_of(teams[0].kinds[Kind.TEAM])[0]), "named")


def _number(mark: Mark) -> float | None:
    n: float | None = mark.kinds.get(Kind.NUMBER, mark.kinds.get(Kind.ORDINAL))
    return n


def _claim(
    kind: str, who: Slot[Entity], n: float, cell: Sequence[Mark], row: Row, scope: Scope
) -> Claim:  # fmt: skip
    value: Any = int(n) if n == int(n) else n
    start, end = cell[0].start, cell[-1].end
    unit = {"season_count": "wins", "points_total": "points", "race_points": "points"}.get(kind, "")
    return Claim(
        claim_type=kind,
        sentence=row.text,
        quote=row.text[start - row.start : end - row.start],
        start=start,
        end=end,
        subjects=(who,),
        value=value,
        unit=unit,
        scope=scope,
        named=(who.value,),
        features={"table": 1.0, "likely": LIKELY, "named": float(who.value.kind == "driver")},
    )
