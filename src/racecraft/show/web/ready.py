"""An answer as it leaves, in memory or on disk."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Ready:
    """An answer as it leaves: its body, its headers, and its mark."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: str

    def packed(self) -> bytes:
        """As bytes, for the disk."""
        headers = [
            [name.decode("latin-1"), value.decode("latin-1")] for name, value in self.headers
        ]
        told = json.dumps([self.etag, headers]).encode()
        return told + b"\n" + zlib.compress(self.body, 1)

    @classmethod
    def unpacked(cls, content: bytes) -> Ready | None:
        """From bytes on disk; None where they cannot be read."""
        told, _, body = content.partition(b"\n")
        try:
            etag, headers = json.loads(told)
            pairs = tuple(
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers
            )
            return cls(zlib.decompress(body), pairs, etag)
        except (ValueError, AttributeError, TypeError, zlib.error):
            return None
