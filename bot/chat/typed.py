"""Parse commands typed as one line of text, in Slack and on the console. Pure.

    /watch add "public comment" NOT asbestos level:alert asks:4

The group, the verb, then values in any order: `name:value` for a parameter, with quotation marks around a value with
spaces; all other words together are the first required parameter that is not named. A query, whose quotation marks are
part of its value, ends at the next name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.commands.model import Command, Kind, Param, Refused, Role, by_path
from bot.shared import wording
from bot.shared.card import Card, Mark

_QUOTED: Final = r'"(?:\\.|[^"\\])*"|“[^”]*”'  # phones make the curly ones
_LINE: Final = re.compile(r"\s*/?\s*(\S*)\s*(.*)", re.DOTALL)
_WORD: Final = re.compile(rf'(?:{_QUOTED}|[^\s"“])+|(?P<unclosed>["“])', re.DOTALL)
_WHOLE: Final = re.compile(_QUOTED, re.DOTALL)
_NAMED: Final = re.compile(r"([A-Za-z][\w-]*):(.*)", re.DOTALL)
_UNKNOWN: Final = re.compile(r"([a-z][a-z-]{2,}):[^/\s].*", re.DOTALL)
WHO: Final = {
    Role.ADMINISTRATOR: "administrators",
    Role.POLICY: "policy staff",
    Role.PRESS: "press staff",
    Role.REPRESENTATIVE: "representatives",
    Role.APPROVER: "approvers",
}
_BUTTON: Final = "The button is on the message or card that it is about."
_ECHOED: Final = 40  # characters of what was typed
_A_SLIP: Final = 0.75  # similarity to a parameter's name that counts as a typo


@dataclass(frozen=True, slots=True)
class Typed:
    """A command and its arguments as written, not validated."""

    path: str
    args: dict[str, str]


@dataclass(frozen=True, slots=True)
class NoVerb:
    """A group without a verb."""

    group: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """What was typed, with an unknown group ("") or an unknown verb in `group`, and similar commands: "/watch add"."""

    text: str
    did_you_mean: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A command this person cannot type: it is a button or, unless `theirs`, for another role."""

    command: Command
    theirs: bool


def read(text: str, commands: Sequence[Command], every: Sequence[Command] = ()) -> Typed | NoVerb | Unknown | Elsewhere:
    """Parse a line. `commands`: the ones this person may use, out of `every` command.

    Raises `Refused`, with the parameter's name, if the words are ambiguous.
    """
    visible = [command for command in commands if not command.hidden]
    line = _LINE.fullmatch(text.strip())
    assert line is not None
    group, rest = line[1].casefold(), line[2]
    verbs = _verbs(visible, group)
    there = _verb(rest, _verbs(every, group))[0]
    if there and there not in verbs.values():
        return Elsewhere(there, there in commands)
    if not verbs:
        close = get_close_matches(group, dict.fromkeys(command.group for command in visible), n=3)
        same = [command for command in visible if command.verb == group]
        if same and group == "help":
            return Typed(same[0].path, _arguments(rest, same[0]))  # "/help meeting"
        return Unknown(text, tuple(f"/{each}" for each in close) or tuple(f"/{each.path}" for each in same))
    if not rest and "" not in verbs:
        return NoVerb(group)
    verb, arguments = _verb(rest, verbs)
    if verb is None:
        close = get_close_matches(rest.split()[0].casefold(), verbs, n=3, cutoff=0.5)
        elsewhere = tuple(f"/{each.path}" for each in visible if each.verb == " ".join(rest.split()))
        if close or elsewhere or "show" not in verbs or verbs["show"].changes:
            maybe = tuple(f"/{group} {each}" for each in close) or elsewhere
            return Unknown(text, maybe, "" if elsewhere and not close else group)
        verb = verbs["show"]  # "/bill hr1234-119"
    old = f"{group} {rest.removesuffix(arguments).strip().casefold()}"
    return Typed(old if old in verb.formerly else verb.path, _arguments(arguments, verb))


def usage(command: Command) -> str:
    """`/letter draft template:… to:… ask:NUMBER [occasion:…]`."""
    return " ".join((f"/{command.path}", *map(_shown, command.params)))


def answer(asked: NoVerb | Unknown | Elsewhere, commands: Sequence[Command]) -> Card:
    """The commands, with examples: the answer to a group without a verb, or to an unknown command."""
    if isinstance(asked, Elsewhere):
        return not_typed(asked.command, theirs=asked.theirs)
    visible = [command for command in commands if not command.hidden]
    fitting = [command for command in visible if command.group == asked.group]
    if isinstance(asked, Unknown):
        fitting = [each for each in visible if f"/{each.path}" in asked.did_you_mean] or fitting
        maybe = f"Did you mean {' or '.join(asked.did_you_mean)}?" if asked.did_you_mean else ""
        head = f"I do not know “{wording.short(asked.text, _ECHOED)}”. {maybe}".strip()
    else:
        head = f"/{asked.group}: commands"
    lines = [f"{command.example}: {command.help}" for command in fitting] or ["/campaign help lists your commands."]
    return Card.of(Mark.ANSWER, head, *lines)


def not_typed(command: Command, *, theirs: bool) -> Card:
    """Where to find a command that this person cannot type, and who may use it."""
    if theirs:
        head, lines = f"/{command.path} is a button, not a command to type", [command.button or _BUTTON]
    else:
        who = wording.listed([WHO[role] for role in Role if role in command.who], len(Role))
        head = f"/{command.path} is for {who}"
        lines = [command.button, "You do not have that role here. An administrator can give it."]
    return Card.of(Mark.ANSWER, head, *lines)


def _verbs(commands: Sequence[Command], group: str) -> dict[str, Command]:
    """The group's commands by their verbs, former ones included."""
    parted = ((path.partition(" "), command) for path, command in by_path(commands).items())
    return {verb: command for (its, _, verb), command in parted if its == group}


def _verb(text: str, verbs: dict[str, Command]) -> tuple[Command | None, str]:
    """The longest verb that the text begins with, and the text after it."""
    for verb in sorted(verbs, key=len, reverse=True):
        pattern = r"\s+".join(map(re.escape, verb.split()))
        if match := re.match(rf"{pattern}(?=\s|$)" if verb else "", text, re.IGNORECASE):
            return verbs[verb], text[match.end() :]
    return None, text


def _arguments(text: str, command: Command) -> dict[str, str]:
    params = {param.name: param for param in command.params}
    written: dict[str, list[str]] = {"": []}  # "" has the words without a name
    whose, after = "", 0
    words = iter(_words(text))
    for word in words:
        match = _NAMED.fullmatch(word[0])
        name = _name(match[1], params, command) if match else None
        if match is None or name is None:
            continue
        if name in written:
            raise Refused(f"{name} appears twice. Give it once.", param=name)
        written[whose].append(text[after : word.start()])
        value, after = match[2], word.end()
        if not value and (following := next(words, None)):  # "level: alert"
            value, after = following[0], following.end()
        written[name] = [value]
        whose = name if params[name].verbatim else ""  # a verbatim value ends at the next name
    written[whose].append(text[after:])
    named = {name: " ".join(filter(None, map(str.strip, pieces))) for name, pieces in written.items()}
    return _with_rest(command, named, named.pop(""))


def _words(text: str) -> list[re.Match[str]]:
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        start = word.start()
        if word["unclosed"]:  # at once: to look for its end from each mark after it takes quadratic time
            name = _NAMED.fullmatch(words[-1][0]) if words and words[-1].end() == start else None
            opened = text[start : start + 20]
            raise Refused(f"A quotation mark is never closed: {opened}…", param=name[1] if name else "")
        words.append(word)
    return words


def _name(typed_name: str, params: dict[str, Param], command: Command) -> str | None:
    """The parameter that a word before a colon names; None where the colon is part of the text."""
    called = {also: name for name, param in params.items() for also in (*param.formerly, name)}
    if typed_name.casefold() in called:
        return called[typed_name.casefold()]
    if close := get_close_matches(typed_name.casefold(), params, n=1, cutoff=_A_SLIP):
        raise Refused(f"/{command.path} has no parameter “{typed_name}”. Did you mean {close[0]}?", param=typed_name)
    return None


def _with_rest(command: Command, named: dict[str, str], rest: str) -> dict[str, str]:
    """Assign the unnamed words to the first required parameter that is not named, else to the first not named."""
    if rest:
        free = sorted((param for param in command.params if param.name not in named), key=lambda it: not it.required)
        if not command.params:
            raise Refused(f"/{command.path} takes nothing after it.")
        if not free:
            raise Refused(
                f"“{rest[:40]}” does not belong to any parameter. Put quotation marks around words that belong "
                f"together: {usage(command)}"
            )
        _refuse_unknown_names(rest, free[0], command)
        named[free[0].name] = rest
    values = {}
    for param in command.params:
        if param.name in named:
            written = named[param.name]
            quoted = _WHOLE.fullmatch(written) and not param.verbatim  # else the quotation marks are part of the text
            values[param.name] = re.sub(r'\\(["\\])', r"\1", written[1:-1]) if quoted else written
    return values


def _refuse_unknown_names(rest: str, param: Param, command: Command) -> None:
    """Raise `Refused` for a `name:value` without such a parameter, unless `param` takes text in which it may occur."""
    if param.kind is Kind.LONG or param.verbatim:
        return
    is_text = param.kind is Kind.TEXT and not param.choices
    for n, word in enumerate(_words(rest)):
        # The first word may itself be "slack:T0/U1", "https://…" or, where text is required, "bill:hr1-119".
        is_value = is_text and n == 0 and word[0][-1] not in '"”' and (param.required or "/" in word[0])
        if (match := _UNKNOWN.fullmatch(word[0])) and not is_value:
            names = [each.name for each in command.params if not each.by_button]
            close = get_close_matches(match[1], names, n=1, cutoff=0.5)
            hint = f"Did you mean {close[0]}? " if close else ""
            takes = f"{hint}It takes {wording.listed(names, len(names))}."
            raise Refused(f"/{command.path} has no parameter “{match[1][:40]}”. {takes}", param=match[1])


def _shown(param: Param) -> str:
    if 0 < len(param.choices) <= 4:
        what = "|".join(choice.value for choice in param.choices)
    else:
        what = {Kind.NUMBER: "NUMBER", Kind.YES_NO: "yes|no", Kind.FILE: "FILE"}.get(param.kind, "…")
    return f"{param.name}:{what}" if param.required else f"[{param.name}:{what}]"
