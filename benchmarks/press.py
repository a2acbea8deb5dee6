"""What the article checker marks, and how fast: on sets left out of its confidence.

With a path as its argument, the tables are also written into that page. With ``--llm URL MODEL``
the fresh articles are read by that model as well, and nothing else is measured.
"""

from __future__ import annotations

import statistics
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from harness import Mark, machine, shared, show
from press_fit import reliability
from press_marks import HEAD, Marks, by_set, left_out, short_cases
from press_mirror import retold, turned
from press_rows import HEADS, Sample, all_samples, annotated, by_endpoint, history_of, sets_of
from rich.console import Console
from rich.table import Table

from racecraft.press.fact_check import fact_check
from racecraft.press.intake.article import read
from racecraft.sources.http.chat_model import model_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from racecraft.history.results import History

BEGIN = "<!-- marked -->"
SHOWN = "How often ticks and red marks are right on sets left out, by how sure they are"
PICTURE = "press-reliability.svg"  # beside the page
MANY = 100
RETOLD = 12  # articles of which sentences are told the other way round
LEAST = {  # what is asked, on articles left out
    "red marks that are right": 0.85,
    "ticks right": 0.93,
    "false accusations": 0.3,
}


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no articles here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    data = folder / "data"
    history = history_of(data)
    if sys.argv[1:2] == ["--llm"]:
        return _of_endpoint(sets_of(data)["fresh"], history, *sys.argv[2:4])
    known = sets_of(data)
    found = left_out(all_samples(data, history))
    marks = by_set(found)
    tables = {"Marks, on sets left out": [["", "read by", *HEAD], *_rows(marks)]}
    tables["Short cases"] = _cases(found)
    tables["How sure, and how often right"] = _sure(found)
    both_ways = turned(found, history)
    again = [_retold(text, history) for text, _ in islice(annotated(known["public"]), RETOLD)]
    asked, back = sum(n for n, _ in again), [line for _, lines in again for line in lines]
    tables["The other way round"] = [
        ["", "claims", "supported"],
        ["turned round", str(both_ways[0]), str(len(both_ways[1]))],
        ["names exchanged", str(asked), str(len(back))],
    ]
    seconds = _seconds([text for path in known.values() for text, _ in annotated(path)], history)
    for heading, rows in tables.items():
        _print(heading, rows)
    for line in (*both_ways[1], *back):
        print(line)
    if len(sys.argv) > 1:
        _write(Path(sys.argv[1]), tables, seconds)
        _draw(Path(sys.argv[1]).with_name(PICTURE), tables["How sure, and how often right"])
    return [
        *_marks(marks),
        Mark("claims supported both ways round", (len(both_ways[1]),), limit=0, unit=""),
        Mark("checking an article", tuple(seconds), limit=1.0, note="after start-up"),
        Mark(f"checking {MANY} articles", (sum(seconds),), limit=30.0),
    ]


def _of_endpoint(folder: Path, history: History, url: str, model: str) -> list[Mark]:
    """Marks of the fresh articles as a model at an address reads them, by the fitted confidence."""
    ask = model_at(url, model)
    found = [by_endpoint(text, gold, history, ask) for text, gold in annotated(folder)]
    _print("Marks", [["", "read by", *HEAD], *_rows(by_set(found))])
    return []


def _marks(marks: dict[tuple[str, str], Marks]) -> list[Mark]:
    """Gates: by the rules over all sets, and by the recorded model."""
    gates = []
    for source in ("rules", "model"):
        each = marks.get(("all", source))
        if each is None:
            continue
        gates += [
            Mark(
                f"red marks that are right, {source}",
                (round(each.red_right, 3),),
                least=LEAST["red marks that are right"], unit="",
            ),
            Mark(
                f"false accusations an original, {source}",
                (round(each.accusations, 3),),
                limit=LEAST["false accusations"], unit="",
            ),
            Mark(
                f"ticks right, {source}",
                (round(each.ticks_right, 3),),
                least=LEAST["ticks right"], unit="",
            ),
        ]  # fmt: skip
    return gates


def _rows(marks: dict[tuple[str, str], Marks]) -> list[list[str]]:
    return [[name, source, *each.row] for (name, source), each in sorted(marks.items())]


def _cases(found: Iterable[Sample]) -> list[list[str]]:
    """Short cases: true ones accused, false ones caught or ticked, ticks that are stray."""
    n = short_cases(found)
    return [
        ["true ones accused", "false ones caught", "false ones ticked", "stray ticks"],
        [f"{n['accused']} of {n['true']}", f"{n['caught']} of {n['false']}",
         f"{n['ticked']} of {n['false']}", f"{n['stray']} of {n['ticks']}"],
    ]  # fmt: skip


def _sure(found: Sequence[Sample]) -> list[list[str]]:
    """Reliability of the confidence: said, and right, by bins."""
    rows = [["mark", "sure", "readings", "said", "right"]]
    for head in HEADS:
        mine = [
            (sample.row(n), each.confidence)
            for sample in found
            for n, each in enumerate(sample.judged)
            if each.judgement == head
        ]
        lines = reliability([row for row, _ in mine], [chance for _, chance in mine])
        rows += [[head, *line] for line in lines]
    return rows


def _retold(text: Path, history: History) -> tuple[int, list[str]]:
    return retold(read(text.read_bytes(), name=text.name), history)


def _seconds(texts: Sequence[Path], history: History) -> list[float]:
    """Seconds that each of many articles takes, one after the other."""
    seconds = []
    for text in islice(cycle(texts), MANY):
        began = time.perf_counter()
        fact_check(read(text.read_bytes(), name=text.name), history)
        seconds.append(time.perf_counter() - began)
    return seconds


def _print(heading: str, rows: list[list[str]]) -> None:
    table = Table(*rows[0], title=heading, title_justify="left")
    for row in rows[1:]:
        table.add_row(*row)
    Console(width=200).print(table)


def _write(page: Path, tables: dict[str, list[list[str]]], seconds: list[float]) -> None:
    """Write the tables below the line that begins them."""
    before = page.read_text(encoding="utf-8").partition(BEGIN)[0]
    parts = [
        f"{before}{BEGIN}",
        f"On {machine()}: an article takes {statistics.median(seconds):.2f} s in the median, "
        f"{max(seconds):.2f} s at most, {MANY} of them, one after the other, {sum(seconds):.1f} s.",
    ]
    for heading, rows in tables.items():
        lines = [" | ".join(row) for row in (rows[0], ["---"] * len(rows[0]), *rows[1:])]
        shown = "\n".join(f"| {line} |" for line in lines)
        picture = f"![{SHOWN}]({PICTURE})\n\n" if heading.startswith("How sure") else ""
        parts.append(f"\n## {heading}\n\n{picture}{shown}")
    page.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _draw(file: Path, rows: list[list[str]]) -> None:
    """Reliability diagram of both marks; a point is as large as it has readings."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = file.name  # the same figures make the same file
    fig, ax = plt.subplots(figsize=(5, 4.6), layout="constrained")
    ax.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for head, colour, sign in (("supported", "#0072b2", "o"), ("contradicted", "#d55e00", "s")):
        mine = [(float(said), float(right), int(n)) for mark, _, n, said, right in rows[1:]
                if mark == head]  # fmt: skip
        said, right, n = zip(*mine, strict=True)
        ax.plot(said, right, color=colour, linewidth=1)
        name = {"supported": "ticks", "contradicted": "red marks"}[head]
        sizes = [12 + count / 6 for count in n]
        ax.scatter(said, right, sizes, colour, marker=sign, label=name, zorder=3)
    ax.set(xlabel="sure", ylabel="right", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.legend(frameon=False, loc="upper left")
    fig.savefig(file, metadata={"Date": None})
    plt.close(fig)


if __name__ == "__main__":
    sys.exit(show(main()))
