"""Frames of a clip, drawn one by one: the track, two cars on it, and the interval so far."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.errors import ArgumentError
from racecraft.show.clip.reel import OUTLINE, RING
from racecraft.show.palette import ON_DARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from PIL.Image import Image

    from racecraft.show.clip.reel import Reel

SIZE = 720  # pixels: a square
PAPER, PALE, SOFT, ROAD = "#10151c", "#f2f2f2", "#9aa4b2", "#4a5462"
COLOURS = (ON_DARK[0], ON_DARK[1])
MAP = (40, 100, 680, 520)  # left, top, right and bottom of the track
STRIP = (40, 600, 680, 690)  # and of the interval
TRAIL = 8  # frames that a car's trail is long
SHARPER = 3  # what stays is drawn so much larger, and made smaller, so that it is smooth
DOT = 10  # pixels: half of a car


@dataclass(frozen=True, eq=False)
class _Pens:
    """Letters in the sizes of a clip, and the dots of the two cars."""

    small: Any
    usual: Any
    large: Any
    dots: tuple[Image, Image]


def frames(reel: Reel, numbers: Iterable[int] | None = None) -> Iterator[Image]:
    """Frames of a clip, 720 pixels square: those of some numbers, or all.

    Raises
    ------
    ArgumentError
        Pillow or Matplotlib, whose letters are used, is not installed.
    """
    try:
        from matplotlib import get_data_path
        from PIL import ImageFont
    except ImportError as error:
        raise ArgumentError(
            "what draws clips is not installed", hint="pip install 'racecraft[clip]'"
        ) from error
    letters = Path(get_data_path()) / "fonts" / "ttf"
    plain, bold = str(letters / "DejaVuSans.ttf"), str(letters / "DejaVuSans-Bold.ttf")
    pens = _Pens(
        ImageFont.truetype(plain, 17),
        ImageFont.truetype(bold, 24),
        ImageFont.truetype(bold, 46),
        (_dot(COLOURS[0]), _dot(COLOURS[1])),
    )
    to_map = _scale(reel)
    ground = _ground(reel, pens, to_map)
    places = np.stack([to_map(reel.places[:, car]) for car in (0, 1)], axis=1)
    for frame in range(len(reel.time_s)) if numbers is None else numbers:
        picture = ground.copy()
        _moment(picture, reel, pens, places, frame)
        yield picture


def _scale(reel: Reel) -> Any:
    """From the frame of the positions to pixels, the track as large as its room."""
    left, top, right, bottom = MAP
    low, high = reel.outline.min(axis=0), reel.outline.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    scale = min((right - left) / span[0], (bottom - top) / span[1])
    middle = (low + high) / 2
    at = np.array([(left + right) / 2, (top + bottom) / 2])

    def to_map(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(at + (points - middle) * scale * np.array([1, -1]))

    return to_map


def _ground(reel: Reel, pens: _Pens, to_map: Any) -> Image:
    """What does not change: the track, its lines, and the words."""
    from PIL import Image, ImageDraw

    large = Image.new("RGB", (SIZE * SHARPER, SIZE * SHARPER), PAPER)
    pen = ImageDraw.Draw(large)
    around = [tuple(point) for point in to_map(reel.outline) * SHARPER]
    if _is_closed(reel):
        around.append(around[0])
    pen.line(around, fill=ROAD, width=9 * SHARPER, joint="curve")
    size = 5 * SHARPER
    for x, y in to_map(reel.lines) * SHARPER:
        pen.ellipse((x - size, y - size, x + size, y + size), fill=PAPER, outline=SOFT, width=4)
    picture = large.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(picture)
    pen.text((40, 26), reel.title, fill=SOFT, font=pens.small)
    where = {
        OUTLINE: "; no positions: cars and timing lines along the outline by time",
        RING: "; no positions: the lap as a ring, dots are timing lines",
    }.get(reel.basis, "")
    words = f"{reel.speed:g} times the speed{where}  ·  racecraft"
    pen.text((40, 697), words, fill=SOFT, font=pens.small.font_variant(size=13))
    return picture


def _dot(colour: str) -> Image:
    """A car: a dot with a pale rim, on nothing."""
    from PIL import Image, ImageDraw

    large = Image.new("RGBA", (2 * DOT * SHARPER, 2 * DOT * SHARPER), (0, 0, 0, 0))
    box = (SHARPER, SHARPER, (2 * DOT - 1) * SHARPER, (2 * DOT - 1) * SHARPER)
    ImageDraw.Draw(large).ellipse(box, fill=colour, outline=PALE, width=2 * SHARPER)
    return large.resize((2 * DOT, 2 * DOT), Image.Resampling.LANCZOS)


def _is_closed(reel: Reel) -> bool:
    steps = np.hypot(*np.diff(reel.outline, axis=0).T)
    return bool(np.hypot(*(reel.outline[0] - reel.outline[-1])) < 8 * np.median(steps) + 1e-9)


def _moment(
    picture: Image, reel: Reel, pens: _Pens, places: NDArray[np.float64], frame: int
) -> None:
    """What changes: cars with their trails, lap, interval, and the strip of it."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    ahead = 0 if reel.interval_s[frame] >= 0 else 1
    for car in (1 - ahead, ahead):
        trail = [tuple(point) for point in places[max(frame - TRAIL, 0) : frame + 1, car]]
        if len(trail) > 1:
            pen.line(trail, fill=COLOURS[car], width=4, joint="curve")
        left, top = (round(float(value)) - DOT for value in places[frame, car])
        picture.paste(pens.dots[car], (left, top), pens.dots[car])
    pen.text((40, 50), f"Lap {reel.lap[frame]}", fill=PALE, font=pens.usual)
    gap = f"{abs(reel.interval_s[frame]):.2f} s"
    pen.text((680, 24), gap, fill=PALE, font=pens.large, anchor="ra")
    x = 40.0
    for words, colour, font, y in (
        (reel.names[ahead], COLOURS[ahead], pens.usual, 552),
        ("ahead of", SOFT, pens.small, 558),
        (reel.names[1 - ahead], COLOURS[1 - ahead], pens.usual, 552),
    ):
        pen.text((x, y), words, fill=colour, font=font)
        x += pen.textlength(words, font=font) + 12
    _strip(pen, reel, frame)


def _strip(pen: Any, reel: Reel, frame: int) -> None:
    """The interval so far: above the middle the first is ahead, below it the second."""
    left, top, right, bottom = STRIP
    most = max(float(np.nanmax(np.abs(reel.interval_s))), 0.1)
    middle = (top + bottom) / 2
    xs = left + (right - left) * np.arange(frame + 1) / max(len(reel.time_s) - 1, 1)
    ys = middle - reel.interval_s[: frame + 1] / most * (bottom - top) / 2
    for car, side in ((0, np.minimum(ys, middle)), (1, np.maximum(ys, middle))):
        if len(xs) > 1:
            area = [*zip(xs, side, strict=True), (xs[-1], middle), (xs[0], middle)]
            pen.polygon([tuple(point) for point in area], fill=COLOURS[car])
    pen.line((left, middle, right, middle), fill=SOFT, width=1)
