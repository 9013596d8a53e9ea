"""Asking once more before what people wrote is stored: whether it may identify someone whom the coalition serves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Reply, confirmation_param
from bot.people import pii

NO_DETAILS: Final = confirmation_param("nothing in it identifies a person you serve")


def confirmation_form(ctx: Context, form: Form, signs: Sequence[str]) -> Reply:
    """The same form, with what it may have in it and a line to say that one has looked."""
    what = f"This seems to contain {', '.join(signs)}."
    label = f"Nothing in it identifies a {ctx.config.coalition.care.served}"
    line = replace(NO_DETAILS, help=what[:100], kind=Kind.TEXT, required=True, choices=(Choice("yes", label),))
    fields = (FormField(line, "Please check before it is kept"), *form.fields)
    return Reply(form=replace(form, title="Please check", fields=fields))


def confirm_texts(
    ctx: Context, args: Mapping[str, str], form: Form, *texts: str, usual: Collection[str] = ()
) -> tuple[Reply | None, list[str]]:
    """What to ask before these texts are kept, and what was asked about and confirmed. `usual`: as in `care.signs`.

    For what people type, which is short. A file is checked in `prepare`, before the store is locked: `confirm`.
    """
    return confirm(ctx, args, form, pii.signs("\n".join(texts), ctx.config.coalition, usual))


def confirm(ctx: Context, args: Mapping[str, str], form: Form, signs: list[str]) -> tuple[Reply | None, list[str]]:
    """`confirm_texts` of a text in which these signs were found."""
    if signs and args.get("sure") != "yes":
        return confirmation_form(ctx, form, signs), []
    return None, signs


def confirm_fields(
    ctx: Context, args: Mapping[str, str], path: str, fields: Sequence[tuple[Param, str]], usual: Collection[str] = ()
) -> tuple[Reply | None, list[str]]:
    """`confirm_texts` of what was typed for these parameters (each with its label); all else is carried along."""
    shown = tuple(FormField(param, label, args[param.name]) for param, label in fields if param.name in args)
    names = {field.param.name for field in shown}
    form = Form(title="", path=path, fields=shown, args={name: it for name, it in args.items() if name not in names})
    return confirm_texts(ctx, args, form, *(field.initial for field in shown), usual=usual)


def confirm_params(
    ctx: Context, args: Mapping[str, str], subject: str, *params: Param, usual: Collection[str] = ()
) -> Reply | None:
    """What to ask before the texts of these parameters are kept; None where nothing is, and a confirmation is noted."""
    fields = [(param, param.help[:1].upper() + param.help[1:40]) for param in params]
    ask, confirmed = confirm_fields(ctx, args, ctx.call.path, fields, usual)
    if ask is None:
        note_confirmed(ctx, subject, confirmed)
    return ask


def note_confirmed(ctx: Context, subject: str, signs: Sequence[str]) -> None:
    """That it was confirmed is written down, never the text."""
    if signs:
        what = ", ".join(signs)
        ctx.note(subject, "", f"confirmed that it identifies nobody who is served, though it seemed to contain {what}")
