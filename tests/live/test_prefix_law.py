"""After every message the race so far is what a batch reading of the same messages gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from own_law import check_law
from own_streams import own_session
from racecraft.sources.livetiming import archive

if TYPE_CHECKING:
    from pathlib import Path


def test_after_every_message_of_a_short_race() -> None:
    assert check_law(own_session().files(), 1) > 50


@pytest.mark.parametrize("session", ["*Azerbaijan*Race", "*Azerbaijan*Sprint", "*Miami*"])
def test_on_real_sessions(shared: Path, session: str) -> None:
    [folder] = (shared / "data" / "livetiming").glob(session)
    assert check_law(archive.fetch(folder), 7_000) >= 2
