"""Answers of a language model kept in a file, so that they can be had again without it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError, NotFoundError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ask = Callable[[str, str], str]


ASK = "with --llm URL and --model NAME the model is asked, and its answers are kept there"


def recorded(path: Path, ask: Ask | None = None) -> Ask:
    """Return what answers from a file, and asks the model for what is not in it.

    Parameters
    ----------
    path
        One JSON object a line, with the question's ``key`` and the ``answer``; made if need be.
        Every new answer is written at once, so that a run that breaks off loses none.
    ask
        Asks the model, as `racecraft.sources.http.chat_model.model_at` does; without it only what
        is in the file can be answered.

    Raises
    ------
    UnreadableError
        The file has something else in it.
    NotFoundError
        There is no file, and nobody to ask.

    Notes
    -----
    What is returned raises NotEnoughDataError for a question that is not in the file and that
    nobody can be asked.
    """
    if ask is None and not path.exists():
        raise NotFoundError(f"{path} is not there, and no model is named to ask", hint=ASK)
    answers = _read(path)

    def answer(instruction: str, text: str) -> str:
        key = hashlib.sha256(f"{instruction}\0{text}".encode()).hexdigest()[:32]
        if key not in answers:
            if ask is None:
                raise NotEnoughDataError(
                    f"{path} has no answer of a model for this article",
                    hint=ASK,
                )
            answers[key] = ask(instruction, text)
            line = json.dumps({"key": key, "answer": answers[key]}, ensure_ascii=False)
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        return answers[key]

    return answer


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return {str(row["key"]): str(row["answer"]) for row in rows}
    except (ValueError, LookupError, TypeError) as error:
        raise UnreadableError(
            f"{path} holds no answers of a model; expected lines with a key and an answer",
            path=str(path),
        ) from error
