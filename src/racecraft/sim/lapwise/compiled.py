"""The compiled loop: made once on a machine, kept there, and loaded without the compiler.

Compiling takes some ten seconds, and importing the compiler and reading its own cache nearly one.
So the machine code is kept as it is, and put into memory by the library that made it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from platformdirs import user_cache_path

from racecraft.errors import ArgumentError, RacecraftError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMPILERS: Final = ("numba", "llvmlite")
HERE: Final = Path(__file__).parent
WRITTEN_IN: Final = (
    "kernel.py", "steps.py", "under_green.py", "in_line.py", "columns.py", "random.py",
    "step.py", "compiled.py",
)  # fmt: skip
_LOCK: Final = Lock()


def drive(*given: Any) -> None:
    """Drive runs of a race: `racecraft.sim.lapwise.kernel.drive`, compiled.

    Raises
    ------
    UnreachableError
        The compiler is not installed.
    """
    words: list[Any] = []
    for one in given:
        words += _words(one)
    returned, raised = ctypes.c_void_p(), ctypes.c_void_p()
    function = _loaded(tuple(map(_kind, given)))
    outcome = function(ctypes.byref(returned), ctypes.byref(raised), *words)
    if outcome:
        raise RacecraftError(f"the compiled loop failed with {outcome}")


def is_kept() -> bool:
    """Whether the loop was compiled on this machine before, as it is written now."""
    return any(folder.glob(f"*{_mark()}*.o") for folder in _folders() if folder.is_dir())


def _kind(one: Any) -> tuple[str, int]:
    """Type of a number, or of what an array holds, and the dimensions of the array."""
    if isinstance(one, np.ndarray):
        return one.dtype.name, one.ndim
    return ("uint64" if isinstance(one, np.uint64) else "int64"), -1


def _words(one: Any) -> Sequence[int]:
    """What the compiled function takes for a number, or for an array: address, shape, strides."""
    if not isinstance(one, np.ndarray):
        return (int(one),)
    if not one.flags.c_contiguous:
        raise ArgumentError("the compiled loop takes arrays without gaps")
    return (0, 0, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides)


@cache
def _loaded(kinds: tuple[tuple[str, int], ...]) -> Callable[..., int]:
    """Compiled function for arguments of these kinds, from what is kept or else compiled now."""
    with _LOCK:
        name, code = _kept(kinds) or _compiled(kinds)
        address = _in_memory(name, code)
    words = [
        ctypes.c_int64
        for _, dimensions in kinds
        for _ in range(1 if dimensions < 0 else 5 + 2 * dimensions)
    ]
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *words)
    return function(address)


def _in_memory(name: str, code: bytes) -> int:
    """Address of a function of an object file."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _ENGINES.append(engine)
    return int(engine.get_function_address(name))


_ENGINES: list[Any] = []  # what they hold is gone with them


def _compiled(kinds: tuple[tuple[str, int], ...]) -> tuple[str, bytes]:
    """Name and object file of the loop, compiled now and kept for the next time."""
    from numba import types
    from numba.core import compiler as numba_compiler
    from numba.core import registry

    from racecraft.sim.lapwise.kernel import drive as written
    from racecraft.sim.lapwise.step import HOW

    one_by_one = [
        getattr(types, name)
        if dimensions < 0
        else types.Array(getattr(types, name), dimensions, "C", aligned=True)
        for name, dimensions in kinds
    ]
    compiler: Any = numba_compiler
    target: Any = registry.cpu_target
    flags = compiler.Flags()
    target.options.parse_as_flags(flags, {"nopython": True, **HOW})
    flags.noalias = True  # no two arrays overlap
    made = compiler.compile_extra(
        target.typing_context, target.target_context, written, tuple(one_by_one), types.none,
        flags, {},
    )  # fmt: skip
    _, _, (code, *_) = made.library.serialize_using_object_code()
    name = made.fndesc.llvm_func_name
    for folder in _folders():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{os.getpid()}.part"
            part.write_bytes(name.encode() + b"\n" + code)
            part.replace(folder / _file_name(kinds))
            break
    return name, code


def _kept(kinds: tuple[tuple[str, int], ...]) -> tuple[str, bytes] | None:
    """Name and object file of the loop as it was compiled before; None where it was not."""
    for folder in _folders():
        with suppress(OSError):
            name, _, code = (folder / _file_name(kinds)).read_bytes().partition(b"\n")
            return name.decode(), code
    return None


def _folders() -> tuple[Path, ...]:
    """Where the compiled loop may be kept: beside its source, else in the user's cache."""
    return HERE / "__pycache__", user_cache_path("racecraft") / "compiled"


def _file_name(kinds: tuple[tuple[str, int], ...]) -> str:
    of_kinds = hashlib.sha256(repr(kinds).encode()).hexdigest()[:8]
    return f"drive-{_mark()}-{of_kinds}.o"


@cache
def _mark() -> str:
    """What the compiled loop depends on: how it is written, the compiler, and the processor."""
    try:
        versions = [version(name) for name in COMPILERS]
        import llvmlite.binding as llvm
    except (ImportError, PackageNotFoundError) as error:
        raise UnreachableError(
            "the simulator's compiler is not installed", hint='pip install "racecraft[sim]"'
        ) from error
    digest = hashlib.sha256()
    for file in WRITTEN_IN:
        digest.update((HERE / file).read_bytes())
    processor = (llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    digest.update(repr((versions, processor, sys.platform, sys.maxsize)).encode())
    return digest.hexdigest()[:16]
