"""Data that a button or form carries through Slack: the command, its arguments, where to answer. Pure.

Slack stores it, so a button works after a restart and on an alert that is a year old.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.shared.card import Button

CHOOSER: Final = "choose"  # the form that lists a group's commands; not a command's path: those have two words
CHOSEN: Final = "command"
_ACTION_ID: Final = 255  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
_VALUE: Final = 2_000
_METADATA: Final = 3_000  # https://docs.slack.dev/reference/views/modal-views


@dataclass(frozen=True, slots=True)
class Back:
    """Where an answer goes: the channel of the request, and its `response_url`.

    `at_home`: it was asked on the app's home page, which then shows what has changed.
    """

    channel: str = ""
    message: str = ""
    url: str = ""
    at_home: bool = False


def button(pressed: Button, number: int) -> dict[str, str]:
    """`action_id` and `value` of button `number`. Raises `ValueError` if they are too long for Slack."""
    action_id, value = f"{pressed.path}#{number}", _json(dict(pressed.args))
    if len(action_id) > _ACTION_ID or len(value) > _VALUE:
        raise ValueError(f"this button's arguments are too long for Slack: {pressed.path}")
    return {"action_id": action_id, "value": value}


def pressed(action: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The path and arguments; for a button that is not ours, a path that no command has."""
    return str(action.get("action_id", "")).rpartition("#")[0], _args(_read(action.get("value")))


def kept(args: Mapping[str, str], back: Back, once: str = "") -> str:
    """`private_metadata` of a form; `once` identifies this opening of the form.

    Raises `ValueError` when it is too long for Slack.
    """
    text = _json({"args": dict(args), "back": asdict(back), "once": once})
    if len(text) > _METADATA:
        raise ValueError("this form's data is too long for Slack")
    return text


def carried(metadata: Any) -> tuple[dict[str, str], Back, str]:
    """Parse what `kept` returned."""
    stored = _read(metadata)
    back = _args(stored.get("back", {}))
    where = Back(back.get("channel", ""), back.get("message", ""), back.get("url", ""), back.get("at_home") == "True")
    return _args(stored.get("args", {})), where, str(stored.get("once", ""))


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _read(text: Any) -> dict[str, Any]:
    try:
        parsed = json.loads(text or "{}")
    except (TypeError, ValueError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _args(stored: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in stored.items()} if isinstance(stored, dict) else {}
