"""The pages, each at its address."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[1] / "templates"

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)


@router.get("/")
def seasons(request: Request) -> HTMLResponse:
    """Every season of which something is known, the newest first."""
    shelf = request.app.state.shelf
    timed = shelf.races(series="f1")["season"].value_counts()
    races = dict(timed.iter_rows())
    rows = [(year, races.get(year, 0)) for year in sorted(shelf.seasons(), reverse=True)]
    return templates.TemplateResponse(request, "seasons.html", {"seasons": rows})
