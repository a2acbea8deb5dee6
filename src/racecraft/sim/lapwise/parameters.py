"""The parameters of the simulator: what each is, how sure it is, and where it comes from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.errors import UnreadableError
from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 5  # of the file: what the figures mean, and which there are
SHIPPED = "parameters.json"
HERE = "racecraft.sim.lapwise"


class Figure(NamedTuple):
    """A parameter, its standard error, and the number of observations behind it."""

    value: float
    error: float
    observations: int


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Everything that was fitted.

    Attributes
    ----------
    figures
        By name; docs/definitions/simulation.md says what each one means.
    circuits
        By folded name of the circuit, figures that differ there.
    curves
        Quantiles and coefficients by name.
    events
        Stable name of an event: the circuit where it was last held.
    provenance
        Seasons, races, and what they came from.
    """

    figures: Mapping[str, Figure]
    circuits: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    curves: Mapping[str, list[float]] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str, circuit: str = "") -> float:
        """Value of a parameter, at a circuit where it is known there."""
        return self.figure(name, circuit).value

    def figure(self, name: str, circuit: str = "") -> Figure:
        """Parameter with its error, at a circuit where it is known there."""
        here = self.circuits.get(fold(circuit), {})
        return here.get(name) or self.figures[name]

    @property
    def mark(self) -> str:
        """Short name of exactly these parameters, for what is cached by them."""
        return _digest(self.plain)[:12]

    @property
    def plain(self) -> dict[str, Any]:
        """The parameters as JSON has them, without their digest."""
        return {
            "version": VERSION,
            "provenance": dict(self.provenance),
            "figures": {name: _rounded(one) for name, one in self.figures.items()},
            "circuits": {
                name: {key: _rounded(one) for key, one in here.items()}
                for name, here in self.circuits.items()
            },
            "curves": {
                name: [float(f"{value:.6g}") for value in values]
                for name, values in self.curves.items()
            },
            "events": dict(self.events),
        }

    def save(self, path: Path) -> None:
        """Write the parameters to a file, with a digest that tells a change by hand."""
        plain = self.plain
        text = json.dumps({"digest": _digest(plain), **plain}, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def read_parameters(path: Path) -> Parameters:
    """Parameters of a file that `Parameters.save` wrote.

    Raises
    ------
    UnreadableError
        The file cannot be read, is of another version, or was changed by hand.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"{path} cannot be read as parameters", hint="racecraft sim fit -o FILE writes one"
        ) from error
    return _parsed(text, str(path))


@cache
def shipped_parameters() -> Parameters:
    """Parameters that come with racecraft."""
    return _parsed((files(HERE) / SHIPPED).read_text(encoding="utf-8"), SHIPPED)


def _parsed(text: str, name: str) -> Parameters:
    hint = "racecraft sim fit -o FILE writes one that can"
    try:
        plain = json.loads(text)
        version = plain["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"{name} holds no parameters of the simulator", hint=hint) from error
    if version != VERSION:
        raise UnreadableError(
            f"{name} holds parameters of version {version}; this racecraft reads {VERSION}",
            hint=hint,
        )
    digest = plain.pop("digest", "")
    if digest != _digest(plain):
        raise UnreadableError(
            f"{name} was changed after it was fitted",
            hint="fit again, or change parameters in Python, where they are seen to be yours",
        )
    return Parameters(
        figures={key: Figure(*one) for key, one in plain["figures"].items()},
        circuits={
            key: {name: Figure(*one) for name, one in here.items()}
            for key, here in plain["circuits"].items()
        },
        curves=plain["curves"],
        events=plain["events"],
        provenance=plain["provenance"],
    )


def _digest(plain: Mapping[str, Any]) -> str:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(figure: Figure) -> list[float]:
    return [float(f"{figure.value:.6g}"), float(f"{figure.error:.3g}"), int(figure.observations)]
