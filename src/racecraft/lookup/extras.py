"""Which extra brings a library that is not installed?"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires

from racecraft.errors import NotEnoughDataError

EVERYTHING = "all"
CALLED_OTHERWISE = {"PIL": "pillow", "paho": "paho-mqtt", "markdown_it": "markdown-it-py"}


def missing(error: Exception) -> NotEnoughDataError | None:
    """What to say of a library that an import did not find: the extra that brings it.

    Returns
    -------
    NotEnoughDataError or None
        With the command to type; None where it is no library that racecraft asks for, so that the
        error is a fault and no refusal.
    """
    module = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    extra = extra_of(module)
    if not extra:
        return None
    return NotEnoughDataError(
        f"this answer needs {module}, which is not installed",
        hint=f"pip install 'racecraft[{extra}]'",
        module=module,
        extra=extra,
    )


def extra_of(module: str) -> str:
    """Extra of racecraft that brings a module; nothing where none does.

    Examples
    --------
    >>> extra_of("matplotlib.pyplot"), extra_of("PIL"), extra_of("nothing_of_ours")
    ('plots', 'clip', '')
    """
    top = module.partition(".")[0]
    return _extras().get(_alike(CALLED_OTHERWISE.get(top, top)), "")


@cache
def _extras() -> dict[str, str]:
    """The smallest extra that asks for each distribution, as the package itself was installed."""
    try:
        asked = requires("racecraft") or []
    except PackageNotFoundError:  # run from a folder that was never installed
        asked = []
    brought: dict[str, list[str]] = {}
    for line in asked:
        parts = re.match(r"([\w.-]+).*;.*extra == ['\"]([\w-]+)['\"]", line)
        if parts and parts[2] != EVERYTHING and _alike(parts[1]) != "racecraft":
            brought.setdefault(parts[2], []).append(_alike(parts[1]))
    large_first = sorted(brought, key=lambda extra: (len(set(brought[extra])), extra), reverse=True)
    return {name: extra for extra in large_first for name in brought[extra]}


def _alike(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
