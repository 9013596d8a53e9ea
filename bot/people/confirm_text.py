"""Ask for a confirmation before saving text that may identify someone the coalition serves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
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


def confirm(ctx: Context, args: Mapping[str, str], form: Form, subject: str, signs: Sequence[str]) -> Reply | None:
    """Return the confirmation to ask for, or None. Then a confirmation that was given is recorded in the audit.

    Look for the signs of a file in `prepare`, before the store is locked.
    """
    if signs and args.get("sure") != "yes":
        return confirmation_form(ctx, form, signs)
    note_confirmed(ctx, subject, signs)
    return None


def confirm_free_text(ctx: Context, command: Command, args: Mapping[str, str]) -> Reply | None:
    """As `confirm`, for the parameters of any command that are `free`. In a short one, contacts are normal."""
    free = [param for param in command.params if param.free and param.name in args]
    usual = [pii.REACHED if param.longest < _NOTE else () for param in free]
    looked = (pii.signs(args[param.name], ctx.config.coalition, of) for param, of in zip(free, usual, strict=True))
    signs = dict.fromkeys(chain.from_iterable(looked))
    first = command.params[0] if command.params else None  # what it is done to, unless that is such a text itself
    what = args.get(first.name, command.path) if first and first.complete and first not in free else command.path
    return confirm(ctx, args, _form(ctx, args, free), what, tuple(signs))


def confirm_params(
    ctx: Context, args: Mapping[str, str], subject: str, *params: Param, usual: Collection[str]
) -> Reply | None:
    """As `confirm`, for these parameters, if the handler must decide. `usual`: as in `pii.signs`."""
    text = "\n".join(args.get(param.name, "") for param in params)
    return confirm(ctx, args, _form(ctx, args, params), subject, pii.signs(text, ctx.config.coalition, usual))


def _form(ctx: Context, args: Mapping[str, str], params: Sequence[Param]) -> Form:
    """The form with these parameters as they were typed; it keeps all other arguments."""
    fields = tuple(FormField(param, param.label, args[param.name]) for param in params if param.name in args)
    rest = {name: text for name, text in args.items() if name not in {param.name for param in params}}
    return Form(title="", path=ctx.call.path, fields=fields, args=rest)


def note_confirmed(ctx: Context, subject: str, signs: Sequence[str]) -> None:
    """Record the confirmation in the audit, without the text."""
    if signs:
        what = ", ".join(signs)
        ctx.note(subject, "", f"confirmed that it identifies no one who is served, though it seemed to contain {what}")
