"""A clip into a file: GIF, or MP4."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.errors import ArgumentError
from racecraft.show.clip.frames import SIZE, frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from racecraft.show.clip.reel import Reel

    Progress = Callable[[str, int, int], None]

COLOURS = 48  # of a GIF
ENDS = (".gif", ".mp4")


def write_clip(reel: Reel, path: Path, *, progress: Progress | None = None) -> None:
    """Write a clip to a file of the kind that its name ends in.

    Raises
    ------
    ArgumentError
        The ending is neither .gif nor .mp4, the file cannot be written, or what writes it is not
        installed.
    """
    if path.suffix.lower() not in ENDS:
        raise ArgumentError(
            f"{path} cannot be written: a clip is a GIF or an MP4", hint="end it in .gif or .mp4"
        )
    try:
        path.touch()
        if path.suffix.lower() == ".gif":
            _gif(reel, path, progress)
        else:
            _mp4(reel, path, progress)
    except OSError as error:
        why = error.strerror or str(error)
        raise ArgumentError(f"{path} cannot be written: {why}") from error


def _gif(reel: Reel, path: Path, progress: Progress | None) -> None:
    """All frames, one by one, in the colours of the last one, which has all that there are."""
    from PIL import Image

    count = len(reel.time_s)
    (last,) = frames(reel, [count - 1])
    palette = last.quantize(COLOURS)

    def still() -> Iterator[Image.Image]:
        for number, frame in enumerate(frames(reel), 1):
            if progress is not None:
                progress("frames", number, count)
            yield frame.quantize(palette=palette, dither=Image.Dither.NONE)
        yield from [palette] * reel.fps  # a second of rest

    drawn = still()
    next(drawn).save(
        path, save_all=True, append_images=drawn, loop=0, optimize=False,
        duration=round(1000 / reel.fps / 10) * 10,
    )  # fmt: skip


def _mp4(reel: Reel, path: Path, progress: Progress | None) -> None:
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise ArgumentError(
            "what writes MP4 is not installed", hint="pip install 'racecraft[clip]', or name a .gif"
        ) from error
    writer = imageio_ffmpeg.write_frames(
        str(path), (SIZE, SIZE), fps=reel.fps, codec="libx264", quality=7, macro_block_size=16,
        ffmpeg_log_level="error",
    )  # fmt: skip
    writer.send(None)
    try:
        for number, frame in enumerate(frames(reel), 1):
            content = np.ascontiguousarray(frame, np.uint8)
            writer.send(content)
            if progress is not None:
                progress("frames", number, len(reel.time_s))
        for _ in range(reel.fps):
            writer.send(content)
    finally:
        writer.close()
