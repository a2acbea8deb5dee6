"""How cars are shown: by code, name, and a colour that is legible on a light and a dark page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.analysis.order.drivers import crews
from racecraft.show.palette import colours_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from racecraft.model.race import Race

LIGHT, DARK = "#fcfbf8", "#14161a"  # the ground of a page, as in app.css
CONTRAST = 3.0  # WCAG 2.2, success criterion 1.4.11: graphics against what they lie on
STEPS = 20  # from a colour to white, or to black


def cars_of(race: Race) -> list[dict[str, Any]]:
    """Cars of a race in the order of its entries, as pages and their scripts know them.

    Each has `car`, `name`, `team`, `number`, `class`, `colour` (on light, on dark), and `second`:
    the second car of its team, which is drawn dashed.
    """
    entries = race.entries
    colours = colours_of(entries["car"].to_list(), entries, teams=True)
    crew = crews(race)
    seen: set[str] = set()
    cars = []
    for row in entries.iter_rows(named=True):
        team = row["team"] or ""
        key = f"{team} {colours[row['car']]}"
        cars.append(
            {
                "car": row["car"],
                "name": row["family_name"] or crew.get(row["car"]) or row["car"],
                "team": team,
                "number": row["number"],
                "class": row["class"],
                "colour": legible(colours[row["car"]]),
                "second": key in seen,
            }
        )
        seen.add(key)
    return cars


def colours(cars: Iterable[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Colour of each car, on light and on dark."""
    return {one["car"]: one["colour"] for one in cars}


def coloured(names: list[str], teams: dict[str, str], entries: pl.DataFrame) -> dict[str, Any]:
    """Colour of drivers of a season, by the teams they drove for."""
    del teams
    return {name: legible(shade) for name, shade in colours_of(names, entries, teams=True).items()}


def legible(colour: str) -> tuple[str, str]:
    """The same hue, dark enough on a light page, and light enough on a dark one.

    >>> legible("#0072B2")[0]
    '#0072b2'
    >>> legible("#000000")[1] != "#000000"
    True
    """
    return _towards(colour, LIGHT, 0), _towards(colour, DARK, 255)


def _towards(colour: str, ground: str, end: int) -> str:
    rgb = _parts(colour)
    for step in range(STEPS + 1):
        mixed = tuple(round(part + (end - part) * step / STEPS) for part in rgb)
        if _contrast(mixed, _parts(ground)) >= CONTRAST:
            break
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: tuple[int, ...]) -> float:
    linear = [
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
