"""A place in the race, and who was ahead of whom, as claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


def finished(
    look: Look, who: str, place: int, i: int, j: int, session: str = "race", *, sure: bool = False
) -> Claim:
    """A place in the race or the sprint; ``sure`` where words leave no doubt who is meant."""
    kind = "sprint_position" if session == "sprint" else "finish_position"
    scope = {"sure": True} if sure else {}
    return look.claim(kind, [look.driver(who)], (i, j), value=place, session=session, scope=scope)


def ahead_of(look: Look, ahead: str, behind: str, i: int) -> Claim:
    """Somebody who finished ahead of somebody else."""
    other = look.driver(behind)
    return look.claim(
        "relative_order",
        [look.driver(ahead)],
        (i, i),
        scope={"other": other},
        value=f"ahead of {other.name}",
    )
