"""A new letter: from an alert or from nothing, by its template's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.bills.facts import UnknownBill, bill_facts
from bot.bills.model import BillFacts
from bot.bills.picking import complete_bills, resolve_bill
from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.deadlines import duties
from bot.deadlines.model import Claim, Duty
from bot.letters import lookup, records, wording
from bot.letters.approval import premises, sourcing
from bot.letters.approval.sourcing import Citable, SourcedCitation
from bot.letters.drafting import entry_facts, facts
from bot.letters.drafting.entry_facts import Occasion
from bot.letters.lifecycle import Dossier, State, Text, Version
from bot.letters.model import Written
from bot.letters.recipients import committees
from bot.letters.recipients.offer import offered_recipients
from bot.letters.recipients.resolve import name_of, office, recipients
from bot.letters.recipients.suiting import unsuited
from bot.letters.templates import template
from bot.letters.templates.rendering import write
from bot.letters.templates.template import FieldType, Meta, Need, TemplateProblem
from bot.people import pii
from bot.people.confirm_text import confirmation_form, note_confirmed
from bot.shared.calendar import day_of_a_letter
from bot.shared.entry import Entry
from bot.shared.entry import Kind as EntryKind
from bot.shared.wording import listed, short

FIELDS: Final = 8  # of one template; a form of Discord's has room for five, needed ones first
_MOST_CHOICES: Final = 25  # templates that a form of any platform offers

TEMPLATE: Final = Param("template", "the letter to begin from, such as ask-1", required=False)
TO: Final = Param("to", "an office, a member of Congress, a committee's chair", required=False)
ASK: Final = Param("ask", "the number of the ask", kind=Kind.NUMBER, required=False)
BILL: Final = Param("bill", "the bill it is about, such as hr1234-119", required=False, longest=60)
OCCASION: Final = Param("occasion", "why now, in a sentence", kind=Kind.LONG, required=False)
ENTRY: Final = Param("entry", "the alert it answers: an address, a number or an id", required=False, longest=2_000)
DUTY: Final = Param("duty", "the statutory duty it is about", required=False, longest=64)
_CARRIED: Final = ("template", "to", "ask", "bill", "entry", "duty")
_NEEDS: Final = {Need.ASK: ASK, Need.BILL: BILL, Need.ENTRY: ENTRY, Need.DUTY: DUTY}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDraft:
    """A draft as it was written, before it has a number."""

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
    confirmed: Sequence[str]  # what was asked about, and found to be harmless
    warnings: Sequence[str]  # of its addressees


# --- a new letter -----------------------------------------------------------------------------------------------------


def prepare(ctx: Context, args: Mapping[str, str]) -> PreparedDraft | Reply:
    """Write the draft, or ask for what it lacks. Raises `Refused`."""
    if "template" not in args:
        return Reply(form=_draft_form(ctx, args))
    try:
        meta = template.meta(ctx.config.folder, args["template"])
        if meta.ask in ctx.config.coalition.asks:
            args = {"ask": str(meta.ask), **args}
        if "to" not in args and meta.kind != "statement":
            return Reply(form=_draft_form(ctx, args))
        if meta.kind == "comment" and "entry" in args:
            _check_docket(entry_facts.occasion(ctx, args["entry"]).entry)
        given = _field_values(meta, args)
        if _is_incomplete(meta, args, given):
            _refuse_early(ctx, meta, args)
            return Reply(form=_fill_form(meta, args, given))
        found = pii.signs("\n".join(given.values()), ctx.config.coalition)
        if found and args.get("sure") != "yes":
            return confirmation_form(ctx, _fill_form(meta, args, given), found)
        return _render(ctx, meta, args, given, found)
    except TemplateProblem as problem:
        said = str(problem)
        raise Refused(said[:1].upper() + said[1:], param=_param_of_problem(problem)) from problem


def _refuse_early(ctx: Context, meta: Meta, args: Mapping[str, str]) -> None:
    """Raise what the template would refuse whatever is typed, before somebody has typed two paragraphs."""
    if all(need in args for need in meta.needs):
        examples = {name: field.example for name, field in meta.fields.items()}
        _render(ctx, meta, args, examples, (), most=1)


def _check_docket(entry: Entry) -> None:
    """Raises `Refused` for what no agency takes comments on: it has no docket and no number of the Register."""
    if not entry.dockets and not entry.number:
        is_what = "this is a news story" if entry.kind is EntryKind.NEWS else "this publication has none"
        raise Refused(
            f"A comment answers a docket: {is_what}. Use template:agency-request to ask an agency for something, or "
            "template:correction-to-an-outlet to have a story corrected.",
            param="template",
        )


def _is_incomplete(meta: Meta, args: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether there is something that only the asker can say."""
    fields = any(field.required and not given.get(name) for name, field in meta.fields.items())
    return fields or any(need not in args for need in meta.needs)


def draft(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - `prepare` has read them
    """Keep what was written, as the first version of a new letter."""
    ready = ctx.prepared
    if isinstance(ready, Reply):
        return ready
    coalition, author = ctx.config.coalition.id, lookup.person_of(ctx)
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
        facts={
            "names": dict(ready.names),
            "fields": dict(ready.fields),
            "bill": ready.bill,
            "about": ready.about.dump(),
        },
        ask=ready.ask,
        entry=ready.entry,
    )
    records.add(ctx.tx, coalition, letter)
    ctx.note(letter.name, "", f"drafted from {letter.template} to {short(wording.recipients(letter), 200)}")
    for warning in ready.warnings:
        ctx.note(letter.name, "", short(warning, 500))
    note_confirmed(ctx, letter.name, ready.confirmed)
    thread = "It is posted under its alert with its documents, if that channel is private." if letter.entry else ""
    foot = thread or "Only the staff see it."
    return Reply(card=wording.draft_card(letter, _citations(ctx, letter), *ready.warnings, foot=foot))


def duplicate(ctx: Context, args: Mapping[str, str]) -> Reply:
    """A new draft with the words of another letter."""
    old, author = lookup.letter_of(ctx, args["letter"]), lookup.person_of(ctx)
    new = replace(
        old,
        id=ctx.new_id(),
        number=records.next_number(ctx.tx, ctx.config.coalition.id),
        state=State.DRAFT,
        version=Version(number=1, texts=old.version.texts, by=author, at=ctx.now),
        created_by=author,
        created_at=ctx.now,
        facts={**old.facts, "writers": sorted(lookup.writers(ctx.tx, ctx.config.coalition.id, old))},
        entry=None,
    )
    records.add(ctx.tx, ctx.config.coalition.id, new)
    ctx.note(new.name, "", f"drafted from the words of {old.name}")
    said = f"It has the words of {old.name}."
    return Reply(card=wording.draft_card(new, _citations(ctx, new), said, foot="Only the staff see it."))


def _citations(ctx: Context, letter: Dossier) -> list[SourcedCitation]:
    return lookup.citations_of(ctx.tx, ctx.config.coalition, letter, ctx.config.coalition.day(ctx.now))


def _render(
    ctx: Context,
    meta: Meta,
    args: Mapping[str, str],
    given: Mapping[str, str],
    found: Sequence[str],
    *,
    most: int | None = None,
) -> PreparedDraft:
    """`most`: only for so many addressees, as a trial."""
    today = ctx.config.coalition.day(ctx.now)
    bill = _bill(ctx, args)
    alert = entry_facts.occasion(ctx, args["entry"]) if "entry" in args else None
    known = _common_facts(ctx, meta, args, given, bill, alert)
    claims = facts.claims(ctx.config.coalition, meta, today)
    if "duty" in args:
        claims |= facts.duty_claim(ctx.tx, ctx.config.coalition, args["duty"], today)
    written_to = recipients(ctx, meta, args.get("to", ""))
    wanted = written_to.addressees[:most]
    names = {each.id: each.name for each in wanted}
    ask = int(args["ask"]) if "ask" in args else None
    by_text: dict[Written, list[str]] = {}
    first: dict[Written, Mapping[str, Any]] = {}  # the facts of the first addressee of each text
    for each in wanted:
        record = committees.record_of(ctx.tx, each.id, bill, today=today)
        its = known | {"addressee": facts.of_addressee(ctx.config.coalition, each, record)}
        written = write(ctx.config.folder, args["template"], its, claims)
        by_text.setdefault(written, []).append(each.id)
        first.setdefault(written, its)
    own = {text: _with_template_sentences(ctx, args["template"], text, first[text], claims, meta) for text in by_text}
    return PreparedDraft(
        texts=tuple(Text(own[text], tuple(ids)) for text, ids in by_text.items()),
        names=names,
        template=args["template"],
        template_digest=template.read(ctx.config.folder, args["template"]).digest,
        meta=meta,
        fields=given,
        ask=ask,
        bill=args.get("bill", ""),
        entry=alert.kept.id if alert else None,
        about=_citable_topics(known, bill, alert),
        confirmed=found,
        warnings=tuple(
            filter(None, (written_to.warning, unsuited(ctx.config, meta, ask, {each.id: each.name for each in wanted})))
        ),
    )


def _with_template_sentences(
    ctx: Context, name: str, written: Written, its: Mapping[str, Any], claims: Mapping[str, Claim | str], meta: Meta
) -> Written:
    """The text, with which of its citing sentences are the template's: those that stay whatever is typed."""
    said = sourcing.citing_sentences(written)
    if not said:
        return written
    typed = {key for key, field in meta.fields.items() if field.type in (FieldType.TEXT, FieldType.LONG)}
    other = {key: "Other words." if key in typed and value else value for key, value in its["fields"].items()}
    stays = set(sourcing.citing_sentences(write(ctx.config.folder, name, {**its, "fields": other}, claims)))
    return replace(written, templated=tuple(sentence for sentence in said if sentence in stays))


def _citable_topics(known: Mapping[str, Any], bill: BillFacts | None, alert: Occasion | None) -> Citable:
    """What the letter may cite because it is about it."""
    entry, duty = known["entry"] or {}, known["duty"] or {}
    names = [bill.bill.label, bill.law] if bill else []
    names += [bill.enacted.bill.label, bill.enacted.law] if bill and bill.enacted else []
    names += [bill.companion.label] if bill and bill.companion else []
    names += [str(entry[key]) for key in ("number", "docket", "title") if entry.get(key)]
    names += [str(duty["statute"])] if duty else []
    said = entry_facts.quotable_texts(alert.entry) if alert else []
    return sourcing.citable(names, filter(None, (bill.title if bill else "", *said)))


def _common_facts(
    ctx: Context,
    meta: Meta,
    args: Mapping[str, str],
    given: Mapping[str, str],
    bill: BillFacts | None,
    alert: Occasion | None,
) -> dict[str, object]:
    """The facts that are the same for every addressee."""
    coalition, today = ctx.config.coalition, ctx.config.coalition.day(ctx.now)
    owed = duties.load_duties(ctx.tx, coalition)
    return {
        "today": day_of_a_letter(today),
        "coalition": facts.of_coalition(coalition),
        "ask": _ask_facts(ctx, args["ask"]) if "ask" in args else None,
        "bill": facts.of_bill(bill, today, coalition.tz, owed.values()) if bill else None,
        "duty": facts.of_duty(_duty(ctx, args["duty"]), today) if "duty" in args else None,
        "entry": entry_facts.facts_of(alert.entry, coalition) if alert else None,
        "fields": meta.values(given),
    }


def _bill(ctx: Context, args: Mapping[str, str]) -> BillFacts | None:
    if "bill" not in args:
        return None
    meant = resolve_bill(ctx, args["bill"], "letter draft", "bill")
    if isinstance(meant, Reply):
        raise Refused(f"Which Congress? Write “{args['bill'][:40]}” with its number, as hr1234-119.", param="bill")
    try:
        bill = bill_facts(ctx.tx, ctx.config.coalition, meant.id, now=ctx.now)
    except UnknownBill as unknown:
        raise Refused(str(unknown), param="bill") from unknown
    premises.check_bill(ctx.config.coalition, bill, ctx.now)
    return bill


def _duty(ctx: Context, typed: str) -> Duty:
    known = duties.load_duties(ctx.tx, ctx.config.coalition)
    if typed not in known:
        raise Refused(f"There is no duty “{typed[:60]}”; there are {listed(list(known), 9) or 'none'}.", param="duty")
    return known[typed]


def _ask_facts(ctx: Context, typed: str) -> dict[str, object]:
    asks = ctx.config.coalition.asks
    ask = asks.get(int(typed))
    if ask is None:
        raise Refused(f"There is no ask {typed}; there are {listed(list(map(str, asks)), 99)}.", param="ask")
    if not ask.text:
        raise Refused(f"Ask {typed} has no text in coalition.yml yet, so there is nothing to write.", param="ask")
    return facts.of_ask(int(typed), ask)


# --- its forms --------------------------------------------------------------------------------------------------------


def _draft_form(ctx: Context, args: Mapping[str, str]) -> Form:
    """What to write, filled in as far as is known."""
    meta = template.meta(ctx.config.folder, args["template"]) if "template" in args else None
    filled = _defaults(ctx, meta, args)
    shown = {"to": name_of(ctx, filled["to"]), "ask": _ask_title(ctx, filled.get("ask", ""))}
    asked = (
        (replace(TEMPLATE, required=True, choices=_template_choices(ctx)), "Which letter"),
        (replace(TO, complete=offered_recipients, required=meta is not None and meta.kind != "statement"), "To"),
        (replace(ASK, complete=ask_choices), "Ask"),
        (replace(BILL, complete=complete_bills), "Bill"),
        (OCCASION, "What makes it timely"),
        (replace(DUTY, complete=duty_choices), "Statutory duty"),
    )
    fields = tuple(
        FormField(param, label, filled.get(param.name, ""), shown.get(param.name, "")) for param, label in asked
    )
    carried = {name: value for name, value in args.items() if name == "entry"}
    return Form(title="Draft a letter", path="letter draft", fields=fields, args=carried, submit="Save draft")


def _defaults(ctx: Context, meta: Meta | None, args: Mapping[str, str]) -> dict[str, str]:
    """What is known from the alert, the bill or the template before anybody types."""
    filled = dict(args)
    if "entry" in args:
        alert = entry_facts.occasion(ctx, args["entry"])
        asks = (int(args["ask"]),) if "ask" in args else alert.asks
        filled = {
            "template": entry_facts.best_template(ctx, alert.entry, asks),
            "to": entry_facts.addressee(ctx, alert.entry),
            "ask": str(asks[0]) if asks else "",
            "bill": alert.entry.bill or "",
        } | filled
    elif "bill" in args and meta is None:
        filled |= _defaults_for_bill(ctx, args["bill"])
    usual = office(ctx.config.coalition, meta.addressees[0]) if meta and meta.addressees else ""
    return filled | {"to": filled.get("to") or usual or _committee_leader(ctx, filled.get("bill", ""))}


def _defaults_for_bill(ctx: Context, bill: str) -> dict[str, str]:
    """The template that suits a bill, and the bill; for one whose twin or family is law, that law."""
    known = _find_bill(ctx, bill)
    if known is None or (known.bill.over(ctx.config.coalition.day(ctx.now)) and not (known.law or known.enacted)):
        return {}
    law = known.enacted.bill if known.enacted else known.bill
    return {"template": entry_facts.template_for_bill(ctx, law=bool(known.law or known.enacted)), "bill": law.id}


def _committee_leader(ctx: Context, bill: str) -> str:
    """Who leads the committee that has a bill which is not decided yet; "" for a text that names none."""
    known = _find_bill(ctx, bill)
    over = known is None or known.law or known.enacted or known.bill.over(ctx.config.coalition.day(ctx.now))
    return "" if known is None or over else committees.chair(ctx.tx, known)


def _find_bill(ctx: Context, bill: str) -> BillFacts | None:
    """None for a text that names no bill we know of."""
    try:
        return _bill(ctx, {"bill": bill}) if bill else None
    except Refused:
        return None


def _ask_title(ctx: Context, ask: str) -> str:
    known = ctx.config.coalition.asks.get(int(ask)) if ask.isdigit() else None
    return f"{ask}: {known.title}" if known else ""


def _fill_form(meta: Meta, args: Mapping[str, str], given: Mapping[str, str]) -> Form:
    """The fields of the template itself."""
    lacking = [need for need in meta.needs if need not in args]
    fields = [FormField(replace(_NEEDS[need], required=True), need.capitalize()) for need in lacking]
    fields += [
        FormField(_field_param(number_, name, meta), name.replace("_", " ").capitalize(), given.get(name, ""))
        for number_, name in enumerate(meta.fields, start=1)
    ]
    carried = {name: args[name] for name in _CARRIED if name in args}
    return Form(
        title=short(meta.title, 24), path="letter fill", fields=tuple(fields), args=carried, submit="Save draft"
    )


def _field_param(number_: int, name: str, meta: Meta) -> Param:
    field = meta.fields[name]
    choices = tuple(Choice(each, each) for each in field.choices)
    kind = Kind.LONG if field.type is FieldType.LONG else Kind.TEXT
    return Param(
        f"field-{number_}", field.help[:100], kind=kind, required=field.required, choices=choices, longest=3_000
    )


def _field_values(meta: Meta, args: Mapping[str, str]) -> dict[str, str]:
    """What was typed for the template's own fields, by their names."""
    by_place = {name: args.get(f"field-{n}", "") for n, name in enumerate(meta.fields, start=1)}
    if "occasion" in by_place and "occasion" in args:
        by_place["occasion"] = by_place["occasion"] or args["occasion"]
    return {name: value for name, value in by_place.items() if value}


def _param_of_problem(problem: TemplateProblem) -> str:
    return problem.field if problem.field in {*map(str, Need), "occasion"} else "template"


# --- what may be meant ------------------------------------------------------------------------------------------------


def _template_choices(ctx: Context) -> tuple[Choice, ...]:
    """As a list where every form has room for all."""
    found = template_choices(ctx, "")
    return tuple(found) if len(found) <= _MOST_CHOICES else ()


def template_choices(ctx: Context, typed: str) -> list[Choice]:
    metas = {}
    for name in template.names(ctx.config.folder):
        try:
            metas[name] = template.meta(ctx.config.folder, name)
        except TemplateProblem:
            continue
    served = ctx.config.coalition.asks.keys() <= {meta.ask for meta in metas.values()}
    found = [
        Choice(name, short(f"{name}: {meta.title}", 75))
        for name, meta in metas.items()
        if not (served and meta.fallback)
    ]
    return [choice for choice in found if typed.casefold() in choice.label.casefold()]


def ask_choices(ctx: Context, typed: str) -> list[Choice]:
    asks = [Choice(str(n), f"{n}: {ask.title}") for n, ask in ctx.config.coalition.asks.items()]
    return [choice for choice in asks if typed.casefold() in choice.label.casefold()]


def duty_choices(ctx: Context, typed: str) -> list[Choice]:
    known = duties.load_duties(ctx.tx, ctx.config.coalition)
    labels = [Choice(id_, short(f"{duty.statute}: {duty.owed}", 75)) for id_, duty in known.items()]
    return [choice for choice in labels if typed.casefold() in choice.label.casefold()]
