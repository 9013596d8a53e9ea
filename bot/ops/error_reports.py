"""Errors of a running bot, reported to Sentry if the operator wants that: what failed and where, and nothing else.

Each report is built from a list of allowed fields. Texts of errors, local variables, arguments of log lines, the
host's name and addresses may have people's names in them, so they are never among them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final

import bot
from bot.shared.errors import CoalitionBotError

_FLUSH: Final = 2.0  # seconds for reports that wait at the end
_EVENT: Final = ("event_id", "timestamp", "level", "logger", "platform", "release")
_FRAME: Final = ("module", "function", "lineno")


class ReportsUnavailable(CoalitionBotError):
    """The library is not installed; the message says how to get it."""


@contextmanager
def reporting(dsn: str) -> Iterator[None]:
    """Report errors that are logged in the block. Raises `ReportsUnavailable`."""
    if find_spec("sentry_sdk") is None:
        raise ReportsUnavailable("SENTRY_DSN needs its library: pip install 'coalition-bot[sentry]'.")
    import sentry_sdk  # noqa: PLC0415 - an extra
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        release=bot.__version__,
        default_integrations=False,  # they report threads, modules, arguments and the environment
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        auto_session_tracking=False,
        send_client_reports=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=_scrubbed,
    )
    try:
        yield
    finally:
        sentry_sdk.flush(_FLUSH)
        sentry_sdk.get_client().close()


def _scrubbed(event: Any, hint: Mapping[str, Any]) -> Any:
    """Return a report with the allowed fields of `event`."""
    report = {name: event[name] for name in _EVENT if name in event}
    record = hint.get("log_record")
    if record is not None and record.name.startswith("bot."):  # other libraries write data into the template itself
        report["logentry"] = {"message": str(record.msg)}
    values = event.get("exception", {}).get("values", ())
    report["exception"] = {"values": [_without_text(value) for value in values]}
    return report


def _without_text(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", ())
    plain = [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": plain}}
