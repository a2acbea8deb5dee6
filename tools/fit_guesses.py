"""Fit what a piece of a sentence tells, by what stands around it: the guesses of the reader.

    python tools/fit_guesses.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/, articles_more/ and
sentence_pairs.json. Every annotated claim is tied to the piece of its sentence that tells it: the
figure that is its value, or else a verb or noun that can tell such a thing. All pieces of all
annotated texts are examples, those of ``tests/press/training`` among them; twins are not. Printed
is how each type does on sets left out. The weights go to src/racecraft/press/reading/guesses.json,
those without the sets of a fold to benchmarks/press_folds.json: by these the sets are read wherever
something is fitted or measured on them.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_rows import history_of, same_subject  # noqa: E402
from press_sentences import Text, is_called, texts_of  # noqa: E402

from racecraft.press.lexicon.concepts import Concept, Kind  # noqa: E402
from racecraft.press.reading.bonds import chances_of  # noqa: E402
from racecraft.press.reading.cues import cues_of  # noqa: E402
from racecraft.press.reading.guesses import BY_FIGURE, CAUSES, is_team, is_telling  # noqa: E402
from racecraft.press.reading.rivals import PAIRED, cues_of_pair, pairs_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.pieces import Piece

LEFT_OUT = ROOT / "benchmarks/press_folds.json"
TARGET = ROOT / "src/racecraft/press/reading/guesses.json"
# Words that can tell a claim without a figure of its own.
TOLD_BY = {
    "finish_position": (
        Concept.WIN, Concept.VICTORY, Concept.WINNER, Concept.WON_BY, Concept.BEAT, Concept.PODIUM,
        Concept.COMPLETE_PODIUM, Concept.TOP, Concept.AT_THE_FLAG,
    ),
    "grid_position": (Concept.POLE, Concept.POLESITTER),
    "standings_position": (Concept.LEADS, Concept.LEADER, Concept.CHAMPION, Concept.CLINCH),
    "grid_row": (Concept.FRONT_ROW,),
    "podium": (Concept.PODIUM,),
    "fastest_lap": (Concept.FASTEST_LAP,),
    "retirement": (Concept.RETIRE, Concept.IS_OVER, *CAUSES),
    "retirement_reason": CAUSES,
    "relative_order": (
        Concept.AHEAD, Concept.BEHIND, Concept.BEAT, Concept.BEFORE,
        Concept.AFTER, Concept.FOLLOW, Concept.FOLLOWED_BY, Concept.PASS,
    ),
    "title_math": (Concept.CHAMPION, Concept.CLINCH, Concept.TITLE, Concept.CHAMPIONSHIP),
}  # fmt: skip
OF_A_YEAR = {"first_since": "since", "titles": "year", "debut_season": "year"}
# Values by the name that the reader has for them.
NAMED = {"retirement_reason": "cause", "relative_order": "ahead"}
MOST_TOLD = 3  # the highest place that a word tells without a figure
SEEN, EXAMPLES = 3, 15  # pieces that have a cue, and that tell a type, for either to get a weight
STRENGTH = 0.5
PAIR = "pair"
FOLDS = (
    ("fresh", "second", "fifth", "ninth", "thirteenth"),
    ("more", "third", "sixth", "tenth", "eleventh"),
    ("ours", "fourth", "seventh", "twelfth"), ("public", "pairs", "eighth", "fourteenth"),
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A piece: its set, what stands around it, what it tells."""

    set: str
    cues: frozenset[str]
    tells: frozenset[str]
    sort: str = ""


def main(data: Path) -> None:
    """Fit on everything, and without each fold; say how that does on it, and write the weights."""
    texts = list(texts_of(data, history_of(data)))
    found = [e for text in texts for e in examples_of(text)]
    pairs = [e for text in texts for e in pairs_in(text)]
    kept = []
    for fold in FOLDS:
        by = [fit([e for e in each if e.set not in fold]) for each in (found, pairs)]
        kept.append({"without": fold, **packed(*by)})
        report(by[0] | by[1], [e for e in (*found, *pairs) if e.set in fold])
    LEFT_OUT.write_text(json.dumps(kept, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    about = {
        "fitted_on": f"{len(found)} pieces of annotated texts, "
        f"{sum(len(e.tells) for e in found)} of which tell a claim",
        "by": "tools/fit_guesses.py",
    }
    weights = {"about": about, **packed(fit(found), fit(pairs))}
    text = json.dumps(weights, separators=(",", ":"), sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


def examples_of(text: Text) -> Iterator[Example]:
    """All pieces of a text that can tell something, with the types that they do tell."""
    told: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for claim in text.gold:
        if at := place_of(claim, text):
            told[at[:2]].add(at[2])
    for n, parsed in enumerate(text.sentences):
        for i, piece in enumerate(parsed.pieces):
            if is_telling(piece):
                yield Example(text.set, cues_of(i, parsed), frozenset(told[n, i]), sort_of(piece))


def sort_of(piece: Piece) -> str:
    """What sort of piece it is: each label is learned from the sorts that tell it."""
    if piece.n is not None or piece.kind == "lap":
        return "figure"
    return piece.kind if piece.kind in ("year", "who") else "word"


def pairs_in(text: Text) -> Iterator[Example]:
    """Everybody who may be ahead of whom by an annotated gap, and the two who are."""
    for claim in text.gold:
        at = place_of(claim, text) if claim["claim_type"] in PAIRED else None
        if at is None or " over " not in claim["subject"]:
            continue
        parsed = text.sentences[at[0]]
        piece = parsed.pieces[at[1]]
        ahead, behind = claim["subject"].replace("-", " ").split(" over ")
        pairs = pairs_of(piece, parsed)
        fits = [(is_called(a, ahead), is_called(b, behind)) for a, b in pairs]
        both = any(all(fit) for fit in fits)
        for (a, b), fit in zip(pairs, fits, strict=True):
            right = all(fit) or (not both and ((a is None and fit[1]) or (b is None and fit[0])))
            yield Example(text.set, cues_of_pair((a, b), piece, parsed), frozenset([PAIR] * right))


def place_of(claim: dict[str, Any], text: Text) -> tuple[int, int, str] | None:
    """Sentence and piece that tell an annotated claim, and the label of it there."""
    best: tuple[float, int, int, str] | None = None
    for n, parsed in enumerate(text.sentences):
        where = text.where(claim, parsed)
        for i, piece in enumerate(parsed.pieces if where is not None else ()):
            label = label_of(claim, piece)
            near = _inside(piece, where) if label else 0.0
            if label is None or near < 0:
                continue
            score = near + _chance(claim["subject"], piece, parsed)
            if best is None or score > best[0]:
                best = score, n, i, label
    return best[1:] if best else None


def label_of(claim: dict[str, Any], piece: Piece) -> str | None:
    """What a piece would be labelled with if it told a claim; None if it cannot."""
    name, value = claim["claim_type"], claim["value"]
    number = number_of(value)
    if name == "first_since" and _is_maiden(value) and _is_first(piece):
        return "first_since=maiden"
    if name in OF_A_YEAR and piece.kind == "year":
        return f"{name}={OF_A_YEAR[name]}" if number == piece.value(Kind.YEAR) else None
    if name == "team":
        said = is_team(piece) and piece.slot and same_subject(piece.slot.value.name, str(value))
        return "team=team" if said else None
    if name in ("lap_of_event", "pit_stop") and piece.kind == "lap" and piece.n:
        told = "stop" if name == "pit_stop" else "lap"
        return f"{name}={told}" if str(int(piece.n)) in re.findall(r"\d+", str(value)) else None
    if piece.n is not None:
        told = name in BY_FIGURE and number is not None and abs(piece.n - number) < 1e-6
        return name if told and is_telling(piece) else None
    return _told_by_word(claim, piece) if is_telling(piece) else None


def _told_by_word(claim: dict[str, Any], piece: Piece) -> str | None:
    name, number = claim["claim_type"], number_of(claim["value"])
    if not piece.has(*TOLD_BY.get(name, ())):
        return None
    if name in NAMED:
        return f"{name}={NAMED[name]}"
    if name == "title_math":
        is_sure = str(claim["value"]).startswith(("clinched", "secured", "champion"))
        return f"{name}=secured" if is_sure else None
    if number is not None and claim["value"] is not True:
        return f"{name}={number:g}" if number <= MOST_TOLD else None
    return f"{name}=yes"


def number_of(value: object) -> float | None:
    """The figure of an annotated value: 3.8 of "3.8 seconds"; None of words."""
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else float(value)
    found = re.search(r"\d+(?:\.\d+)?", str(value))
    return float(found.group()) if found else None


def _is_maiden(value: object) -> bool:
    """Whether an annotation tells of a first of all: "maiden", "first win", but not "since"."""
    told = str(value).lower()
    return told == "maiden" or ("first" in told and not re.search("since|\\d|season", told))


def _is_first(piece: Piece) -> bool:
    return piece.n == 1 or (piece.n is None and piece.has(Concept.MAIDEN, Concept.FIRST))


def _inside(piece: Piece, span: tuple[int, int]) -> float:
    """How far a piece stands within the words of a claim; negative outside."""
    start, end = piece.marks[0].start, piece.marks[-1].end
    if start >= span[0] and end <= span[1]:
        return 2.0
    return 1.0 if start < span[1] and end > span[0] else -1.0


def _chance(subject: str, piece: Piece, parsed: Parsed) -> float:
    """How likely a piece is said of whom a claim is about."""
    return max(
        (
            chance for who, chance in chances_of(piece, parsed)
            if is_called(who, subject.replace("-", " ").split(" over ")[0])
        ),
        default=0.0,
    )  # fmt: skip


Fitted = dict[str, tuple[float, dict[str, float]]]


def fit(examples: Sequence[Example]) -> Fitted:
    """For each type, a logistic regression on the cues, with a penalty that leaves most out."""
    seen = Counter(cue for e in examples for cue in e.cues)
    rows = [{cue: 1 for cue in e.cues if seen[cue] >= SEEN} for e in examples]
    names = DictVectorizer().fit(rows)
    table = names.transform(rows)
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")
    labels = Counter(label for e in examples for label in e.tells)
    sorts = np.array([e.sort for e in examples])
    fitted = {}
    for label, times in labels.items():
        if times < EXAMPLES:
            continue
        told = np.array([label in e.tells for e in examples])
        rows_of = np.isin(sorts, np.unique(sorts[told]))
        by = LogisticRegression(
            C=STRENGTH, l1_ratio=1.0, solver="liblinear", max_iter=300, random_state=0
        )
        by.fit(table[rows_of], told[rows_of])
        kept = {n: float(w) for n, w in zip(names.feature_names_, by.coef_[0], strict=True) if w}
        fitted[label] = float(by.intercept_[0]), kept
    return fitted


def packed(fitted: Fitted, pairs: Fitted) -> dict[str, Any]:
    """Weights by cue, in hundredths."""
    start, ties = pairs[PAIR]
    of_pairs = {cue: round(100 * w) for cue, w in ties.items() if round(100 * w)}
    cues: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for label, (_, kept) in fitted.items():
        for cue, weight in kept.items():
            if hundredths := round(100 * weight):
                cues[cue][label] = hundredths
    return {
        "intercepts": {name: round(100 * w) for name, (w, _) in fitted.items()},
        "cues": cues,
        "pairs": {"intercept": round(100 * start), "cues": of_pairs},
    }


def report(fitted: Fitted, examples: Sequence[Example]) -> None:
    """How surely each type is told in texts that had no part in the weights."""
    for label, (start, kept) in sorted(fitted.items()):
        scored = [
            (start + sum(kept.get(c, 0.0) for c in e.cues), label in e.tells) for e in examples
        ]
        parts = [f"{sum(told for _, told in scored)} told"]
        for least in (-1.4, 0.0, 1.4):
            said = [told for score, told in scored if score >= least]
            parts.append(f"{sum(said)} of {len(said)} right")
        sys.stdout.write(f"{label:22} " + "; ".join(parts) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
