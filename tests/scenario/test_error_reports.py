"""Reports to Sentry: what leaves the machine, seen by a receiver on loopback; nothing does without SENTRY_DSN."""

from __future__ import annotations

import gzip
import json
import logging
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.config.settings import Settings
from bot.ops.error_reports import reporting

NAME = "Maria Lopez"
log = logging.getLogger("bot.tests")


@pytest.fixture
def receiver():
    """A loopback Sentry: its address and the bodies that it got."""
    bodies = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", bodies
    server.shutdown()
    thread.join()
    server.server_close()


def fail(person):
    secret_text = f"letter to {person}"
    raise ValueError(f"{secret_text} cannot be sent")


def test_a_report_says_what_failed_and_where_and_has_nobody_s_name(receiver):
    dsn, bodies = receiver
    with reporting(dsn):
        log.info("to %s", NAME)
        try:
            fail(NAME)
        except ValueError:
            log.exception("delivery to %s failed", NAME)
        logging.getLogger("slack_sdk").error(f"a body with {NAME}")  # noqa: G004 - as libraries do
    assert len(bodies) == 2
    assert NAME.encode() not in b"".join(bodies)
    assert b"letter to" not in b"".join(bodies)
    first = json.loads(bodies[0].splitlines()[2])
    assert first["logentry"] == {"message": "delivery to %s failed"}
    (error,) = first["exception"]["values"]
    assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "fail")
    allowed = {"event_id", "timestamp", "level", "logger", "platform", "release", "logentry", "exception"}
    assert set(first) <= allowed


def test_after_the_run_nothing_is_reported(receiver):
    dsn, bodies = receiver
    with reporting(dsn):
        pass
    log.error("later")
    assert bodies == []


@pytest.mark.long
def test_without_a_dsn_the_library_is_not_imported():
    code = "import sys, bot.app.runtime, bot.app.frontends, bot.ops.error_reports; print('sentry_sdk' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


@pytest.mark.parametrize("dsn", ["http://key@sentry.example.org/1", "nonsense"])
def test_an_address_without_tls_or_none_at_all_is_refused(dsn):
    with pytest.raises(ValueError, match="sentry_dsn"):
        Settings(_env_file=None, sentry_dsn=dsn)
