"""What was worked out of a race or a season, remembered for as long as that lives."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
T = TypeVar("T")


def once_per(function: Callable[[K], T]) -> Callable[[K], T]:
    """Remember what a function said of something, for as long as that lives."""
    answers: WeakKeyDictionary[K, T] = WeakKeyDictionary()

    @wraps(function)
    def remembered(about: K) -> T:
        if about not in answers:
            answers[about] = function(about)
        return answers[about]

    return remembered
