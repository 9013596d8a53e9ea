"""What a person asked for, read out of Slack's payloads. Pure, and the only place that knows their shape."""

from __future__ import annotations

import re
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a person: who, Slack's own name for it, and where an answer goes.

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
    at_home: bool = False

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
    """A slash command, and the whole line as it would be typed where no prefix is needed."""
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
    """A button that was pressed: in a message, or on the app's home page."""
    container, view = body.get("container") or {}, body.get("view") or {}
    back = Back(
        container.get("channel_id", ""), container.get("message_ts", "") or "", body.get("response_url", "") or ""
    )
    path, args = payloads.pressed(body["actions"][0])
    return _interaction(body, back, at_home=view.get("type") == "home"), path, args


def submission(body: Payload) -> tuple[Asked, str, dict[str, str], dict[str, str]]:
    """A form that was sent: the path it calls, the arguments it carried, and what was filled in, "" for nothing."""
    view = body["view"]
    carried, back, once = payloads.carried(view.get("private_metadata"))
    filled = {
        name: _filled(element)
        for block in view["state"]["values"].values()
        for name, element in block.items()
    }  # fmt: skip
    return replace(_interaction(body, back), once=once), view["callback_id"], carried, filled


def carried(view: Payload) -> dict[str, str]:
    """The arguments that a window carries beside its fields."""
    return payloads.carried(view.get("private_metadata"))[0]


def files(body: Payload) -> dict[str, Payload]:
    """The files that were handed over in a form, as Slack describes them, by parameter."""
    states = {name: element for block in body["view"]["state"]["values"].values() for name, element in block.items()}
    return {name: element["files"][0] for name, element in states.items() if element.get("files")}


def typing(body: Payload) -> tuple[Asked, str, dict[str, str], str, str]:
    """A list that is being searched: the path and arguments of its form, the parameter, and what was typed so far."""
    view = body.get("view") or {}
    carried, back, _ = payloads.carried(view.get("private_metadata"))
    return _interaction(body, back), view.get("callback_id", ""), carried, body["action_id"], body.get("value") or ""


def opened_home(body: Payload) -> Asked:
    """Somebody looks at the app's home page."""
    event = body["event"]
    return Asked(body.get("team_id", ""), event.get("user", ""), body.get("event_id", ""), Back(), at_home=True)


def is_readable(body: Any) -> bool:
    """Whether a payload has the shape that Slack documents, as far as it is read here."""
    if not isinstance(body, dict):
        return False
    read = _READERS.get(str(body.get("type", "")), command)
    try:
        read(body)
    except (LookupError, TypeError, AttributeError, ValueError):
        return False
    return True


def is_person(asked: Asked, body: Payload) -> bool:
    """Bots are not answered: they could be made to speak by anybody whose words they repeat."""
    return bool(asked.user and asked.user != _NOBODY and not body.get("bot_id"))


def plain(text: str) -> str:
    """What was typed: Slack escapes three signs and makes links of addresses. Mentions are left as they are."""
    text = _LINK.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_READERS: Final[Mapping[str, Callable[[Payload], object]]] = {
    "block_actions": press,
    "view_submission": submission,
    "block_suggestion": typing,
    "event_callback": opened_home,
}


def _interaction(body: Payload, back: Back, *, at_home: bool = False) -> Asked:
    """Who acts in a shared channel may be of another workspace than the one it was installed in: theirs counts."""
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
        at_home=at_home,
    )


def _filled(element: Payload) -> str:
    option = element.get("selected_option") or {}
    (file,) = (element.get("files") or [{}])[:1]
    return str(element.get("value") or option.get("value") or file.get("name") or "")
