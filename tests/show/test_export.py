"""Tables for other programs: times become seconds, and nothing is lost or made up."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given

from racecraft.show.export import at_the_border, export, json_object
from strategies import races

if TYPE_CHECKING:
    from racecraft.model.race import Race

TABLE = pl.DataFrame(
    {
        "driver": ["ALO", "PÉR"],
        "margin": [timedelta(seconds=0.053), None],
        "held": [True, None],
        "confidence": [0.95, float("nan")],
        "date": [date(2023, 11, 5), None],
        "laps": [[70, 71], []],
    }
)


def test_json_is_a_list_of_objects_one_a_line() -> None:
    text = export(TABLE, "json").decode()
    assert json.loads(text) == [
        {"driver": "ALO", "margin_s": 0.053, "held": True, "confidence": 0.95,
         "date": "2023-11-05", "laps": [70, 71]},
        {"driver": "PÉR", "margin_s": None, "held": None, "confidence": None,
         "date": None, "laps": []},
    ]  # fmt: skip
    assert len(text.splitlines()) == 4
    assert "PÉR" in text


def test_a_cell_that_holds_json_is_an_object_in_json() -> None:
    table = pl.DataFrame({"rank": [1, 2, 3], "facts": ['{"cars": ["VER"]}', None, "none told"]})
    told = json.loads(export(table, "json"))
    assert [row["facts"] for row in told] == [{"cars": ["VER"]}, None, "none told"]
    assert json.loads(json_object({"rows": table}))["rows"] == told


def test_an_empty_table_is_an_empty_list() -> None:
    assert json.loads(export(TABLE.clear(), "json")) == []


def test_csv_has_seconds_and_nothing_for_unknown() -> None:
    assert export(TABLE, "csv").decode().splitlines() == [
        "driver,margin_s,held,confidence,date,laps",
        'ALO,0.053,true,0.95,2023-11-05,"[70, 71]"',
        "PÉR,,,,,[]",
    ]


def test_parquet_keeps_every_type() -> None:
    back = pl.read_parquet(io.BytesIO(export(TABLE, "parquet")))
    assert back.schema == TABLE.schema
    assert back["margin"][0] == timedelta(seconds=0.053)


def test_seconds_that_stand_there_already_are_not_doubled() -> None:
    table = TABLE.select("margin", margin_s=pl.lit(0.053))
    assert at_the_border(table).columns == ["margin_s"]


@given(race=races())
def test_microseconds_survive_the_border(race: Race) -> None:
    rows = json.loads(export(race.crossings, "json"))
    back = [timedelta(microseconds=round(row["time_s"] * 1_000_000)) for row in rows]
    assert back == race.crossings["time"].to_list()


def test_an_object_holds_tables_and_times() -> None:
    value = {"margin": timedelta(seconds=0.053), "swaps": TABLE.select("margin").head(1), "n": 2}
    assert json.loads(json_object(value)) == {"margin_s": 0.053, "swaps": [{"margin_s": 0.053}],
                                              "n": 2}  # fmt: skip
