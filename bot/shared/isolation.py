"""A child process for what strangers wrote or what may take forever: how it is started, asked, and what it gives up.

It is started without our environment. Before it looks at anything it limits its memory and time and, on Linux, shuts
itself off by Landlock: it may read Python's own files and the folders it is given, and nothing else; it may write no
file, start no program, open no connection and send no signal. A parser that was taken over finds no token, no `.env`,
no database and no `/proc` of its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final

_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")  # what a Python may need to start
_ROOT: Final = Path(__file__).parents[2]
_LIBRARIES: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo"),
)

# The kernel's own numbers: linux/landlock.h, linux/prctl.h. The system calls have one number on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS: Final = ((1, 13), (2, 14), (3, 15), (5, 16))  # from that version on, so many rights to files there are
_NETWORK_SINCE: Final = 4
_BIND_AND_CONNECT: Final = 0b11
_SCOPES_SINCE: Final = 6
_SOCKETS_AND_SIGNALS: Final = 0b11
_SET_DUMPABLE, _SET_NO_NEW_PRIVS = 4, 38
TIMEOUT: Final = 30  # seconds of wall time, enough for a busy machine


def starting(module: str, *arguments: str, **environment: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The command line and the options with which a child `python -m module` is started."""
    options = {
        "stderr": subprocess.DEVNULL,
        "cwd": _ROOT,
        "env": {name: value for name, value in os.environ.items() if name in _ENVIRONMENT} | environment,
        "start_new_session": True,  # a Ctrl-C at the console is not meant for it
    }
    return (sys.executable, "-m", module, *arguments), options


def confine(memory: int, folders: Iterable[Path] = ()) -> bool:
    """In the child: give up everything but `memory` bytes of address space, Python's own files and these folders.

    Whether the system could shut it off from files and the network; the limits hold either way.
    """
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    return _landlock([*_pythons_own(), *folders])


def grant_time(seconds: int) -> None:
    """In the child: so much processor time from now on. The limit counts a process's whole life, so it moves on."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + seconds, hard))


def hide_memory() -> None:
    """In the bot itself: no other process of the same user reads its environment or memory, and no core is dumped."""
    if sys.platform == "linux":
        _libc().prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def version() -> int:
    """Of the kernel's Landlock; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))))


def _landlock(paths: Iterable[Path]) -> bool:
    abi = version()
    if not abi:
        return False
    rights = (1 << max(count for since, count in _FILE_RIGHTS if abi >= since)) - 1
    attributes = (ctypes.c_uint64 * 3)(
        rights, _BIND_AND_CONNECT if abi >= _NETWORK_SINCE else 0, _SOCKETS_AND_SIGNALS if abi >= _SCOPES_SINCE else 0
    )
    size = 8 * (3 if abi >= _SCOPES_SINCE else 2 if abi >= _NETWORK_SINCE else 1)
    libc = _libc()
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for path in paths:
            _allow_reading(libc, ruleset, path)
        libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0)
    finally:
        os.close(ruleset)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def _allow_reading(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    with suppress(OSError):  # what is not there needs no leave
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = _PathBeneath(_READ_FILE | (_READ_DIR if path.is_dir() else 0), opened)
            arguments = (ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
            libc.syscall(_ADD_RULE, *arguments)
        finally:
            os.close(opened)


def _pythons_own() -> Iterator[Path]:
    """The bot's code, the interpreter and its libraries; not the folder above the code, where `.env` often is."""
    yield _ROOT / "bot"
    yield from map(Path, (sys.prefix, sys.base_prefix, *_LIBRARIES))
    yield from map(Path, filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":")))
    yield from (path for path in map(Path, sys.path) if path not in (_ROOT, Path()))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


class Child:
    """A child that answers one request after another: `python -m module`, started at once.

    `patience`: seconds of wall-clock time for a request. The child limits its own memory and processor time.
    """

    def __init__(self, module: str, *arguments: str, patience: float, **environment: str) -> None:
        command, options = starting(module, *arguments, **environment)
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, **options)  # noqa: S603 - our own module
        self._patience = patience

    @property
    def output(self) -> IO[bytes]:
        assert self._process.stdout
        return self._process.stdout

    def say(self, request: Mapping[str, Any]) -> None:
        """Send a request as a line of JSON. If the child has died, its output ends instead of an answer."""
        line = json.dumps(request).encode() + b"\n"
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Kill the child if the block takes longer than its patience."""
        from bot.shared.threads import PRIORITY

        timer = Timer(self._patience, self._process.kill)
        timer.start()
        try:
            with PRIORITY.blocked():
                yield
        finally:
            timer.cancel()

    def wait(self) -> int:
        """Return the exit status of a child whose output has ended; negative if it was killed."""
        return self._process.wait()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


async def ask(module: str, head: Any, body: bytes, seconds: float = TIMEOUT) -> bytes | None:
    """Run `python -m module` on `head` (JSON) and `body`; its output, or None if it exceeded its time or memory."""
    import asyncio

    command, options = starting(module)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, **options)
    try:
        async with asyncio.timeout(seconds):
            out, _ = await child.communicate(json.dumps(head).encode() + b"\n" + body)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return out if child.returncode == 0 and out else None


async def ask_json(module: str, head: Any, body: bytes, seconds: float = TIMEOUT) -> Any:
    """Ask a module that answers by `serve`; None if it exceeded its time or memory."""
    import asyncio

    out = await ask(module, head, body, seconds)
    return None if out is None else await asyncio.to_thread(json.loads, out)


def serve(answer: Callable[[Any, bytes], Any], memory: int, cpu: int) -> None:
    """In the child: print the answer to (head, body), as JSON. The limits are those of `read_question`."""
    head, body = read_question(memory, cpu)
    print(json.dumps(answer(head, body)))  # noqa: T201 - standard output is the way back


def read_question(memory: int, cpu: int) -> tuple[Any, bytes]:
    """In the child: set the limits (bytes of address space, seconds of CPU), then read (head, body)."""
    confine(memory)
    grant_time(cpu)
    head = json.loads(sys.stdin.buffer.readline())
    return head, sys.stdin.buffer.read()
