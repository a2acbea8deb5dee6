"""The contract of the command line: exit status, formats, errors of one line, speed of start."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from racecraft.analysis.fights.battles import BATTLES
from racecraft.analysis.order.gaps import INTERVALS, ORDER
from racecraft.analysis.order.overtakes import OVERTAKES
from racecraft.cli.main import main
from racecraft.sources.jolpica import api
from racecraft.sources.livetiming import archive
from racecraft.title.standings.standings import STANDINGS, TEAM_STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from racecraft.model.table import Table

    Run = Callable[..., "Outcome"]

SAO_PAULO = ("2023", "brazil")
TABLES: dict[tuple[str, ...], Table] = {
    ("order", *SAO_PAULO): ORDER,
    ("gaps", *SAO_PAULO, "ALO", "PER"): INTERVALS,
    ("overtakes", *SAO_PAULO): OVERTAKES,
    ("battles", *SAO_PAULO): BATTLES,
    ("standings", "2023", "--after", "20"): STANDINGS,
    ("standings", "2023", "--after", "qatar:sprint", "--teams"): TEAM_STANDINGS,
}


class Outcome:
    """What a command did."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> object:
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def typed(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["racecraft", *arguments])
        try:
            status = main()
        except SystemExit as end:
            status = int(end.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Outcome(status, out.decode(errors="replace"), err.decode())

    return typed


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise rc.errors.UnreachableError("no answer", hint="check the network")

    monkeypatch.setattr(api, "fetch", silent)
    monkeypatch.setattr(archive, "find", silent)


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "racecraft", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


# Formats


@pytest.mark.parametrize(("words", "table"), TABLES.items(), ids=[words[0] for words in TABLES])
def test_every_table_comes_in_every_format(
    run: Run, tmp_path: Path, words: tuple[str, ...], table: Table
) -> None:
    told = run(*words, "--format", "json")
    assert (told.status, told.err) == (0, "")
    rows = told.json
    assert isinstance(rows, list)
    names = [
        f"{column.name}_s" if isinstance(column.dtype, pl.Duration) else column.name
        for column in table.columns
    ]
    assert list(rows[0]) == names
    csv = pl.read_csv(io.StringIO(run(*words, "--format", "csv").out), infer_schema_length=None)
    assert csv.columns == names
    assert csv.height == len(rows)
    path = tmp_path / "table.parquet"
    assert run(*words, "--format", "parquet", "-o", str(path)).out == ""
    parquet = pl.read_parquet(path)
    assert parquet.schema == table.schema
    assert parquet.height == len(rows)
    text = run(*words, "--format", "table").out
    assert text == run(*words).out
    assert len(text.splitlines()) >= len(rows)
    assert "\x1b" not in text


@pytest.mark.parametrize("suffix", ["json", "csv", "parquet"])
def test_the_name_of_a_file_says_its_format(run: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"order.{suffix}"
    assert run("order", *SAO_PAULO, "-o", str(path)).status == 0
    read = {"json": pl.read_json, "csv": pl.read_csv, "parquet": pl.read_parquet}[suffix]
    assert read(path).height == 14


def test_a_file_that_cannot_be_written_is_one_error(run: Run, tmp_path: Path) -> None:
    told = run("order", *SAO_PAULO, "-o", str(tmp_path / "nowhere" / "x.csv"))
    assert told.status == 1
    assert "cannot be written: No such file" in told.err


def test_race_is_one_object(run: Run) -> None:
    told = run("race", *SAO_PAULO, "--format", "json").json
    assert isinstance(told, dict)
    assert (told["season"], told["round"], told["session"]) == (2023, 20, "race")
    assert [row["car"] for row in told["result"][:3]] == ["VER", "NOR", "ALO"]
    assert told["result"][0]["time_s"] == 7008.894
    assert told["overtakes"]["on_track"] > 0
    assert told["decisive"]
    assert {"first", "second", "swaps", "margin_s"} <= set(told["battles"][0])


def test_battle_is_one_object_with_every_key_of_the_contract(run: Run) -> None:
    told = run("battle", *SAO_PAULO, "PER", "ALO", "--format", "json").json
    assert isinstance(told, dict)
    assert told["margin_s"] == 0.053
    assert told["at_flag"]
    assert list(told["swap_list"][0]) == ["lap", "line", "passer", "passed", "margin_s"]
    assert [(s["lap"], s["line"], s["passer"], s["margin_s"]) for s in told["swap_list"]] == [
        (70, "S1", "PER", 0.111), (71, "S1", "ALO", 0.069)
    ]  # fmt: skip
    assert list(told["lines"][0]) == ["lap", "line", "interval_s"]
    assert told["lines"][-1] == {"lap": 71, "line": "Line", "interval_s": 0.053}
    assert list(told["losses"][0]) == [
        "car",
        "driver",
        "lap",
        "line",
        "time_s",
        "reference_s",
        "loss_s",
    ]
    points = told["turning_points"]
    assert list(points[0]) == ["lap", "line", "car", "driver", "loss_s", "sentence"]
    assert "Alonso" in told["story"]


def test_counts(run: Run) -> None:
    every = run("overtakes", *SAO_PAULO, "--format", "json").json
    assert isinstance(every, list)
    told = run("overtakes", *SAO_PAULO, "--count", "--format", "json")
    assert told.json == {"count": len(every)}
    assert run("overtakes", *SAO_PAULO, "--count").out.split() == ["count", str(len(every))]
    fair = run("overtakes", *SAO_PAULO, "--rule", "flying_laps", "--format", "json").json
    assert isinstance(fair, list)
    assert 0 < len(fair) < len(every)
    assert {row["kind"] for row in fair} == {"on_track"}
    of_kind = run("overtakes", *SAO_PAULO, "--kind", "pit", "--format", "json").json
    assert isinstance(of_kind, list)
    assert {row["kind"] for row in of_kind} == {"pit"}


def test_order_at_a_lap_and_a_line(run: Run) -> None:
    told = run("order", *SAO_PAULO, "--lap", "70", "--line", "S1", "--format", "json").json
    assert isinstance(told, list)
    third, fourth = told[2:4]
    assert (third["car"], fourth["car"], fourth["interval_s"]) == ("PER", "ALO", 0.111)


def test_drivers_however_they_are_spelt(run: Run) -> None:
    first = run("gaps", *SAO_PAULO, "ALO", "PER").out
    assert run("gaps", *SAO_PAULO, "alonso", "Pérez").out == first
    assert run("gaps", *SAO_PAULO, "14", "11").out == first


@pytest.mark.parametrize("event", ["20", "São Paulo", "interlagos", "sao-paulo-grand-prix"])
def test_events_however_they_are_spelt(run: Run, event: str) -> None:
    assert run("order", "2023", event, "--lap", "1").out.splitlines()[2].split()[1] == "VER"


# Text


def test_race_tells_the_story(run: Run) -> None:
    told = run("race", *SAO_PAULO).out
    assert told.startswith("2023 São Paulo Grand Prix\n")
    for part in ("1:56:48.894", "Alonso and Pérez fought for third", "0.053 s",
                 "changes of position", "Audit: ", "VER  1──"):  # fmt: skip
        assert part in told, part


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("verb", ["race", "overtakes", "battles", "order"])
def test_lines_keep_within_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, verb: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(map(len, run(verb, *SAO_PAULO).out.splitlines())) <= width


def test_a_screen_that_knows_only_ascii_gets_nothing_else() -> None:
    told = process("race", *SAO_PAULO, PYTHONIOENCODING="ascii")
    assert told.returncode == 0
    assert "S?o Paulo" in told.stdout
    assert "VER  1--" in told.stdout


# Store


def test_adding_twice_changes_nothing_and_says_so(run: Run) -> None:
    first, second = run("data", "add", "sample"), run("data", "add", "sample")
    assert first.status == second.status == 0
    assert first.out.startswith("added: season 2023 (sample), 2023 Mexico City Grand Prix")
    assert second.out.startswith("unchanged: season 2023 (sample), 2023 Mexico City")


LAPS = """Time,Driver,DriverNumber,LapNumber,LapTime,RoundNumber,EventName
0 days 01:01:30,VER,1,1,90.0,4,Toy Grand Prix
0 days 01:01:31,HAM,44,1,91.0,4,Toy Grand Prix
0 days 01:03:00,VER,1,2,90.0,4,Toy Grand Prix
0 days 01:03:02,HAM,44,2,91.0,4,Toy Grand Prix
"""


def test_laps_are_added_listed_and_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "laps.csv"
    file.write_text(LAPS)
    assert run("data", "add", "laps", str(file), "--season", "2019").out == (
        "added: 2019 Toy Grand Prix (laps_csv)\n"
    )
    assert run("data", "add", "laps", str(file), "--season", "2019").out.startswith("unchanged")
    listed = run("data", "list", "--format", "json").json
    assert isinstance(listed, list)
    assert (listed[0]["season"], listed[0]["name"]) == (2019, "Toy Grand Prix")
    assert "seasons from sample: 2023" in run("data", "list").out
    assert run("order", "2019", "toy").out.splitlines()[-1].split()[1] == "HAM"
    assert run("data", "verify").out.startswith("all is as it was written")


def test_nothing_of_several_files_enters_where_one_is_bad(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(LAPS)
    bad.write_text(LAPS.replace("Time,", "Clock,", 1))
    told = run("data", "add", "laps", str(good), str(bad), "--season", "2019")
    assert told.status == 1
    assert told.err.startswith("error: bad.csv: no column Time; expected the laps table")
    assert len(told.err.splitlines()) <= 2
    assert not list(tmp_path.rglob("manifest.json"))


def test_verify_ends_in_1_where_something_is_wrong(run: Run, own_store: Path) -> None:
    run("data", "add", "sample")
    (crossings,) = own_store.glob("**/event=mexico*/**/crossings.*")
    crossings.write_bytes(b"PAR1")
    told = run("data", "verify", "--format", "json")
    assert told.status == 1
    (fault,) = json.loads(told.out)
    assert "bytes that are not those stored" in fault["fault"]
    assert told.err.startswith("error: 1 of what is stored is not as it was written")
    assert run("race", "2023", "mexico").status == 1


def test_store_names_another_folder(run: Run, tmp_path: Path, own_store: Path) -> None:
    run("data", "add", "sample", "--store", str(tmp_path / "other"))
    assert (tmp_path / "other").is_dir()
    assert not own_store.exists()


def test_sql(run: Run) -> None:
    told = run("sql", "select season, name from races order by round", "--format", "json").json
    assert told == [
        {"season": 2023, "name": "Mexico City Grand Prix"},
        {"season": 2023, "name": "São Paulo Grand Prix"},
    ]


def test_search(run: Run) -> None:
    told = run("search", "swaps >= 2 and at_flag", "--format", "json").json
    assert isinstance(told, list)
    assert {(row["name"], row["first"], row["second"]) for row in told} == {
        ("São Paulo Grand Prix", "ALO", "PER")
    }


# Errors


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("race", "2023", "Sao Paolo"), "no event 'Sao Paolo' in 2023"),
        (("race", "1982", "usa"), "'usa' may be any of 3 events of 1982"),
        (("order", "2023", "bahrain"), "the 2023 Bahrain Grand Prix is not stored and could not"),
        (("race", "1949", "1"), "no season 1949"),
        (("race", "2023", "x" * 5000), "no event '...'"),
        (("race", "2023", "\udcff"), "no event"),
        (("sql", "select '\udcff'"), "the query holds bytes that are no text"),
        (("gaps", *SAO_PAULO, "ALO", "Senna"), "no driver 'Senna' took part"),
        (("order", *SAO_PAULO, "--lap", "99"), "no lap 99 in a race of 71"),
        (("order", *SAO_PAULO, "--line", "S9"), "no timing line 'S9'"),
        (("explain", *SAO_PAULO, "72", "VER", "NOR"), "no lap 72 in a race of 71"),
        (("battles", *SAO_PAULO, "--within-s", "0"), "no battle within 0 s"),
        (("search", "nope > 3"), "no column 'nope'"),
        (("search", "("), "cannot read the condition"),
        (("sql", "selec 1"), "the query cannot be answered: Parser Error: syntax error"),
        (("sql", "drop table races"), "a query is one SELECT"),
        (("data", "add", "laps", "nowhere.csv", "--season", "2019"), "nowhere.csv: No such file"),
        (("data", "add", "ergast", "nowhere"), "nowhere: not there"),
        (("data", "add", "livetiming", "nowhere"), "nowhere: no folder"),
        (("data", "add", "jolpica", "2023"), "no answer"),
        (("data", "list", "--store", __file__), "is a file; expected a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_error_is_one_line_and_a_hint(
    run: Run, offline: None, words: tuple[str, ...], sentence: str
) -> None:
    told = run(*words)
    assert told.status == 1
    assert told.out == ""
    error, *hint = told.err.splitlines()
    assert error.startswith(f"error: {sentence}") or sentence in error
    assert len(hint) <= 1
    assert all(line.startswith("hint: ") for line in hint)


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",), ("race",), ("order", "2023"), ("race", "x", "20"),
        ("race", *SAO_PAULO, "--session", "practice"), ("race", *SAO_PAULO, "--format", "xml"),
        ("gaps", *SAO_PAULO, "ALO"), ("overtakes", *SAO_PAULO, "--kind", "magic"),
        ("order", *SAO_PAULO, "--lap", "x"), ("data", "add", "laps", "x.csv"), ("data", "frob"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_in_2(run: Run, words: tuple[str, ...]) -> None:
    told = run(*words)
    assert told.status == 2
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize("reader", ["head -n 1", "true"])
def test_a_reader_who_has_seen_enough_is_no_error(reader: str) -> None:
    command = f"{sys.executable} -m racecraft overtakes 2023 brazil | {reader}"
    told = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert told.stderr == ""
    assert told.returncode == 0


def test_an_interrupted_command_leaves_no_traceback() -> None:
    code = (
        "import sys, racecraft.store.load as load, racecraft.cli.main as cli\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "load.load_race = stop\n"
        "sys.argv = ['racecraft', 'race', '2023', '20']\n"
        "sys.exit(cli.main())\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode not in (0, 2)
    assert "Traceback" not in told.stderr


# Start


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"racecraft {rc.__version__}\n"
    told = run("--help")
    assert told.status == 0
    for verb in (
        "race",
        "order",
        "gaps",
        "overtakes",
        "battles",
        "battle",
        "search",
        "sql",
        "data",
    ):
        assert verb in told.out
        assert run(verb, "--help").status == 0
    assert "racecraft battle 2023 brazil PER ALO" in run("battle", "--help").out


@pytest.mark.parametrize("code", ["import racecraft", "from racecraft.cli.main import app"])
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    heavy = "{'polars', 'numpy', 'duckdb', 'httpx', 'platformdirs', 'rich.progress'}"
    told = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print({heavy} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "set()\n"


def test_the_front_door_has_every_name_it_lists() -> None:
    for name in rc.__all__:
        assert getattr(rc, name) is not None
        assert name in dir(rc)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rc.nothing


def test_a_title_question_as_json(run: Run) -> None:
    asked = ("title", "2023", "--driver", "pérez", "--position", "2", "--after", "20")
    answer = run(*asked, "--format", "json").json
    assert isinstance(answer, dict)
    assert list(answer)[:9] == [
        "season", "after", "driver", "position", "place", "points", "points_available",
        "secured", "possible",
    ]  # fmt: skip
    assert (answer["secured"], answer["possible"]) == (False, True)
    assert set(answer["rivals"][0]) == {"driver", "position", "points", "can_still_pass"}
    assert answer["next"]["event"] == "Las Vegas Grand Prix"
    assert len(answer["next"]["cells"]) == 111
    assert "May end up ahead" in run(*asked).out


def test_when_every_place_was_secured(run: Run) -> None:
    rows = run("title", "2023", "--when", "--format", "json").json
    assert isinstance(rows, list)
    assert rows[0] == {
        "position": 1, "driver": "VER", "round": 17, "session": "sprint",
        "event": "Qatar Grand Prix",
    }  # fmt: skip
    teams = run("title", "2023", "--when", "--teams", "--format", "json").json
    assert isinstance(teams, list)
    assert teams[0]["team"] == "Red Bull"


@pytest.mark.parametrize(
    "question",
    [("--after", "23"), ("--after", "5:sprint"), ("--after", "20:practice"), ("--driver", "ZZZ"),
     ("--team", "Lotus"), ("--position", "40"), ("--position", "0")],
)  # fmt: skip
def test_a_title_question_without_an_answer_is_one_error(
    run: Run, question: tuple[str, ...]
) -> None:
    outcome = run("title", "2023", *question)
    assert outcome.status == 1
    assert outcome.err.count("\n") == 2
    assert "hint: " in outcome.err


def test_odds_add_up_and_are_certain_only_where_proven(run: Run) -> None:
    asked = ("odds", "2023", "--after", "20", "--runs", "500", "--seed", "7")
    told = json.loads(run(*asked, "--format", "json").out)
    assert told[0]["driver"] == "VER"
    assert told[0]["champion"] == 1.0
    perez = next(row for row in told if row["driver"] == "PER")
    assert 0 < perez["places"][2] < perez["places"][1] < 1
    assert json.loads(run(*asked, "--format", "json").out) == told, "same seed, same odds"
    assert "certain" in run(*asked).out


def test_a_race_says_what_it_did_to_the_standings(run: Run) -> None:
    assert "Championship: Verstappen has 524 points" in run("race", "2023", "brazil").out
    assert json.loads(run("race", "2023", "brazil", "--format", "json").out)["standings"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["form", "2023"], "Missing argument 'DRIVER'. For example: racecraft form 2023 PER"),
        (
            ["explain", "2023", "brazil", "--lap", "71"],
            "No such option: --lap. For example: racecraft explain 2023 brazil 71 PER ALO",
        ),
        (["overtakes", "2023", "brazil", "--drivr", "VER"], "(Possible options: --driver)"),
    ],
)
def test_wrong_usage_shows_how_it_is_typed(run: Run, typed: list[str], said: str) -> None:
    told = run(*typed)
    assert told.status == 2
    assert said in " ".join(told.err.split())


def test_a_dash_is_standard_output(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for typed in (["results", "2023", "monza", "--format", "csv"], ["report", "2023", "monza"]):
        told = run(*typed, "-o", "-")
        assert (told.status, told.err) == (0, "")
        assert "Verstappen" in told.out
    assert not list(tmp_path.glob("-"))
