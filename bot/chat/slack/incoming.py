"""Parse Slack's payloads. Pure; the only module that knows their format."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from bot.chat.slack import payloads
from bot.chat.slack.payloads import Back
from bot.commands.model import Call, Handed

Payload = Mapping[str, Any]

_LINK: Final = re.compile(r"<(?:mailto:)?([^@#!<>|][^<>|]*)(?:\|[^<>]*)?>")
_NOBODY: Final = "USLACKBOT"
REMEMBERED: Final = 600.0  # seconds; a signature is good for five minutes to either side


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


def command(body: Payload, prefix: str = "") -> tuple[Asked, str]:
    """A slash command, and the whole line without the workspace's prefix."""
    asked = Asked(
        team=body.get("team_id", ""),
        user=body.get("user_id", ""),
        id=body.get("trigger_id", ""),
        back=Back(body.get("channel_id", ""), "", body.get("response_url", "")),
        trigger=body.get("trigger_id", ""),
    )
    group = body.get("command", "").removeprefix("/").removeprefix(prefix)
    return asked, f"/{group} {plain(body.get('text', ''))}"


def press(body: Payload) -> tuple[Asked, str, dict[str, str]]:
    """A button press in a message or on the app's home page."""
    container, view = body.get("container") or {}, body.get("view") or {}
    back = Back(
        container.get("channel_id", ""),
        container.get("message_ts", "") or "",
        body.get("response_url", "") or "",
        view.get("type") == "home",
    )
    path, args = payloads.pressed(body["actions"][0])
    return _interaction(body, back), path, args


def submission(body: Payload) -> tuple[Asked, str, dict[str, str], dict[str, str]]:
    """A submitted form: the command's path, the arguments it carried, and the values, "" for an empty field."""
    view = body["view"]
    carried, back, once = payloads.carried(view.get("private_metadata"))
    filled = {
        name: _filled(element)
        for block in view["state"]["values"].values()
        for name, element in block.items()
    }  # fmt: skip
    return replace(_interaction(body, back), once=once), view["callback_id"], carried, filled


def carried(view: Payload) -> dict[str, str]:
    """The arguments that a window carries in addition to its fields."""
    return payloads.carried(view.get("private_metadata"))[0]


def files(body: Payload) -> dict[str, Payload]:
    """The files uploaded in a form, as Slack describes them, by parameter."""
    states = {name: element for block in body["view"]["state"]["values"].values() for name, element in block.items()}
    return {name: element["files"][0] for name, element in states.items() if element.get("files")}


def typing(body: Payload) -> tuple[Asked, str, dict[str, str], str, str]:
    """A search in a list: the path and arguments of its form, the parameter, and the text typed so far."""
    view = body.get("view") or {}
    carried, back, _ = payloads.carried(view.get("private_metadata"))
    return _interaction(body, back), view.get("callback_id", ""), carried, body["action_id"], body.get("value") or ""


def opened_home(body: Payload) -> Asked:
    """A person opened the app's home page."""
    event = body["event"]
    return Asked(body.get("team_id", ""), event.get("user", ""), body.get("event_id", ""), Back(at_home=True))


def is_answered_empty(body: Payload) -> bool:
    """Whether Slack expects an empty answer: to a command, which has no type, a button press or an event."""
    return body.get("type") in (None, "block_actions", "event_callback")


def asked(body: Payload) -> Asked:
    """Who asked with a payload that is answered empty."""
    match body.get("type"):
        case "block_actions":
            return press(body)[0]
        case "event_callback":
            return opened_home(body)
        case _:
            return command(body)[0]


def is_readable(body: Any) -> bool:
    """Whether a payload has the documented format, as far as this module reads it."""
    if not isinstance(body, dict):
        return False
    read = _READERS.get(str(body.get("type", "")), command)
    try:
        read(body)
    except (LookupError, TypeError, AttributeError, ValueError):
        return False
    return True


def is_person(asked: Asked, body: Payload) -> bool:
    """Whether a person sent it. Bots are not answered: they may repeat anyone's words."""
    return bool(asked.user and asked.user != _NOBODY and not body.get("bot_id"))


def plain(text: str) -> str:
    """The text as typed: undo Slack's three escapes and its links. Mentions are left as they are."""
    text = _LINK.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_READERS: Final[Mapping[str, Callable[[Payload], object]]] = {
    "block_actions": press,
    "view_submission": submission,
    "block_suggestion": typing,
    "event_callback": opened_home,
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


def _filled(element: Payload) -> str:
    option = element.get("selected_option") or {}
    (file,) = (element.get("files") or [{}])[:1]
    return str(element.get("value") or option.get("value") or file.get("name") or "")


class Recent:
    """Recent keys, in memory. `ticks`: seconds of a monotonic clock. After a restart the dispatcher detects repeats."""

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
