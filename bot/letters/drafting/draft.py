"""/letter draft: a new letter from a template, with or without an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.bills.model import BillFacts
from bot.commands.arguments import check_asks
from bot.commands.group import Group
from bot.commands.model import STAFF, Context, Refused, Reply
from bot.deadlines import duties
from bot.deadlines.model import Claim, Duty
from bot.letters import lookup, records, saving, wording
from bot.letters.approval import sourcing
from bot.letters.approval.sourcing import Citable
from bot.letters.drafting import entry_facts, facts
from bot.letters.drafting.draft_form import FIELD_PARAMS, PARAMS, draft_form, field_values, fill_form, find_bill
from bot.letters.drafting.entry_facts import Occasion
from bot.letters.lifecycle import Dossier, State, Text, Version
from bot.letters.model import Written
from bot.letters.recipients import committees
from bot.letters.recipients.resolve import recipients, unsuited_warning
from bot.letters.templates import template
from bot.letters.templates.rendering import write
from bot.letters.templates.template import FieldType, Meta, Need, TemplateProblem
from bot.people import pii
from bot.people.confirm_text import NO_DETAILS, confirmation_form, note_confirmed
from bot.shared.calendar import day_of_a_letter
from bot.shared.entry import Entry
from bot.shared.entry import Kind as EntryKind
from bot.shared.wording import listed, short

slash = Group("letter", who=STAFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDraft:
    """A rendered draft before it is stored."""

    texts: tuple[Text, ...]
    names: Mapping[str, str]
    template: str
    template_digest: str
    meta: Meta
    fields: Mapping[str, str]
    ask: int | None
    bill: str
    entry: str | None
    about: Citable
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
            asks = entry_facts.occasion(ctx, args["entry"]).asks
            args = {**args, "ask": str(asks[0])} if len(asks) == 1 else args
        if "to" not in args and meta.kind != "statement":
            return Reply(form=draft_form(ctx, args))
        if meta.kind == "comment" and "entry" in args:
            _check_docket(entry_facts.occasion(ctx, args["entry"]).entry)
        values = field_values(meta, args)
        if _is_incomplete(meta, args, values):
            _refuse_early(ctx, meta, args)
            return Reply(form=fill_form(meta, args, values))
        signs = pii.signs("\n".join(values.values()), ctx.config.coalition)
        if signs and args.get("sure") != "yes":
            return confirmation_form(ctx, fill_form(meta, args, values), signs)
        return _render(ctx, meta, args, values, signs)
    except TemplateProblem as problem:
        message = str(problem)
        raise Refused(message[:1].upper() + message[1:], param=_param_of_problem(problem)) from problem


def _refuse_early(ctx: Context, meta: Meta, args: Mapping[str, str]) -> None:
    """Raise what the template refuses regardless of its fields, before the asker fills them in."""
    if all(need in args for need in meta.needs):
        examples = {name: field.example for name, field in meta.fields.items()}
        _render(ctx, meta, args, examples, (), limit=1)


def _check_docket(entry: Entry) -> None:
    """Raise `Refused` if the entry has no docket or Federal Register number, and so takes no comments."""
    if not entry.dockets and not entry.number:
        is_what = "this is a news story" if entry.kind is EntryKind.NEWS else "this publication has none"
        raise Refused(
            f"A comment answers a docket: {is_what}. Use template:agency-request to ask an agency for something, or "
            "template:correction-to-an-outlet to have a story corrected.",
            param="template",
        )


def _is_incomplete(meta: Meta, args: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether a required field or need is missing."""
    fields = any(field.required and not given.get(name) for name, field in meta.fields.items())
    return fields or any(need not in args for need in meta.needs)


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
    coalition, author = ctx.coalition_id, lookup.person_of(ctx)
    letter = Dossier(
        id=ctx.new_id(),
        number=records.next_number(ctx.tx, coalition),
        state=State.DRAFT,
        template=ready.template,
        template_digest=ready.template_digest,
        lobbying=ready.meta.lobbying,
        lobbying_why=ready.meta.lobbying_why,
        version=Version(number=1, texts=ready.texts, by=author, at=ctx.now),
        created_by=author,
        created_at=ctx.now,
        facts={"names": ready.names, "fields": ready.fields, "bill": ready.bill, "about": ready.about.dump()},
        ask=ready.ask,
        entry=ready.entry,
    )
    saving.add_letter(ctx, letter)
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
        number=records.next_number(ctx.tx, ctx.coalition_id),
        state=State.DRAFT,
        version=Version(number=1, texts=old.version.texts, by=author, at=ctx.now),
        created_by=author,
        created_at=ctx.now,
        facts={**old.facts, "writers": sorted(lookup.writers(ctx.tx, ctx.coalition_id, old))},
        entry=None,
    )
    saving.add_letter(ctx, new)
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
    today = ctx.today
    bill = find_bill(ctx, args)
    alert = entry_facts.occasion(ctx, args["entry"]) if "entry" in args else None
    common = _common_facts(ctx, meta, args, values, bill, alert)
    claims = facts.claims(ctx.config.coalition, meta, today)
    if "duty" in args:
        claims |= facts.duty_claim(ctx.tx, ctx.config.coalition, args["duty"], today)
    written_to = recipients(ctx, meta, args.get("to", ""))
    addressees = written_to.addressees[:limit]
    names = {addressee.id: addressee.name for addressee in addressees}
    ask = int(args["ask"]) if "ask" in args else None
    facts_of = {}
    for addressee in addressees:
        record = committees.record_of(ctx.tx, addressee.id, bill, today=today)
        facts_of[addressee.id] = common | {"addressee": facts.of_addressee(ctx.config.coalition, addressee, record)}
    warnings = (written_to.warning, unsuited_warning(ctx.config, meta, ask, names))
    return PreparedDraft(
        texts=_texts(ctx, meta, args["template"], facts_of, claims),
        names=names,
        template=args["template"],
        template_digest=template.read(ctx.config.folder, args["template"]).digest,
        meta=meta,
        fields=values,
        ask=ask,
        bill=args.get("bill", ""),
        entry=alert.stored.id if alert else None,
        about=_citable_topics(common, bill, alert),
        confirmed=signs,
        warnings=tuple(filter(None, warnings)),
    )


def _texts(
    ctx: Context, meta: Meta, name: str, facts_of: Mapping[str, Mapping[str, Any]], claims: Mapping[str, Claim | str]
) -> tuple[Text, ...]:
    """Each different text with the ids of its addressees. `facts_of`: the template's facts by addressee."""
    by_text: dict[Written, list[str]] = {}
    for id_, given in facts_of.items():
        by_text.setdefault(write(ctx.config.folder, name, given, claims), []).append(id_)
    return tuple(
        Text(_with_template_sentences(ctx, name, text, facts_of[ids[0]], claims, meta), tuple(ids))
        for text, ids in by_text.items()
    )


def _with_template_sentences(
    ctx: Context,
    name: str,
    written: Written,
    facts_given: Mapping[str, Any],
    claims: Mapping[str, Claim | str],
    meta: Meta,
) -> Written:
    """The text with its `templated` sentences: the citing ones that do not change with what is typed."""
    citing = sourcing.citing_sentences(written)
    if not citing:
        return written
    typed_fields = {key for key, field in meta.fields.items() if field.type in (FieldType.TEXT, FieldType.LONG)}
    other_fields = {
        key: "Other words." if key in typed_fields and value else value for key, value in facts_given["fields"].items()
    }
    other = write(ctx.config.folder, name, {**facts_given, "fields": other_fields}, claims)
    constant = set(sourcing.citing_sentences(other))
    return replace(written, templated=tuple(sentence for sentence in citing if sentence in constant))


def _citable_topics(common: Mapping[str, Any], bill: BillFacts | None, alert: Occasion | None) -> Citable:
    """What the letter may cite because it is about it: its bill, duty and publication."""
    entry, duty = common["entry"] or {}, common["duty"] or {}
    names = [bill.bill.label, bill.law] if bill else []
    names += [bill.enacted.bill.label, bill.enacted.law] if bill and bill.enacted else []
    names += [bill.companion.label] if bill and bill.companion else []
    names += [str(entry[key]) for key in ("number", "docket", "title") if entry.get(key)]
    names += [str(duty["statute"])] if duty else []
    quotable = entry_facts.quotable_texts(alert.entry) if alert else []
    return sourcing.citable(names, filter(None, (bill.title if bill else "", *quotable)))


def _common_facts(
    ctx: Context,
    meta: Meta,
    args: Mapping[str, str],
    values: Mapping[str, str],
    bill: BillFacts | None,
    alert: Occasion | None,
) -> dict[str, object]:
    """The facts shared by all addressees."""
    coalition, today = ctx.config.coalition, ctx.today
    duties_by_id = duties.load_duties(ctx.tx, coalition)
    return {
        "today": day_of_a_letter(today),
        "coalition": facts.of_coalition(coalition),
        "ask": _ask_facts(ctx, args["ask"]) if "ask" in args else None,
        "bill": facts.of_bill(bill, today, coalition.tz, duties_by_id.values()) if bill else None,
        "duty": facts.of_duty(_duty(ctx, args["duty"]), today) if "duty" in args else None,
        "entry": entry_facts.facts_of(alert.entry, coalition) if alert else None,
        "fields": meta.values(values),
    }


def _duty(ctx: Context, typed: str) -> Duty:
    duties_by_id = duties.load_duties(ctx.tx, ctx.config.coalition)
    if typed not in duties_by_id:
        ids = listed(list(duties_by_id), 9) or "none"
        raise Refused(f"There is no duty “{typed[:60]}”; there are {ids}.", param="duty")
    return duties_by_id[typed]


def _ask_facts(ctx: Context, typed: str) -> dict[str, object]:
    check_asks(ctx.config.coalition.asks, [int(typed)], param="ask")
    ask = ctx.config.coalition.asks[int(typed)]
    if not ask.text:
        raise Refused(f"Ask {typed} has no text in coalition.yml yet, so there is nothing to write.", param="ask")
    return facts.of_ask(int(typed), ask)


def _param_of_problem(problem: TemplateProblem) -> str:
    return problem.field if problem.field in {*map(str, Need), "occasion"} else "template"
