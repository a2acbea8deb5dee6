"""Draw the pictures of docs/gallery.md from the races in the package.

    python tools/draw_gallery.py

Each is what its command writes, reduced to 128 colours so that all of them weigh little.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

import racecraft as rc
from racecraft.cli.main import main as racecraft
from racecraft.show.clip.frames import frames
from racecraft.show.clip.reel import reel
from racecraft.sim.lapwise.world import Keep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

DOCS = Path(__file__).parents[1] / "docs"
PICTURE = re.compile(r"^racecraft ([^\n]+ --plot|card [^\n]+ -o) (\S+\.png)$", re.MULTILINE)
COLOURS = 128


def main() -> None:
    """Run every command of the page that draws, and keep what it drew."""
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    (DOCS / "gallery").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for words, name in PICTURE.findall(page):
            drawn = Path(folder) / name
            sys.argv = ["racecraft", *shlex.split(words), str(drawn)]
            try:
                status: object = racecraft()
            except SystemExit as ended:
                status = ended.code
            if status:
                raise SystemExit(f"racecraft {words} {name}: status {status}")
            _keep(drawn)
        _keep(_frame(Path(folder)))
        for name, figure in _by_function():
            drawn = Path(folder) / name
            rc.plot.save(figure, drawn)
            _keep(drawn)


def _by_function() -> Iterator[tuple[str, Figure]]:
    """Pictures of the page that no verb draws."""
    yield "track.png", rc.plot.track_map(rc.load_race(2023, "São Paulo"))
    race = rc.load_race(2023, "Mexico City")
    runs = rc.simulate(race, from_lap=36, runs=2000, seed=1, keep=Keep(times=True))
    yield "fan.png", rc.plot.gap_fan(runs)


def _frame(folder: Path) -> Path:
    """A frame of the clip of the page, a little before its middle."""
    race = rc.load_race(2023, "São Paulo")
    shown = reel(race, rc.battle(race, drivers=("PER", "ALO")))
    wanted = len(shown.time_s) * 2 // 5
    next(islice(frames(shown), wanted, None)).save(folder / "frame.png")
    return folder / "frame.png"


def _keep(drawn: Path) -> None:
    picture = Image.open(drawn).convert("RGB").quantize(COLOURS)
    picture.save(DOCS / "gallery" / drawn.name, optimize=True)


if __name__ == "__main__":
    main()
