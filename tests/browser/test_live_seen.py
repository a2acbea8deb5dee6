"""A race in a browser while it is run: the screen changes, events come, charts are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from own_server import serving
from own_streams import own_session
from racecraft.live.follower import Follower
from racecraft.sources.livetiming.archive import messages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT_FIRST = 0.6  # of the messages
WAIT_MS = 30_000  # where the machine has much to do


@pytest.fixture
def under_way(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Follower, str, list[Any]]]:
    """A follower that has heard some of a session, the address of its server, and the rest."""
    said = sorted(messages_of(own_session().files()), key=lambda one: one.moment)
    first = round(AT_FIRST * len(said))
    follower = Follower()
    for message in said[:first]:
        follower.take(message)
    follower.look()
    with serving(tmp_path_factory.mktemp("live"), live=follower) as address:
        yield follower, address, said[first:]
        follower.stop()


def test_the_live_page_follows(
    look: Callable[..., Any], under_way: tuple[Follower, str, list[Any]]
) -> None:
    from playwright.sync_api import expect

    follower, address, rest = under_way
    seen = look()
    seen.site = address
    page = seen.go("/live")
    page.locator("#live-rows tr").first.wait_for()
    assert page.locator("#live-rows tr").count() == 3
    assert page.locator("#places-chart .u-over").count() == 1
    before = page.locator("#live-rows").text_content()
    news = page.locator("#live-news li").count()
    for message in rest:
        follower.take(message)
    follower.look()
    expect(page.locator("#live-rows")).not_to_have_text(before, timeout=WAIT_MS)
    expect(page.locator("#live-news li").nth(news)).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("link", name="Replay so far").click()
    page.locator("#order li").first.wait_for()
    assert page.locator("#order li").count() == 3
    assert [said for said in seen.said if "error" in said] == []
