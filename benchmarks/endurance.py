"""A race of 24 hours: 61 cars in three classes, made here, read and told.

It is written as Al Kamel publishes one, with midnight, cautions, six hundred changes of driver and
stops of an hour.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from harness import Mark, process, show, timed

from racecraft.sources.alkamel import source as alkamel

HEAD = (
    "NUMBER; DRIVER_NUMBER; LAP_NUMBER; LAP_TIME; CROSSING_FINISH_LINE_IN_PIT; S1; S2; S3; ELAPSED;"
    " HOUR;DRIVER_NAME;PIT_TIME;CLASS;GROUP;TEAM;MANUFACTURER;FLAG_AT_FL;"
)
HOURS_24 = 24 * 3_600_000  # thousandths of a second, as everything here
CLASSES = (("HYPERCAR", 21, 211_000), ("LMP2", 17, 221_000), ("LMGT3", 23, 243_000))
STINT, LAPS_OF_A_DRIVER = 12, 36
CAUTIONS = ((2.0, 2.4), (7.5, 9.0), (16.0, 16.3))  # hours
SLOWER = 1.4  # than a green lap, under a caution
LEADER_LATE = 60_000  # by when the leader has taken the flag, and the others follow
MEGABYTES = 500


def main() -> list[Mark]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "wec_2025_le_mans"
        folder.mkdir()
        laps = _write(folder / "202506141600-race-laps.csv")
        asked = {"folder": folder, "series": "wec", "season": None, "event": None}
        note = f"61 cars, {laps:,} laps"
        read = timed(
            "24 hours read",
            lambda: alkamel.parse(alkamel.fetch(asked), asked),
            runs=3,
            limit=5,
            note=note,
        )
        store = ["--store", Path(place) / "store"]
        racecraft = [sys.executable, "-m", "racecraft"]
        add = [*racecraft, "data", "add", "alkamel", folder, "--series", "wec", *store]
        tell = [*racecraft, "race", "2025", "le mans", "--series", "wec", *store]
        added = process("24 hours: data add alkamel", add, runs=2, limit=5, note=note)
        told = process("24 hours: race", tell, runs=3, limit=2, note=note)
    peak = max(mark.peak_mb or 0 for mark in (added, told))
    return [read, added, told, Mark("24 hours: peak memory", (peak,), unit="MB", limit=MEGABYTES)]


def _write(path: Path) -> int:
    """Write the analysis file of the race, and return how many laps it has."""
    chance = random.Random(24)  # noqa: S311, a race and no secret
    lines = [HEAD]
    number = 0
    for group, cars, usual in CLASSES:
        for _ in range(cars):
            number += 1
            lines += _car(f"{number:02d}", group, usual * (1 + number / 6000), chance)
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return len(lines) - 1


def _car(number: str, group: str, usual: float, chance: random.Random) -> list[str]:
    lines, elapsed, lap, spent = [], 0, 0, 0
    repair = chance.randrange(20, 250)  # the lap of a long stop
    end = HOURS_24 if number == "01" else HOURS_24 + LEADER_LATE
    while elapsed < end:
        lap += 1
        caution = _caution(elapsed)
        time = int(usual * chance.gauss(1, 0.004) * (SLOWER if caution else 1)) + spent
        elapsed += time
        stop = lap % STINT == 0 or lap == repair
        driver = 1 + lap // LAPS_OF_A_DRIVER % 3
        flag = "FF" if elapsed >= HOURS_24 else _caution(elapsed) or "GF"
        cells = (
            number, driver, lap, _clock(time), "B" if stop else "", _clock(time // 3),
            _clock(time // 3), _clock(time - 2 * (time // 3)), _clock(elapsed), "",
            f"Driver {number}{'ABC'[driver - 1]}", _clock(spent) if spent else "", group, "",
            f"Team {number}", "Toy", flag,
        )  # fmt: skip
        lines.append(";".join(map(str, cells)) + ";")
        spent = (3_600_000 if lap == repair and number > "55" else 75_000) if stop else 0
    return lines


def _caution(elapsed: float) -> str:
    hour = elapsed / 3_600_000
    return next(("SF" for begun, ended in CAUTIONS if begun <= hour < ended), "")


def _clock(thousandths: int) -> str:
    minutes, rest = divmod(thousandths, 60_000)
    second = f"{rest / 1000:06.3f}"
    return (
        f"{minutes // 60}:{minutes % 60:02d}:{second}" if minutes >= 60 else f"{minutes}:{second}"
    )


if __name__ == "__main__":
    sys.exit(show(main()))
