"""What a verb loads: itself, and nothing that its answer does not need."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from racecraft.cli.command import GROUPS, VERBS
from racecraft.cli.usage import _AtOnce

if TYPE_CHECKING:
    from pathlib import Path

_LINES = {verb: line for verbs in VERBS.values() for verb, line in verbs.items()}
LARGE = {"polars", "numpy", "pydantic", "num2words", "justext", "dateparser", "httpx", "duckdb"}


@pytest.mark.parametrize("file", sorted(VERBS))
def test_every_verb_is_known_by_the_file_that_has_it(file: str) -> None:
    examples = import_module(f"racecraft.cli.{file}").EXAMPLES
    assert list(VERBS[file]) == [told.__name__ for told in examples]


def test_the_list_of_verbs_loads_none_of_them_and_cuts_no_line_short() -> None:
    code = (
        "import sys; from racecraft.cli.main import main\n"
        "sys.argv[1:] = ['--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(n for n in sys.modules if n in ('racecraft.cli.verb', 'racecraft.cli.race',"
        " 'polars', 'racecraft.cli.press')), file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stderr.splitlines()[-1] == "[]"
    assert "..." not in told.stdout.partition("Commands:")[2]
    for verb, line in {**_LINES, **{name: about for name, (*_, about) in GROUPS.items()}}.items():
        assert re.search(rf"^  {verb} +{re.escape(line)}$", told.stdout, re.MULTILINE), verb


def test_a_short_article_needs_no_large_library(tmp_path: Path) -> None:
    article = tmp_path / "alonso.txt"
    article.write_text(
        "date: 2023-11-06\nlang: en\n\nFernando Alonso finished third in the 2023 São Paulo Grand "
        "Prix, ahead of Sergio Pérez. Lando Norris was second.\n",
        "utf-8",
    )
    code = (
        "import sys; from racecraft.cli.main import main\n"
        f"sys.argv[1:] = ['check', {str(article)!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print(sorted({LARGE} & set(sys.modules)), file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "claims: 0 wrong, " in told.stdout
    assert told.stderr.splitlines()[-1] == "['numpy']"  # by which the network is computed


class _Described:
    """A parameter as typer describes it."""

    def __init__(self, kind: object, **told: object) -> None:
        self.annotation = kind
        self.choices = told.pop("choices", None)
        bare = dict.fromkeys(("parser", "min", "max", "exists", "resolve_path"))
        self.parameter_info = type("Told", (), bare | told)


class _Checked:
    def coerce(self, value: object, **_: object) -> tuple[str, object]:
        return "checked", value


@pytest.mark.parametrize(
    ("kind", "told", "value", "taken"),
    [
        (int, {"max": 5}, "2023", ("checked", "2023")),
        (int, {}, "2023", 2023),
        (int, {}, "20x3", ("checked", "20x3")),
        (int, {}, "-3", ("checked", "-3")),
        (str, {"choices": None}, "brazil", "brazil"),
        (str, {}, None, None),
    ],
)
def test_a_plain_value_is_taken_as_typer_would(
    kind: type, told: dict[str, object], value: object, taken: object
) -> None:
    assert _AtOnce(_Checked, _Described(kind, **told)).coerce(value, None, None) == taken


def test_one_of_a_few_words_is_taken_and_any_other_checked() -> None:
    described = _Described("one of", choices=("race", "sprint"))
    assert _AtOnce(_Checked, described).coerce("sprint", None, None) == "sprint"
    assert _AtOnce(_Checked, described).coerce("foo", None, None) == ("checked", "foo")
