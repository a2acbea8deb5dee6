"""A report as Markdown: the words and tables of it, with the commands that prove them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft import __version__
from racecraft.model.words.book import words_of
from racecraft.show.report.parts import Chart, Listed, Numbered, Paragraph, Rows

if TYPE_CHECKING:
    from racecraft.show.report.parts import Part, Report

MARKED = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#"})


def report_markdown(report: Report) -> str:
    """A report as Markdown; charts are left out, what they show is in the tables and sentences."""
    words = words_of(report.lang)
    lines = [f"# {_text(report.title)}", ""]
    lines += [f"*{_text(report.facts)}*", ""] if report.facts else []
    for note in report.notes:
        lines += [f"> {_text(note)}", ""]
    for section in report.sections:
        written = [line for part in section.parts for line in _part(part)]
        if not written:
            continue
        lines += [f"## {_text(section.heading)}", "", *written]
        commands = ", ".join(f"`{command}`" for command in section.proofs)
        lines += [f"{words['head']['proof']}: {commands}", ""] if commands else []
    made = words["head"]["made"].format(version=__version__)
    return "\n".join([*lines, "---", "", made.partition(". ")[0] + ".", ""])


def _part(part: Part) -> list[str]:
    if isinstance(part, Chart):
        return []
    if isinstance(part, Paragraph):
        return [_text(part.text), ""]
    if isinstance(part, Listed):
        return [*(f"- {_text(item)}" for item in part.items), ""]
    if isinstance(part, Numbered):
        return [*(f"- **{lap}**: {_text(text)}" for _, lap, text, _ in part.items), ""]
    return _table(part)


def _table(part: Rows) -> list[str]:
    rule = ["---:" if i in part.numbers else "---" for i in range(len(part.head))]
    rows = [[_text(cell or "") for cell in row] for row in (part.head, *part.rows)]
    return [*(f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])), ""]


def _text(text: str) -> str:
    return text.translate(MARKED)
