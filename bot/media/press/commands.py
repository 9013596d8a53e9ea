"""/press: the press list, pitches and embargoes, and what the press asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands.model import EVERYONE, Command, Kind, Param, confirmation_param
from bot.media.press import erase, people, pitches, transfer
from bot.media.press.inquiries import handling as asked
from bot.media.press.picking import CONTACT, PRESS, asks, members, zones
from bot.people.confirm_text import NO_DETAILS

_ENTRY: Final = Param("entry", "which", longest=60)
_EMBARGO: Final = Param(
    "embargo", "the embargo it bears, such as E-1", required=False, complete=pitches.embargo_choices
)

_LIST: Final = (
    Command(
        group="press",
        verb="add",
        help="Put somebody on the press list, or change what it says of them",
        example='/press add outlet:"Example Wire" name:"Jo Sample" beat:labor email:jo.sample@wire.example',
        handler=people.add,
        params=people.ADD,
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="find",
        help="Find somebody on the press list; one alone with what was said to them",
        example="/press find labor",
        handler=people.find,
        params=(Param("text", "of a name, an outlet, a beat; or P-31", required=False, longest=120),),
        who=PRESS,
    ),
    Command(
        group="press",
        verb="change",
        help="What is known of somebody, in a form to be changed",
        example="/press change P-31",
        handler=people.change,
        params=(CONTACT,),
        who=PRESS,
        hidden=True,
    ),
    Command(
        group="press",
        verb="note",
        help="Write down what was said; `follow:Fri` reminds you",
        example='/press note contact:P-31 text:"called, wants to talk to a farmworker leader" follow:Fri',
        handler=people.note,
        params=(
            CONTACT,
            people.TEXT,
            Param("follow", "when to remind you: Fri, Fri 14:00, 3d", required=False, longest=40),
            NO_DETAILS,
        ),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="unlog",
        help="Take back what was logged by mistake",
        example="/press unlog ENTRY",
        handler=people.unlog,
        params=(_ENTRY,),
        who=PRESS,
        changes=True,
        hidden=True,
    ),
    Command(
        group="press",
        verb="verify",
        help="Say that an entry is still right; without a contact: whose is to be looked at",
        example="/press verify P-31",
        handler=people.verify,
        params=(replace(CONTACT, required=False),),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="optout",
        help="They want no more mail: no pitch, and no import brings them back",
        example="/press optout P-31",
        handler=people.optout,
        params=(CONTACT, Param("again", "yes: they may be written to again", kind=Kind.YES_NO, required=False)),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="erase",
        help="Forget somebody: only a hash stays, so that no import brings them back",
        example="/press erase P-31",
        handler=erase.erase,
        params=(CONTACT, confirmation_param("do not ask again")),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="import",
        help="Take in a press list from CSV",
        example='/press import "outlet,name,email …"',
        handler=transfer.import_,
        params=(Param("csv", "the table, its first line included", kind=Kind.LONG, longest=2_000_000),),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="export",
        help="The whole press list as CSV, for a spreadsheet",
        example="/press export",
        handler=transfer.export,
        who=PRESS,
        changes=True,
    ),
)

_PITCHES: Final = (
    Command(
        group="press",
        verb="pitch",
        help="Write a pitch down before you send it; says who else has pitched them of late",
        example='/press pitch contact:P-31 angle:"What a year of work has changed" ask:{ask}',
        handler=pitches.pitch,
        params=(
            CONTACT,
            pitches.ANGLE,
            Param("ask", "the ask it serves", kind=Kind.NUMBER, required=False, complete=asks),
            Param("link", "the release", required=False, longest=500),
            _EMBARGO,
            Param("by", "the member whose pitch it is", required=False, complete=members),
            Param("again", "yes: also after another's pitch", kind=Kind.YES_NO, required=False),
            NO_DETAILS,
        ),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="result",
        help="What they said to a pitch, and what came of it",
        example="/press result pitch:PITCH answer:yes",
        handler=pitches.result,
        params=(Param("pitch", "which", longest=60), pitches.ANSWER, pitches.RESULT, NO_DETAILS),
        who=PRESS,
        changes=True,
        hidden=True,
    ),
    Command(
        group="press",
        verb="embargo",
        help="Set an embargo with day, hour and zone; note who agreed to it in writing",
        example='/press embargo about:"Our yearly report" lifts:"2026-12-01 10:00" zone:ET',
        handler=pitches.embargo,
        params=(
            pitches.ABOUT,
            Param("lifts", "day and hour: 2026-12-01 10:00", required=False, longest=40),
            Param("zone", "the zone of that hour: ET, PT, Europe/London", required=False, complete=zones, longest=40),
            replace(CONTACT, required=False, help="who agreed: P-31"),
            pitches.AGREED,
            NO_DETAILS,
        ),
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="embargoes",
        help="Every embargo and when it lifts",
        example="/press embargoes",
        handler=pitches.embargoes,
        who=PRESS,
    ),
)

_INQUIRIES: Final = (
    Command(
        group="press",
        verb="inquiry",
        help="Write down what the press asks; it goes to who speaks on it",
        example=(
            '/press inquiry reporter:"Jo Sample" outlet:"Example Wire" kind:question due:"today 17:00" '
            'question:"What does the new guidance change?"'
        ),
        handler=asked.inquiry,
        params=asked.PARAMS,
        who=PRESS,
        changes=True,
    ),
    Command(
        group="press",
        verb="inquiries",
        help="What the press has asked and nobody has answered yet",
        example="/press inquiries",
        handler=asked.list_,
        params=(replace(asked.INQUIRY, required=False),),
        who=PRESS,
    ),
    Command(
        group="press",
        verb="pass-on",
        help="Give an inquiry to somebody by hand",
        example='/press pass-on inquiry:Q-7 to:"Maria Lopez"',
        handler=asked.pass_on,
        params=(asked.INQUIRY, Param("to", "the person", complete=asked.everybody, longest=120)),
        who=PRESS,
        changes=True,
    ),
)

# For whom an inquiry was passed to as well, whatever their role: each looks whether it is theirs, and offers none.
_THEIRS: Final = replace(asked.INQUIRY, complete=None)
_ANSWERS: Final = tuple(
    Command(group="press", verb=verb, help=help_, example=example, handler=handler, params=params, changes=changes,
            who=EVERYONE, hidden=True)
    for verb, help_, example, handler, params, changes in (
        ("open", "Show an inquiry that was passed to you", "/press open Q-7", asked.open_, (_THEIRS,), False),
        ("acknowledge", "Say that the reporter was told that they were heard", "/press acknowledge Q-7",
         asked.acknowledge, (_THEIRS,), True),
        ("answered", "Say that the reporter has their answer", '/press answered inquiry:Q-7 outcome:"Sent it"',
         asked.answered, (_THEIRS, asked.OUTCOME, asked.LINK, NO_DETAILS), True),
        ("decline", "Say that the reporter was told there will be no answer", "/press decline Q-7",
         asked.decline, (_THEIRS, asked.WHY, NO_DETAILS), True),
        ("close", "Close an inquiry that needs no answer any more", "/press close Q-7",
         asked.close, (_THEIRS,), True),
        ("reopen", "Open an inquiry again", "/press reopen Q-7", asked.reopen, (_THEIRS,), True),
    )
)  # fmt: skip

COMMANDS: Final[tuple[Command, ...]] = (*_LIST, *_PITCHES, *_INQUIRIES, *_ANSWERS)
