"""``data add``: one command a source, made of its questions when somebody asks for it."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from racecraft.cli import answer
from racecraft.cli.options import StoreFolder
from racecraft.sources import registry
from racecraft.sources.source import NEEDED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from racecraft.sources.source import Question, Source


class SourceGroup(TyperGroup):
    """The sources of the registry as commands; one is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Names of all sources."""
        return list(registry.names())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Command of a source; None where there is none of that name."""
        if cmd_name not in registry.names():
            return None
        source = registry.source(cmd_name)
        made = typer.Typer(add_completion=False, rich_markup_mode=None)
        epilog = f"\b\nExample:\n  {source.example}" if source.example else None
        made.command(name=source.name, epilog=epilog, help=source.reads)(_command(source))
        return get_command(made)


def _command(source: Source) -> Callable[..., None]:
    """Function whose parameters are the questions of a source."""

    def add(store: Path | None = None, **answers: object) -> None:
        from racecraft.door.paces import fit_paces
        from racecraft.show.progress import progress_bar
        from racecraft.show.store import added_text
        from racecraft.store.importing import add_source
        from racecraft.store.load import store_at

        notes: list[str] = []
        shelf = store_at(store)
        with progress_bar() as progress:
            added = add_source(shelf, source.name, answers, progress=progress, note=notes.append)
            fit_paces(shelf, added, progress=progress)
        answer.text(lambda _: "".join(f"{line}\n" for line in notes) + added_text(added), None)

    asked = [_parameter(question) for question in source.questions]
    asked.append(Parameter("store", Parameter.KEYWORD_ONLY, default=None, annotation=StoreFolder))
    made: Any = add
    made.__signature__ = Signature(asked)
    made.__annotations__ = {parameter.name: parameter.annotation for parameter in asked}
    return add


def _parameter(question: Question) -> Parameter:
    told = (
        typer.Option(help=question.meaning)
        if question.is_option
        else typer.Argument(help=question.meaning, metavar=question.metavar)
    )
    if question.kind is bool:  # without its opposite, --no-telemetry
        told = typer.Option(f"--{question.name.replace('_', '-')}", help=question.meaning)
    return Parameter(
        question.name,
        Parameter.KEYWORD_ONLY,
        default=Parameter.empty if question.default is NEEDED else question.default,
        annotation=Annotated[question.kind, told],
    )
