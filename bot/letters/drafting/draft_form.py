"""The forms of /letter draft: what they ask for, with defaults from the alert, the bill or the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.bills.facts import UnknownBill, bill_facts
from bot.bills.model import BillFacts
from bot.bills.picking import complete_bills, follow_hint, resolve_bill
from bot.commands.arguments import matching
from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.config.catalog import place_of_name
from bot.config.coalition import Ask
from bot.deadlines.records import load_duties
from bot.letters.drafting import derive, entry_facts
from bot.letters.recipients import committees
from bot.letters.recipients.resolve import complete_recipients, name_of, office
from bot.letters.templates import template
from bot.letters.templates.template import FieldType, Meta, Need
from bot.shared.wording import short

FIELDS: Final = 8  # of one template; a Discord form has room for five, required ones first
_MOST_CHOICES: Final = 25  # templates that a form of any platform offers

TEMPLATE: Final = Param("template", "the template to start from, such as agency-request", required=False)
TO: Final = Param("to", "an office, a member of Congress, a committee's chair", required=False)
ASK: Final = Param("ask", "the number of the ask", kind=Kind.NUMBER, required=False)
BILL: Final = Param("bill", "the bill it is about, such as hr1234-119", required=False, longest=60)
OCCASION: Final = Param("occasion", "why now, in a sentence", kind=Kind.LONG, required=False)
ENTRY: Final = Param("entry", "the alert it answers: an address, a number or an id", required=False, longest=2_000)
DUTY: Final = Param("duty", "the statutory duty it is about", required=False, longest=64)
SIGNON: Final = Param(
    "signon", "yes: its first sentence names the organizations that sign", kind=Kind.YES_NO, required=False
)
_CARRIED: Final = ("template", "to", "ask", "bill", "entry", "duty", "signon")
_NEEDS: Final = {Need.ASK: ASK, Need.BILL: BILL, Need.ENTRY: ENTRY, Need.DUTY: DUTY}


def ask_choices(ctx: Context, typed: str) -> list[Choice]:
    asks = [Choice(str(n), f"{n}: {ask.title}") for n, ask in ctx.config.coalition.asks.items()]
    return matching(asks, typed)


def duty_choices(ctx: Context, typed: str) -> list[Choice]:
    duties_by_id = load_duties(ctx.tx, ctx.config.coalition)
    labels = [Choice(id_, short(f"{duty.statute}: {duty.owed}", 75)) for id_, duty in duties_by_id.items()]
    return matching(labels, typed)


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


PARAMS: Final = (
    replace(TEMPLATE, complete=template_choices),
    replace(TO, complete=complete_recipients),
    replace(ASK, complete=ask_choices),
    replace(BILL, complete=complete_bills),
    OCCASION,
    ENTRY,
    replace(DUTY, complete=duty_choices),
    SIGNON,
)
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
    try:
        bill = bill_facts(ctx.tx, ctx.config.coalition, picked.id, now=ctx.now)
    except UnknownBill as unknown:
        raise Refused(f"{unknown} {follow_hint(ctx)}", param="bill") from unknown
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
        (replace(to, complete=complete_recipients, required=meta is not None and meta.kind != "statement"), "To"),
        (replace(ASK, complete=ask_choices), "Ask"),
        (replace(BILL, complete=complete_bills), "Bill"),
        (OCCASION, "What makes it timely"),
        (replace(DUTY, complete=duty_choices), "Statutory duty"),
        (SIGNON, "Others will sign it"),
    )
    fields = tuple(
        FormField(param, label, filled.get(param.name, ""), shown.get(param.name, "")) for param, label in asked
    )
    carried = {name: value for name, value in args.items() if name == "entry"}
    return Form(title="Draft a letter", path="letter draft", fields=fields, args=carried, submit="Save draft")


def _defaults(ctx: Context, meta: Meta | None, args: Mapping[str, str]) -> dict[str, str]:
    """Defaults from the alert, the bill or the template."""
    filled = dict(args)
    if "entry" in args:
        alert = entry_facts.occasion(ctx.tx, ctx.config, args["entry"])
        asks = (int(args["ask"]),) if "ask" in args else alert.asks
        filled = {
            "template": entry_facts.best_template(ctx, alert.entry, asks),
            "to": entry_facts.addressee(ctx, alert.entry),
            "ask": str(asks[0]) if asks else "",
            "bill": entry_facts.bill_of(ctx, alert),
        } | filled
    elif "bill" in args and meta is None:
        filled |= _defaults_for_bill(ctx, args["bill"])
    usual = _usual_addressee(ctx, meta.addressees[0]) if meta and meta.addressees else ""
    leader = _committee_leader(ctx, filled.get("bill", ""))
    return filled | {"to": filled.get("to") or usual or leader or _office_in_ask(ctx, filled.get("ask", ""))}


def _usual_addressee(ctx: Context, name: str) -> str:
    """The office or group with this name in coalition.yml, or the chair of the committee; "" if there is none."""
    chair = f"chair:{name}" if committees.leader_of(ctx.tx, name, "chair") else ""
    return office(ctx.config.coalition, name) or chair


def _office_in_ask(ctx: Context, number_: str) -> str:
    """The office that an ask names first; "" if it names none of ours."""
    ask = _ask(ctx, number_)
    if ask is None:
        return ""
    text = f"{ask.title}\n{ask.text}"
    offices = ctx.config.coalition.offices.items()
    places = {f"office:{id_}": place_of_name(text, id_, office.name, office.also) for id_, office in offices}
    named = [(place, id_) for id_, place in places.items() if place is not None]
    return min(named)[1] if named else ""


def _defaults_for_bill(ctx: Context, bill: str) -> dict[str, str]:
    """Default template and bill; if a companion or related bill became law, that law."""
    record = _bill_or_none(ctx, bill)
    if record is None or (record.bill.over(ctx.today) and not (record.law or record.enacted)):
        return {}
    law = record.enacted.bill if record.enacted else record.bill
    wanted, metas = "law" if record.law or record.enacted else "pending", template.metas(ctx.config.folder)
    return {"template": next((name for name, meta in metas.items() if meta.bill == wanted), ""), "bill": law.id}


def _committee_leader(ctx: Context, bill: str) -> str:
    """The chair of the committee that has a pending bill; "" if there is none."""
    record = _bill_or_none(ctx, bill)
    decided = record is None or record.law or record.enacted or record.bill.over(ctx.today)
    return "" if record is None or decided else committees.chair_of_bill(ctx.tx, record)


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
        kind = Kind.LONG if field.type is FieldType.LONG else Kind.TEXT
        param = Param(
            f"field-{number_}", field.help[:100], kind=kind, required=field.required, longest=3_000,
            choices=tuple(Choice(each, each) for each in field.choices),
        )  # fmt: skip
        fields.append(FormField(param, name.replace("_", " ").capitalize(), given.get(name, "")))
    carried = {name: args[name] for name in _CARRIED if name in args}
    return Form(
        title=short(meta.title, 24), path="letter fill", fields=tuple(fields), args=carried, submit="Save draft"
    )


def field_values(meta: Meta, args: Mapping[str, str]) -> dict[str, str]:
    """The typed values of the template's own fields, by name."""
    by_place = {name: args.get(f"field-{n}", "") for n, name in enumerate(meta.fields, start=1)}
    if "occasion" in by_place and "occasion" in args:
        by_place["occasion"] = by_place["occasion"] or args["occasion"]
    return {name: value for name, value in by_place.items() if value}
