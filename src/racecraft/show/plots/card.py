"""Share cards: a battle, or a moment of a race, as a picture for a post."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from racecraft.analysis.order.timing import timing
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.show.charts.battle import battle_chart
from racecraft.show.charts.shapes import race_name
from racecraft.show.charts.win_probability import win_chart
from racecraft.show.palette import ON_DARK
from racecraft.show.plots.canvas import drawing, whole_laps
from racecraft.sim.moments.words import in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from racecraft.analysis.fights.battle import Battle
    from racecraft.model.race import Race
    from racecraft.show.charts.battle import BattleChart
    from racecraft.show.charts.win_probability import WinChart

Shape = Literal["wide", "tall"]
SIZES: dict[Shape, tuple[int, int]] = {"wide": (1200, 630), "tall": (1080, 1350)}  # pixels
DPI = 100
PAPER, PALE, SOFT = "#10151c", "#f2f2f2", "#9aa4b2"
SAME = 0.015  # a swing and what a curve shows of it
TOGETHER = re.compile(r"(?<=\d) (?=(?:s|laps?|points?)\b)|(?<=[Ll]ap|urn) (?=\d)")
BAND_DARK = {"SC": "#4d4018", "VSC": "#383219", "red": "#512820"}


@dataclass(frozen=True)
class Layout:
    """Where things stand, in shares of the card: words, their widths in letters, and the chart."""

    left: float
    top: float
    headline: tuple[int, int]  # letters in a line, and their size
    body: tuple[int, int]
    facts_y: float
    chart: tuple[float, float, float, float]  # left, bottom, width, height


LAYOUTS: dict[Shape, Layout] = {
    "wide": Layout(0.045, 0.91, (15, 40), (35, 16), 0.2, (0.52, 0.15, 0.44, 0.7)),
    "tall": Layout(0.065, 0.945, (20, 50), (50, 22), 0.115, (0.1, 0.225, 0.84, 0.36)),
}


def battle_card(race: Race, battle: Battle, shape: Shape = "wide") -> Figure:
    """Card of a battle: who, what happened, and the interval line by line.

    Raises
    ------
    NotEnoughDataError
        The two were never close for long enough.
    ArgumentError
        Matplotlib is not installed.
    """
    chart = battle_chart(race, battle)
    row = battle.row
    fought = row["start_lap"] is not None
    facts = []
    if fought:
        laps, swaps = battle.lines["lap"].n_unique(), battle.swap_list.height
        facts = [(str(laps), "laps" if laps != 1 else "lap")]
        facts += [(str(swaps), "swaps" if swaps != 1 else "swap")]
    if chart.at[-1] >= timing(race).laps:
        facts.append((f"{abs(chart.behind[-1]):.3f}", "seconds at the flag"))
    else:
        facts.append((f"{min(map(abs, chart.behind)):.3f}", "closest, seconds"))
    names = [chart.names[chart.first], chart.names[chart.second]]
    return _card(
        shape, chart.title, f"{names[0]} v {names[1]}",
        battle.story if fought else _last_met(battle.story), facts,
        lambda axes: _interval(axes, chart),
    )  # fmt: skip


def moment_card(
    race: Race,
    chances: pl.DataFrame,
    moments: pl.DataFrame,
    *,
    rank: int = 1,
    shape: Shape = "wide",
) -> Figure:
    """Card of a moment: what happened, and the chances to win around it.

    Parameters
    ----------
    race, chances, moments
        As in `racecraft.plot.win_probability`.
    rank
        Which moment; 1 is what changed most.

    Raises
    ------
    NotFoundError
        The race has no moment of that rank.
    ArgumentError
        Matplotlib is not installed.
    """
    found = moments.filter(pl.col("rank") == rank).to_dicts()
    if not found:
        raise NotFoundError(
            f"{race_name(race)} has no moment {rank}",
            hint=f"it has {moments.height}" if moments.height else "nothing changed anything in it",
        )
    row = found[0]
    chart = win_chart(race, chances, moments)
    lap = int(row["lap"])
    facts = [(f"{lap}", f"lap, of {chart.laps}")]
    swing = row["win_swing"]
    if abs(swing) >= 0.01:
        whose = next((mark.car for mark in chart.marks if mark.lap == lap), "")
        name = next((trace.name for trace in chart.traces if trace.car == whose), "")
        told = f"{name}'s chance to win" if name else "chance to win"
        facts.append((_swing(chart, whose, lap, swing), told))
    elif row["points_swing"]:
        facts.append((f"{row['points_swing']:+.1f}", "points to be expected"))
    return _card(
        shape, chart.title, _headline(row), in_words(row["facts"], chances=False), facts,
        lambda axes: _chances(axes, chart, lap),
    )  # fmt: skip


def save_card(figure: Figure, path: Any) -> None:
    """Write a card to a file, in its size.

    Raises
    ------
    ArgumentError
        The file cannot be written, or the ending is not one of a picture.
    """
    hint = "end it in .png"
    if path.suffix.lower() != ".png":
        raise ArgumentError(f"{path} cannot be written: a card is a PNG", hint=hint)
    try:
        figure.savefig(path, dpi=DPI, facecolor=PAPER)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}", hint=hint) from error


def _swing(chart: WinChart, car: str, lap: int, swing: float) -> str:
    """From what to what a chance went on a lap; of what the curve does not show, by how much."""
    points = next((zip(t.x, t.y, strict=True) for t in chart.traces if t.car == car), ())
    at = dict(points)
    before, after = at.get(lap - 1), at.get(lap)
    if before is None or after is None or abs(after - before - swing) > SAME:
        return f"{swing * 100:+.0f} points"
    return f"{before * 100:.0f} to {after * 100:.0f} %"


def _last_met(story: str) -> str:
    """The last of several meetings, as a sentence."""
    last = story.rpartition("; ")[2].rpartition(": ")[2]
    return f"{last[:1].upper()}{last[1:]}"


def _headline(row: dict[str, Any]) -> str:
    told = str(row["kind"])
    return told[0].upper() + told[1:]


def _card(
    shape: Shape,
    kicker: str,
    headline: str,
    body: str,
    facts: list[tuple[str, str]],
    draw: Any,
) -> Figure:
    """Words at the left or above, facts in large numbers, the chart beside or below them."""
    if shape not in SIZES:
        raise ArgumentError(f"no shape {shape!r}", hint=f"one of {', '.join(SIZES)}")
    width, height = SIZES[shape]
    place = LAYOUTS[shape]
    with drawing(None, (width / DPI, height / DPI)) as axes:
        figure: Figure = axes.figure
        figure.set_layout_engine("none")
        figure.set_facecolor(PAPER)
        y = place.top
        figure.text(place.left, y, kicker.upper(), fontsize=place.body[1] * 0.8, color=SOFT,
                    va="top")  # fmt: skip
        y -= place.body[1] * 1.9 / 72 * DPI / height
        letters, size = place.headline
        lines = textwrap.wrap(headline, letters)
        size = min(size, int(size * letters / max(max(map(len, lines)), 1)))
        figure.text(place.left, y, "\n".join(lines), fontsize=size, fontweight="bold", color=PALE,
                    va="top", linespacing=1.12)  # fmt: skip
        y -= (len(lines) * size * 1.25 + 14) / 72 * DPI / height
        letters, size = place.body
        room = int((y - place.facts_y - 0.1) * height / DPI * 72 / (size * 1.45))
        lines = _fitting(body, letters, room)
        figure.text(place.left, y, "\n".join(lines), fontsize=size, color=PALE, va="top",
                    linespacing=1.4)  # fmt: skip
        _facts(figure, place, facts, shape)
        figure.text(1 - place.left, 0.035, "racecraft", fontsize=place.body[1] * 0.8, color=SOFT,
                    ha="right", fontweight="bold")  # fmt: skip
        left, bottom, wide, high = place.chart
        if shape == "tall":  # what the words leave free is for the chart
            under = y - (len(lines) * size * 1.4 + 60) / 72 * DPI / height
            high = max(high, under - bottom)
        axes.set_position((left, bottom, wide, high))
        axes.set_facecolor(PAPER)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(SOFT)
        axes.tick_params(colors=SOFT, labelcolor=SOFT, labelsize=place.body[1] * 0.72)
        axes.grid(axis="y", color="#262d37")
        draw(axes)
        axes.xaxis.label.set_color(SOFT)
        axes.xaxis.label.set_fontsize(place.body[1] * 0.72)
    return figure


def _fitting(body: str, letters: int, room: int) -> list[str]:
    """Lines of a text, whole sentences as far as there is room."""
    body = TOGETHER.sub("\N{NO-BREAK SPACE}", body)  # no line ends between a number and its unit
    sentences = body.replace("; ", ". ").split(". ")
    for count in range(len(sentences), 0, -1):
        some = ". ".join(sentences[:count]).rstrip(".") + "."
        lines = textwrap.wrap(some, letters)
        if len(lines) <= max(room, 2):
            return lines
    kept = lines[: max(room, 2)]
    return [*kept[:-1], f"{kept[-1][: letters - 2].rstrip()} …"]


def _facts(figure: Figure, place: Layout, facts: list[tuple[str, str]], shape: Shape) -> None:
    """Numbers in large letters, what each is below it."""
    step = (0.45 if shape == "wide" else 0.86) / max(len(facts), 3)
    for i, (value, words) in enumerate(facts):
        x = place.left + i * step
        figure.text(x, place.facts_y, value, fontsize=place.body[1] * 1.75, fontweight="bold",
                    color=ON_DARK[5], va="bottom")  # fmt: skip
        figure.text(x, place.facts_y - 0.012, words, fontsize=place.body[1] * 0.78, color=SOFT,
                    va="top")  # fmt: skip


def _interval(axes: Any, chart: BattleChart) -> None:
    """The interval of a battle."""
    low, high = min(0.0, *chart.behind), max(0.0, *chart.behind)
    room = 0.16 * (high - low) or 0.1
    axes.set_xlim(chart.at[0], chart.at[-1])
    axes.set_ylim(low - room, high + room)
    for sign, car, tone in ((1, chart.first, ON_DARK[0]), (-1, chart.second, ON_DARK[1])):
        axes.fill_between(chart.at, 0, chart.behind, where=[sign * s >= 0 for s in chart.behind],
                          color=tone, alpha=0.4, interpolate=True, linewidth=0)  # fmt: skip
        if any(sign * s > 0 for s in chart.behind):
            axes.annotate(
                f"{chart.names[car]} ahead", (0.02, 0.97 if sign > 0 else 0.03),
                xycoords="axes fraction", color=tone, fontweight="bold", fontsize=15,
                va="top" if sign > 0 else "bottom",
            )  # fmt: skip
    axes.plot(chart.at, chart.behind, color=PALE, linewidth=1.8)
    axes.axhline(0, color=SOFT, linewidth=1)
    for swap in chart.swaps:
        tone = ON_DARK[0] if swap.car == chart.first else ON_DARK[1]
        axes.axvline(swap.x, color=tone, linestyle="--", linewidth=1.6)
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.1f} s")
    whole_laps(axes, "interval, by laps done")


def _chances(axes: Any, chart: WinChart, lap: int) -> None:
    """The chances to win, the moment as a ring."""
    end = max(trace.x[-1] for trace in chart.traces)
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1)
    for band in chart.bands:
        axes.axvspan(band.first, band.last, color=BAND_DARK[band.state], linewidth=0)
    for trace in reversed(chart.traces):
        tone = SOFT if trace.colour is None else ON_DARK[trace.colour]
        axes.plot(trace.x, trace.y, color=tone, linewidth=3 if trace.colour is not None else 1.3,
                  linestyle="-" if trace.colour is not None else ":", clip_on=False,
                  label=trace.name)  # fmt: skip
    for mark in chart.marks:
        if mark.lap == lap:
            axes.plot(mark.x, mark.y, "o", markersize=17, markerfacecolor="none",
                      markeredgecolor=PALE, markeredgewidth=3, clip_on=False, zorder=9)  # fmt: skip
    handles, names = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], names[::-1], loc="lower left", bbox_to_anchor=(-0.02, 1.0),
                ncols=min(len(names), 4), labelcolor=PALE, fontsize=13, handlelength=1.0,
                columnspacing=0.9)  # fmt: skip
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    whole_laps(axes, "chance to win, by laps done")
