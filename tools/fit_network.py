"""Train the network of the reader: what figures, names and words of a sentence say of whom.

    python tools/fit_network.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/, articles_more/ and
sentence_pairs.json. Examples are all annotated texts, those of ``tests/press/training`` among them;
twins are not. Beside `network_training` it needs two hours on two cores; set
MALLOC_TRIM_THRESHOLD_ and MALLOC_MMAP_THRESHOLD_ to 4000000000, or it takes three. The network goes
to src/racecraft/press/reading/network.npz. Two more are trained without half of the sets each; what
those tell of the sets left out goes to benchmarks/press_left_out.parquet, by which the sets are
read wherever something is fitted or measured on them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from network_examples import labels_of, said_in

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_left_out import noted, write  # noqa: E402
from press_rows import annotated, history_of, sets_of  # noqa: E402
from press_sentences import OWN, texts_of  # noqa: E402

from racecraft.press.intake.article import read  # noqa: E402
from racecraft.press.reading.network import Network, loaded  # noqa: E402
from racecraft.press.reading.reader import read_document  # noqa: E402
from racecraft.press.reading.relations import Passage, signs_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from press_sentences import Text

    from racecraft.history.results import History
    from racecraft.press.intake.article import Article

TARGET = ROOT / "src/racecraft/press/reading/network.npz"
SEEN = 5  # pieces of which the lexicon must say something for the network to be told
HALVES = (
    ("fresh", "second", "fifth", "ninth", "thirteenth", "ours", "fourth", "seventh", "twelfth"),
    ("more", "third", "sixth", "tenth", "eleventh", "public", "pairs", "eighth", "fourteenth"),
)


def main(data: Path) -> None:
    """Train without each half of the sets, and read that half; then train on everything."""
    from network_training import KEPT_PIECES, Encoder, Example, trained
    from network_training import write as write_network

    history = history_of(data)
    texts = list(texts_of(data, history))
    rows: list[dict[str, Any]] = []
    for left in (*HALVES, ()):
        mine = [text for text in texts if text.set not in left]
        said = [said_in(text) for text in mine]
        encoder = Encoder()
        blank = encoder.blank(_signs(mine), labels_of(said))
        passages = [Passage(text.sentences, blank) for text in mine]
        examples = [
            Example(passage, window, of)
            for passage, of in zip(passages, said, strict=True) for window in passage.windows(0)
        ]  # fmt: skip
        sys.stdout.write(f"{len(examples)} windows, {len(blank.labels)} labels\n")
        layers = trained(encoder, examples, blank)
        kept = _pieces(blank, passages, KEPT_PIECES)
        with TemporaryDirectory() as folder:
            target = Path(folder) / "network.npz" if left else TARGET
            write_network(layers, blank, kept, target)
            if left:
                with target.open("rb") as file:
                    rows += read_by(loaded(file), data, left, history)
    write(rows)


def read_by(
    network: Network, data: Path, names: Container[str], history: History
) -> list[dict[str, Any]]:
    """What a network tells of every text of some sets, twins among them."""
    rows: list[dict[str, Any]] = []
    for name, article in documents(data):
        if name in names:
            with noted(name, network, rows):
                read_document(article, history.roster)
    return rows


def documents(data: Path) -> Iterator[tuple[str, Article]]:
    """All annotated articles and short cases with the name of their set, twins among them."""
    for name, folder in sets_of(data).items():
        for file, _ in annotated(folder):
            yield name, read(file.read_bytes(), name=file.name)
    cases = {"pairs": data / "sentence_pairs.json"}
    cases |= {f.stem.removeprefix("cases_"): f for f in sorted(OWN.glob("cases_*.json"))}
    for name, file in cases.items():
        for case in json.loads(file.read_text("utf-8")):
            text = f"date: {case['date']}\n\n{case['text']}\n"
            yield name, read(text, name=case["id"], lang=case["lang"])


def _signs(texts: Sequence[Text]) -> list[str]:
    """What the lexicon says often enough of the pieces of texts."""
    seen = Counter(
        sign for text in texts for parsed in text.sentences for piece in parsed.pieces
        for sign in signs_of(piece, parsed)
    )  # fmt: skip
    return sorted(sign for sign, times in seen.items() if times >= SEEN)


def _pieces(blank: Network, passages: Sequence[Passage], most: int) -> list[str]:
    """Word pieces that are kept: the most frequent, those of the texts, and single letters."""
    by_number = sorted(blank.pieces, key=blank.pieces.__getitem__)
    used = {n for passage in passages for cut in passage.cut for part in cut for n in part}
    used |= {*blank.people, *blank.teams, *range(most)}
    used |= {n for n, piece in enumerate(by_number) if len(piece.removeprefix("##")) == 1}
    return [by_number[n] for n in sorted(used) if not by_number[n].startswith("[unused")]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
