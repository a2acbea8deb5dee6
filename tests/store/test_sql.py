"""SQL over everything stored: every table, nothing else, and nothing changed."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.errors import ArgumentError
from racecraft.model.race import RACE_TABLES
from racecraft.model.season import SEASON_TABLES
from racecraft.show.export import export
from racecraft.sources.sample.toy import toy_race
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store", sample=False)
    store.add_race(toy_race())
    return store


def test_every_table_is_there_with_its_place(store: Store) -> None:
    names = set(store.sql("show tables")["name"])
    assert names == {"races", "telemetry", "positions", *RACE_TABLES, *SEASON_TABLES}
    for name, table in RACE_TABLES.items():
        columns = store.sql(f"from {name}").columns
        assert columns[:5] == ["series", "season", "round", "event", "session"], name
        assert set(table.schema.names()) <= set(columns), name
    for name, table in SEASON_TABLES.items():
        columns = store.sql(f"from {name}").columns
        assert columns[:2] == ["series", "season"]
        assert set(table.schema.names()) <= set(columns), name


def test_rows_are_those_of_the_races(store: Store) -> None:
    answer = store.sql(
        "select car, count(*) as n, max(lap) as laps from crossings where line = 'Line' "
        "group by car order by car"
    )
    assert answer.rows() == [("HAM", 5, 5), ("SAI", 5, 5), ("VER", 5, 5)]


def test_a_time_is_a_duration_and_beside_it_seconds(store: Store) -> None:
    answer = store.sql("select max(time) as last, max(time_s) as last_s, sum(time_s) > 0 as sums "
                       "from crossings")  # fmt: skip
    assert answer.rows() == [(timedelta(seconds=450), 450.0, True)]
    assert answer.schema["last"] == pl.Duration("us")


def test_races_lists_what_is_stored(store: Store) -> None:
    assert store.sql("select season, name, source, resolution from races").rows() == [
        (2023, "Toy Grand Prix", "toy", "sectors")
    ]


def test_the_sample_is_there_too(tmp_path: Path) -> None:
    answer = Store(tmp_path).sql(
        "select driver from results where season = 2023 and round = 20 and session = 'race' "
        "and position = 3"
    )
    assert answer["driver"].to_list() == ["ALO"]


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("select 1 as a, 2 as a", (1, 2)),
        ("select sum(lap) from crossings", (135,)),
        ("select 1.5 as d", (1.5,)),
        ("select null as n", (None,)),
        ("select [1, 2] as l", ([1, 2],)),
        ("select {'a': 1} as s", ({"a": 1},)),
        ("select 1 order by 1;", (1,)),
        ("-- a comment\nselect 1", (1,)),
        ("with a as (select 1 as b) select b from a", (1,)),
        ("from (values (1)) as t(x)", (1,)),
        ('select 1 as "we""ird"', (1,)),
    ],
)
def test_answers_of_every_type(store: Store, query: str, row: tuple[object, ...]) -> None:
    assert store.sql(query).row(0) == row


@pytest.mark.parametrize(
    "query",
    [
        "copy (select 1) to 'OUT'", "copy races to 'OUT'", "create table x as select 1",
        "drop view races", "insert into races values (1)", "update races set season = 1",
        "delete from races", "attach 'OUT'", "install httpfs", "load httpfs", "set threads = 1",
        "pragma database_list", "export database 'OUT'", "select 1; select 2", "", "  ", "-- x",
        "explain analyze select 1", "begin", "call pragma_version()",
    ],
)  # fmt: skip
def test_only_one_select_is_let_in(store: Store, query: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArgumentError, match="one SELECT"):
        store.sql(query.replace("OUT", str(tmp_path / "out")))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_text('FILE')", "select * from read_csv('FILE')", "from 'FILE'",
        "select * from glob('FOLDER/*')", "select * from read_parquet('FOLDER/**/*.parquet')",
        "select * from read_blob('FILE')", "select * from query('copy races to ''FILE''')",
        "select * from duckdb_secrets()",
    ],
)  # fmt: skip
def test_no_file_is_read_or_written(store: Store, query: str, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("a\n1\n")
    asked = query.replace("FILE", str(tmp_path / "file.csv")).replace("FOLDER", str(tmp_path))
    with pytest.raises(ArgumentError, match="cannot be answered"):
        store.sql(asked)
    assert (tmp_path / "file.csv").read_text() == "a\n1\n"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("selec 1", 'syntax error at or near "selec"'),
        ("select nope from races", 'Referenced column "nope" not found'),
        ("select * from nowhere", "Table with name nowhere does not exist"),
        ("select * from races where season = ?", "Values were not provided"),
        ("select 'x'::integer", "Could not convert string 'x'"),
    ],
)
def test_a_bad_query_is_one_error_with_the_sentence_of_duckdb(
    store: Store, query: str, sentence: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        store.sql(query)
    assert sentence in error.value.message
    assert "Traceback" not in error.value.message


def test_a_variable_of_the_caller_is_no_table(store: Store) -> None:
    mine = pl.DataFrame({"a": [1]})
    with pytest.raises(ArgumentError, match="mine does not exist"):
        store.sql("select * from mine")
    assert len(mine) == 1


def test_without_duckdb_the_error_says_what_to_install(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ArgumentError) as caught:
        store.sql("select 1")
    assert caught.value.hint == "pip install 'racecraft[sql]'"


def test_json_of_an_answer_is_json_whatever_is_asked(store: Store) -> None:
    def refuse(name: str) -> None:
        raise ValueError(name)

    query = """
        select 1/0 as x, 'nan'::double as n, '-inf'::float as i, [1.5, 'inf'::double] as l,
            {'a': 1, 'b': 'inf'::double, 'd': date '2020-01-02'} as s,
            {'t': interval 3 hour} as t, 'x'::blob as b, map {'a': 1} as m
    """
    told = json.loads(export(store.sql(query), "json"), parse_constant=refuse)
    assert told == [
        {
            "x": None, "n": None, "i": None, "l": [1.5, None],
            "s": {"a": 1, "b": None, "d": "2020-01-02"},
            "t": '{"t":"03:00:00"}', "b": "x", "m": "{a=1}",
        }
    ]  # fmt: skip
