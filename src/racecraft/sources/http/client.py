"""Asking a source over the network: again where that may help, and else saying when it may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

import httpx
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from racecraft.errors import NotFoundError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenacity import RetryCallState

ATTEMPTS = 4
PAUSE_S = 1.0  # before the second attempt; then twice as long each time, and up to as much again
PATIENCE_S = 15.0  # whoever asks for a longer pause is told to the user instead
TIMEOUT_S = 30.0
LONGEST_WAIT_S = 30 * 86_400.0  # nobody means a longer one
DAY_S = 86_400.0
LONGEST_EXCUSE = 2000  # bytes of what a refusal says
LARGEST_ANSWER = 200_000_000  # bytes
SLOWEST = 3  # times the time-out that a whole answer to an object may take


def connect(before: Callable[[], None] | None = None) -> httpx.Client:
    """Client for `get`; ``before`` is called before every request that goes out."""

    def hook(_: httpx.Request) -> None:
        if before is not None:
            before()

    return httpx.Client(
        timeout=TIMEOUT_S,
        follow_redirects=True,
        headers={"User-Agent": "racecraft"},
        event_hooks={"request": [hook]},
    )


def get(client: httpx.Client, url: str) -> bytes:
    """Bytes of an answer, asked for again with growing pauses while there is none.

    Raises
    ------
    NotFoundError
        The source has nothing at this address.
    UnreachableError
        There is no answer, or a refusal; where the source says when to come back, so does this.
    """
    return _patiently(client, "GET", url)


def post(client: httpx.Client, url: str, body: Mapping[str, object]) -> bytes:
    """Bytes of the answer to an object sent as JSON; asked again, and refused, as by `get`.

    Who has not answered in time is not asked again: the work would begin anew.
    """
    return _patiently(client, "POST", url, body)


def come_back(source: str, why: str, wait_s: float, **facts: object) -> UnreachableError:
    """Refusal that passes: says the time of day and the minutes until then."""
    wait_s = min(wait_s, LONGEST_WAIT_S)
    minutes = max(1, -int(-wait_s // 60))
    at = datetime.now().astimezone() + timedelta(seconds=wait_s)
    unit = "minute" if minutes == 1 else "minutes"
    when = f"at {at:%H:%M}, in {minutes} {unit}" if wait_s < DAY_S else f"on {at:%d %B %Y}"
    return UnreachableError(
        f"{source} {why}; come back {when}",
        hint="what was fetched so far is kept, and not asked for again",
        retry_at=at,
        wait_s=wait_s,
        **facts,
    )


def _patiently(
    client: httpx.Client, method: str, url: str, body: Mapping[str, object] | None = None
) -> bytes:
    retrying = Retrying(
        retry=retry_if_exception(_may_pass),
        stop=stop_after_attempt(ATTEMPTS),
        wait=_pause,
        reraise=True,
    )
    try:
        return retrying(_answer, client, method, url, body)
    except httpx.HTTPStatusError as error:
        raise _refused(error.response) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        host = httpx.URL(url).host if not isinstance(error, httpx.InvalidURL) else url
        raise UnreachableError(
            f"no answer from {host}: {str(error) or type(error).__name__}",
            hint="check the network; what is stored needs none",
            url=url,
        ) from error


def _answer(
    client: httpx.Client, method: str, url: str, body: Mapping[str, object] | None
) -> bytes:
    until = monotonic() + SLOWEST * (client.timeout.read or TIMEOUT_S)
    with client.stream(method, url, json=body) as response:
        if response.is_error:
            response.extensions["said"] = next(response.iter_bytes(LONGEST_EXCUSE), b"")
        response.raise_for_status()
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER or (method == "POST" and monotonic() > until):
                raise UnreachableError(
                    f"{response.url.host} does not stop answering", url=str(response.url)
                )
        return b"".join(parts)


def _may_pass(error: BaseException) -> bool:
    """Whether asking again soon may help; without a network it does not."""
    if isinstance(error, httpx.HTTPStatusError):
        after = _retry_after(error.response)
        busy = error.response.status_code == 429 or error.response.status_code >= 500
        return busy and (after is None or after <= PATIENCE_S)
    if isinstance(error, httpx.ReadTimeout) and error.request.method == "POST":
        return False
    offline = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)
    return isinstance(error, httpx.TransportError) and not isinstance(error, offline)


def _pause(state: RetryCallState) -> float:
    """What the source asked for, else growing with each attempt."""
    error = state.outcome.exception() if state.outcome else None
    after = _retry_after(error.response) if isinstance(error, httpx.HTTPStatusError) else None
    return (wait_exponential(PAUSE_S) + wait_random(0, PAUSE_S))(state) if after is None else after


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of the header Retry-After, which holds seconds or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_WAIT_S)
    try:
        then = parsedate_to_datetime(text)
        wait_s = (then.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, wait_s), LONGEST_WAIT_S)


def _refused(response: httpx.Response) -> UnreachableError | NotFoundError:
    host, status, url = response.url.host, response.status_code, str(response.url)
    said = response.extensions.get("said", b"").decode("utf-8", "replace")
    if status in (404, 410):
        return NotFoundError(
            f"{host} has nothing at {response.url.path}", url=url, status=status, said=said
        )
    after = _retry_after(response)
    if after is not None and (status == 429 or status >= 500):
        return come_back(host, f"refuses (status {status})", after, url=url, status=status)
    why = "too many requests" if status == 429 else response.reason_phrase or "refused"
    hint = "it asks for an account" if status in (401, 403) else "try again later"
    return UnreachableError(
        f"{host} answers {status}: {why}", hint=hint, url=url, status=status, said=said
    )
