"""A figure of an answer, from what the answer is asked with."""

from __future__ import annotations

from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar

from racecraft.door.by_name import is_year
from racecraft.model.season import Season

if TYPE_CHECKING:
    from collections.abc import Callable

    Drawn = TypeVar("Drawn", bound=Callable[..., Any])


def answered_first(draw: Drawn, figure: str, question: Callable[..., Any]) -> Drawn:
    """Let what draws an answer take a season in its place, and what the question takes beside it.

    Parameters
    ----------
    draw
        Draws the answer, its first argument.
    figure
        Name of the figure in `racecraft.plot`.
    question
        Function of the front door that gives the answer.
    """
    own = signature(draw).parameters

    @wraps(draw)
    def drawing(*given: Any, **named: Any) -> Any:
        if given and (is_year(given[0]) or isinstance(given[0], Season)):
            its = {key: value for key, value in named.items() if key not in own}
            named = {key: value for key, value in named.items() if key in own}
            given = (question(*given, **its),)
        return draw(*given, **named)

    drawing.__name__ = figure
    drawing.__doc__ = (
        f"{draw.__doc__ or ''}\n{TOLD.format(figure=figure, question=question.__name__)}"
    )
    taken: Any = drawing
    return taken  # type: ignore[no-any-return]  # it takes all that the figure does, and more


TOLD = """A season, or its year, does as well, with what `racecraft.{question}` takes:
``rc.plot.{figure}(2023, ...)``.
"""
