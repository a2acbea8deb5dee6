"""Questions in SQL over everything stored.

Every table is there under its own name, with the season, round, event and session of each row, and
`races` lists what is stored. A time such as `lap_time` is an INTERVAL, and beside it stands
`lap_time_s` in seconds, to be averaged and added up.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.clock import seconds
from racecraft.model.race import RACE_TABLES, SAMPLES
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.sources.source import tell
from racecraft.store.accounts.catalogue import RACES_STORED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    import duckdb

    from racecraft.model.race import Race
    from racecraft.model.table import Table
    from racecraft.sources.source import Progress
    from racecraft.store.store import Store

    Derived = Mapping[str, tuple[Table, Callable[[Race], pl.DataFrame | None]]]

T = TypeVar("T")

MOST_MEMORY = "2GB"  # everything of ten seasons takes a tenth of it
LISTED = "'select * from races' lists what is stored, 'show tables' the tables"
NO_TABLES = f"{LISTED}; moments and chances are none: 'racecraft search moments', 'forecast'"
MOST_ROWS = 2_000_000  # of an answer; every lap since 1950 is not as many
MOST_BYTES = 1_000_000_000  # of an answer
MOST_TEXT = 20_000  # characters of a query
PATIENCE_S = 60.0  # for an answer

WHERE = {
    "series": pl.String,
    "season": pl.Int16,
    "round": pl.Int16,
    "event": pl.String,
    "session": pl.String,
}

# Types of DuckDB that are the same in polars; whatever else comes back as text.
_PLAIN = re.compile(
    r"(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|VARCHAR|DATE|TIME|TIMESTAMP.*)"
    r"(\[\])*"
)
_UNREADABLE = re.compile("INTERVAL|HUGEINT|DECIMAL|MAP|UNION|BIT|BLOB|UUID|ENUM|TIME WITH")
_ANSWER = "answers"  # a schema of its own, so that it is none of the tables that are shown
_LOCKED = {
    "python_enable_replacements": "false",  # a table is never a variable of the caller
    "temp_directory": "''",
    "memory_limit": f"'{MOST_MEMORY}'",
    "threads": "2",
    "enable_external_access": "false",  # no file, no network, no extension
    "TimeZone": "'UTC'",
    "lock_configuration": "true",
}


def ask(
    store: Store,
    query: str,
    *,
    derived: Derived | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Answer to a query over everything stored.

    Parameters
    ----------
    store
        Nothing in it can be changed by a query, and nothing outside it can be read.
    query
        One SELECT in the SQL of DuckDB; DESCRIBE, SUMMARIZE and SHOW TABLES too.
    derived
        Tables that are worked out of races, by name: each, and what makes its rows of a race, with
        where they belong in front; made only where the query can mean them.
    progress
        Called with a table that is being worked out, of how many races it is, and of how many.

    Returns
    -------
    DataFrame
        An INTERVAL comes back as a Duration, what polars has no type for as text: a struct with
        such a thing in it as JSON, a BLOB as DuckDB writes it.

    Raises
    ------
    ArgumentError
        DuckDB is not installed, or refuses the query; its own sentence says why. Or the answer
        takes over a minute, two gigabytes of memory, or two million rows.
    """
    duckdb = database()
    if len(query) > MOST_TEXT:
        raise ArgumentError(f"a query of {len(query)} characters; at most {MOST_TEXT}")
    try:
        with duckdb.connect(":memory:") as connection:
            for name, value in _LOCKED.items():
                connection.execute(f"SET {name} = {value}")
            statement = _one_select(query)
            words = set(re.findall(r"\w+", query.lower()))
            for name, table in chain(
                _tables(store, words), _derived(store, words, derived or {}, progress)
            ):
                connection.register(name, Arrow(table))
            return within(lambda: _answer(connection, statement), connection.interrupt)
    except duckdb.Error as error:
        sentence = str(error).split("\n\n")[0].strip()
        raise ArgumentError(
            f"the query cannot be answered: {sentence}",
            hint=NO_TABLES if isinstance(error, duckdb.CatalogException) else LISTED,
            query=query,
        ) from error


def within(answer: Callable[[], T], stop: Callable[[], None], limit_s: float | None = None) -> T:
    """What a function returns, unless it takes too long or somebody stops it.

    Parameters
    ----------
    answer
        Called beside, so that Ctrl-C reaches whoever waits.
    stop
        Has `answer` end soon, with an error of its own.
    limit_s
        Seconds to wait; left out, `PATIENCE_S`.

    Raises
    ------
    ArgumentError
        It took longer.
    """
    limit_s = PATIENCE_S if limit_s is None else limit_s
    with ThreadPoolExecutor(1) as beside:
        told = beside.submit(answer)
        try:
            done, _ = wait([told], timeout=limit_s)
        except BaseException:
            stop()
            raise
        if not done:
            stop()
            raise ArgumentError(
                f"no answer within {limit_s:g} seconds", hint="ask for less: one season, say"
            )
        return told.result()


class Arrow:
    """A table of polars or DuckDB, known by Arrow's C interface alone.

    Shown to each other as what they are, the two libraries ask for a third to talk through.
    """

    def __init__(self, table: pl.DataFrame | duckdb.DuckDBPyRelation) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def of_race(race: Race, table: pl.DataFrame) -> pl.DataFrame:
    """Rows of a race, with where they belong in front."""
    where = (pl.lit(getattr(race, name), dtype).alias(name) for name, dtype in WHERE.items())
    return table.select(*where, pl.all())


def of_season(season: Season, table: pl.DataFrame) -> pl.DataFrame:
    """Rows of a season, with its series and year in front, and the round where there is one."""
    whose = [
        pl.lit(getattr(season, name), WHERE[name]).alias(name) for name in ("series", "season")
    ]
    if "event" not in table.columns or "round" in table.columns:
        return table.select(*whose, pl.all())
    rounds = season.events.select("event", "round")
    joined = table.join(rounds, on="event", how="left", maintain_order="left")
    return joined.select(*whose, "round", *table.columns)


def database() -> ModuleType:
    """DuckDB.

    Raises
    ------
    ArgumentError
        It is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise ArgumentError(
            "DuckDB is not installed", hint="pip install 'racecraft[sql]'"
        ) from error
    return duckdb


def _one_select(query: str) -> str:
    duckdb = database()
    try:
        query.encode()
    except UnicodeEncodeError as error:
        raise ArgumentError("the query holds bytes that are no text") from error
    statements = duckdb.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ArgumentError(
            "a query is one SELECT; the store cannot be changed by SQL",
            hint="for example: select car, count(*) from crossings group by car",
            query=query,
        )
    return str(statements[0].query).rstrip().rstrip(";")


def _answer(connection: duckdb.DuckDBPyConnection, statement: str) -> pl.DataFrame:
    """Rows of an answer, each column under a name of its own."""
    inner = f"FROM ({statement}\n)"
    described = connection.execute(f"DESCRIBE {inner}").fetchall()
    columns = ", ".join(_readable(name, kind) for name, kind, *_ in described)
    limited = f"SELECT {columns} {inner} LIMIT {MOST_ROWS + 1}"
    connection.execute(f"CREATE SCHEMA {_ANSWER}")
    connection.execute(f"CREATE TABLE {_ANSWER}.rows AS {limited}")  # within the limit of memory
    rows = pl.DataFrame(Arrow(connection.table(f"{_ANSWER}.rows")))
    if rows.height > MOST_ROWS or rows.estimated_size() > MOST_BYTES:
        raise ArgumentError(
            f"an answer of over {MOST_ROWS} rows or {MOST_BYTES // 10**9} GB",
            hint="ask for less of it, with LIMIT or GROUP BY",
        )
    return rows.with_columns(
        pl.col(name).cast(pl.Duration("us")) for name, kind, *_ in described if kind == "INTERVAL"
    )


def _readable(name: str, kind: str) -> str:
    """Column of an answer as a type that polars knows."""
    column = '"' + name.replace('"', '""') + '"'
    if kind == "INTERVAL":
        return f"epoch_us({column}) AS {column}"
    if kind == "HUGEINT":  # a sum of whole numbers
        return f"{column}::BIGINT AS {column}"
    if kind.startswith("DECIMAL"):
        return f"{column}::DOUBLE AS {column}"
    structured = kind.startswith("STRUCT")
    if _PLAIN.fullmatch(kind) or (structured and not _UNREADABLE.search(kind)):
        return column
    return f"{column}::{'JSON::' if structured else ''}VARCHAR AS {column}"


def _tables(store: Store, words: set[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every table by name; only those that the query can mean have rows."""
    yield "races", store.races() if "races" in words else RACES_STORED.empty()
    tables = {**RACE_TABLES, **SAMPLES}
    races = store.load_races(series=None) if words & tables.keys() else []
    for name, table in tables.items():
        rows = [of_race(race, _rows_of(race, name)) for race in races if name in words]
        nothing = table.empty().select(*(pl.lit(None, t).alias(n) for n, t in WHERE.items()), "*")
        yield name, _with_seconds(pl.concat([nothing.clear(), *rows]))
    wanted = words & SEASON_TABLES.keys()
    seasons = _seasons(store) if wanted else []
    for name, table in SEASON_TABLES.items():
        rows = [of_season(season, season.tables[name]) for season in seasons if name in wanted]
        nothing = of_season(Season(season=0), table.empty())
        yield name, _with_seconds(pl.concat([nothing, *rows]))


def _derived(
    store: Store, words: set[str], derived: Derived, progress: Progress | None
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every table that is worked out, by name; likewise."""
    races = store.load_races(series=None) if words & derived.keys() else []
    for name, (table, make) in derived.items():
        rows = [table.empty().drop(WHERE, strict=False).select(
            *(pl.lit(None, dtype).alias(column) for column, dtype in WHERE.items()), "*"
        ).clear()]  # fmt: skip
        for number, race in enumerate(races if name in words else [], 1):
            tell(progress, name, number, len(races))
            made = make(race)
            rows += [] if made is None else [made]
        yield name, _with_seconds(pl.concat(rows))


def _seasons(store: Store) -> list[Season]:
    return [
        store.load_season(season, series=series)
        for series in store.series()
        for season in store.seasons(series)
    ]


def _rows_of(race: Race, name: str) -> pl.DataFrame:
    if name in RACE_TABLES:
        return race.tables[name]
    samples = race.samples[name]
    return SAMPLES[name].empty() if samples is None else samples.collect()


def _with_seconds(table: pl.DataFrame) -> pl.DataFrame:
    """Rows with every time in seconds too, right after it."""
    columns: list[pl.Expr] = []
    for name, dtype in table.schema.items():
        columns.append(pl.col(name))
        if dtype == pl.Duration:
            columns.append(seconds(name).alias(f"{name}_s"))
    return table.select(columns)
