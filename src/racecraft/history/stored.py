"""The history of all that is stored, out of one file that is made once and kept."""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING, Protocol

from racecraft.errors import UnreadableError
from racecraft.history.book import LAYOUT, PackedBook
from racecraft.history.reported import RecordRows
from racecraft.history.results import History
from racecraft.model.packed import Packed, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from racecraft.model.packed import Elsewhere
    from racecraft.model.race import Race
    from racecraft.model.season import Season

    Progress = Callable[[str, int, int], None]


class Shelf(Protocol):
    """Where seasons are stored, and a history that was made of them."""

    def season_marks(self) -> dict[int, str]:
        """What every season is made of, by its year, as short names."""

    def load_season(self, season: int) -> Season:
        """Season made of every account of it."""

    def record(self) -> Packed | None:
        """Seasons as they are in the package, packed; None where they do not count."""

    def kept_histories(self) -> Iterable[bytes]:
        """Histories that were kept, the latest first."""

    def keep_history(self, content: bytes) -> None:
        """Keep a history for the next time."""


def history_of(
    shelf: Shelf,
    *,
    race: Callable[[int, int, str], Race | None] | None = None,
    progress: Progress | None = None,
) -> History:
    """History of every season that is stored.

    It is read from a file; where a season has changed since that was made, that season is gathered
    anew, and the file is made again.

    Parameters
    ----------
    shelf
        A store.
    race
        As for a `History`.
    progress
        Called while seasons are gathered with what it is, how many are, and how many there are.
    """
    marks = shelf.season_marks()
    kept = []
    for packed in _readable(shelf):
        if packed.marks == marks:
            return History.of(PackedBook(packed, shelf.load_season), race=race)
        kept.append(packed)
    reported = rows_of_record(shelf)
    content = packed_history(marks, shelf.load_season, kept, progress, reported=reported)
    shelf.keep_history(content)
    return History.of(PackedBook(Packed(content, reported), shelf.load_season), race=race)


def history_at_hand(shelf: Shelf, until: int) -> History | None:
    """History of seasons up to one, at once: as it is in the package wherever it has a season.

    Of a store with accounts of its own that were not gathered yet, only seasons that the package
    does not have are; None where it has none.
    """
    marks = shelf.season_marks()
    packed = None
    for packed in _readable(shelf):
        if packed.marks == marks:
            break
    if packed is None:
        return None
    later = {year: mark for year, mark in marks.items() if max(packed.marks) < year <= until}
    if later:
        packed = Packed(packed_history({**packed.marks, **later}, shelf.load_season, [packed]))
    return History.of(PackedBook(packed, shelf.load_season))


def packed_history(
    marks: Mapping[int, str],
    load: Callable[[int], Season],
    kept: Sequence[Packed] = (),
    progress: Progress | None = None,
    compress: Callable[[bytes], bytes] = zlib.compress,
    reported: Elsewhere | None = None,
) -> bytes:
    """Make the file of a history, from seasons or, where they have not changed, from older files.

    Parameters
    ----------
    marks
        What every season is made of, by its year.
    load
        Gives a season by its year.
    kept
        Files in which some seasons may be as they are now.
    progress
        As in `history_of`.
    compress
        As `pack` takes it.
    reported
        Gives rows that are at hand wherever the file is read, so that it leaves out what they say.
    """
    from racecraft.history.seasons_book import every_row_of

    tables: dict[str, dict[int, list[tuple[object, ...]] | None]] = {name: {} for name in LAYOUT}
    fresh = [year for year in marks if all(one.marks.get(year) != marks[year] for one in kept)]
    for year, mark in marks.items():
        same = next((one for one in kept if one.marks.get(year) == mark), None)
        season = None if same else load(year)
        if progress and season:
            progress("the history of all seasons", fresh.index(year), len(fresh))
        for name in LAYOUT:
            rows = (
                every_row_of(season, name) if season else same.of_season(name, year) if same else []
            )
            found = rows and reported and reported(name, year, ()) == rows
            tables[name][year] = None if found else rows
    if progress and fresh:
        progress("the history of all seasons", len(fresh), len(fresh))
    return pack(tables, LAYOUT, marks, compress)


def _readable(shelf: Shelf) -> Iterator[Packed]:
    """Kept histories that can be read, in the order in which they are kept."""
    reported = rows_of_record(shelf)
    for content in shelf.kept_histories():
        with contextlib.suppress(UnreadableError):
            yield Packed(content, reported)


def rows_of_record(shelf: Shelf) -> Elsewhere | None:
    """Give rows as the record has them, for what a history leaves out; None without a record."""
    record = shelf.record()
    return RecordRows(record).of_season if record else None
