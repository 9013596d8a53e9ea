"""Ask for a confirmation before saving text that may identify someone the coalition serves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import Choice, Command, Context, Form, FormField, Kind, Param, Reply, confirmation_param
from bot.people import pii

_NOTE: Final = 300  # characters of a field with room for more than a name
NO_DETAILS: Final = confirmation_param("nothing in it identifies a person you serve")


def confirmation_form(ctx: Context, form: Form, signs: Sequence[str]) -> Reply:
    """Return the form again, with the signs found and a field to confirm that the text was checked."""
    what = f"This seems to contain {', '.join(signs)}."
    label = f"Nothing in it identifies a {ctx.config.coalition.care.served}"
    line = replace(NO_DETAILS, help=what[:100], kind=Kind.TEXT, required=True, choices=(Choice("yes", label),))
    fields = (FormField(line, "Please check before it is saved"), *form.fields)
    return Reply(form=replace(form, title="Please check", fields=fields))


def confirm_texts(ctx: Context, args: Mapping[str, str], form: Form, subject: str, *texts: str) -> Reply | None:
    """Return the confirmation to ask for, or None. Then a confirmation that was given is recorded in the audit.

    For short, typed text. Check a file in `prepare`, before the store is locked, and use `confirm`.
    """
    return confirm(ctx, args, form, subject, pii.signs("\n".join(texts), ctx.config.coalition))


def confirm(ctx: Context, args: Mapping[str, str], form: Form, subject: str, signs: Sequence[str]) -> Reply | None:
    """As `confirm_texts`, for text with these signs."""
    if signs and args.get("sure") != "yes":
        return confirmation_form(ctx, form, signs)
    note_confirmed(ctx, subject, signs)
    return None


def confirm_free_text(ctx: Context, command: Command, args: Mapping[str, str]) -> Reply | None:
    """As `confirm_texts`, for the parameters of any command that are `free`.

    In a short one, contacts are normal: those of a reporter or an office.
    """
    free = [param for param in command.params if param.free and param.name in args]
    signs = dict.fromkeys(
        sign
        for param in free
        for sign in pii.signs(args[param.name], ctx.config.coalition, pii.REACHED if param.longest < _NOTE else ())
    )
    fields = tuple(FormField(param, param.label, args[param.name]) for param in free)
    rest = {name: text for name, text in args.items() if name not in {param.name for param in free}}
    what = next((args[param.name] for param in command.params if param.complete and param.name in args), command.path)
    return confirm(ctx, args, Form(title="", path=command.path, fields=fields, args=rest), what, tuple(signs))


def confirm_fields(
    ctx: Context, args: Mapping[str, str], path: str, fields: Sequence[tuple[Param, str]], usual: Collection[str] = ()
) -> tuple[Reply | None, list[str]]:
    """Return the confirmation to ask for, if any, and the confirmed signs, for these parameters, each with its label.

    The form keeps all other arguments. `usual`: as in `pii.signs`.
    """
    shown = tuple(FormField(param, label, args[param.name]) for param, label in fields if param.name in args)
    names = {field.param.name for field in shown}
    form = Form(
        title="", path=path, fields=shown, args={name: text for name, text in args.items() if name not in names}
    )
    signs = pii.signs("\n".join(field.initial for field in shown), ctx.config.coalition, usual)
    if signs and args.get("sure") != "yes":
        return confirmation_form(ctx, form, signs), []
    return None, signs


def confirm_params(
    ctx: Context, args: Mapping[str, str], subject: str, *params: Param, label: str = "", usual: Collection[str] = ()
) -> Reply | None:
    """As `confirm_texts`, for these parameters; `label` is for one of them alone."""
    fields = [(param, label or param.help[:1].upper() + param.help[1:40]) for param in params]
    ask, confirmed = confirm_fields(ctx, args, ctx.call.path, fields, usual)
    if ask is None:
        note_confirmed(ctx, subject, confirmed)
    return ask


def note_confirmed(ctx: Context, subject: str, signs: Sequence[str]) -> None:
    """Record the confirmation in the audit, without the text."""
    if signs:
        what = ", ".join(signs)
        ctx.note(subject, "", f"confirmed that it identifies no one who is served, though it seemed to contain {what}")
