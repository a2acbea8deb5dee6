"""Files of somebody's disk, as bytes; one that cannot be read gives one error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path


def read_bytes(path: Path, *, expected: str, largest: int) -> bytes:
    """Bytes of a file.

    Parameters
    ----------
    expected
        What it should hold, for errors.
    largest
        Bytes; a file that is larger is not read.

    Raises
    ------
    UnreadableError
        There is none, it is a folder, or it is far larger than it can be.
    """
    try:
        size = path.stat().st_size
        if size > largest:
            raise UnreadableError(
                f"{path}: {size / 1e6:.0f} MB; expected {expected}", file=str(path)
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path}: {error.strerror}; expected {expected}", file=str(path)
        ) from error
