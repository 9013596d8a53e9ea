"""/letter draft: a new letter from a template, with or without an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.group import Group
from bot.commands.model import STAFF, Context, Refused, Reply
from bot.letters import lookup, records, saving, wording
from bot.letters.drafting import derive, entry_facts
from bot.letters.drafting.draft_form import FIELD_PARAMS, PARAMS, draft_form, field_values, fill_form, find_bill
from bot.letters.facts import Rendering, Topic
from bot.letters.lifecycle import Dossier, State, Version
from bot.letters.recipients.resolve import recipients, unsuited_warning
from bot.letters.templates import template
from bot.letters.templates.template import Meta, Need, Template, TemplateProblem
from bot.people import pii
from bot.people.confirm_text import NO_DETAILS, confirmation_form, note_confirmed
from bot.shared.entry import Entry
from bot.shared.entry import Kind as EntryKind
from bot.shared.wording import short

slash = Group("letter", who=STAFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDraft:
    """A rendered draft before it is stored."""

    ask: int | None
    rendering: Rendering
    about: Mapping[str, Any]  # what the letter stores of its topic
    template: Template
    entry: str | None
    confirmed: Sequence[str]  # signs of personal details that the asker confirmed as harmless
    warnings: Sequence[str]  # of its addressees


def prepare(ctx: Context, args: Mapping[str, str]) -> PreparedDraft | Reply:
    """Render the draft, or return a form for what is missing. Raises `Refused`."""
    if "template" not in args:
        return Reply(form=draft_form(ctx, args))
    try:
        meta = template.meta(ctx.config.folder, args["template"])
        if why := template.not_ours(meta, ctx.config.coalition):
            raise Refused(f"{args['template']} cannot be used: {why}.", param="template")
        if meta.ask:
            args = {"ask": str(*ctx.config.coalition.asks_named([meta.ask])), **args}
        if "ask" in meta.needs and "ask" not in args and "entry" in args:
            asks = entry_facts.occasion(ctx.tx, ctx.config, args["entry"]).asks
            args = {**args, "ask": str(asks[0])} if len(asks) == 1 else args
        if "to" not in args and meta.kind != "statement":
            return Reply(form=draft_form(ctx, args))
        if meta.kind == "comment" and "entry" in args:
            _check_docket(entry_facts.occasion(ctx.tx, ctx.config, args["entry"]).entry)
        values = field_values(meta, args)
        lacking = [name for name, field in meta.fields.items() if field.required and not values.get(name)]
        if lacking or any(need not in args for need in meta.needs):
            _refuse_early(ctx, meta, args)
            return Reply(form=fill_form(meta, args, values))
        signs = pii.signs("\n".join(values.values()), ctx.config.coalition)
        if signs and args.get("sure") != "yes":
            return confirmation_form(ctx, fill_form(meta, args, values), signs)
        return _render(ctx, meta, args, values, signs)
    except TemplateProblem as problem:
        message = str(problem)
        is_param = problem.field in {*map(str, Need), "occasion"}
        raise Refused(message[:1].upper() + message[1:], param=problem.field if is_param else "template") from problem


def _refuse_early(ctx: Context, meta: Meta, args: Mapping[str, str]) -> None:
    """Raise what the template refuses regardless of its fields, before the asker fills them in."""
    if all(need in args for need in meta.needs):
        _render(ctx, meta, args, {name: field.example for name, field in meta.fields.items()}, (), limit=1)


def _check_docket(entry: Entry) -> None:
    """Raise `Refused` if the entry has no docket or Federal Register number, and so takes no comments."""
    if not entry.dockets and not entry.number:
        is_what = "this is a news story" if entry.kind is EntryKind.NEWS else "this publication has none"
        raise Refused(
            f"A comment answers a docket: {is_what}. Use template:agency-request to ask an agency for something, or "
            "template:correction-to-an-outlet to have a story corrected.",
            param="template",
        )


@slash.command(
    "fill",
    "Save a draft with its template's fields",
    "template:{template} to:{office}",
    params=(*PARAMS, *FIELD_PARAMS, NO_DETAILS),
    changes=True,
    prepare=prepare,
    hidden=True,
)
@slash.command(
    "draft",
    "Write a letter from a template",
    "template:{template} to:{office}",
    params=(*PARAMS, NO_DETAILS),
    changes=True,
    prepare=prepare,
)
def draft(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - `prepare` has read them
    """Store the prepared draft as version 1 of a new letter."""
    ready = ctx.prepared
    if isinstance(ready, Reply):
        return ready
    author, meta = lookup.person_of(ctx), ready.template.meta
    letter = Dossier(
        id=ctx.new_id(),
        number=records.next_number(ctx.tx),
        state=State.DRAFT,
        template=ready.template.name,
        template_digest=ready.template.digest,
        lobbying=meta.lobbying,
        lobbying_why=meta.lobbying_why,
        version=Version(number=1, texts=ready.rendering.texts, by=author, at=ctx.now),
        created_by=author,
        created_at=ctx.now,
        facts=ready.about,
        ask=ready.ask,
        entry=ready.entry,
    )
    saving.add_letter(ctx, letter, ready.rendering)
    ctx.note(letter.name, "", f"drafted from {letter.template} to {short(wording.recipients(letter), 200)}")
    for warning in ready.warnings:
        ctx.note(letter.name, "", short(warning, 500))
    note_confirmed(ctx, letter.name, ready.confirmed)
    thread = "It is posted under its alert with its documents, if that channel is private." if letter.entry else ""
    foot = thread or "Only the staff see it."
    return Reply(card=wording.draft_card(letter, lookup.citations_now(ctx, letter), *ready.warnings, foot=foot))


@slash.command("duplicate", "Start a new draft with the same text", "L-014", params=(lookup.LETTER,), changes=True)
def duplicate(ctx: Context, args: Mapping[str, str]) -> Reply:
    old, author = lookup.letter_of(ctx, args["letter"]), lookup.person_of(ctx)
    new = replace(
        old,
        id=ctx.new_id(),
        number=records.next_number(ctx.tx),
        state=State.DRAFT,
        version=Version(number=1, texts=old.version.texts, by=author, at=ctx.now),
        created_by=author,
        created_at=ctx.now,
        facts={**old.facts, "entry": Topic.of(old).entry, "writers": sorted(lookup.writers(ctx.tx, old))},
        entry=None,
    )
    saving.add_letter(ctx, new, records.rendering(ctx.tx, old))
    ctx.note(new.name, "", f"drafted from the text of {old.name}")
    note = f"It has the text of {old.name}."
    return Reply(card=wording.draft_card(new, lookup.citations_now(ctx, new), note, foot="Only the staff see it."))


def _render(
    ctx: Context,
    meta: Meta,
    args: Mapping[str, str],
    values: Mapping[str, str],
    signs: Sequence[str],
    *,
    limit: int | None = None,
) -> PreparedDraft:
    """Render the draft for each addressee; `limit`: for the first ones only, as a trial."""
    bill = find_bill(ctx, args)
    alert = entry_facts.occasion(ctx.tx, ctx.config, args["entry"]) if "entry" in args else None
    topic = Topic(
        ask=int(args["ask"]) if "ask" in args else None,
        bill=bill.bill.id if bill else "",
        entry=alert.stored.id if alert else "",
        duty=args.get("duty", ""),
        signon=args.get("signon") == "yes",
        fields=values,
    )
    written_to = recipients(ctx, meta, args.get("to", ""))
    template_, addressees = template.read(ctx.config.folder, args["template"]), written_to.addressees[:limit]
    rendering, about = derive.rendering(ctx.tx, ctx.config, template_, topic, addressees, now=ctx.now)
    names = {addressee.id: addressee.name for addressee in addressees}
    warnings = (written_to.warning, unsuited_warning(ctx, meta, topic.ask, names))
    return PreparedDraft(
        ask=topic.ask,
        rendering=rendering,
        about=about,
        template=template_,
        entry=alert.stored.id if alert else None,
        confirmed=signs,
        warnings=tuple(filter(None, warnings)),
    )
