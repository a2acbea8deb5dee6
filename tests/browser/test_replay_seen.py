"""The replay in a browser: its order is that of the timing lines, and it obeys keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from racecraft.analysis.order.gaps import order
from racecraft.analysis.order.instant import order_at
from racecraft.analysis.order.timing import timing
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from collections.abc import Callable

REPLAY = "/f1/2023/sao-paulo-grand-prix/replay"
INSTANTS = 10
SEEK = "(t) => document.getElementById('replay').replay.seek(t)"
LISTED = (
    """() => [...document.querySelectorAll('#order li:not(.out)')].map((row) => row.dataset.car)"""
)
ORDER = """async ([laps, line]) => {
  const { orderAt } = await import('/static/replay/order.js');
  const race = document.getElementById('replay').replay.race;
  const running = (t) => orderAt(race, t, line).filter((one) => !one.out);
  return laps.map((t) => running(t).map((one) => one.car.car));
}"""
AT_THE_LINE = """() => {
  const { replay } = document.getElementById('replay');
  replay.crosses();
  replay.play(false);
  return replay.time;
}"""
TIME = "() => document.getElementById('replay').replay.time"


@pytest.fixture
def replay(look: Callable[..., Any]) -> Any:
    return look().go(REPLAY)


def test_the_order_at_ten_instants_is_that_of_the_lines(replay: Any) -> None:
    race = sample_race(20)
    end = float(np.nanmax(timing(race).time)) / 1e6
    instants = [*np.random.default_rng(5).uniform(1, end, INSTANTS - 2).round(3), 0.5, end + 1]
    for time in map(float, instants):
        replay.evaluate(SEEK, time)
        told = order_at(race, time).filter("running")["car"].to_list()
        assert replay.evaluate(LISTED) == told, time


def test_the_order_at_the_line_is_that_of_the_lap(replay: Any) -> None:
    race = sample_race(20)
    at = timing(race)
    laps = np.linspace(1, at.laps - 1, INSTANTS).astype(int).tolist()
    before = [(float(np.nanmin(at.at_line[lap])) - 1) / 1e6 for lap in laps]
    told = replay.evaluate(ORDER, [before, "Line"])
    assert told == [order(race, lap=lap)["car"].to_list() for lap in laps]


def test_keys_play_and_step(replay: Any) -> None:
    keys = replay.keyboard
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    assert "Lap 2 of" in replay.locator("#lap").inner_text()
    keys.press("ArrowLeft")
    assert "Lap 1 of" in replay.locator("#lap").inner_text()
    at = replay.evaluate(TIME)
    keys.press("n")
    moment = replay.evaluate(TIME)
    assert moment > at
    keys.press("b")
    assert replay.evaluate(TIME) > moment
    keys.press("+")
    assert replay.locator("#speed").input_value() == "30"
    keys.press("-")
    assert replay.locator("#play").inner_text() == "Play"
    keys.press("Space")
    assert replay.locator("#play").inner_text() == "Pause"
    began = replay.evaluate(TIME)
    for _ in range(100):
        replay.wait_for_timeout(100)
        if replay.evaluate(TIME) > began + 1:
            break
    keys.press("Space")
    assert replay.evaluate(TIME) > began + 1
    assert replay.locator("#play").inner_text() == "Play"
    assert "#t=" in replay.url


def test_a_link_leads_to_an_instant(look: Callable[..., Any]) -> None:
    page = look().go(f"{REPLAY}#t=3000.5&speed=60")
    assert page.evaluate(TIME) == 3000.5
    assert page.locator("#speed").input_value() == "60"


def test_it_runs_beside_a_broadcast_from_the_leader_at_the_line(replay: Any) -> None:
    at = timing(sample_race(20))
    crossing = float(np.nanmin(at.at_line[29])) / 1e6
    replay.evaluate(SEEK, crossing + 4)
    assert replay.evaluate(AT_THE_LINE) == pytest.approx(crossing, abs=0.001)
    replay.keyboard.press("l")
    assert replay.locator("#play").inner_text() == "Pause"
    assert replay.locator("#speed").input_value() == "1"
    replay.keyboard.press("Space")
    replay.locator(".sync summary").click()
    here = replay.evaluate(TIME)
    replay.locator("#offset").fill("2.5")
    assert replay.evaluate(TIME) == pytest.approx(here + 2.5)


def test_without_spoilers_what_is_to_come_stays_hidden(look: Callable[..., Any]) -> None:
    seen = look()
    page = seen.go("/f1/2023/sao-paulo-grand-prix")
    page.get_by_role("button", name="No spoilers").click()
    assert not page.locator("#story").is_visible()
    page.get_by_role("link", name="Watch the replay").click()
    page.locator("#replay[aria-busy=true]").wait_for(state="detached")
    everything = page.locator("#events li").count()
    assert everything > 5
    assert page.locator("#events li:visible").count() == 0
    page.evaluate(SEEK, 3500)
    some = page.locator("#events li:visible").count()
    assert 0 < some < everything
    page.evaluate(SEEK, 10)
    assert page.locator("#events li:visible").count() == some, "what was seen stays"
    assert page.locator("#marks circle:visible").count() < page.locator("#marks circle").count()
