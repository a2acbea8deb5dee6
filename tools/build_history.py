"""Make the history of all seasons that are in the package, with every standings, as one file.

What the record says just so is left out of it.

    python tools/build_history.py

To run after a change of the record, of the sample, or of how points are counted: a test says so.
"""

from __future__ import annotations

from pathlib import Path

from zopfli.zlib import compress

from racecraft.history.stored import packed_history, rows_of_record
from racecraft.store.chronicle import PACKED
from racecraft.store.store import Store

NOWHERE = Path("/nonexistent")  # a store in which nothing is stored

if __name__ == "__main__":
    store = Store(NOWHERE)
    reported = rows_of_record(store)
    content = packed_history(
        store.season_marks(), store.load_season, compress=compress, reported=reported
    )
    path = Path(__file__).parents[1] / "src" / PACKED[0].replace(".", "/") / PACKED[1]
    path.write_bytes(content)
    print(f"{path}: {len(content) / 1e6:.2f} MB")
