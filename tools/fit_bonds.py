"""Fit how likely it is that what a sentence says is said of each of those whom it mentions.

    python tools/fit_bonds.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/ and articles_more/. Of every annotated
claim whose figure, or win, pole or retirement, stands once in its sentence, everybody mentioned
there is a candidate, and so is nobody; whom the annotation names is right. Printed is how often
the likeliest is, on sets left out; the weights go into src/racecraft/press/reading/bonds.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_rows import annotated, history_of, same_sentence, sets_of  # noqa: E402
from press_sentences import is_called, sentences_of  # noqa: E402

from racecraft.press.intake.article import read  # noqa: E402
from racecraft.press.lexicon.concepts import Concept  # noqa: E402
from racecraft.press.reading.bonds import FIGURES, ties_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.history.results import History
    from racecraft.press.reading.bonds import Parsed, Tie
    from racecraft.press.reading.pieces import Piece

TARGET = ROOT / "src/racecraft/press/reading/bonds.json"
# What tells a claim without a figure of its own in the text.
TOLD_BY = {
    ("finish_position", 1): (Concept.WIN, Concept.VICTORY, Concept.WINNER),
    ("grid_position", 1): (Concept.POLE, Concept.POLESITTER),
    ("qualifying_position", 1): (Concept.POLE, Concept.POLESITTER),
    ("retirement", True): (Concept.RETIRE,),
    ("podium", True): (Concept.PODIUM,),
}
PERSONAL = frozenset(
    ("finish_position", "grid_position", "qualifying_position", "standings_position",
     "points_total", "season_count", "career_count", "venue_count", "race_points", "pit_stop",
     "streak", "retirement", "podium", "titles", "laps_led", "sprint_position")
)  # fmt: skip
RIDGE, STEPS = 2.0, 40
Choice = tuple[str, list[tuple[bool, "Tie"]]]  # a set, and its candidates: right, and its tie


def main(data: Path) -> None:
    """Fit on everything there is, and say how each set does when it is left out."""
    folders = sets_of(data)
    history = history_of(data)
    choices = [c for name, folder in folders.items() for c in _choices(name, folder, history)]
    for name in folders:
        fitted = fit([c for c in choices if c[0] != name])
        mine = [c for c in choices if c[0] == name]
        right = sum(max(ties, key=lambda tie: score(tie[1], fitted))[0] for _, ties in mine)
        sure = [ties for _, ties in mine if _top(ties, fitted)[0] > 0.9]
        held = sum(_top(ties, fitted)[1] for ties in sure)
        sys.stdout.write(f"{name}: {right} of {len(mine)}; of {len(sure)} above 0.9, {held}\n")
    found = {name: round(w, 3) for name, w in fit(choices).items()}
    about = {
        "fitted_on": f"{len(choices)} annotated claims of {len(folders)} sets of articles",
        "by": "tools/fit_bonds.py",
    }
    text = json.dumps({"about": about, "weights": found}, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


def _choices(name: str, folder: Path, history: History) -> Iterator[Choice]:
    for text, gold in annotated(folder):
        if ".twin." in text.name:
            continue
        parsed = sentences_of(read(text.read_bytes(), name=text.name), history)
        for said in gold:
            if said["claim_type"] not in PERSONAL:
                continue
            for its in parsed:
                sentence = its.clauses[0].sentence.text
                if same_sentence(sentence, said["sentence"]) and (ties := _ties(said, its)):
                    yield name, ties


def _ties(said: dict[str, Any], parsed: Parsed) -> list[tuple[bool, Tie]]:
    """Candidates for an annotated claim; empty where its words do not stand there just once."""
    told = [p for p in parsed.pieces if _tells(p, said)]
    if len(told) != 1:
        return []
    ties = ties_of(told[0], parsed)
    right = [is_called(who, said["subject"]) for who, _ in ties]
    if not any(right):
        right[-1] = True
    return [(yes, tie) for yes, (_, tie) in zip(right, ties, strict=True)]


def _tells(piece: Piece, said: dict[str, Any]) -> bool:
    value = said["value"]
    by = TOLD_BY.get((said["claim_type"], value)) if isinstance(value, int) else None
    if piece.kind in FIGURES and piece.n is not None and not isinstance(value, bool):
        return isinstance(value, int | float) and abs(piece.n - value) < 1e-6
    return bool(by) and piece.has(*by)


def fit(choices: Sequence[Choice]) -> dict[str, float]:
    """Weights that make the right candidates likeliest, by Newton's method with a ridge."""
    names = sorted({name for _, ties in choices for _, tie in ties for name in tie})
    tables = [
        np.array([[tie.get(n, 0.0) for n in names] for _, tie in ties]) for _, ties in choices
    ]
    rights = [np.array([right for right, _ in ties]) for _, ties in choices]
    w = np.zeros(len(names))
    for _ in range(STEPS):
        gradient, hessian = -RIDGE * w, RIDGE * np.eye(len(names))
        for table, right in zip(tables, rights, strict=True):
            p = _softmax(table @ w)
            wanted = np.where(right, p, 0.0)
            wanted /= wanted.sum()
            gradient += table.T @ (wanted - p)
            mean = p @ table
            hessian += (table * p[:, None]).T @ table - np.outer(mean, mean)
        step = np.linalg.solve(hessian, gradient)
        w += step
        if np.abs(step).max() < 1e-4:
            break
    return {name: float(each) for name, each in zip(names, w, strict=True)}


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def score(tie: Tie, fitted: dict[str, float]) -> float:
    """Score of a candidate."""
    return sum(fitted.get(name, 0.0) * x for name, x in tie.items())


def _top(ties: list[tuple[bool, Tie]], fitted: dict[str, float]) -> tuple[float, bool]:
    chances = _softmax(np.array([score(tie, fitted) for _, tie in ties]))
    best = int(chances.argmax())
    return float(chances[best]), ties[best][0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
