"""What answers in a browser: the grid of places, an article, two cars, what if; by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import racecraft as rc
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from collections.abc import Callable

RACE = "/f1/2023/sao-paulo-grand-prix"
TITLE = "/f1/2023/title?who=PER&position=2&after=20"
TABS = 150  # at most, to whatever is looked for
FOCUSED = "() => document.activeElement.textContent.trim()"
OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle"
ARTICLE = (
    "Fernando Alonso finished third in the 2023 São Paulo Grand Prix, 0.053 seconds ahead of "
    "Sergio Pérez. Lando Norris won the 2023 São Paulo Grand Prix."
)


def test_the_grid_of_places_says_what_is_proven(look: Callable[..., Any]) -> None:
    page = look().go(TITLE)
    cells = rc.clinch(sample_season(), after=20, driver="PER", position=2).next.cells
    rivals = cells["rival"].unique(maintain_order=True).to_list()
    grids = page.get_by_role("grid")
    assert grids.count() == len(rivals)
    for i, rival in enumerate(rivals):
        shown = (
            grids.nth(i)
            .locator("[role=gridcell]")
            .evaluate_all("cells => cells.map(c => [c.dataset.a, c.dataset.b, c.dataset.verdict])")
        )
        told = {(int(a), int(b)): verdict for a, b, verdict in shown}
        for row in cells.filter(rival=rival).to_dicts():
            here = told[row["position"], row["rival_position"]]
            assert (here == "secures") == row["secures"]
            assert (here == "out_of_reach") == (row["out_of_reach"] and not row["secures"])


def test_the_grid_answers_clicks_and_arrow_keys(look: Callable[..., Any]) -> None:
    page = look().go(TITLE)
    grid = page.get_by_role("grid").first
    answer = page.locator(".answer").first
    grid.locator('[data-a="1"][data-b="2"]').click()
    assert "If Pérez wins and" in answer.inner_text()
    assert "has secured" in answer.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "If Pérez is 3rd and" in answer.inner_text()
    assert grid.locator("[aria-selected=true]").count() == 1
    link = page.url
    assert link.endswith("#1-3-4")
    again = look().go(link.removeprefix(page.evaluate("location.origin")))
    assert again.locator(".answer").first.inner_text() == answer.inner_text()


def test_an_article_is_checked_and_linked_to(look: Callable[..., Any]) -> None:
    seen = look()
    page = seen.go("/check")
    page.get_by_label("Article").fill(ARTICLE)
    page.get_by_role("button", name="Check it").click()
    page.locator("#claims article").wait_for(timeout=45_000)
    assert page.locator("mark.contradicted").first.is_visible()
    assert "Norris" in page.locator("aside li.contradicted").first.inner_text()
    page.get_by_role("button", name="Copy a link").click()
    page.get_by_text("Copied.").wait_for()
    assert ARTICLE[:10] not in page.url
    again = look().go(page.url.removeprefix(seen.site))
    again.locator("#claims article").wait_for(timeout=45_000)
    assert again.get_by_label("Article").input_value() == ARTICLE
    assert seen.said == []


def test_an_empty_article_is_refused_in_words(look: Callable[..., Any]) -> None:
    page = look().go("/check")
    page.get_by_role("button", name="Check it").click()
    page.locator(".failed").wait_for()
    assert "no article" in page.locator(".failed").inner_text()


def test_the_gap_of_any_two_cars(look: Callable[..., Any]) -> None:
    seen = look()
    page = seen.go(RACE)
    page.locator("select[name=a]").select_option("ALO")
    page.locator("select[name=b]").select_option("PER")
    seen.settle()
    assert "a=ALO&b=PER" in page.url
    table = page.locator("#gap-chart .as-table")
    table.locator("summary").click()
    table.get_by_text("-0.111 s").first.wait_for(state="attached")
    told = table.inner_text()
    assert "-0.111 s" in told, "Pérez passed by 0.111 s"
    assert "0.069 s" in told, "and Alonso took it back by 0.069 s"
    again = look().go(f"{RACE}?a=ALO&b=PER")
    assert again.locator("select[name=a]").input_value() == "ALO"
    assert again.locator(".to-battle").get_attribute("href").endswith("/battle/ALO/PER")


def test_a_chart_is_read_by_keys(look: Callable[..., Any]) -> None:
    page = look().go(RACE)
    page.locator("#places-chart .u-over").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    told = page.locator("#places-chart .reading").inner_text()
    first = rc.laps(rc.load_race(2023, "brazil")).filter(lap=1).sort("position")["car"]
    assert told.startswith(f"Lap 1: {first[0]}, {first[1]}")


def test_what_if_is_asked_and_linked_to(look: Callable[..., Any]) -> None:
    pytest.importorskip("numba")
    seen = look()
    page = seen.go(f"{RACE}/simulate")
    page.locator("[name=stop-car]").select_option("HAM")
    assert "HAM stopped on lap" in page.locator("#stops-made").inner_text()
    page.locator("#start").fill("50")
    page.locator("[name=stop-lap]").fill("55")
    page.locator("[name=stop-tyre]").select_option("soft")
    page.get_by_role("button", name="Drive it again").click()
    page.locator("#simulated table").wait_for(timeout=60_000)
    assert "HAM stops on lap 55 for soft tyres" in page.locator("#simulated").inner_text()
    assert "start=50" in page.url
    assert "stop=HAM%3A55%3Asoft" in page.url
    assert seen.said == []


def test_from_the_seasons_to_the_replay_by_keys_alone(look: Callable[..., Any]) -> None:
    seen = look()
    page = seen.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the content"
    page.keyboard.press("Enter")
    for words in ("2023", "São Paulo Grand Prix", "Replay"):
        tab_to(page, words)
        assert page.evaluate(OUTLINE) != "none"
        with page.expect_navigation():
            page.keyboard.press("Enter")
        seen.settle()
    page.locator("#order li").first.wait_for()
    assert page.url.split("#")[0].endswith("/replay")
    tab_to(page, "Play")
    page.keyboard.press("Enter")
    assert page.locator("#play").inner_text() == "Pause"


def tab_to(page: Any, words: str) -> None:
    """Press the tabulator until the focus is on something that begins with these words."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if f"{page.evaluate(FOCUSED)} ".startswith(f"{words} "):
            return
    pytest.fail(f"{words} is not reached by {TABS} tabs")


def test_colours_are_chosen_and_remembered(look: Callable[..., Any]) -> None:
    seen = look()
    page = seen.go("/")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    theme = page.locator("[data-setting=theme]")
    theme.click()
    assert theme.inner_text() == "Light"
    theme.click()
    assert theme.inner_text() == "Dark"
    dark = page.evaluate(ground)
    assert dark != light
    assert seen.go("/check").evaluate(ground) == dark
