"""A language model behind an address of the user's choice, asked as OpenAI's are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from racecraft.errors import ArgumentError, NotFoundError, UnreachableError, UnreadableError
from racecraft.sources.http.client import post

if TYPE_CHECKING:
    from collections.abc import Callable

WHERE = "the address ends where chat/completions begins, often in /v1"
KEY = "the key of the model goes into the environment as RACECRAFT_LLM_KEY"
GO_ON = "is a model served there? --llm-record FILE keeps its answers, and goes on from them"
TIMEOUT_S = 120.0  # a model on a machine of one's own takes its time


def model_at(
    url: str, model: str, *, key: str | None = None, timeout_s: float = TIMEOUT_S
) -> Callable[[str, str], str]:
    """Return what asks a model: called with an instruction and a text, it returns the answer.

    Parameters
    ----------
    url
        Address below which there is ``chat/completions``, such as ``http://localhost:11434/v1``.
    model
        Name of the model.
    key
        Sent as a bearer token; nobody else is told it.
    timeout_s
        Seconds to wait for an answer before it is asked again.

    Raises
    ------
    ArgumentError
        The address is none of the web.

    Notes
    -----
    What is returned raises UnreachableError without an answer, NotFoundError where there is
    nothing at the address, and UnreadableError for an answer that is not as it should be.

    References
    ----------
    Chat completions as in OpenAI's API, which llama.cpp, vLLM and Ollama answer as well.
    """
    if not url.startswith(("http://", "https://")):
        raise ArgumentError(
            f"{url!r} is no address of a model", hint="such as http://localhost:11434/v1"
        )
    headers = {"User-Agent": "racecraft"} | ({"Authorization": f"Bearer {key}"} if key else {})
    address = f"{url.rstrip('/')}/chat/completions"

    def ask(instruction: str, text: str) -> str:
        messages = [
            {"role": "system", "content": instruction},
            {"role": "user", "content": text},
        ]
        body = {
            "model": model,
            "messages": messages,
            "temperature": 0,
            "response_format": {"type": "json_object"},
        }
        with httpx.Client(timeout=timeout_s, headers=headers) as client:
            return _said(_posted(client, address, body), address)

    return ask


def _posted(client: httpx.Client, address: str, body: dict[str, Any]) -> bytes:
    """Answer of a server; a refusal says what to do about a model."""
    try:
        return post(client, address, body)
    except NotFoundError as error:
        hint = f"{WHERE}; or there is no model of that name"
        raise NotFoundError(error.message, hint=hint, **error.facts) from error
    except UnreachableError as error:
        refused = error.facts.get("status") in (401, 403)
        hint = KEY if refused else GO_ON
        raise UnreachableError(error.message, hint=hint, **error.facts) from error


def _said(answer: bytes, address: str) -> str:
    """Text of the first choice of an answer."""
    try:
        found: Any = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise _unlike_chat(address) from error
    if found is None:
        return ""  # it would not say
    if not isinstance(found, str):
        raise _unlike_chat(address)
    return found


def _unlike_chat(address: str) -> UnreadableError:
    return UnreadableError(
        f"{address} does not answer as a chat model; expected choices with a message",
        hint=WHERE,
        url=address,
    )
