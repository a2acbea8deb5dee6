"""The web application: pages for people, tables for programs, from one store, read-only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from racecraft import __version__
from racecraft.show.web.api import routes as api
from racecraft.show.web.api.schema import with_names
from racecraft.show.web.ergast import routes as ergast
from racecraft.show.web.guard import Guard, Limits
from racecraft.show.web.openf1 import routes as openf1
from racecraft.show.web.pages import routes as pages
from racecraft.show.web.problems import tell_problems
from racecraft.show.web.quick import Quick, files_of
from racecraft.show.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.live.follower import Follower

STATIC = Path(__file__).parent / "static"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")  # names by which a browser here may ask
ABOUT = """Everything that racecraft knows of the races of a store, as tables.

A time is a number of seconds whose name ends in `_s`; unknown is null. Names of events and drivers
are understood as people write them: `20`, `brazil`, `interlagos`; `ALO`, `14`, `alonso`.
"""


class Described(FastAPI):
    """An application whose description names what it answers with."""

    def openapi(self) -> dict[str, Any]:
        """Return the description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = with_names(super().openapi())
        return self.openapi_schema


def create_app(
    store: Path | str | None = None,
    *,
    hosts: Sequence[str] | None = None,
    limits: Limits | None = None,
    live: Follower | None = None,
) -> FastAPI:
    """Application that answers from a store, and never writes to it on behalf of a request.

    Parameters
    ----------
    store
        Folder of the store; left out, ``$RACECRAFT_STORE`` or else the user's data folder.
    hosts
        Names by which it may be asked for, such as `LOOPBACK`; left out, any. A page elsewhere
        that has its own name point to this machine is refused so.
    limits
        Of one request; left out, those of `Limits`.
    live
        A race that is followed, for the pages that show it while it is run.

    Returns
    -------
    FastAPI
        Its `state.shelf` is the `Shelf` that API and pages read from.

    Raises
    ------
    ArgumentError
        The store cannot be a folder.
    """
    app = Described(
        title="racecraft",
        version=__version__,
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.shelf, app.state.live = Shelf(store), live
    tell_problems(app)
    pages.show_what_is_missing(app)
    for room in (api, ergast, openf1, pages):  # `include_router` would read every signature again
        app.router.routes.extend(room.router.routes)
    app.add_middleware(Quick, shelf=app.state.shelf, files=files_of(STATIC, "/static"))
    app.add_middleware(Guard, hosts=hosts, limits=limits or Limits())
    return app
