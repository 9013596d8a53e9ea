"""/letter: the letters room's commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.calendar import day_of_a_letter
from bot.card import Card, Line, Mark
from bot.command import STAFF, Choice, Command, Desk, File, Kind, Param, Refused, Reply
from bot.config.model import Ask
from bot.letters import facts, template
from bot.letters.model import Addressee, Letter, Signature, Written
from bot.letters.plain import plain
from bot.letters.template import Meta, TemplateProblem
from bot.letters.writing import write

_SHOWN: Final = 8  # paragraphs in the answer; the whole text is in the file


def draft(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The text of a letter, for the asker's eyes alone."""
    addressee, ask = _office(desk, args["to"]), _ask(desk, args["ask"])
    try:
        meta = template.meta(desk.config.folder, args["template"])
        written = _written(desk, meta, addressee, ask, args)
    except TemplateProblem as problem:
        raise Refused(str(problem), param=problem.field or "template") from problem
    coalition = desk.config.coalition
    letter = Letter(
        number="",
        version=1,
        date=desk.now.astimezone(ZoneInfo(coalition.zone)).date(),
        sender=(coalition.name,),
        to=addressee,
        written=written,
        signatures=tuple(Signature(organisation=member.name) for member in coalition.members.values()),
    )
    text = plain(letter)
    card = Card(
        mark=Mark.LETTER,
        head=f"Draft: {ask.title}, to {addressee.name}",
        badge=f"Ask {args['ask']}",
        byline=f"{meta.title} · {len(text.split())} words · lobbying: {meta.lobbying} ({meta.lobbying_why})",
        lines=tuple(Line(paragraph.text) for paragraph in written.body[:_SHOWN]),
        foot="Only you see this draft, and it is not kept. The whole text is in the file.",
    )
    return Reply(card=card, file=File(f"letter-ask-{args['ask']}.txt", "text/plain", text.encode()))


def _written(desk: Desk, meta: Meta, addressee: Addressee, ask: Ask, args: Mapping[str, str]) -> Written:
    coalition = desk.config.coalition
    today = desk.now.astimezone(ZoneInfo(coalition.zone)).date()
    known = {
        "today": day_of_a_letter(today),
        "coalition": facts.of_coalition(coalition),
        "addressee": facts.of_addressee(addressee),
        "ask": facts.of_ask(int(args["ask"]), ask),
        "bill": None,
        "duty": None,
        "entry": None,
        "fields": meta.values(args),
    }
    return write(desk.config.folder, args["template"], known, facts.claims(coalition, meta, today))


def _office(desk: Desk, name: str) -> Addressee:
    office = desk.config.coalition.offices.get(name)
    if office is None:
        known = ", ".join(desk.config.coalition.offices) or "none yet: add some under `offices:` in coalition.yml"
        raise Refused(f'There is no office "{name}". There are: {known}.', param="to")
    return Addressee(id=f"office:{name}", name=office.name, block=office.block, salutation=office.salutation)


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
