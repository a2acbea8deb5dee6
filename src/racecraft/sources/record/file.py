"""The file of the record: its columns are known at once, and each is read when it is asked for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from racecraft.model.packed import Packed

FILE = "record.bin"


@cache
def packed_record() -> Packed:
    """The file of the record; its durations are in milliseconds."""
    return Packed((files("racecraft.sources.record") / "data" / FILE).read_bytes())
