"""The passes of docs/hand-checked-passes.md, row by row: where racecraft disagrees with the
reports, the page says so, and it must say so still.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from own_seasons import season_of_laps
from racecraft.analysis.order.overtakes import overtakes
from racecraft.model.race import event_id
from racecraft.model.terms import KINDS

if TYPE_CHECKING:
    import polars as pl

PAGE = Path(__file__).parents[2] / "docs" / "hand-checked-passes.md"
SEASONS = (2018, 2019, 2021, 2022)


class Checked(NamedTuple):
    """One row of the page."""

    season: int
    event: str
    lap: int
    passer: str
    passed: str
    kind: str | None  # None: racecraft does not see the change
    reported_pass: bool
    agrees: bool


def checked() -> list[Checked]:
    rows, season, reported_pass = [], 0, False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"### (Passes|No passes) in (\d{4})", line):
            reported_pass, season = heading[1] == "Passes", int(heading[2])
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if season and len(cells) == 7 and cells[1].isdigit():
            race, lap, passer, passed, kind = cells[:5]
            said = kind.strip("*`")
            rows.append(
                Checked(
                    season,
                    event_id(f"{race} Grand Prix"),
                    int(lap),
                    passer,
                    passed,
                    None if said == "not seen" else said,
                    reported_pass,
                    not kind.startswith("**"),
                )
            )
    return rows


ROWS = checked()


@pytest.fixture(scope="module")
def changes(shared: Path) -> dict[tuple[int, str], pl.DataFrame]:
    """Changes of position of every race on the page."""
    wanted = {(row.season, row.event) for row in ROWS}
    return {
        (season, race.event): overtakes(race)
        for season in SEASONS
        for race in season_of_laps(shared, season)
        if (season, race.event) in wanted
    }


@pytest.mark.parametrize("season", SEASONS)
def test_racecraft_says_what_the_page_says_it_says(
    season: int, changes: dict[tuple[int, str], pl.DataFrame]
) -> None:
    wrong = []
    for row in ROWS:
        if row.season == season:
            same = changes[season, row.event].filter(
                lap=row.lap, passer=row.passer, passed=row.passed
            )
            if same["kind"].to_list() != ([] if row.kind is None else [row.kind]):
                wrong.append((row, same["kind"].to_list()))
    assert wrong == []


@pytest.mark.parametrize("season", SEASONS)
def test_each_season_has_ten_of_each(season: int) -> None:
    count = Counter(row.reported_pass for row in ROWS if row.season == season)
    assert min(count[True], count[False]) >= 10


def test_every_kind_is_on_the_page() -> None:
    assert {row.kind for row in ROWS} == {*KINDS, None}


def test_bold_is_where_a_pass_is_no_pass_or_a_cause_is_wrong() -> None:
    assert all(row.agrees == (row.kind == "on_track") for row in ROWS if row.reported_pass)
    assert not any(row.agrees and row.kind == "on_track" for row in ROWS if not row.reported_pass)


@pytest.mark.parametrize("season", [*SEASONS, "all"])
def test_the_summary_adds_up(season: int | str) -> None:
    rows = [row for row in ROWS if season in (row.season, "all")]
    passes = [row for row in rows if row.reported_pass]
    others = [row for row in rows if not row.reported_pass]
    counts = [
        len({(row.season, row.event) for row in rows}),
        len(passes),
        sum(row.kind == "on_track" for row in passes),
        sum(row.kind not in ("on_track", None) for row in passes),
        sum(row.kind is None for row in passes),
        len(others),
        sum(row.agrees for row in others),
        sum(not row.agrees and row.kind not in ("on_track", None) for row in others),
        sum(row.kind == "on_track" for row in others),
        sum(row.kind is None for row in others),
    ]
    cells = " | ".join(map(str, counts))
    assert f"| {season} | {cells} |" in PAGE.read_text(encoding="utf-8")
