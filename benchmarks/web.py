"""How fast the pages are in a real browser, what they weigh, and how smoothly a replay runs.

Every page is loaded three times: by a server that was started a moment before, as the command
starts it, over a store of which nothing was worked out yet; by a new one over a store whose pages
were worked out before; and by that one again. A page is there when each of its parts is; the best
of a season then grows, race by race (`read_s`). A replay of 22 cars runs at ten times the speed of
the race for `RUN_S` seconds. Without Chromium nothing is measured.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import polars as pl
from harness import Mark, show

from racecraft.show.web.app import create_app
from racecraft.show.web.beforehand import Beforehand
from racecraft.show.web.server import server
from racecraft.sources.sample.sample import sample_race
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

    from racecraft.model.race import Race

CARS = 22
RUN_S = 12
PAGE_S, FRAMES, SCRIPT_MS, HEAVIEST_KB = 1.0, 50.0, 2.0, 400.0
RACE = "/f1/2023/sao-paulo-grand-prix"
PAGES = {
    "seasons": "/",
    "season": "/f1/2023",
    "race": RACE,
    "replay": f"{RACE}/replay",
    "battle": f"{RACE}/battle/ALO/PER",
    "title": "/f1/2023/title?who=PER&position=2&after=20",
    "simulate": f"{RACE}/simulate",
    "check": "/check",
    "live": "/live",
    "result": "/f1/1988/monaco-grand-prix",
}
WATCH = """
window.measured = { frames: [], script: [], chart: null };
const next = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (run) => next((now) => {
  const began = performance.now();
  run(now);
  window.measured.script.push(performance.now() - began);
  window.measured.frames.push(now);
});
document.addEventListener('drawn', () => { window.measured.chart ??= performance.now(); });
"""
WEIGHT = """() => [...performance.getEntriesByType('navigation'),
  ...performance.getEntriesByType('resource')].reduce((sum, one) => sum + one.transferSize, 0)"""


def main(folder: Path | None) -> list[Mark]:
    """Measure; with a folder, the first stored race of that store instead of the sample's."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        sys.exit("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made, sync_playwright() as driver:
        store = folder or Path(made)
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        marks = [*_pages(browser, store), *_replay(browser, Path(made) / "many")]
        browser.close()
    return marks


def _pages(browser: Browser, store: Path) -> list[Mark]:
    """Every page, seconds until all of it is there, kilobytes, time to the first chart."""
    with _started(store) as address:
        new = [_visit(browser, address + path) for path in PAGES.values()]
    working = Beforehand(create_app(store))
    working.start()
    working.join()
    with _started(store) as address:
        kept = [_visit(browser, address + path) for path in PAGES.values()]
        again = [_visit(browser, address + path) for path in PAGES.values()]
    table = pl.DataFrame(
        [
            {
                "page": name,
                **{f"{key}_new": value for key, value in first.items()},
                **{
                    f"{key}_kept": second[key]
                    for key in ("shell_s", "ready_s", "chart_s", "read_s")
                },
                **third,
            }
            for name, first, second, third in zip(PAGES, new, kept, again, strict=True)
        ]
    )
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True, float_precision=2):
        print(table)
    return [
        Mark("slowest page, all of it", (_most(table["ready_s"]),), limit=PAGE_S),
        Mark("slowest page, worked out before", (_most(table["ready_s_kept"]),), limit=PAGE_S),
        Mark("slowest page, nothing worked out", (_most(table["ready_s_new"]),), limit=PAGE_S),
        Mark("slowest shell, nothing worked out", (_most(table["shell_s_new"]),), limit=PAGE_S),
        Mark("slowest first chart", (_most(table["chart_s"]),), limit=PAGE_S),
        Mark("heaviest page", (_most(table["kB_new"]),), unit="kB", limit=HEAVIEST_KB),
    ]


def _most(values: pl.Series) -> float:
    return float(values.drop_nulls().max())


def _visit(browser: Browser, url: str) -> dict[str, float | None]:
    """Seconds to the shell, to every part, to the first chart and to the last race read; kB."""
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(url, wait_until="load")
    shell = page.evaluate("performance.now()")
    _settled(page)
    ready = page.evaluate("performance.now()")
    chart = page.evaluate("window.measured.chart")
    page.locator("[data-more]").first.wait_for(state="detached", timeout=60_000)
    read = page.evaluate("performance.now()")
    told = {
        "shell_s": shell / 1e3,
        "ready_s": ready / 1e3,
        "chart_s": None if chart is None else chart / 1e3,
        "read_s": read / 1e3,
        "kB": page.evaluate(WEIGHT) / 1e3,
    }
    context.close()
    return told


def _settled(page: Page) -> None:
    page.locator("[aria-busy=true]").first.wait_for(state="detached", timeout=60_000)
    while page.locator("[aria-busy=true]").count():
        page.wait_for_timeout(20)


def _replay(browser: Browser, folder: Path) -> list[Mark]:
    """Frames a second and milliseconds of script a frame, of a race of `CARS` cars."""
    Store(folder).add_race(_with_cars(sample_race(20), CARS))
    with _serving(folder) as address:
        context = browser.new_context(viewport={"width": 1600, "height": 900})
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{address}/bench/2023/sao-paulo-grand-prix/replay#t=60&speed=10")
        _settled(page)
        cars = page.locator("#order li").count()
        page.keyboard.press("Space")
        page.wait_for_timeout(1_000)
        inside = context.new_cdp_session(page)
        inside.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.evaluate("window.measured.frames = []; window.measured.script = [];")
        began = _script_s(inside)
        page.wait_for_timeout(RUN_S * 1_000)
        told: dict[str, Any] = page.evaluate("window.measured")
        worked_ms = 1e3 * (_script_s(inside) - began) / len(told["frames"])
        context.close()
    frames = told["frames"]
    apart = [b - a for a, b in pairwise(frames) if b > a]
    print(f"{cars} cars, {len(frames)} frames in {RUN_S} s")
    slow = sorted(told["script"])[int(0.95 * len(told["script"]))]
    return [
        Mark("replay, median", (1e3 / median(apart),), unit="frames/s", least=FRAMES),
        Mark("script a frame, median", (median(told["script"]),), unit="ms", limit=SCRIPT_MS),
        Mark("script a frame, 95 of 100", (slow,), unit="ms"),
        Mark(
            "script a frame, mean on the processor",
            (worked_ms,),
            unit="ms",
            limit=SCRIPT_MS,
            note="whatever else the machine does",
        ),
    ]


def _script_s(inside: CDPSession) -> float:
    """Seconds of the processor that scripts of a page have taken."""
    told = inside.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in told if one["name"] == "ScriptDuration")


def _with_cars(race: Race, cars: int) -> Race:
    """The race of another series with more cars: copies of the last ones, a little later."""
    more = race.entries.tail(cars - len(race.entries))
    names = {car: f"X{i}" for i, car in enumerate(more["car"])}
    renamed = pl.col("car").replace_strict(names, default=None, return_dtype=pl.String)
    late = race.crossings.filter(pl.col("car").is_in(list(names))).with_columns(
        renamed, time=pl.col("time") + pl.duration(milliseconds=700)
    )
    return replace(
        race,
        series="bench",
        source="benchmark",
        entries=pl.concat([race.entries, more.with_columns(renamed)]),
        crossings=pl.concat([race.crossings, late]),
    )


@contextmanager
def _started(store: Path) -> Iterator[str]:
    """Address of a server that the command has just started."""
    run = [sys.executable, "-m", "racecraft", "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield re.search(r"http://\S+:\d+", process.stdout.readline())[0]
        finally:
            process.terminate()


@contextmanager
def _serving(store: Path) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    running = server(create_app(store))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


if __name__ == "__main__":
    sys.exit(show(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
