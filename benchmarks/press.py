"""What the article checker finds, and how fast: on articles of our own and on the public ones.

With a path as its argument, the tables are also written into that page.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import Mark, machine, season_of_laps, shared, show
from rich.console import Console
from rich.table import Table

from racecraft.history.results import History
from racecraft.press.intake.article import read
from racecraft.press_old.check import fact_check
from racecraft.sources.ergast import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from racecraft.model.race import Race
    from racecraft.press_old.finding import Finding

OWN = Path(__file__).parents[1] / "tests" / "press" / "articles"
TIMED = (2018, 2019, 2021, 2022)  # seasons whose laps are in the public tables
CORE = frozenset(
    (
        "finish_position", "grid_position", "points_total", "points_gap", "standings_position",
        "winning_margin", "time_gap",
    )
)  # fmt: skip
BEGIN = "<!-- marked -->"
MANY = 100
Claim = dict[str, Any]


@dataclass
class Tally:
    """Sums over some articles; counts of claims unless named otherwise."""

    articles: int = 0  # originals; twins are not counted
    annotated: int = 0  # that data could support or contradict
    found: int = 0  # of those
    said: int = 0
    matched: int = 0  # of those said
    hits: int = 0  # annotated contradicted, and so said
    misses: int = 0
    alarms: int = 0  # annotated otherwise but said to be contradicted
    alarms_original: int = 0  # of those, in originals
    injected: int = 0
    caught: int = 0
    stray: int = 0  # said to be contradicted in originals, without an annotation that matches

    def add(self, other: Tally) -> None:
        """Add the sums of other articles to these."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def recall(self) -> float:
        """Share of the claims that data can decide which were found."""
        return _share(self.found, self.annotated)

    @property
    def precision_contradicted(self) -> float:
        """Share of the annotated claims said to be contradicted that are."""
        return _share(self.hits, self.hits + self.alarms)

    @property
    def recall_contradicted(self) -> float:
        """Share of the contradicted claims that were said to be."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of `contradicted`."""
        return _share(2 * self.hits, 2 * self.hits + self.alarms + self.misses)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else nan


@dataclass
class Score:
    """The tallies of one set of articles, and the articles."""

    name: str
    total: Tally = field(default_factory=Tally)
    by_type: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_language: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    texts: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def core(self) -> Tally:
        """Finish, grid, points, standings and margins together."""
        core = Tally()
        for kind in CORE & self.by_type.keys():
            core.add(self.by_type[kind])
        return core


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    seasons, _ = dump.parse(dump.fetch(folder / "data" / "ergast"))
    record = History(seasons, race=_timing())
    sets = {"ours": OWN, "public": folder / "data" / "articles"}
    scores = [_score(name, each, record) for name, each in sets.items() if each.is_dir()]
    seconds = _seconds([text for score in scores for text in score.texts], record)
    tables = _tables(scores)
    for heading, rows in tables.items():
        _print(heading, rows)
    if len(sys.argv) > 1:
        _write(Path(sys.argv[1]), tables, seconds)
    return [
        *(mark for score in scores for mark in _marks(score)),
        Mark("checking an article", tuple(seconds), limit=1.0, note="after start-up"),
        Mark(f"checking {MANY} articles", (sum(seconds),), limit=30.0),
    ]


def _timing() -> Callable[[int, int, str], Race | None]:
    """Timing of the races whose laps are public, read when the first of a season is asked for."""

    @cache
    def season(year: int) -> dict[int, Race]:
        return {race.round: race for race in season_of_laps(year, filled=True) if race.round}

    def race(year: int, round_: int, session: str) -> Race | None:
        return season(year).get(round_) if session == "race" and year in TIMED else None

    return race


# --- scoring --------------------------------------------------------------------------------


def _score(name: str, folder: Path, record: History) -> Score:
    score = Score(name)
    for gold in sorted(folder.glob("*.gold.json")):
        text = gold.with_name(gold.name.replace(".gold.json", ".txt"))
        score.texts.append((text.name, text.read_bytes()))
        findings = _checked(score.texts[-1], record)
        twin = ".twin." in gold.name
        language = text.name.removesuffix(".txt").removesuffix(".twin").rpartition("_")[2]
        tallies = _tallies(json.loads(gold.read_text(encoding="utf-8")), findings, twin=twin)
        tallies[""].articles = int(not twin)
        for kind, tally in tallies.items():
            score.total.add(tally)
            score.by_language[language].add(tally)
            if kind:
                score.by_type[kind].add(tally)
    return score


def _checked(text: tuple[str, bytes], record: History) -> list[Finding]:
    name, data = text
    return fact_check(read(data, name=name), record)


def _tallies(gold: list[Claim], findings: list[Finding], *, twin: bool) -> dict[str, Tally]:
    """The sums of one article by claim type; under "" those of what matches no annotation."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    left = list(findings)
    for claim in gold:
        tally = tallies[claim["claim_type"]]
        match = next((finding for finding in left if _same(finding, claim)), None)
        said = match.verdict if match else "missed"
        if match:
            left.remove(match)
            tally.said += 1
            tally.matched += 1
        _judge(tally, claim, said, twin=twin)
    tallies[""].said += len(left)
    tallies[""].stray += sum(each.verdict == "contradicted" for each in left) * (not twin)
    return tallies


def _judge(tally: Tally, claim: Claim, said: str, *, twin: bool) -> None:
    """Add one annotated claim and what was said of it; hedged ones are never false alarms."""
    wrong = claim["verdict"] == "contradicted"
    if claim["verdict"] != "uncheckable":
        tally.annotated += 1
        tally.found += said != "missed"
    if wrong:
        tally.hits += said == "contradicted"
        tally.misses += said != "contradicted"
    elif said == "contradicted" and not claim.get("hedged") and claim.get("confidence") != "low":
        tally.alarms += 1
        tally.alarms_original += not twin
    if twin and wrong and claim.get("altered"):
        tally.injected += 1
        tally.caught += said == "contradicted"


def _same(finding: Finding, claim: Claim) -> bool:
    """Whether a finding and an annotation mean the same sentence, type and people."""
    if finding.claim_type != claim["claim_type"]:
        return False
    one, other = _folded(finding.sentence), _folded(claim["sentence"])
    return (
        bool(one and other)
        and (one in other or other in one)
        and _same_people(finding.subject, claim["subject"])
    )


def _same_people(one: str, other: str) -> bool:
    """Whether every person has a name in common, in order; of A & B, in either order."""
    mine, theirs = _people(one), _people(other)
    if len(mine) != len(theirs):
        return False
    orders = (theirs, theirs[::-1]) if "&" in one else (theirs,)
    return any(all(a & b for a, b in zip(mine, each, strict=True)) for each in orders)


def _people(subject: str) -> list[set[str]]:
    return [set(_folded(each).split()) for each in re.split(r"\s+(?:over|&|and)\s+", subject)]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


# --- what is told ---------------------------------------------------------------------------


def _marks(score: Score) -> list[Mark]:
    total, of = score.total, f"({score.name})"
    return [
        Mark(f"checkable claims found {of}", (total.recall,), unit="", least=0.75),
        Mark(f"finish, grid, points, standings, margins {of}", (score.core.recall,), unit="",
             least=0.90),
        Mark(f"contradicted, F1 {of}", (total.f1,), unit="", least=0.80),
        Mark(f"false alarms an original {of}", (_alarms(total),), unit="", limit=0.2),
        Mark(f"injected errors found {of}", (_share(total.caught, total.injected),), unit="",
             least=0.80, note=f"{total.caught} of {total.injected}"),
    ]  # fmt: skip


def _alarms(tally: Tally) -> float:
    return _share(tally.alarms_original, tally.articles)


def _seconds(texts: list[tuple[str, bytes]], record: History) -> list[float]:
    """Seconds that each of a hundred articles takes, once all has been loaded."""
    seconds = []
    for text in islice(cycle(texts), MANY):
        began = time.perf_counter()
        _checked(text, record)
        seconds.append(time.perf_counter() - began)
    return seconds


def _tables(scores: list[Score]) -> dict[str, list[list[str]]]:
    """Rows by heading; the first row of each names its columns."""
    tables = {"Both sets": [_HEAD, *(_row(score.name, score.total) for score in scores)]}
    for score in scores:
        rows = [_row(language, tally) for language, tally in sorted(score.by_language.items())]
        tables[f"By language, {score.name}"] = [_HEAD, *rows]
    tables["By claim type"] = [_type_head(scores), *_type_rows(scores)]
    return tables


_HEAD = ["", "articles", "claims found", "contradicted: precision", "recall", "F1",
         "false alarms an original", "injected errors found", "stray an original"]  # fmt: skip


def _row(name: str, tally: Tally) -> list[str]:
    return [
        name,
        str(tally.articles),
        f"{tally.found} of {tally.annotated}: {tally.recall:.3f}",
        *(
            "" if isnan(share) else f"{share:.3f}"
            for share in (tally.precision_contradicted, tally.recall_contradicted, tally.f1)
        ),
        f"{_alarms(tally):.2f}",
        f"{tally.caught} of {tally.injected}",
        f"{_share(tally.stray, tally.articles):.2f}",
    ]


def _type_head(scores: list[Score]) -> list[str]:
    columns = ("found", "wrong and found so", "false alarms")
    return ["claim type", *(f"{column}, {score.name}" for score in scores for column in columns)]


def _type_rows(scores: list[Score]) -> Iterable[list[str]]:
    sizes = Counter[str]()
    for score in scores:
        sizes.update({kind: tally.annotated for kind, tally in score.by_type.items()})
    for kind, size in sizes.most_common():
        if size:
            tallies = [score.by_type.get(kind, Tally()) for score in scores]
            yield [kind, *(cell for tally in tallies for cell in _type_cells(tally))]


def _type_cells(tally: Tally) -> tuple[str, str, str]:
    wrong = tally.hits + tally.misses
    return (
        f"{tally.found} of {tally.annotated}" if tally.annotated else "",
        f"{tally.hits} of {wrong}" if wrong else "",
        str(tally.alarms or ""),
    )


def _print(heading: str, rows: list[list[str]]) -> None:
    table = Table(*rows[0], title=heading, title_justify="left", box=None, header_style="bold")
    for row in rows[1:]:
        table.add_row(*row)
    Console(width=160).print(table)


def _write(page: Path, tables: dict[str, list[list[str]]], seconds: list[float]) -> None:
    """The tables, in the place of those on the page."""
    before, _, _ = page.read_text(encoding="utf-8").partition(BEGIN)
    took = f"{statistics.median(seconds):.2f} s in the median, {max(seconds):.2f} s at most"
    lines = [
        f"On {machine()}: an article takes {took}, {len(seconds)} of them, one after the other, "
        f"{sum(seconds):.1f} s.",
        "",
    ]
    for heading, rows in tables.items():
        marked = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
        lines += [f"## {heading}", "", *(f"| {' | '.join(row)} |" for row in marked), ""]
    page.write_text("\n".join([f"{before}{BEGIN}", *lines]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(show(main()))
