"""`--workers`: several processes share the tests of one collection, each file in one of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = """
import os, pathlib, pytest
@pytest.fixture(scope="session")
def mine():
    for what in ("begin", "end"):
        with pathlib.Path(__file__).with_name("log").open("a") as log:
            print(what, os.getpid(), file=log)
        if what == "begin":
            yield
"""
FILE = """
import os
pids = set()
def test_one(mine): pids.add(os.getpid())
def test_two(mine): assert pids == {os.getpid()}
"""


def run(folder, *options, **files):
    for name, text in {"pytest": "", **files}.items():
        (folder / name).with_suffix(".py" if text else ".ini").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.kit.workers", "--workers", "2", *options, str(folder)]
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def test_each_test_runs_once_each_file_in_one_process_and_a_failure_is_shown(tmp_path):
    files = {f"test_{number}": FILE for number in range(5)}
    files["test_9"] = "def test_of_words():\n    print('what it printed')\n    assert 'this' == 'that'\n"
    code, shown = run(tmp_path, conftest=SHARED, **files)
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 10 passed" in shown
    assert "E       AssertionError: assert 'this' == 'that'" in shown
    assert "what it printed" in shown


def test_what_the_session_shares_is_made_once_in_each_process(tmp_path):
    run(tmp_path, conftest=SHARED, **{f"test_{number}": FILE for number in range(5)})
    log = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    begun, ended = (sorted(pid for what, pid in log if what == which) for which in ("begin", "end"))
    assert begun == ended == sorted(set(begun))
    assert 1 <= len(begun) <= 2


def test_a_process_that_dies_fails_the_run_and_its_test_is_named(tmp_path):
    code, shown = run(tmp_path, test_a="import os\ndef test_that_dies(): os._exit(9)\n")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "a worker ended with 9 in " in shown
    assert "test_a.py::test_that_dies" in shown


def test_after_the_first_failure_the_others_are_stopped(tmp_path):
    slow = "import time\ndef test_of_an_hour(): time.sleep(3600)\n"
    code, shown = run(tmp_path, "-x", test_a="def test_wrong(): assert False\n", test_b=slow)
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "stopping after 1 failures" in shown


def test_no_process_is_forked_that_would_wait_for_a_thread_of_the_first(tmp_path):
    starts = "import threading, time\nthreading.Thread(target=time.sleep, args=[1]).start()\ndef test_one(): pass\n"
    code, shown = run(tmp_path, test_a=starts)
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "passed" not in shown
