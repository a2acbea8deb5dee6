"""Questions of an assistant, asked by a client in memory: well, and badly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import racecraft as rc

mcp = pytest.importorskip("mcp.client")

if TYPE_CHECKING:
    from pathlib import Path

BRAZIL = {"season": 2023, "event": "brazil"}
STOP = {"kind": "stop", "car": "hamilton", "lap": 45, "compound": "soft"}
TEXT = "Fernando Alonso finished third in the 2023 São Paulo Grand Prix."

GOOD: list[tuple[str, dict[str, Any], str]] = [
    ("story", BRAZIL, ""),
    ("story", {"season": 2023, "event": "monza"}, "Verstappen won from second on the grid"),
    ("story", {"season": 1976, "event": "fuji"}, "Hunt became champion"),
    ("order_at", {"season": 2023, "event": 20, "lap": "70", "line": "S1"}, "VER"),
    ("gaps", {**BRAZIL, "first": "ALO", "second": "pérez", "from_lap": 70}, "0.053 s behind ALO"),
    ("battles", {**BRAZIL, "most": 3}, "battles"),
    ("battles", {**BRAZIL, "first": "ALO"}, "battles of ALO"),
    ("battles", {**BRAZIL, "first": "ALO", "second": "PER"}, "Alonso"),
    ("overtakes", {**BRAZIL, "kind": "on_track", "driver": 14}, "on_track"),
    ("title", {"season": 2023, "driver": "PER", "position": 2, "after": 20}, "Pérez"),
    ("forecast", {"season": 2023, "event": "brazil"}, "VER"),
    ("forecast", {**BRAZIL, "after_lap": 60}, "VER"),
    ("what_if", {**BRAZIL, "changes": [STOP], "from_lap": 40, "runs": 200}, "changes most"),
    ("check_text", {"text": TEXT, "lang": "en"}, "1 supported"),
    ("sql", {"query": "select car, count(*) as laps from lap_chart group by car"}, "rows"),
]
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("story", {"season": 2023, "event": "brazli"}, "São Paulo"),
    ("order_at", {"season": 2023, "event": "monza"}, "data list"),
    ("story", {"season": 2023, "event": "monza", "session": "sprint"}, "data list"),
    ("story", {"season": "last"}, "season should be a valid integer, not 'last'; event is missing"),
    ("story", {"season": 2023, "event": True}, "event should be a valid string"),
    ("order_at", {**BRAZIL, "lap": 99}, "71"),
    ("order_at", {**BRAZIL, "line": "S9"}, "S1"),
    ("gaps", {**BRAZIL, "first": "ALO"}, "second"),
    ("gaps", {**BRAZIL, "first": "ALO", "second": "alonso"}, "twice"),
    ("gaps", {**BRAZIL, "first": "ALO", "second": "PER", "from_lap": 90}, "reached no line"),
    ("battles", {**BRAZIL, "first": "alonzo"}, "ALO"),
    ("battles", {**BRAZIL, "most": 0}, "most"),
    ("battles", {**BRAZIL, "frist": "ALO"}, "no argument 'frist'. Hint: there is first"),
    ("overtakes", {**BRAZIL, "kind": "lucky"}, "kind should be 'on_track', "),
    ("title", {"season": 2023, "driver": "SEN"}, "SEN"),
    ("title", {"season": 1899}, "season"),
    ("title", {"season": 2023, "after": "99"}, "99"),
    ("forecast", {"season": 2023, "event": "brazil", "before": "lunch"}, "before"),
    ("forecast", {**BRAZIL, "after_lap": 500}, "71"),
    ("what_if", {**BRAZIL, "changes": []}, "changes"),
    ("what_if", {**BRAZIL, "changes": [{"kind": "stop", "car": "HAM"}]}, "lap"),
    ("what_if", {**BRAZIL, "changes": [{**STOP, "compound": "gravel"}]}, "gravel"),
    ("what_if", {**BRAZIL, "changes": [{"kind": "out", "car": "HAM", "lap": 3}]}, "lap"),
    ("check_text", {"text": ""}, "text"),
    ("check_text", {"text": TEXT, "season": 2023, "event": "atlantis"}, "atlantis"),
    ("sql", {"query": "drop table races"}, "SELECT"),
    ("sql", {"query": "select * from read_csv('/etc/passwd')"}, "cannot be answered"),
    ("sql", {"query": "selec"}, "cannot be answered"),
    ("nothing", {}, "nothing"),
]  # fmt: skip
NEEDED = {"forecast": "numba", "what_if": "numba", "check_text": "py3langid", "sql": "duckdb"}


def ask(store: Path, name: str, given: dict[str, Any]) -> Any:
    from racecraft.show.assistant.server import assistant_server

    async def asked() -> Any:
        async with mcp.Client(assistant_server(store)) as client:
            return await client.call_tool(name, given)

    return anyio.run(asked)


@pytest.mark.parametrize(("name", "given", "said"), GOOD, ids=str)
def test_a_good_question_is_answered_with_the_rows_that_prove_it(
    tmp_path: Path, name: str, given: dict[str, Any], said: str
) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name])
    result = ask(tmp_path, name, given)
    assert not result.is_error, result.content[0].text
    told = result.structured_content
    assert json.loads(result.content[0].text) == told
    assert said in told["sentence"]
    assert told["rows"]
    assert told["total"] >= len(told["rows"])
    assert isinstance(told["doubts"], list)
    if "most" in given:
        assert len(told["rows"]) <= given["most"]


@pytest.mark.parametrize(("name", "given", "said"), BAD, ids=str)
def test_a_bad_question_is_refused_with_what_would_help(
    tmp_path: Path, name: str, given: dict[str, Any], said: str
) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name])
    result = ask(tmp_path, name, given)
    assert result.is_error
    assert said in result.content[0].text
    told = result.content[0].text
    assert all(word not in told for word in ("Traceback", "pydantic", "executing", "\n"))


def test_rows_are_those_of_python(tmp_path: Path) -> None:
    told = ask(tmp_path, "overtakes", {**BRAZIL, "rule": "flying_laps", "most": 200})
    race = rc.load_race(2023, "brazil")
    assert told.structured_content["total"] == rc.overtakes(race, rule="flying_laps").height


def test_tools_are_few_read_only_and_briefly_described(tmp_path: Path) -> None:
    from racecraft.show.assistant.server import assistant_server

    async def listed() -> Any:
        async with mcp.Client(assistant_server(tmp_path)) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(listed)
    assert 1 <= len(tools) <= 10
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert all(tool.output_schema["required"] for tool in tools)

    def described(value: Any) -> int:
        if isinstance(value, dict):
            own = value.get("description")
            inner = sum(described(each) for each in value.values())
            return inner + (len(own.encode()) if isinstance(own, str) else 0)
        return sum(map(described, value)) if isinstance(value, list) else 0

    assert sum(described(tool.model_dump(mode="json")) for tool in tools) < 6_000
