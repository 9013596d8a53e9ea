"""/letter again: a fresh draft from today's facts, with people's edits merged into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.group import Group
from bot.commands.model import STAFF, Context, Refused, Reply
from bot.letters import gates, lifecycle, lookup, notices, records, wording
from bot.letters.drafting import derive, edit, merging
from bot.letters.facts import Rendering, Topic
from bot.letters.lifecycle import Dossier, Text
from bot.letters.recipients.resolve import resolve_all
from bot.letters.templates import template
from bot.letters.templates.template import TemplateProblem
from bot.shared.card import Mark
from bot.shared.wording import listed

slash = Group("letter", who=STAFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraft:
    """A fresh draft before it is stored. `of`: the version whose edits it keeps; `reasons`: why that is out of date."""

    of: int
    template_digest: str
    rendering: Rendering
    about: Mapping[str, Any]  # what the letter stores of its topic
    merged: tuple[Text, ...]
    reasons: Sequence[str]
    warning: str


def prepare(ctx: Context, args: Mapping[str, str]) -> Redraft:
    """Draft the letter afresh and merge its edits. Raises `Refused` if its template refuses or a fact is missing."""
    letter = lookup.letter_for(ctx, args["letter"], "edit")
    before, topic = records.rendering(ctx.tx, letter), Topic.of(letter)
    to = resolve_all(ctx, letter.version.addressees)
    try:
        template_ = template.read(ctx.config.folder, letter.template)
        rendering, about = derive.rendering(ctx.tx, ctx.config, template_, topic, to.addressees, now=ctx.now)
    except TemplateProblem as problem:
        reason = str(problem)
        raise Refused(f"{reason[:1].upper()}{reason[1:]}") from problem
    return Redraft(
        of=letter.version.number,
        template_digest=template_.digest,
        rendering=rendering,
        about=about,
        merged=merging.merge_letter(before.texts, letter.version.texts, rendering.texts),
        reasons=gates.reasons(ctx.tx, ctx.config, letter, ctx.now),
        warning=to.warning,
    )


@slash.command(
    "again",
    "Draft a letter again from today's facts; your edits are kept",
    "L-014",
    params=(lookup.LETTER,),
    changes=True,
    prepare=prepare,
)
def again(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Store the fresh draft as the next version, which has to be approved and signed again."""
    letter, fresh = lookup.letter_for(ctx, args["letter"], "edit"), ctx.prepared
    if letter.version.number != fresh.of:
        raise Refused(f"{lookup.name_of(ctx, letter.version.by)} saved a new version in the meantime. Try again.")
    after = replace(letter, facts={**letter.facts, **fresh.about}, template_digest=fresh.template_digest)
    if lifecycle.digest(fresh.merged) == letter.version.digest:
        records.save_draft(ctx.tx, after, fresh.rendering)
        return Reply(card=wording.draft_card(after, lookup.citations_now(ctx, after), "A fresh draft reads the same."))
    after, changes = edit.add_version(ctx, after, fresh.merged, "drafted again, ")
    records.save_draft(ctx.tx, after, fresh.rendering)
    _tell(ctx, letter, after, fresh.reasons, changes)
    notes = [fresh.warning] if fresh.warning else []
    if questions := [blank for blank in after.version.blanks if blank in merging.QUESTIONS]:
        notes.append(f"Your edits and the new draft clash. Choose in the text: {listed(questions)}")
    card = wording.draft_card(after, lookup.citations_now(ctx, after), *notes, *edit.approval_notes(letter, after))
    return Reply(card=replace(card, sections=(wording.changes_section(changes),)))


def _tell(ctx: Context, letter: Dossier, after: Dossier, reasons: Sequence[str], changes: Sequence[str]) -> None:
    """Tell whoever approved or signed the text that it was drafted again, and why; approvers see each change."""
    name = f"letter:{letter.id}:again:{after.version.digest}"
    head = f"{letter.name} was drafted again: its facts changed"
    earlier = "Your approval was for the earlier text. You are asked again once it is ready."
    card = wording.notice(letter, head, *reasons, earlier, sections=(wording.changes_section(changes),))
    for person in set(records.approvers(ctx.tx, letter)):
        notices.send_to_person(ctx, person, name, card, needs=notices.STAFF_ONLY)
    earlier = "Your signature was for the earlier text. You are asked again once the new one is approved."
    card = wording.notice(letter, head, *reasons, earlier, mark=Mark.SIGN_ON)
    for person in notices.signers(ctx.tx, ctx.config, letter):
        notices.send_to_person(ctx, person, name, card)
