"""/letter: the letters room's commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.card import Card, Line, Mark
from bot.command import STAFF, Choice, Command, Desk, File, Kind, Param, Refused, Reply
from bot.config.model import Ask, Office
from bot.letters import template
from bot.letters.template import TemplateProblem

_SHOWN: Final = 8  # paragraphs in the answer; the whole text is in the file


def draft(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The text of a letter, for the asker's eyes alone."""
    office, ask = _office(desk, args["to"]), _ask(desk, args["ask"])
    try:
        meta = template.meta(desk.config.folder, args["template"])
        text = template.render(desk.config.folder, args["template"], _facts(desk, office, ask, args))
    except TemplateProblem as problem:
        raise Refused(str(problem), param="template") from problem
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    card = Card(
        mark=Mark.LETTER,
        head=f"Draft: {ask.title}, to {office.name}",
        badge=f"Ask {args['ask']}",
        byline=f"{meta.title} · {len(text.split())} words · lobbying: {meta.lobbying} ({meta.lobbying_why})",
        lines=tuple(Line(paragraph) for paragraph in paragraphs[:_SHOWN]),
        foot="Only you see this draft, and it is not kept. The whole text is in the file.",
    )
    return Reply(card=card, file=File(f"letter-ask-{args['ask']}.txt", "text/plain", text.encode()))


def _facts(desk: Desk, office: Office, ask: Ask, args: Mapping[str, str]) -> dict[str, object]:
    """What a template may use: plain strings and lists."""
    local = desk.now.astimezone(ZoneInfo(desk.config.coalition.zone))
    coalition = desk.config.coalition
    return {
        "today": f"{local:%B} {local.day}, {local.year}",
        "addressee": {"block": "\n".join(office.block), "salutation": office.salutation},
        "ask": {"title": ask.title, "text": ask.text},
        "coalition": {"name": coalition.name, "short": coalition.short},
        "members": [member.name for member in coalition.members.values()],
        "occasion": args.get("occasion", ""),
    }


def _office(desk: Desk, name: str) -> Office:
    office = desk.config.coalition.offices.get(name)
    if office is None:
        known = ", ".join(desk.config.coalition.offices) or "none yet: add some under `offices:` in coalition.yml"
        raise Refused(f'There is no office "{name}". There are: {known}.', param="to")
    return office


def _ask(desk: Desk, number: str) -> Ask:
    ask = desk.config.coalition.asks.get(int(number))
    if ask is None:
        raise Refused(f"There is no ask {number}; they go from 1 to {max(desk.config.coalition.asks)}.", param="ask")
    if not ask.text:
        raise Refused(f"Ask {number} has no text in coalition.yml yet, so there is nothing to write.", param="ask")
    return ask


def _templates(desk: Desk, typed: str) -> Sequence[Choice]:
    return _matching([Choice(name, name) for name in template.names(desk.config.folder)], typed)


def _offices(desk: Desk, typed: str) -> Sequence[Choice]:
    return _matching([Choice(id_, office.name) for id_, office in desk.config.coalition.offices.items()], typed)


def _asks(desk: Desk, typed: str) -> Sequence[Choice]:
    asks = desk.config.coalition.asks.items()
    return _matching([Choice(str(number), f"{number}: {ask.title}") for number, ask in asks], typed)


def _matching(choices: Sequence[Choice], typed: str) -> Sequence[Choice]:
    wanted = typed.casefold()
    return [choice for choice in choices if wanted in choice.label.casefold() or wanted in choice.value.casefold()]


COMMANDS: Final = (
    Command(
        group="letter",
        verb="draft",
        help="Write a letter from a template; you alone see the text",
        example="/letter draft template:agency-request to:ovc ask:1",
        handler=draft,
        params=(
            Param("template", "which letter", complete=_templates),
            Param("to", "which office of coalition.yml", complete=_offices),
            Param("ask", "the number of the ask", kind=Kind.NUMBER, complete=_asks),
            Param("occasion", "what makes it timely, in a sentence", kind=Kind.LONG, required=False),
        ),
        who=STAFF,
    ),
)
