"""Every page in a browser: complete, quiet, from this machine alone, accessible, and as it was."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe")

BASELINE = Path(__file__).parent / "baseline"
WRITE = bool(os.environ.get("RACECRAFT_WRITE_BASELINE"))
RACE = "/f1/2023/sao-paulo-grand-prix"
PAGES = {
    "seasons": "/",
    "season": "/f1/2023",
    "race": RACE,
    "replay": f"{RACE}/replay#t=4000",
    "battle": f"{RACE}/battle/PER/ALO",
    "title": "/f1/2023/title?who=PER&position=2&after=20",
    "simulate": f"{RACE}/simulate",
    "check": "/check",
    "live": "/live",
    "result": "/f1/1988/monaco-grand-prix",
    "missing": "/f1/2023/nowhere",
}
VIEWS = {"wide": (1600, 900, "light", 8), "narrow": (360, 740, "dark", 4)}
RESULT_FITS = """[...document.querySelectorAll('.scroll')].every(
  (one) => !one.querySelector('table.result') || one.scrollWidth <= one.clientWidth + 1)"""
LEAST_ALIKE = 0.93  # correlation of two pictures; fonts of another machine leave 0.97
MOST_APART = 9.0  # of 255, in the mean
SERIOUS = ("serious", "critical")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page(look: Callable[..., Any], name: str, view: str) -> None:
    width, height, colours, smaller = VIEWS[view]
    seen = look(width, height, colours)
    page = seen.go(PAGES[name])
    quiet = [said for said in seen.said if not (name == "missing" and "404" in said)]
    assert quiet == [], "the console has something to say, such as of the content policy"
    assert seen.elsewhere == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(RESULT_FITS), "a result is read without scrolling sideways"
    assert page.locator(".failed").count() == 0
    found = axe.Axe().run(page).response["violations"]
    grave = [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]
    assert grave == []
    compare(page.screenshot(), f"{name}-{view}", smaller)


def compare(shot: bytes, name: str, smaller: int) -> None:
    """Hold a picture to its baseline, both made small, so that a font's details do not matter."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    small = picture.resize((picture.width // smaller, picture.height // smaller), Image.BOX)
    baseline = BASELINE / f"{name}.png"
    if WRITE:
        BASELINE.mkdir(exist_ok=True)
        small.quantize(64).save(baseline, optimize=True)
    was = Image.open(baseline).convert("RGB")
    assert was.size == small.size
    apart, alike = difference(np.asarray(small, float), np.asarray(was, float))
    assert apart <= MOST_APART, f"{name}: {apart:.1f} apart; RACECRAFT_WRITE_BASELINE=1 renews it"
    assert alike >= LEAST_ALIKE, f"{name}: {alike:.3f} alike; RACECRAFT_WRITE_BASELINE=1 renews it"


def difference(now: NDArray[Any], was: NDArray[Any]) -> tuple[float, float]:
    """How far two pictures are apart in the mean, and their correlation."""
    one, other = now - now.mean(), was - was.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float(np.abs(now - was).mean()), float((one * other).sum() / size) if size else 0.0


def test_the_comparison_tells_pages_apart() -> None:
    pictures = {
        path.stem: np.asarray(Image.open(path).convert("RGB"), float)
        for path in sorted(BASELINE.glob("*-wide.png"))
    }
    assert len(pictures) == len(PAGES)
    for name, one in pictures.items():
        blank = np.full_like(one, one[0, 0])
        assert difference(blank, one)[1] < LEAST_ALIKE
        others = [difference(other, one)[1] for key, other in pictures.items() if key != name]
        assert max(others) < LEAST_ALIKE, name
