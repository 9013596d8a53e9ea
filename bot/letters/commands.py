"""The /letter commands. Those that only buttons and forms call are hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.bills.picking import complete_bills
from bot.commands.model import EVERYONE, STAFF, Command, Context, Handler, Kind, Param, Role
from bot.letters import lookup, show
from bot.letters.approval import approve, confirm
from bot.letters.documents import merge, publish
from bot.letters.drafting import draft, edit, returned_file
from bot.letters.recipients.offer import complete_recipients
from bot.letters.signon import opening, signing
from bot.people.confirm_text import NO_DETAILS

_LETTER: Final = Param("letter", "its number, such as L-014", complete=lookup.choices, longest=64)
_APPROVERS: Final = frozenset({Role.APPROVER})
_RECORDERS: Final = frozenset({Role.ADMINISTRATOR, Role.POLICY})
_REPRESENTATIVES: Final = frozenset({Role.REPRESENTATIVE})
_TO_APPROVE: Final = "Approvers press Approve in the message that asks them, or under /letter show L-014."
_TO_SIGN: Final = "It is a button in the message that asks your organization, and under /letter show L-014."
_DRAFT: Final = (
    replace(draft.TEMPLATE, complete=draft.template_choices),
    replace(draft.TO, complete=complete_recipients),
    replace(draft.ASK, complete=draft.ask_choices),
    replace(draft.BILL, complete=complete_bills),
    draft.OCCASION,
    draft.ENTRY,
    replace(draft.DUTY, complete=draft.duty_choices),
)
_FIELDS: Final = tuple(
    Param(f"field-{n}", "a field of the template", kind=Kind.LONG, required=False, longest=3_000)
    for n in range(1, draft.FIELDS + 1)
)

Prepare = Callable[[Context, Mapping[str, str]], Any]


def _command(
    verb: str,
    help_: str,
    example: str,
    handler: Handler,
    *params: Param,
    who: frozenset[Role] = STAFF,
    changes: bool = True,
    hidden: bool = False,
    button: str = "",
    prepare: Prepare | None = None,
) -> Command:
    return Command(
        group="letter",
        verb=verb,
        help=help_,
        example=f"/letter {verb} {example}".rstrip(),
        handler=handler,
        params=params,
        who=who,
        changes=changes,
        hidden=hidden,
        button=button,
        prepare=prepare,
    )


COMMANDS: Final = (
    _command(
        "draft",
        "Write a letter from a template",
        "template:{template} to:{office}",
        draft.draft,
        *_DRAFT,
        NO_DETAILS,
        prepare=draft.prepare,
    ),
    _command(
        "list", "List letters and their status", 'state:"in review"', show.list_letters, show.STATE,
        who=EVERYONE, changes=False,
    ),
    _command(
        "show", "Show a letter's text and status", "L-014", show.show, _LETTER, who=EVERYONE, changes=False
    ),
    _command(
        "changes", "Show what changed in the newest version", "L-014 since:1", show.changes, _LETTER, show.SINCE,
        who=EVERYONE, changes=False,
    ),
    _command(
        "edit", "Change the text, whole or by paragraph", "L-014 paragraph:3", edit.edit,
        _LETTER, edit.PARAGRAPH, edit.SUBJECT, edit.TEXT, edit.BASE, NO_DETAILS,
    ),
    _command(
        "upload", "Upload a letter's DOCX that you edited in Word", "L-014", returned_file.upload,
        _LETTER, returned_file.FILE, NO_DETAILS, prepare=returned_file.prepare,
    ),
    _command("review", "Ask for approval", "L-014", approve.review, _LETTER),
    _command(
        "approve", "Approve the text you have read", "L-014", approve.approve,
        _LETTER, approve.AGREE, approve.TEXT, who=_APPROVERS, button=_TO_APPROVE,
    ),
    _command(
        "confirm", "Confirm what a letter cites, with your source", 'L-014 citation:"5 U.S.C. 553"',
        confirm.confirm, _LETTER, confirm.CITATION, confirm.SOURCE, NO_DETAILS, who=_APPROVERS,
    ),
    _command(
        "signon", "Ask the members to sign, until a deadline", 'L-014 until:"Fri 17:00"', opening.signon,
        _LETTER, opening.UNTIL,
    ),
    _command("remind", "Remind members that have not answered, once", "L-014", opening.remind, _LETTER),
    _command(
        "record", "Record a signature that a member gave elsewhere",
        'L-014 member:{member} evidence:e-mail signatory:"Maria Lopez" title:Director note:"3 May"', opening.record,
        _LETTER, replace(opening.MEMBER, complete=opening.members), opening.EVIDENCE,
        signing.SIGNATORY, signing.TITLE, opening.NOTE, NO_DETAILS, who=_RECORDERS,
    ),
    _command(
        "allies", "Record outside organizations that sign, from a CSV file", "L-014", opening.record_allies,
        _LETTER, opening.TABLE, opening.DISTINCT, NO_DETAILS, who=_RECORDERS,
        prepare=opening.check_ally_table,
    ),
    _command(
        "lock", "Lock the text and the signatures for good", "L-014", publish.lock, _LETTER, approve.TEXT
    ),
    _command(
        "export", "A letter as DOCX or PDF; all letters by quarter for your counsel", "L-014 as:pdf", publish.export,
        replace(_LETTER, required=False), publish.AS, changes=False, who=EVERYONE,
    ),
    _command("merge", "Make a letter for each addressee", "L-014", merge.merge, _LETTER),
    _command(
        "sent", "Log how and when it was sent", "L-014 via:e-mail", publish.sent,
        _LETTER, publish.HOW, publish.ON, publish.FOLLOW_UP, publish.NOTE, NO_DETAILS,
    ),
    _command(
        "reply", "Log an answer", 'L-014 what:"They will meet us in January."', publish.reply,
        _LETTER, publish.WHAT, publish.ON, NO_DETAILS,
    ),
    _command("close", "Close a letter that needs no more work", "L-014", publish.close, _LETTER),
    _command(
        "withdraw", "Withdraw a letter; its signers are notified", "L-014", approve.withdraw,
        _LETTER, approve.WHY, approve.CERTAIN,
    ),
    _command("duplicate", "Start a new draft with the same text", "L-014", draft.duplicate, _LETTER),
    # Called only by buttons and forms, because guests have no slash commands.
    _command(
        "fill", "Save a draft with its template's fields", "template:{template} to:{office}", draft.draft,
        *_DRAFT, *_FIELDS, NO_DETAILS, hidden=True, prepare=draft.prepare,
    ),
    _command(
        "sign", "Sign for your organization", "L-014", signing.sign,
        _LETTER, approve.TEXT, replace(signing.SIGNATORY, required=False), replace(signing.TITLE, required=False),
        approve.AGREE, who=_REPRESENTATIVES, hidden=True, button=_TO_SIGN,
    ),
    _command(
        "decline", "Decline to sign for your organization", "L-014", signing.decline,
        _LETTER, signing.REASON, approve.AGREE, NO_DETAILS, who=_REPRESENTATIVES, hidden=True, button=_TO_SIGN,
    ),
    _command(
        "object", "Object to a signature that staff recorded for you", "L-014", signing.object_to_signature,
        _LETTER, signing.REASON, approve.AGREE, NO_DETAILS, who=_REPRESENTATIVES, hidden=True, button=_TO_SIGN,
    ),
    _command(
        "unsign", "Withdraw your signature or refusal, until the lock", "L-014", signing.unsign, _LETTER,
        who=_REPRESENTATIVES, hidden=True, button=_TO_SIGN,
    ),
    _command(
        "suggest", "Suggest a change to the author", "L-014", signing.suggest,
        _LETTER, signing.SUGGESTION, NO_DETAILS, who=_REPRESENTATIVES, hidden=True, button=_TO_SIGN,
    ),
)  # fmt: skip
