"""Whether a title is decided, and what would decide it next, in the language of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.model.words.book import Book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.title.clinch import Clinch
    from racecraft.title.next.stakes import Next


def title_in_words(answer: Clinch, names: Mapping[str, str | None], lang: str) -> str:
    """Who has the title, or what he who leads needs at the next event to secure it.

    Parameters
    ----------
    names
        Family names, by code.
    """
    book = Book(lang)
    name = names.get(answer.name) or answer.name
    if answer.secured:
        return book.sentence(book.say("secured", "championship", name=name))
    open_yet = book.sentence(book.say("undecided", "championship"))
    if answer.next is None:
        return open_yet
    return f"{open_yet} {book.sentence(_next(answer.next, name, names, book))}"


def _next(to_come: Next, name: str, names: Mapping[str, str | None], book: Book) -> str:
    from racecraft.press.writing.sentences import event_in_words

    event = event_in_words(to_come.event, book.lang)
    if not to_come.can_secure:
        return book.say("cannot_secure", "championship", name=name, event=event)
    needs = [
        _need(float(most), names.get(rival) or str(rival), book)
        for rival, most in to_come.margins["rival", "held_off_with"].drop_nulls().rows()
    ]
    given = book.say("given", "championship", parts=needs) if needs else ""
    return book.say("can_secure", "championship", name=name, event=event, given=given)


def _need(most: float, rival: str, book: Book) -> str:
    """By how much a rival has to be outscored, or may outscore him."""
    kind = "outscores" if most < 0 else "level_there" if most == 0 else "outscored"
    n = int(abs(most)) if most == int(most) else abs(most)
    return book.say(kind, "championship", other=rival, n=n)
