"""Colours: told apart by colour-blind eyes, or those of the teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

# Okabe and Ito, Color Universal Design (2008); yellow, which is faint on white, comes last.
SAFE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#F0E442")
# The same for letters, dark enough to be read on white: at least 4.5 to 1.
INKS = ("#0072B2", "#B34E00", "#00795A", "#A34C7E", "#20759F", "#8A6000", "#000000", "#6E6800")
# The same on a dark ground, for lines and letters.
ON_DARK = ("#5AB0EE", "#F58A3C", "#2CC295", "#E39CC6", "#9AD4F5", "#F2BC4A", "#F2F2F2", "#F5EC7A")
QUIET = "#8C8C8C"  # what is only there for comparison
FAINT = "#D0D0D0"  # lines of cars that nobody asks about
INK = "#1A1A1A"

COMPOUNDS = {
    "soft": SAFE[1], "medium": SAFE[5], "hard": "#4A4A4A", "intermediate": SAFE[2], "wet": SAFE[0],
    "unknown": QUIET,
}  # fmt: skip
BANDS = {"SC": "#FFE9A8", "VSC": "#FFF4D1", "red": "#F9CFC4"}  # laps under a flag

# By a word of the team's name; as the teams paint their cars, which is not always told apart.
TEAMS = {
    "red bull": "#1E3B8B", "mercedes": "#00A19B", "ferrari": "#DC0000", "mclaren": "#FF8000",
    "aston martin": "#006F62", "alpine": "#0090D0", "renault": "#FFC400", "williams": "#005AFF",
    "alphatauri": "#2B4562", "toro rosso": "#0032FF", "racing bulls": "#5A6FE8", "rb": "#5A6FE8",
    "alfa romeo": "#900000", "sauber": "#3FAE2A", "haas": "#787878", "force india": "#F596C8",
    "racing point": "#F596C8",
}  # fmt: skip


def colours_of(
    drivers: Sequence[str], entries: pl.DataFrame, *, teams: bool = False
) -> dict[str, str]:
    """Colour of each driver: the safe ones in turn, or those of the teams.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> colours_of(["VER", "HAM"], toy_race().entries)["HAM"]
    '#D55E00'
    >>> colours_of(["HAM"], toy_race().entries, teams=True)["HAM"]
    '#00A19B'
    """
    safe = {driver: SAFE[i % len(SAFE)] for i, driver in enumerate(drivers)}
    if not teams:
        return safe
    named = {driver: f" {fold(team or '')} " for driver, team in entries["car", "team"].rows()}
    return {
        driver: next(
            (colour for team, colour in TEAMS.items() if f" {team} " in named.get(driver, "")), own
        )
        for driver, own in safe.items()
    }
