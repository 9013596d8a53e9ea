"""Parse Slack's payloads, and write what buttons and forms carry through Slack: the command, its arguments, where to
answer. Pure; the only module that knows their format.

Slack stores what a button carries, so it works after a restart and on an alert that is a year old.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from bot.commands.model import Call, Handed
from bot.shared.card import Button

Payload = Mapping[str, Any]

CHOOSER: Final = "choose"  # the form that lists a group's commands; not a command's path: those have two words
CHOSEN: Final = "command"
REMEMBERED: Final = 600.0  # seconds; a signature is good for five minutes to either side
_LINK: Final = re.compile(r"<(?:mailto:)?([^@#!<>|][^<>|]*)(?:\|[^<>]*)?>")
SLACKBOT: Final = "USLACKBOT"
_ACTION_ID: Final = 255  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
_VALUE: Final = 2_000
_METADATA: Final = 3_000  # https://docs.slack.dev/reference/views/modal-views


@dataclass(frozen=True, slots=True)
class Back:
    """Where an answer goes: the channel, `response_url`. `at_home`: the app's home page, which shows what changed."""

    channel: str = ""
    message: str = ""
    url: str = ""
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A person's request: who, Slack's id for it, and where the answer goes.

    `trigger` opens one form, within three seconds. `view` is the window it came from, "" for none. `once`: names the
    window, so that a form that is sent again, because its acknowledgement was lost, is done once; "" for none.
    """

    team: str
    user: str
    id: str
    back: Back
    trigger: str = ""
    view: str = ""
    once: str = ""

    def call(self, path: str, args: Mapping[str, str], files: Mapping[str, Handed] = MappingProxyType({})) -> Call:
        return Call(
            path=path,
            args=args,
            platform="slack",
            team=self.team,
            user=self.user,
            id=f"form {self.once}" if self.once else self.id,
            channel=self.back.channel,
            message=self.back.message,
            files=files,
        )


def command(body: Payload) -> tuple[Asked, str]:
    """A slash command, and the whole line."""
    asked = Asked(
        team=body.get("team_id", ""),
        user=body.get("user_id", ""),
        id=body.get("trigger_id", ""),
        back=Back(body.get("channel_id", ""), "", body.get("response_url", "")),
        trigger=body.get("trigger_id", ""),
    )
    return asked, f"/{body.get('command', '').removeprefix('/')} {plain(body.get('text', ''))}"


def press(body: Payload) -> tuple[Asked, str, dict[str, str]]:
    """A button press in a message or on the app's home page."""
    container, view = body.get("container") or {}, body.get("view") or {}
    back = Back(
        container.get("channel_id", ""),
        container.get("message_ts", "") or "",
        body.get("response_url", "") or "",
        view.get("type") == "home",
    )
    path, args = decode_button(body["actions"][0])
    return _interaction(body, back), path, args


def submission(body: Payload) -> tuple[Asked, str, dict[str, str], dict[str, str]]:
    """A submitted form: the command's path, the arguments it carried, and the values, "" for an empty field."""
    view = body["view"]
    carried, back, once = load_form_data(view.get("private_metadata"))
    filled = {name: _filled(element) for name, element in _elements(body)}
    return replace(_interaction(body, back), once=once), view["callback_id"], carried, filled


def files(body: Payload) -> dict[str, Payload]:
    """The files uploaded in a form, as Slack describes them, by parameter."""
    return {name: element["files"][0] for name, element in _elements(body) if element.get("files")}


def typing(body: Payload) -> tuple[Asked, str, dict[str, str], str, str]:
    """A search in a list: the path and arguments of its form, the parameter, and the text typed so far."""
    view = body.get("view") or {}
    carried, back, _ = load_form_data(view.get("private_metadata"))
    return _interaction(body, back), view.get("callback_id", ""), carried, body["action_id"], body.get("value") or ""


def opened_home(body: Payload) -> Asked:
    """A person opened the app's home page."""
    event = body["event"]
    return Asked(body.get("team_id", ""), event.get("user", ""), body.get("event_id", ""), Back(at_home=True))


def is_readable(body: Any) -> bool:
    """Whether a payload has the documented format, as far as this module reads it."""
    try:
        asked, *rest = _READERS[body.get("type")](body)
    except (LookupError, TypeError, AttributeError, ValueError):
        return False
    where = asked.back.channel, asked.back.message, asked.back.url
    return all(isinstance(each, str) for each in (asked.team, asked.user, asked.id, asked.view, *where, *rest))


def plain(text: str) -> str:
    """The text as typed: undo Slack's three escapes and its links. Mentions are left as they are."""
    text = _LINK.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# By a payload's type, what must be text in it; Bolt reads some of that, too.
_READERS: Final[Mapping[str | None, Callable[[Payload], tuple[Any, ...]]]] = {
    None: command,
    "block_actions": lambda body: press(body)[:2],
    "view_submission": lambda body: (*submission(body)[:2], body["view"]["type"]),
    "block_suggestion": lambda body: typing(body)[:2] + typing(body)[3:],
    "event_callback": lambda body: (opened_home(body), body["event"]["type"]),
    "url_verification": lambda body: (Asked("", "", "", Back()), body["challenge"]),
}


def _interaction(body: Payload, back: Back) -> Asked:
    """The request. In a shared channel the person's own workspace counts, not the one with the app."""
    user, view = body.get("user") or {}, body.get("view") or {}
    home = body.get("team") or body.get("enterprise") or {}
    trigger = body.get("trigger_id", "")
    return Asked(
        team=user.get("team_id") or home.get("id", ""),
        user=user.get("id", ""),
        id=trigger,
        back=back,
        trigger=trigger,
        view=view.get("id", ""),
    )


def _elements(body: Payload) -> list[tuple[str, Payload]]:
    """Each field's parameter and what Slack says was filled in."""
    return [pair for block in body["view"]["state"]["values"].values() for pair in block.items()]


def _filled(element: Payload) -> str:
    option = element.get("selected_option") or {}
    (file,) = (element.get("files") or [{}])[:1]
    return str(element.get("value") or option.get("value") or file.get("name") or "")


class Seen:
    """Seen keys, in memory. `ticks`: seconds of a monotonic clock. After a restart the dispatcher detects repeats."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._seen: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether the key is new within ten minutes."""
        now = self._ticks()
        while self._seen and next(iter(self._seen.values())) <= now - REMEMBERED:
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True


def encode_button(pressed: Button, number: int) -> dict[str, str]:
    """`action_id` and `value` of button `number`. Raises `ValueError` if they are too long for Slack."""
    action_id, value = f"{pressed.path}#{number}", _json(dict(pressed.args))
    if len(action_id) > _ACTION_ID or len(value) > _VALUE:
        raise ValueError(f"this button's arguments are too long for Slack: {pressed.path}")
    return {"action_id": action_id, "value": value}


def decode_button(action: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The path and arguments; for a button that is not ours, a path that no command has."""
    return str(action.get("action_id", "")).rpartition("#")[0], _args(_read(action.get("value")))


def dump_form_data(args: Mapping[str, str], back: Back, once: str = "") -> str:
    """`private_metadata` of a form; `once` identifies this opening. Raises `ValueError` if it is too long for Slack."""
    text = _json({"args": dict(args), "back": asdict(back), "once": once})
    if len(text) > _METADATA:
        raise ValueError("this form's data is too long for Slack")
    return text


def load_form_data(metadata: Any) -> tuple[dict[str, str], Back, str]:
    """Parse what `dump_form_data` returned."""
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
