"""/press: the press list, pitches, embargoes and inquiries."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands.model import EVERYONE, Command, Kind, Param, confirmation_param
from bot.media.press import erase, people, pitches, transfer
from bot.media.press.inquiries import handling as asked
from bot.media.press.picking import CONTACT, PRESS_ROLE, ask_choices, member_choices, zone_choices
from bot.people.confirm_text import NO_DETAILS

_ENTRY: Final = Param("entry", "which", longest=60)
_EMBARGO: Final = Param("embargo", "its embargo, such as E-1", required=False, complete=pitches.embargo_choices)

_LIST: Final = (
    Command(
        group="press",
        verb="add",
        help="Add a contact to the press list, or change one",
        example='/press add outlet:"Example Wire" name:"Jo Sample" beat:labor email:jo.sample@wire.example',
        handler=people.add,
        params=people.ADD,
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="find",
        help="Find press contacts; a single one is shown with its log",
        example="/press find labor",
        handler=people.find,
        params=(Param("text", "a name, an outlet, a beat, or P-31", required=False, longest=120),),
        who=PRESS_ROLE,
    ),
    Command(
        group="press",
        verb="change",
        help="Change a contact in a form",
        example="/press change P-31",
        handler=people.change,
        params=(CONTACT,),
        who=PRESS_ROLE,
        hidden=True,
    ),
    Command(
        group="press",
        verb="note",
        help="Save a note about a contact; `follow:Fri` reminds you",
        example='/press note contact:P-31 text:"called, wants to talk to a farmworker leader" follow:Fri',
        handler=people.note,
        params=(
            CONTACT,
            people.TEXT,
            Param("follow", "when to remind you: Fri, Fri 14:00, 3d", required=False, longest=40),
            NO_DETAILS,
        ),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="unlog",
        help="Delete an entry that was logged by mistake",
        example="/press unlog ENTRY",
        handler=people.undo_log,
        params=(_ENTRY,),
        who=PRESS_ROLE,
        changes=True,
        hidden=True,
    ),
    Command(
        group="press",
        verb="verify",
        help="Mark a contact as verified; without a contact: list those to verify",
        example="/press verify P-31",
        handler=people.verify,
        params=(replace(CONTACT, required=False),),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="optout",
        help="Opt a contact out: no pitches, and no import adds them again",
        example="/press optout P-31",
        handler=people.opt_out,
        params=(CONTACT, Param("again", "yes: undo the opt-out", kind=Kind.YES_NO, required=False)),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="erase",
        help="Erase a contact; only a hash stays, so that no import adds them again",
        example="/press erase P-31",
        handler=erase.erase,
        params=(CONTACT, confirmation_param("do not ask again")),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="import",
        help="Import a press list from CSV",
        example='/press import "outlet,name,email …"',
        handler=transfer.import_,
        params=(Param("csv", "the table, including its first line", kind=Kind.LONG, longest=2_000_000),),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="export",
        help="Export the press list as CSV",
        example="/press export",
        handler=transfer.export,
        who=PRESS_ROLE,
        changes=True,
    ),
)

_PITCHES: Final = (
    Command(
        group="press",
        verb="pitch",
        help="Log a pitch before you send it; warns of other recent pitches",
        example='/press pitch contact:P-31 angle:"What a year of work has changed" ask:{ask}',
        handler=pitches.pitch,
        params=(
            CONTACT,
            pitches.ANGLE,
            Param("ask", "the ask it supports", kind=Kind.NUMBER, required=False, complete=ask_choices),
            Param("link", "the press release", required=False, longest=500),
            _EMBARGO,
            Param("by", "the member that pitches", required=False, complete=member_choices),
            Param("again", "yes: also after a recent pitch", kind=Kind.YES_NO, required=False),
            NO_DETAILS,
        ),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="result",
        help="Save the answer to a pitch, and its result",
        example="/press result pitch:PITCH answer:yes",
        handler=pitches.result,
        params=(Param("pitch", "which", longest=60), pitches.ANSWER, pitches.RESULT, NO_DETAILS),
        who=PRESS_ROLE,
        changes=True,
        hidden=True,
    ),
    Command(
        group="press",
        verb="embargo",
        help="Set an embargo with date, time and zone; save who agreed to it in writing",
        example='/press embargo about:"Our yearly report" lifts:"2026-12-01 10:00" zone:ET',
        handler=pitches.embargo,
        params=(
            pitches.ABOUT,
            Param("lifts", "date and time: 2026-12-01 10:00", required=False, longest=40),
            Param(
                "zone",
                "the time zone: ET, PT, Europe/London",
                required=False,
                complete=zone_choices,
                longest=40,
            ),
            replace(CONTACT, required=False, help="who agreed: P-31"),
            pitches.AGREED,
            NO_DETAILS,
        ),
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="embargoes",
        help="List embargoes and when they lift",
        example="/press embargoes",
        handler=pitches.embargoes,
        who=PRESS_ROLE,
    ),
)

_INQUIRIES: Final = (
    Command(
        group="press",
        verb="inquiry",
        help="Log a press inquiry; it goes to the spokesperson for it",
        example=(
            '/press inquiry reporter:"Jo Sample" outlet:"Example Wire" kind:question due:"today 17:00" '
            'question:"What does the new guidance change?"'
        ),
        handler=asked.add,
        params=asked.PARAMS,
        who=PRESS_ROLE,
        changes=True,
    ),
    Command(
        group="press",
        verb="inquiries",
        help="List open press inquiries",
        example="/press inquiries",
        handler=asked.list_,
        params=(replace(asked.INQUIRY, required=False),),
        who=PRESS_ROLE,
    ),
    Command(
        group="press",
        verb="pass-on",
        help="Assign an inquiry to a person",
        example='/press pass-on inquiry:Q-7 to:"Maria Lopez"',
        handler=asked.pass_on,
        params=(asked.INQUIRY, Param("to", "the person", complete=asked.person_choices, longest=120)),
        who=PRESS_ROLE,
        changes=True,
    ),
)

# Open to every role, because a spokesperson may have any: each handler checks the asker, and no inquiry is suggested.
_THEIRS: Final = replace(asked.INQUIRY, complete=None)
_ANSWERS: Final = tuple(
    Command(group="press", verb=verb, help=help_, example=example, handler=handler, params=params, changes=changes,
            who=EVERYONE, hidden=True)
    for verb, help_, example, handler, params, changes in (
        ("open", "Show an inquiry that was passed to you", "/press open Q-7", asked.show, (_THEIRS,), False),
        ("acknowledge", "Mark an inquiry as acknowledged to the reporter", "/press acknowledge Q-7",
         asked.acknowledge, (_THEIRS,), True),
        ("answered", "Mark an inquiry as answered", '/press answered inquiry:Q-7 outcome:"Sent it"',
         asked.mark_answered, (_THEIRS, asked.OUTCOME, asked.LINK, NO_DETAILS), True),
        ("decline", "Mark an inquiry as declined", "/press decline Q-7",
         asked.decline, (_THEIRS, asked.WHY, NO_DETAILS), True),
        ("close", "Close an inquiry without an answer", "/press close Q-7",
         asked.close, (_THEIRS,), True),
        ("reopen", "Open an inquiry again", "/press reopen Q-7", asked.reopen, (_THEIRS,), True),
    )
)  # fmt: skip

COMMANDS: Final[tuple[Command, ...]] = (*_LIST, *_PITCHES, *_INQUIRIES, *_ANSWERS)
