"""What went wrong, as a program can read it: problems as RFC 9457 describes them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from racecraft.errors import (
    ArgumentError,
    BusyError,
    NotEnoughDataError,
    NotFoundError,
    RacecraftError,
    RuleError,
    SourceError,
)
from racecraft.lookup.extras import missing
from racecraft.show.web.invalid import sentence

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

PROBLEM = "application/problem+json"
STATUS = (
    (NotFoundError, 404),
    (ArgumentError, 422),
    (NotEnoughDataError, 404),
    (RuleError, 404),
    (SourceError, 404),
    (BusyError, 503),
)  # of each kind of error; others are faults of the server
PROGRAMS = ("api", "docs", "openapi.json", "redoc", "swagger")  # where programs are looked for
SHOWN = 200  # characters of a value that are repeated


def problem(status: int, detail: str, **more: object) -> Response:
    """Answer that says what is wrong (RFC 9457): type, title, status, detail, and what is added.

    Parameters
    ----------
    status
        Of HTTP.
    detail
        One sentence.
    more
        What a program may want to read; a `hint` is for people.
    """
    title = HTTPStatus(status).phrase
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    said |= {name: value for name, value in more.items() if value}
    return Response(
        json.dumps(said, ensure_ascii=False, default=str).encode("utf-8", "replace"),
        status_code=status,
        media_type=PROBLEM,
    )


def status_of(error: RacecraftError) -> int:
    """Status of HTTP that says what kind an error is."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem_of(error: RacecraftError) -> Response:
    """An error of ours as a problem: its sentence, its hint and its facts."""
    facts = {name: fact for name, fact in error.facts.items() if name not in ("path", "file")}
    taken = {"type", "title", "status", "detail", "hint"}
    return problem(
        status_of(error),
        error.message,
        hint=error.hint,
        **{name: fact for name, fact in facts.items() if name not in taken},
    )


def problem_of_http(request: Request, error: Exception) -> Response:
    """An error of HTTP itself, such as an address at which there is nothing, as a problem."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the kind it is registered for
    said = str(error.detail)
    phrase = HTTPStatus(error.status_code).phrase
    if error.status_code == HTTPStatus.NOT_FOUND and said == phrase:
        said = f"there is nothing at {request.url.path[:SHOWN]}"
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = headers["Allow"] = headers.get("Allow", "").replace("GET", "GET, HEAD")
        said = f"{request.method[:SHOWN]} is not taken here; {allowed} is"
    looks = request.url.path.strip("/").split("/")[0] in PROGRAMS
    hint = {"hint": "what there is for programs is told at /api/v1"} if looks else {}
    answer = problem(error.status_code, said, **hint)
    answer.headers.update(headers)
    return answer


def tell_problems(app: FastAPI) -> None:
    """Have an application answer with problems whatever goes wrong in it."""
    app.add_exception_handler(RacecraftError, _ours)
    app.add_exception_handler(HTTPException, problem_of_http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ModuleNotFoundError, _not_installed)


def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, RacecraftError)  # noqa: S101 - the kind it is registered for
    return problem_of(error)


def _not_installed(_: Request, error: Exception) -> Response:
    """Part of racecraft stands on a library that is not there."""
    told = missing(error)
    if told is None:
        raise error
    return problem(501, told.message, hint=told.hint)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the kind it is registered for
    kinds = {one["type"]: one for one in error.errors()}
    if (broken := kinds.get("json_invalid")) is not None:
        return problem(400, f"the body is no JSON: {broken['ctx']['error']}")
    media = request.headers.get("content-type", "").partition(";")[0]
    if "model_attributes_type" in kinds and not media.endswith("json"):
        said = f"a body of {media[:SHOWN] or 'no type'}; expected application/json"
        return problem(415, said, hint='{"text": "..."} as application/json')
    wrong = [_told(one) for one in error.errors()]
    return problem(422, "; ".join(one["why"] for one in wrong), errors=wrong)


def _told(one: Any) -> dict[str, str]:
    at = one["loc"][1:] or one["loc"]
    return {"at": ".".join(map(str, at))[:SHOWN], "why": sentence(at, one)}
