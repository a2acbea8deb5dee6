"""Which seasons are in the record."""

from __future__ import annotations

FIRST, LAST = 1950, 2025
