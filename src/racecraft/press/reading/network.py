"""The network: a small encoder of sentences, and what it tells of two pieces of them.

Four layers of a transformer (Vaswani et al. 2017) that began as MiniLM (Wang et al. 2020), trained
further by ``tools/fit_network.py``. It sees the words of some sentences, where each name is
replaced by one that means nobody, and of every piece what the lexicon says of it: it knows no
driver, no team and no result. What it gives is how likely one piece says something of a kind about
whom another one means.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


LONGEST = 128  # word pieces that are read together
HEADS = 12  # of attention
EPSILON = 1e-12
FAR = 15  # steps by which distances between two pieces are told apart
NOBODY, NOTHING = 2 * (FAR + 1), 2 * (FAR + 1) + 1  # instead of a distance
AT_ONCE = 16  # windows
STEP = 3.0


@dataclass(frozen=True)
class Network:
    """Weights by name, and the names of what they are of.

    ``pieces`` are word pieces by number, ``signs`` what the lexicon may say of a piece, ``labels``
    what may be said; ``people`` and ``teams`` the word pieces that stand in for names.
    """

    weights: Mapping[str, Any]
    pieces: Mapping[str, int]
    signs: Mapping[str, int]
    labels: tuple[str, ...]
    people: tuple[int, ...]
    teams: tuple[int, ...]

    def hidden(
        self, rows: Sequence[Sequence[int]], signs: Sequence[Sequence[Sequence[int]]]
    ) -> Any:
        """States of word pieces, shape (rows, longest, size).

        Parameters
        ----------
        rows
            Word pieces of each window by number.
        signs
            For each of those what the lexicon says of the piece it is part of, by number.
        """
        w = self.weights
        longest = max(len(row) for row in rows)
        x = np.zeros((len(rows), longest, w["words"].shape[1]), np.float32)
        kept = np.zeros((len(rows), longest), bool)
        for n, row in enumerate(rows):
            kept[n, : len(row)] = True
            x[n, : len(row)] = w["words"][list(row)] * w["word scale"][list(row)][:, None]
            x[n, : len(row)] += w["positions"][: len(row)]
        x = _normed(x, w, "words")
        for n, said in enumerate(signs):
            for k, these in enumerate(said):
                if these:
                    x[n, k] += w["signs"][list(these)].sum(0)
        mask = np.where(kept, 0.0, -1e4).astype(np.float32)[:, None, None, :]
        for layer in range(w["layers"]):
            x = _layer(x, mask, w, layer)
        return x

    def chances(self, states: Any, whose: Any, by: Any, apart: Any) -> Any:
        """How likely a piece says each of the labels of somebody, shape (pairs, labels).

        Parameters
        ----------
        states
            One row for each piece, and a last one for no piece at all.
        whose, by
            For each pair the row of whom something is said, and of the piece that says it.
        apart
            How far from each other, as `distance` tells it.
        """
        w = self.weights
        who, told = states[whose], states[by]
        both = np.concatenate([
            _gelu(who @ w["we"] + told @ w["wp"] + w["we bias"] + w["wp bias"] + w["apart"][apart]),
            (who @ w["ue"] + w["ue bias"]) * (told @ w["up"] + w["up bias"]),
        ], axis=1)  # fmt: skip
        return 1.0 / (1.0 + np.exp(-np.clip(both @ w["out"] + w["out bias"], -30, 30)))


def distance(who: int | None, by: int | None) -> int:
    """A number for how far apart, and in which order, two word pieces stand."""
    if who is None:
        return NOBODY
    if by is None:
        return NOTHING
    steps = min(FAR, int(STEP * np.log2(1 + abs(by - who))))
    return (FAR + 1) * (by > who) + steps


def _layer(x: Any, mask: Any, w: Mapping[str, Any], layer: int) -> Any:
    """One layer: attention, then each piece alone."""
    rows, longest, size = x.shape

    def heads(name: str) -> Any:
        told = x @ w[f"{name} {layer}"] + w[f"{name} bias {layer}"]
        return told.reshape(rows, longest, HEADS, -1).transpose(0, 2, 1, 3)

    query, key, value = heads("query"), heads("key"), heads("value")
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(size // HEADS)) + mask
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    seen = (scores / scores.sum(-1, keepdims=True)) @ value
    seen = seen.transpose(0, 2, 1, 3).reshape(rows, longest, size)
    x = _normed(x + seen @ w[f"seen {layer}"] + w[f"seen bias {layer}"], w, f"seen {layer}")
    alone = _gelu(x @ w[f"wide {layer}"] + w[f"wide bias {layer}"])
    alone = alone @ w[f"narrow {layer}"] + w[f"narrow bias {layer}"]
    return _normed(x + alone, w, f"narrow {layer}")


def _normed(x: Any, w: Mapping[str, Any], name: str) -> Any:
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    return x * w[f"{name} norm"] + w[f"{name} norm bias"]


def _gelu(x: Any) -> Any:
    """Gaussian error linear unit by its usual approximation (Hendrycks & Gimpel 2016)."""
    return 0.5 * x * (1.0 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


@cache
def network() -> Network:
    """The network of the package."""
    with resources.files("racecraft.press.reading").joinpath("network.npz").open("rb") as file:
        return loaded(file)


def loaded(file: Any) -> Network:
    """A network from a file of ``tools/fit_network.py``: whole numbers with a scale a column."""
    with np.load(file) as kept:
        arrays = {name: kept[name] for name in kept.files}
    about = json.loads(arrays.pop("about").tobytes())
    weights: dict[str, Any] = {"layers": about["layers"]}
    for name, array in arrays.items():
        if name.endswith(" by"):
            continue
        scale = arrays.get(f"{name} by")
        plain = array.astype(np.float32) if array.dtype == np.float16 else array
        weights[name] = plain if scale is None else array * scale.astype(np.float32)
    return Network(
        weights=weights,
        pieces={piece: n for n, piece in enumerate(about["pieces"])},
        signs={sign: n for n, sign in enumerate(about["signs"])},
        labels=tuple(about["labels"]),
        people=tuple(about["people"]),
        teams=tuple(about["teams"]),
    )
