"""local-slack, a third-party Slack simulator, in an isolated network namespace.

It always listens on every interface, and it is a binary that we did not build. So it runs where the only network is a
loopback, reached through one Unix socket. Socket Mode works through the same socket.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.need import missing, need

RELAY = Path(__file__).with_name("relay.py")
CHANNEL = "C0COALITION"
PERSON = "U0DIRECTOR"
TEAM = "T0COALITION"
TOKEN = "xoxb-local"
APP_TOKEN = "xapp-local"
SECRET = "local-signing-secret"
_WAIT = 60.0  # seconds to start on a busy machine


@dataclass(frozen=True)
class LocalSlack:
    """A running peer. `api_url` is what SLACK_API_URL would be."""

    url: str

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def messages(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """What the channel holds, oldest first."""
        with urllib.request.urlopen(f"{self.url}/_control/messages/{channel}", timeout=60) as answer:
            return list(json.load(answer)["messages"])

    def do(self, what: str, **how: Any) -> None:
        """What a person does there: `command`, `interact`, `open-home`. Returns when the app has acknowledged."""
        data = json.dumps(how).encode()
        request = urllib.request.Request(f"{self.url}/_control/{what}", data, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()


@contextmanager
def local_slack(folder: Path, *, bot_port: int | None = None) -> Iterator[LocalSlack]:
    """Start the peer with one channel, one person and our app; stop it and its relays afterwards.

    With `bot_port` it sends signed HTTP to the app there, through another socket; otherwise Socket Mode.
    """
    binary, unshare, _ = need("local-slack"), need("unshare"), need("ip")
    door = f"unix:{folder / 'door'}"
    config = folder / "workspace.json"
    config.write_text(json.dumps(_workspace(bot_port)))
    outside, port = _relay("tcp:0", door)
    back, heard = f"unix:{folder / 'back'}", folder / "heard"
    to_bot = f'("$0" "{RELAY}" tcp:{bot_port} "{back}" > "{heard}" &) && until test -s "{heard}"; do sleep 0.1; done &&'
    base = f'ip link set lo up && ("{binary}" --config "{config}" --port {port} &) &&'
    script = f'{base} {to_bot if bot_port else ""} exec "$0" "$@"'
    ways = [outside, _relay(back, f"tcp:{bot_port}")[0]] if bot_port else [outside]
    inside = _start([str(unshare), "-rn", "sh", "-c", script, sys.executable, str(RELAY), door, f"tcp:{port}"], folder)
    try:
        yield _when_ready(LocalSlack(f"http://localhost:{port}"), inside)
    finally:
        for process in (inside, *ways):
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _workspace(bot_port: int | None) -> dict[str, Any]:
    app = {"botName": "coalition-bot", "botToken": TOKEN, "appToken": APP_TOKEN, "signingSecret": SECRET}
    if bot_port:
        app |= {"mode": "events", "requestUrl": f"http://127.0.0.1:{bot_port}/slack/events"}
    person = {"id": PERSON, "name": "director", "real_name": "Policy Director", "tz": "America/New_York"}
    channel = {"id": CHANNEL, "name": "policy-alerts", "members": [PERSON, "U0BOT"]}
    return {"workspace": {"name": "Coalition", "teamId": TEAM}, "apps": [app], "users": [person], "channels": [channel]}


def _relay(listen: str, connect: str) -> tuple[subprocess.Popen[str], str]:
    """A relay that listens already, and where."""
    process = _start([sys.executable, str(RELAY), listen, connect])
    assert process.stdout
    return process, process.stdout.readline().strip()


def _start(command: list[str], temporary: Path | None = None) -> subprocess.Popen[str]:
    """`temporary`: where it leaves what it forgets to clear up."""
    env = os.environ | ({"TMPDIR": str(temporary)} if temporary else {})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **pipes, text=True, start_new_session=True, env=env)


def _when_ready(peer: LocalSlack, inside: subprocess.Popen[str]) -> LocalSlack:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        if inside.poll() is not None:
            missing(f"no network namespace for local-slack here: {inside.communicate()[1].strip()}")
        try:
            peer.messages()
        except OSError:
            time.sleep(0.1)
        else:
            return peer
    raise TimeoutError(f"local-slack did not answer within {_WAIT:.0f} s")
