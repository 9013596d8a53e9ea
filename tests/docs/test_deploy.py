"""Dockerfile, compose.yaml, the systemd unit and the Procfile agree with the program that they start."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from configparser import RawConfigParser
from fnmatch import fnmatch
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.app import loops
from bot.cli import cli
from bot.config.settings import Settings
from tests.peers.need import need

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = YAML(typ="safe").load(COMPOSE_TEXT)["services"]["bot"]
UNIT_FILE = ROOT / "deploy" / "coalition-bot.service"
OPERATIONS = " ".join((ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split())
PROCFILE = (ROOT / "Procfile").read_text(encoding="utf-8")
FOR_THE_HOST = {"PATH", "PYTHONUNBUFFERED"}  # variables that are not the bot's


def instructions(name: str) -> list[str]:
    """The arguments of a Dockerfile's instruction, in order, with continued lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} (.+)$", joined, re.MULTILINE)


@pytest.fixture(scope="module")
def unit() -> RawConfigParser:
    """A unit of ours has each key once."""
    parser = RawConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(UNIT_FILE.read_text(encoding="utf-8"))
    return parser


def started() -> list[tuple[str, list[str]]]:
    """What each file starts, without the program's own name."""
    (command,) = instructions("CMD")
    (entry,) = instructions("ENTRYPOINT")
    (health,) = instructions("HEALTHCHECK")
    commands_found = [
        ("image", [*json.loads(entry), *json.loads(command)]),
        ("health check", json.loads(health.partition("CMD ")[2])),
        ("unit", shlex.split(re.findall(r"^ExecStart=(.+)$", UNIT_FILE.read_text("utf-8"), re.MULTILINE)[0])),
    ]
    commands_found += [("Procfile", shlex.split(line.partition(": ")[2])) for line in PROCFILE.splitlines()]
    return [(name, words) for name, words in commands_found]


@pytest.mark.parametrize(("file", "words"), started())
def test_every_command_that_is_started_exists(file, words):
    while "=" in words[0]:
        words.pop(0)
    assert Path(words.pop(0)).name == "coalition-bot"
    cli.commands[words[0]].make_context("coalition-bot", words[1:])  # raises click.UsageError for a wrong option


def test_every_variable_that_is_set_is_one_that_the_bot_reads():
    (image,) = instructions("ENV")
    named = re.findall(r"(\w+)=", image) + re.findall(r"\b([A-Z_]{3,})=", PROCFILE)
    named += re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)=", COMPOSE_TEXT)
    settings_names = {name.upper() for name in Settings.model_fields}
    assert set(named) - FOR_THE_HOST <= settings_names


def test_the_image_offers_the_port_that_the_bot_listens_on():
    port = Settings.model_fields["web_bind"].default.rpartition(":")[2]
    (image,) = instructions("ENV")
    assert instructions("EXPOSE") == [port]
    assert f"WEB_BIND=0.0.0.0:{port}" in image
    assert f'"127.0.0.1:{port}:{port}"' in COMPOSE_TEXT


def test_the_container_keeps_everything_in_the_folder_that_is_mounted():
    (folder,) = instructions("VOLUME")
    assert instructions("WORKDIR")[-1] == folder
    assert COMPOSE["volumes"] == [f"./coalition:{folder}"]


def test_the_container_has_no_rights_to_give_away():
    assert instructions("USER") == ["coalition"]
    assert COMPOSE["read_only"] is True
    assert COMPOSE["cap_drop"] == ["ALL"]
    assert COMPOSE["security_opt"] == ["no-new-privileges:true"]


def test_the_container_and_the_service_wait_for_the_message_in_hand(unit):
    assert float(COMPOSE["stop_grace_period"].removesuffix("s")) > loops.GRACE
    assert float(unit["Service"]["TimeoutStopSec"]) > loops.GRACE


def test_everything_the_image_installs_is_pinned_by_hash():
    installs = re.findall(r"pip install ([^&]+)", " ".join(instructions("RUN")))
    assert installs
    for arguments in installs:
        assert "--require-hashes" in arguments or "--no-index" in arguments, arguments


def test_both_stages_of_the_image_start_from_one_digest():
    assert instructions("FROM") == ["${BASE} AS build", "${BASE}"]
    assert re.fullmatch(r"BASE=debian:trixie-slim@sha256:[0-9a-f]{64}", *instructions("ARG"))


def let_through(path: str) -> bool:
    """Whether .dockerignore lets a file into the build: the last line that fits decides."""
    verdict = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = [path, *map(str, Path(path).parents), *([Path(path).name] if "**/" in line else [])]
        if any(fnmatch(part, pattern) for part in parts):
            verdict = line.startswith("!")
    return verdict


def test_the_build_sees_what_the_package_is_made_of_and_nothing_private():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = [*wheel["packages"], *wheel["force-include"], project["project"]["readme"]]
    wanted += [*project["project"]["license-files"], "pyproject.toml", *instructions("COPY")[0].split()[:-1]]
    assert [path for path in wanted if not let_through(path)] == []
    private = (".env", "coalition.db", "coalition.db-wal", ".git/config", "bot/.env", "coalition/coalition.db")
    assert [path for path in private if let_through(path)] == []


def test_the_service_may_use_only_the_calls_of_a_service_and_of_landlock(unit):
    assert unit["Service"]["SystemCallFilter"].split() == ["@system-service", "@sandbox"]
    closed = {"ProtectClock", "ProtectHostname", "ProtectKernelLogs", "MemoryDenyWriteExecute", "NoNewPrivileges"}
    assert {option for option in closed if unit["Service"].get(option) != "yes"} == set()
    assert unit["Service"]["ProcSubset"] == "pid"


@pytest.mark.long
def test_the_program_runs_without_memory_that_is_both_written_and_executed(tmp_path):
    """What MemoryDenyWriteExecute denies: Linux 6.3 has the same for one process and its children."""
    deny = (
        "import ctypes, os, sys; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    program = [sys.executable, "-c", deny, "-m", "bot", "demo"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr


def test_the_service_starts_the_bot_in_its_folder_and_not_again_after_wrong_usage(unit):
    folder = unit["Service"]["WorkingDirectory"]
    assert unit["Service"]["ExecStart"].startswith(f"{folder}/.venv/bin/coalition-bot ")
    assert unit["Service"]["ReadWritePaths"] == folder
    assert unit["Service"]["RestartPreventExitStatus"] == "2"


@pytest.mark.parametrize("several", [False, True], ids=["one process", "a process for each port"])
def test_systemd_finds_no_fault_in_the_service(tmp_path, several):
    """With several processes the unit is a template, as docs/operations.md says."""
    analyze = need("systemd-analyze")
    program = Path(sys.executable).with_name("coalition-bot")
    text = UNIT_FILE.read_text(encoding="utf-8").replace("/srv/coalition-bot/.venv/bin/coalition-bot", str(program))
    text = text.replace("/srv/coalition-bot", str(ROOT))  # a temporary one may be below /dev, which systemd refuses
    copy = tmp_path / UNIT_FILE.name
    if several:
        name, line = re.findall(r"your copy of the unit `(\S+)`, add the line `(\S+)` under `\[Service\]`", OPERATIONS)[
            0
        ]
        copy, text = tmp_path / name, text.replace("[Service]\n", f"[Service]\n{line}\n")
    copy.write_text(text)
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if copy.stem in line]
    assert (done.returncode, ours) == (0, [])
