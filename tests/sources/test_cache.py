from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from racecraft.errors import SourceError
from racecraft.sources.http.cache import PageCache

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "2023/results/?limit=100&offset=0"


def test_a_page_is_good_for_a_while(tmp_path: Path) -> None:
    cache = PageCache(tmp_path / "pages", fresh_s=60)
    assert cache.get(PAGE) is None
    cache.put(PAGE, b"{}")
    assert cache.get(PAGE) == b"{}"
    assert cache.get(PAGE.replace("=0", "=100")) is None
    (path,) = (tmp_path / "pages").iterdir()
    assert path.name == "2023-results-limit-100-offset-0.json"
    old = time.time() - 61
    os.utime(path, (old, old))
    assert cache.get(PAGE) is None


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file")
    with pytest.raises(SourceError, match="cannot be kept"):
        PageCache(tmp_path / "pages", fresh_s=60).put(PAGE, b"{}")
