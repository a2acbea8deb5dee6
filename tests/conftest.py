"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
THOROUGH = bool(os.environ.get("RACECRAFT_THOROUGH"))  # whatever it takes: make thorough


def examples(most: int) -> int:
    """Random cases to try of as many as are tried where thoroughness is asked for."""
    return most if THOROUGH else max(3, most // 5)


def some(items: Iterable[T], every: int) -> list[T]:
    """One of so many items, spread over them all; every one where thoroughness is asked for."""
    return list(items)[:: 1 if THOROUGH else every]


# Random races must not fail a test because the machine was busy; the same races every time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
settings.load_profile("house")


def shared_folder() -> Path | None:
    """Folder of the public data files, which are no part of the project; None where absent."""
    named = os.environ.get("RACECRAFT_SHARED")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared"
    return folder.resolve() if folder.is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the public data files; without it the test is skipped."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("public data files absent: no $RACECRAFT_SHARED, no ../shared")
    return folder


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Folder for a store of this test alone, away from the store of whoever runs it."""
    folder = tmp_path / "store"
    monkeypatch.setenv("RACECRAFT_STORE", str(folder))
    monkeypatch.delenv("COLUMNS", raising=False)  # a pipe is as wide as it takes
    return folder


@pytest.fixture(autouse=True)
def own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks anybody but servers on this machine."""
    ask = httpx.HTTPTransport.handle_request

    def only_here(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.host not in ("127.0.0.1", "localhost"):
            raise httpx.ConnectError("tests have no network", request=request)
        return ask(self, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", only_here)
