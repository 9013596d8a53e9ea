"""Run the tests in several processes, after one of them has collected them: `--workers 3`.

pytest-xdist collects in each process, 6 s of a processor, and takes half a millisecond more for a test. Here each is a
fork of the one that collected. Before its last test it takes another file from a pipe, so that what the session shares
lives to the end.
"""

from __future__ import annotations

import io
import mmap
import os
import signal
import struct
import sys
from collections.abc import Iterator
from itertools import chain, groupby, pairwise
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

import pytest

_NUMBER = struct.Struct("=I")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--workers", type=int, default=1, help="processes that share the tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    count = session.config.getoption("--workers")
    if count < 2 or session.config.option.collectonly or session.testsfailed:
        return None  # as always, in this process
    if len([*Path("/proc/self/task").glob("*")]) > 1:
        raise pytest.UsageError("A test module starts threads when it is imported: forks would wait for them forever.")
    files = [list(items) for _, items in groupby(session.items, key=lambda item: item.path)]
    queue, fill = os.pipe()
    os.write(fill, b"".join(map(_NUMBER.pack, range(len(files)))))
    os.close(fill)
    sys.stdout.flush()
    workers: dict[Connection, Worker] = {}
    for _ in range(count):
        ours, theirs = Pipe(duplex=False)
        worker = Worker(session, theirs)
        if worker.fork():
            for each in (*workers, ours):
                each.close()
            worker.run(files, queue)
            return True
        theirs.close()
        workers[ours] = worker
    try:
        _listen(session, workers)
    finally:
        for worker in workers.values():
            worker.end()
    return True


def _listen(session: pytest.Session, workers: dict[Connection, Worker]) -> None:
    """Report what the workers send, until the last has ended. One that died ends the run."""
    hook = session.config.hook
    while workers:
        for connection in wait(list(workers)):
            try:
                reports = connection.recv()
            except EOFError:
                workers.pop(connection).wait()
                reports = ()
            for data in reports:
                report = hook.pytest_report_from_serializable(config=session.config, data=data)
                hook.pytest_runtest_logreport(report=report)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)


class Worker:
    """A process that runs tests and sends their reports."""

    def __init__(self, session: pytest.Session, connection: Connection) -> None:
        self._session = session
        self._connection = connection
        self._running = mmap.mmap(-1, 1024)  # the name of its test, for the one who asks why it died
        self._reports: list[dict[str, object]] = []
        self._pid = 0

    def fork(self) -> bool:
        """Whether this is the new process."""
        self._pid = os.fork()
        return not self._pid

    def wait(self) -> None:
        """Return when it has ended. If something else than its last test ended it, that fails the run."""
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        if (code := os.waitstatus_to_exitcode(status)) not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            test = self._running[:].rstrip(b"\0").decode()
            self._session.shouldfail = f"a worker ended with {code} in {test}"

    def end(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGINT)
            os.waitpid(self._pid, 0)

    def run(self, files: list[list[pytest.Item]], queue: int) -> None:
        """In the new process: run the files that nobody else has taken. Pytest then ends as it does elsewhere."""
        config = self._session.config
        config.workerinput = {}  # by this name plugins know that another process keeps what is kept of a run
        capture = config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()  # into files that all the forks would share
        capture.start_global_capturing()
        capture.suspend_global_capture()
        config.get_terminal_writer()._file = io.StringIO()  # the first process reports
        config.pluginmanager.register(self)
        for item, following in pairwise(chain(_taken(files, queue), [None])):
            name = item.nodeid.encode()[: len(self._running)]
            self._running[:] = name.ljust(len(self._running), b"\0")
            config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._session.shouldfail:
                break

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        hook = self._session.config.hook
        self._reports.append(hook.pytest_report_to_serializable(config=self._session.config, report=report))

    def pytest_runtest_logfinish(self) -> None:
        self._connection.send(self._reports)
        self._reports.clear()


def _taken(files: list[list[pytest.Item]], queue: int) -> Iterator[pytest.Item]:
    while number := os.read(queue, _NUMBER.size):
        yield from files[_NUMBER.unpack(number)[0]]
