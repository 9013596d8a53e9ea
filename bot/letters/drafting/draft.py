"""/letter draft: a new letter from a template; its forms have defaults from the alert, the bill or the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from bot.bills.facts import complete_bills, facts_of, resolve_bill
from bot.bills.model import BillFacts
from bot.commands.arguments import matching
from bot.commands.model import STAFF, Choice, Context, Form, FormField, Kind, Param, Refused, Reply, answer
from bot.config.catalog import place_of_name
from bot.config.coalition import Ask
from bot.deadlines.commands import complete_commitments
from bot.letters import committees, lookup, notices, records, wording
from bot.letters.drafting import derive, facts
from bot.letters.drafting.second_person import is_to_them
from bot.letters.facts import Rendering, Topic
from bot.letters.lifecycle import Dossier, State, Version
from bot.letters.lookup import LetterGroup
from bot.letters.recipients import complete_recipients, name_of, office, recipients, unsuited_warning
from bot.letters.templates import template
from bot.letters.templates.template import FieldType, Meta, Need, Template, TemplateProblem
from bot.people import pii
from bot.people.pii import NO_DETAILS, confirmation_form, note_confirmed
from bot.shared.agencies import agency_in_a_sentence
from bot.shared.card import Button, Mark
from bot.shared.entry import Entry
from bot.shared.entry import Kind as EntryKind
from bot.shared.wording import short

FIELDS: Final = 8  # of one template; a Discord form has room for five, required ones first
_MOST_CHOICES: Final = 25  # templates that a form of any platform offers


def ask_choices(ctx: Context, typed: str) -> list[Choice]:
    asks = [Choice(str(n), f"{n}: {ask.title}") for n, ask in ctx.config.coalition.asks.items()]
    return matching(asks, typed)


def template_choices(ctx: Context, typed: str) -> list[Choice]:
    metas = template.metas(ctx.config.folder)
    own = {meta.ask for meta in metas.values() if meta.ask}
    served = own.issuperset(ask.name for ask in ctx.config.coalition.asks.values())
    choices = [
        Choice(name, short(f"{name}: {meta.title}", 75))
        for name, meta in metas.items()
        if not (served and meta.fallback) and not template.not_ours(meta, ctx.config.coalition)
    ]
    return matching(choices, typed)


TEMPLATE: Final = Param(
    "template", "the template to start from, such as public-comment", required=False, complete=template_choices
)
TO: Final = Param(
    "to", "an office, a member of Congress, a committee's chair", required=False, complete=complete_recipients
)
ASK: Final = Param("ask", "the number of the ask", kind=Kind.NUMBER, required=False, complete=ask_choices)
BILL: Final = Param(
    "bill", "the bill it is about, such as hr1234-119", required=False, longest=60, complete=complete_bills
)
OCCASION: Final = Param("occasion", "why now, in a sentence", kind=Kind.LONG, required=False)
ENTRY: Final = Param("entry", "the alert it answers: an address, a number or an id", required=False, longest=2_000)
DUTY: Final = Param("duty", "the statutory duty it is about", required=False, longest=64, complete=complete_commitments)
SIGNON: Final = Param(
    "signon", "yes: its first sentence names the organizations that sign", kind=Kind.YES_NO, required=False
)
_NEEDS: Final = {Need.ASK: ASK, Need.BILL: BILL, Need.ENTRY: ENTRY, Need.DUTY: DUTY}
PARAMS: Final = (TEMPLATE, TO, ASK, BILL, OCCASION, ENTRY, DUTY, SIGNON)
FIELD_PARAMS: Final = tuple(
    Param(f"field-{n}", "a field of the template", kind=Kind.LONG, required=False, longest=3_000)
    for n in range(1, FIELDS + 1)
)


def find_bill(ctx: Context, args: Mapping[str, str]) -> BillFacts | None:
    if "bill" not in args:
        return None
    picked = resolve_bill(ctx, args["bill"], "letter draft", "bill")
    if isinstance(picked, Reply):
        raise Refused(f"Which Congress? Write “{args['bill'][:40]}” with its number, as hr1234-119.", param="bill")
    bill = facts_of(ctx, picked)
    derive.check_bill(ctx.config.coalition, bill, ctx.now)
    return bill


def draft_form(ctx: Context, args: Mapping[str, str]) -> Form:
    """The form for a new letter, with defaults filled in."""
    meta = template.meta(ctx.config.folder, args["template"]) if "template" in args else None
    filled = _defaults(ctx, meta, args)
    ask = _ask(ctx, filled.get("ask", ""))
    shown = {"to": name_of(ctx, filled["to"]), "ask": f"{filled['ask']}: {ask.title}" if ask else ""}
    choices = tuple(template_choices(ctx, ""))
    offered = choices if len(choices) <= _MOST_CHOICES else ()
    to = TO if meta else replace(TO, help=f"{TO.help}; nobody for a press release")
    asked = (
        (replace(TEMPLATE, required=True, choices=offered), "Which letter"),
        (replace(to, required=meta is not None and meta.kind != "statement"), "To"),
        (ASK, "Ask"),
        (BILL, "Bill"),
        (OCCASION, "What makes it timely"),
        (DUTY, "Statutory duty"),
        (SIGNON, "Others will sign it"),
    )
    fields = tuple(
        FormField(param, label, filled.get(param.name, ""), shown.get(param.name, "")) for param, label in asked
    )
    carried = {name: value for name, value in args.items() if name == "entry"}
    return Form(
        title="Draft a letter", path="letter draft", fields=fields, args=carried, submit="Save draft", unsaved=True
    )


def _defaults(ctx: Context, meta: Meta | None, args: Mapping[str, str]) -> dict[str, str]:
    """Defaults from the alert, the bill or the template."""
    filled = dict(args)
    if "entry" in args:
        alert = derive.occasion(ctx.tx, ctx.config, args["entry"], ctx.today)
        asks = (int(args["ask"]),) if "ask" in args else alert.asks
        filled = {
            "template": derive.best_template(ctx, alert.entry, asks),
            "to": derive.addressee(ctx, alert.entry),
            "ask": str(asks[0]) if asks else "",
            "bill": derive.bill_of_alert(ctx, alert),
        } | filled
    elif "bill" in args and meta is None:
        record = _bill_or_none(ctx, args["bill"])
        became_law = record and (record.law or record.enacted)
        if record and (became_law or not record.over(ctx.today)):
            # If a companion or related bill became law, the letter is about that law.
            wanted, metas = "law" if became_law else "pending", template.metas(ctx.config.folder)
            filled["template"] = next((name for name, meta in metas.items() if meta.bill == wanted), "")
            filled["bill"] = (record.enacted.bill if record.enacted else record.bill).id
    usual = ""
    if meta and meta.addressees:  # an office or a group of ours, or the chair of a committee
        name = meta.addressees[0]
        chair = f"chair:{name}" if committees.leader_of(ctx.tx, name, "chair") else ""
        usual = office(ctx.config.coalition, name) or chair
    record, leader = _bill_or_none(ctx, filled.get("bill", "")), ""
    if record and not (record.law or record.enacted or record.over(ctx.today)):
        leader = committees.chair_of_bill(ctx.tx, record)  # of the committee that has it
    return filled | {"to": filled.get("to") or usual or leader or _office_in_ask(ctx, filled.get("ask", ""))}


def _office_in_ask(ctx: Context, number_: str) -> str:
    """The office that an ask names first; "" if it names none of ours."""
    ask = _ask(ctx, number_)
    if ask is None:
        return ""
    text = f"{ask.title}\n{ask.text}"
    offices = ctx.config.coalition.all_offices.items()
    places = {f"office:{id_}": place_of_name(text, id_, office.name, office.also) for id_, office in offices}
    named = [(place, id_) for id_, place in places.items() if place is not None]
    return min(named)[1] if named else ""


def _bill_or_none(ctx: Context, bill: str) -> BillFacts | None:
    """The facts of a bill; None if the text names no known bill."""
    try:
        return find_bill(ctx, {"bill": bill}) if bill else None
    except Refused:
        return None


def _ask(ctx: Context, number_: str) -> Ask | None:
    return ctx.config.coalition.asks.get(int(number_)) if number_.isdecimal() else None


def fill_form(meta: Meta, args: Mapping[str, str], given: Mapping[str, str]) -> Form:
    """The form for the template's own fields and missing needs."""
    lacking = [need for need in meta.needs if need not in args]
    fields = [FormField(replace(_NEEDS[need], required=True), need.capitalize()) for need in lacking]
    for number_, (name, field) in enumerate(meta.fields.items(), start=1):
        if name == OCCASION.name and name in args:
            continue  # it was answered in the form before
        kind = Kind.LONG if field.type is FieldType.LONG else Kind.TEXT
        param = Param(
            f"field-{number_}", field.help[:100], kind=kind, required=field.required, longest=3_000,
            choices=tuple(Choice(each, each) for each in field.choices),
        )  # fmt: skip
        fields.append(FormField(param, name.replace("_", " ").capitalize(), given.get(name, "")))
    carried = {param.name: args[param.name] for param in PARAMS if param.name in args}
    return Form(
        title=short(meta.title, 24),
        path="letter fill",
        fields=tuple(fields),
        args=carried,
        submit="Save draft",
        unsaved=True,
    )


def field_values(meta: Meta, args: Mapping[str, str]) -> dict[str, str]:
    """The typed values of the template's own fields, by name."""
    by_place = {name: args.get(f"field-{n}", "") for n, name in enumerate(meta.fields, start=1)}
    if "occasion" in args:
        if "occasion" not in by_place:
            raise Refused(f"“{meta.title}” has no place for what makes it timely: leave that out.", param="occasion")
        by_place["occasion"] = by_place["occasion"] or args["occasion"]
    return {name: value for name, value in by_place.items() if value}


# --- the draft --------------------------------------------------------------------------------------------------------

slash = LetterGroup("letter", who=STAFF)


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
        return _no_office(ctx, args) or Reply(form=draft_form(ctx, args))
    try:
        meta = template.meta(ctx.config.folder, args["template"])
        if why := template.not_ours(meta, ctx.config.coalition):
            raise Refused(f"{args['template']} cannot be used: {why}.", param="template")
        if meta.ask:
            args = {"ask": str(*ctx.config.coalition.asks_named([meta.ask])), **args}
        if "ask" in meta.needs and "ask" not in args and "entry" in args:
            asks = derive.occasion(ctx.tx, ctx.config, args["entry"], ctx.today).asks
            args = {**args, "ask": str(asks[0])} if len(asks) == 1 else args
        if "to" not in args and meta.kind != "statement":
            return Reply(form=draft_form(ctx, args))
        if meta.kind == "comment" and "entry" in args:
            _check_docket(derive.occasion(ctx.tx, ctx.config, args["entry"], ctx.today).entry)
        values = field_values(meta, args)
        lacking = [name for name, field in meta.fields.items() if field.required and not values.get(name)]
        if lacking or any(need not in args for need in meta.needs):
            _refuse_early(ctx, meta, args)
            return Reply(form=fill_form(meta, args, _prefilled(ctx, meta, args, values)))
        signs = pii.signs("\n".join(values.values()), ctx.config.coalition)
        if signs and args.get("sure") != "yes":
            shown = {name: value for name, value in args.items() if name != OCCASION.name}
            return confirmation_form(ctx, fill_form(meta, shown, values), signs)
        return _render(ctx, meta, args, values, signs)
    except TemplateProblem as problem:
        message = str(problem)
        is_param = problem.param in {*map(str, Need), "occasion"}
        raise Refused(message[:1].upper() + message[1:], param=problem.param if is_param else "template") from problem


def _no_office(ctx: Context, args: Mapping[str, str]) -> Reply | None:
    """The choice for an alert of an agency that no office answers for: add its office, or write to another."""
    if "entry" not in args or "to" in args:
        return None
    alert = derive.occasion(ctx.tx, ctx.config, args["entry"], ctx.today)
    entry, this = alert.entry, ("entry", args["entry"])
    agency, above = entry.agency, derive.addressee(ctx, entry)
    offices = ctx.config.coalition.all_offices
    if agency is None or entry.hearing or any(agency.slug in office.agencies for office in offices.values()):
        return None
    add = ctx.theirs(Button("Add its office", "settings set", (("setting", "office new"), this), "primary"))
    to = [Button(short(f"Write to {name_of(ctx, above)}", 75), "letter draft", (this, ("to", above)))] if above else []
    best = derive.best_template(ctx, entry, alert.asks)
    name = agency_in_a_sentence(agency.name)
    return answer(
        f"No address is known of {name}, which published it",
        "" if add else "An administrator can add it: /settings set office new",
        mark=Mark.LETTER,
        buttons=(*add, *to, Button("Write to another", "letter draft", (this, ("template", best)))),
    )


def _prefilled(ctx: Context, meta: Meta, args: Mapping[str, str], values: Mapping[str, str]) -> Mapping[str, str]:
    """The fields with the ask's reason in `why`, and the ask in `wording` if its grammar barred the second person."""
    ask = _ask(ctx, args.get("ask", ""))
    if ask is None or Need.ASK not in meta.needs:
        return values
    filled = {"why": ask.because}
    if "wording" in meta.fields:
        to = recipients(ctx, meta, args.get("to", "")).addressees
        asked = {facts.of_addressee(ctx.config.coalition, addressee, ask=ask)["asked"] for addressee in to}
        filled["wording"] = "" if len(asked) > 1 or all(map(is_to_them, asked)) else asked.pop()
    return {**{name: text for name, text in filled.items() if text and name in meta.fields}, **values}


def _refuse_early(ctx: Context, meta: Meta, args: Mapping[str, str]) -> None:
    """Raise what the template refuses regardless of its fields, before the asker fills them in."""
    if all(need in args for need in meta.needs):
        _render(ctx, meta, args, {name: field.example for name, field in meta.fields.items()}, (), limit=1)


def _check_docket(entry: Entry) -> None:
    """Raise `Refused` if the entry has no docket or Federal Register number, and so takes no comments."""
    if not entry.dockets and not entry.number:
        why = "this publication has none. Choose another template to write to the agency."
        if entry.kind is EntryKind.NEWS:
            why = "this is a news story. Use template:correction-to-an-outlet to have it corrected."
        raise Refused(f"A comment answers a docket: {why}", param="template")


_command = partial(slash.command, example="template:{template} to:{office}", changes=True, prepare=prepare)


@_command(params=(*PARAMS, *FIELD_PARAMS, NO_DETAILS), hidden=True)
def fill(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save a draft with its template's fields."""
    return draft(ctx, args)


@_command(params=(*PARAMS, NO_DETAILS))
def draft(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - `prepare` has read them
    """Write a letter from a template."""
    ready = ctx.prepared
    if isinstance(ready, Reply):
        return ready
    author, meta = ctx.person, ready.template.meta
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
    notices.add_letter(ctx, letter, ready.rendering)
    ctx.note(letter.name, "", f"drafted from {letter.template} to {short(wording.recipients(letter), 200)}")
    for warning in ready.warnings:
        ctx.note(letter.name, "", short(warning, 500))
    note_confirmed(ctx, letter.name, ready.confirmed)
    thread = "It is posted under its alert with its documents, if that channel is private." if letter.entry else ""
    foot = thread or "Only the staff see it."
    return Reply(card=wording.draft_card(letter, lookup.citations_now(ctx, letter), *ready.warnings, foot=foot))


@slash.step()
def duplicate(ctx: Context, old: Dossier, _: Mapping[str, str]) -> Reply:
    """Start a new draft with the same text."""
    author = ctx.person
    new = Dossier(
        id=ctx.new_id(),
        number=records.next_number(ctx.tx),
        state=State.DRAFT,
        template=old.template,
        template_digest=old.template_digest,
        lobbying=old.lobbying,
        lobbying_why=old.lobbying_why,
        version=Version(number=1, texts=old.version.texts, by=author, at=ctx.now),
        created_by=author,
        created_at=ctx.now,
        facts={**old.facts, "entry": Topic.of(old).entry, "writers": sorted(lookup.writers(ctx.tx, old))},
        ask=old.ask,
    )
    notices.add_letter(ctx, new, records.rendering(ctx.tx, old))
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
    alert = derive.occasion(ctx.tx, ctx.config, args["entry"], ctx.today) if "entry" in args else None
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
