"""The habits of the house that a machine can check."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import tomllib
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import racecraft.errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HOUSE = Path(__file__).parents[1]
CODE = HOUSE / "src" / "racecraft"
FILES = sorted(CODE.rglob("*.py"))
ROOMS = sorted(path.parent for path in CODE.rglob("*/__init__.py"))
LONGEST = 400
ERRORS = {name for name, kind in vars(racecraft.errors).items() if isinstance(kind, type)}
# Raised for whoever asks Python for a name that is not there, or types the command wrong.
PYTHONIC = {"AttributeError", "SystemExit", "BadParameter", "UsageError", "Exit"}


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    """Every text file of the project; in a tree without git, those of the code."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        return FILES
    paths = [HOUSE / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:1000]]


def checked_of(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test of a rule for many files, which names every file that breaks it."""

    def decorate(rule: Callable[[Path], None]) -> Callable[[], None]:
        def every_one() -> None:
            broken = []
            for path in paths:
                try:
                    rule(path)
                except AssertionError as error:
                    broken.append(f"{name_of(path)}: {error}")
            assert not broken, "\n".join(broken)

        every_one.__doc__ = rule.__doc__
        return every_one

    return decorate


every_file = checked_of(FILES)


@checked_of(ROOMS)
def test_the_sign_of_a_room_is_one_question(room: Path) -> None:
    body = parsed(room / "__init__.py").body
    assert len(body) == 1, "only the front door re-exports"
    assert ast.get_docstring(parsed(room / "__init__.py")).endswith("?")


@every_file
def test_files_are_short_and_say_what_they_are(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert ast.get_docstring(parsed(path))


@every_file
def test_files_are_named_after_racing_words(path: Path) -> None:
    assert not {"utils", "util", "helpers", "common", "misc"} & set(path.with_suffix("").parts)


@every_file
def test_the_public_comes_first_and_is_documented(path: Path) -> None:
    defined = [
        node
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    public = [node for node in defined if not node.name.startswith("_")]
    assert [node.name for node in public if not ast.get_docstring(node)] == []
    functions = [node for node in defined if not isinstance(node, ast.ClassDef)]
    if any(node in public for node in functions):
        assert functions[0] in public, f"{functions[0].name} is a helper: below, please"


@every_file
def test_a_table_stands_above_the_function_that_makes_it(path: Path) -> None:
    module = parsed(path)
    makers = {node.name: node.lineno for node in module.body if isinstance(node, ast.FunctionDef)}
    for node in module.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name)
            and node.value.func.id == "Table"
        ):
            called = node.targets[0].id.lower()
            assert node.lineno < makers.get(called, node.lineno + 1), called


@every_file
def test_every_error_is_one_of_ours(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            kind = node.exc.func
            raised = kind.attr if isinstance(kind, ast.Attribute) else kind.id
            if raised[0].isupper():
                assert raised in ERRORS | PYTHONIC, f"{name_of(path)}:{node.lineno} {raised}"


IMPORTED_AS = {
    "paho-mqtt": "paho",
    "markdown-it-py": "markdown_it",
    "dask": "distributed",
    "scikit-learn": "sklearn",
    "openf1-python-client": "openf1_client",
    "pillow": "PIL",
    "pyyaml": "yaml",
}  # others by their own name
TOOLS = {
    "coverage", "import-linter", "mypy", "pytest", "pytest-cov", "pytest-xdist", "ruff", "furo",
    "myst-parser", "sphinx",
}  # fmt: skip


NEEDED_BY_OTHERS = {
    "ipykernel",  # nbclient runs notebooks in it, and does not ask for it
}


def declared() -> set[str]:
    """Every library that the project asks for, for itself or for its tests."""
    told = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*told["project"]["dependencies"]]
    for some in (told["project"]["optional-dependencies"], told["dependency-groups"]):
        asked += [each for names in some.values() for each in names]
    names = {re.match(r"[\w.-]+", each).group() for each in asked}
    return names - TOOLS - {"racecraft", *NEEDED_BY_OTHERS}


def test_a_library_that_is_declared_is_used() -> None:
    use = re.compile(r"\b(?:import|from) (\w+)|importorskip\(\"(\w+)")
    used = {
        name
        for room in ("src", "tests", "tools")
        for path in (HOUSE / room).rglob("*.py")
        for found in use.findall(path.read_text(encoding="utf-8"))
        for name in found
    }
    names = {each: IMPORTED_AS.get(each, each.replace("-", "_")) for each in sorted(declared())}
    assert [library for library, name in names.items() if name not in used] == []


@every_file
def test_nothing_promises_to_be_finished_later(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bTODO\b|\bFIXME\b|\bXXX\b|NotImplemented", text)


@checked_of(tracked())
def test_words(path: Path) -> None:
    if path.name == Path(__file__).name or path.parent.name == "training":
        return  # "tire" is a word of other languages
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\btires?\b", text, re.IGNORECASE), "it is a tyre"
    machine = re.search(r"(?<![\w.~-])/(?:work|root|home)/\w", text)
    assert not machine, f"{name_of(path)} names a path of one machine: {machine}"


@checked_of(sorted((HOUSE / "docs" / "decisions").glob("[0-9]*.md")))
def test_a_decision_says_what_was_given_up(path: Path) -> None:
    text = path.read_text(encoding="utf-8").casefold()
    assert re.match(r"\d{3}-[a-z0-9-]+\.md$", path.name)
    for part in ("context", "choice", "what we gave up"):
        assert re.search(rf"^## {part}", text, re.MULTILINE), part


def test_the_wheel_stays_small() -> None:
    """What the package weighs as a wheel: every file deflated, and its names in two lists."""
    names = 200  # bytes about a file in the lists of an archive, and in the wheel's own
    paths = [path for path in CODE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    weight = sum(len(zlib.compress(path.read_bytes())) + names for path in paths)
    network = len(zlib.compress((CODE / "press/reading/network.npz").read_bytes()))
    assert network < 14_500_000, f"{network / 1e6:.2f} MB of it are the network of the reader"
    weight -= network
    assert weight < 2_800_000, f"{weight / 1e6:.2f} MB; all else has to stay under 3"
