"""From the files of f1db to its tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.sources.f1db.files import place_of, snake, table_of
from racecraft.sources.f1db.tables import COLUMNS
from racecraft.sources.shared.csv_cells import read_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

# Columns of a release that are called otherwise elsewhere.
SAME = {
    "year": "season",
    "position_display_order": "order",
    "position_text": "position",
    "grid_position_text": "grid_position",
    "sprint_race_qualifying_format": "sprint_qualifying_format",
}


def read_release(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Tables of a release: one CSV file each, names and columns in camel case or not.

    Parameters
    ----------
    files
        As `racecraft.sources.f1db.files.fetch` gives them.

    Raises
    ------
    UnreadableError
        A file is not a table.
    """
    tables = {}
    for path, data in files.items():
        table = table_of(path)
        if table is None or path.endswith((".yml", ".yaml")):
            continue
        frame = read_csv(data, file=path, expected=f"the table {table} of f1db")
        names = {name: snake(name) for name in frame.columns}
        known = set(names.values())
        names = {
            old: SAME[new] if new in SAME and SAME[new] not in known else new
            for old, new in names.items()
        }
        tables[table] = frame.rename(names)
    return tables


def read_checkout(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Tables of a checkout: one YAML file a race and session, and one for everybody.

    The season and the round of a row are those of its folder, its order that of the list.

    Raises
    ------
    UnreadableError
        A file is not YAML, or not a list of rows; says which.
    """
    rows: dict[str, list[dict[str, str | None]]] = {}
    for path, data in files.items():
        table = table_of(path)
        if table is None or not path.endswith((".yml", ".yaml")):
            continue
        place = place_of(path)
        for number, told in enumerate(_told(data, path), 1):
            row = {SAME.get(name, name): cell for name, cell in told.items()}
            if place is not None:
                row |= {"season": str(place[0]), "round": str(place[1]), "order": str(number)}
            rows.setdefault(table, []).append(row)
    return {
        name: pl.DataFrame(
            told, schema=dict.fromkeys(COLUMNS[name], pl.String), strict=False
        ).with_row_index("line", offset=1)
        for name, told in rows.items()
    }


def _told(data: bytes, path: str) -> list[dict[str, str | None]]:
    """Rows of a YAML file, every cell as text; an empty one is unknown."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # no types: all is text
    try:
        content = yaml.load(data, Loader=loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0]
        raise UnreadableError(f"{path}: {first}; expected YAML", file=path) from error
    listed = content if isinstance(content, list) else [content] if content else []
    rows = []
    for number, item in enumerate(listed, 1):
        if not isinstance(item, dict):
            raise UnreadableError(
                f"{path}, row {number}: {str(item)[:40]!r}; expected a row of names and values",
                file=path,
            )
        rows.append(
            {
                snake(str(name)): cell if isinstance(cell, str) and cell else None
                for name, cell in item.items()
            }
        )
    return rows
