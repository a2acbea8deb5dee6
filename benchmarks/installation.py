"""Build the wheel, install it without extras, and measure what that takes on the disk."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from harness import Mark, show

HOUSE = Path(__file__).parents[1]
LIMIT_MB, SMALL_MB, WHEEL_MB = 325, 265, 17  # the latest polars and numpy are 254, a network 14
CARRIED = ("racecraft/py.typed", "racecraft/cli/main.py", "racecraft/sources/sample/data/")


def main() -> list[Mark]:
    with tempfile.TemporaryDirectory() as folder:
        wheel = _built(Path(folder) / "wheel")
        usual = _installed(Path(folder) / "usual", wheel)
        small = _installed(Path(folder) / "small", f"{wheel}[small]")
        return [
            Mark("wheel", (wheel.stat().st_size / 1e6,), unit="MB", limit=WHEEL_MB),
            Mark("installation without extras", (usual,), unit="MB", limit=LIMIT_MB),
            Mark("installation with the extra small", (small,), unit="MB", limit=SMALL_MB),
        ]


def _installed(home: Path, *what: str | Path) -> float:
    """Megabytes that an installation takes that was seen to work."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    _pip("--python", home, "install", *what)
    _works(home)
    return _size(home)


def _built(folder: Path) -> Path:
    _pip("wheel", "--no-deps", "--wheel-dir", folder, HOUSE)
    (wheel,) = folder.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in CARRIED:
        if not any(name.startswith(wanted) for name in names):
            sys.exit(f"{wheel.name} lacks {wanted}")
    return wheel


def _works(home: Path) -> None:
    """Stop unless a race can be told from what is installed, away from the source tree."""
    told = subprocess.run(
        [home / "bin" / "racecraft", "race", "2023", "brazil", "--store", home / "store"],
        cwd=home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    if "Alonso" not in told.stdout:
        sys.exit(f"the installed package tells another story:\n{told.stdout}")


def _pip(*arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=HOUSE,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def _size(home: Path) -> float:
    """Megabytes of all files below a folder."""
    return sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(show(main()))
