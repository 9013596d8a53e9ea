"""Check free text for details that may identify a person the coalition serves, and ask before it is saved. Pure.

Grantees must not disclose names, addresses and numbers of the people they serve (34 U.S.C. 12291(b)(2), 28 CFR 94.115),
and text in a bot that twelve organizations share is a disclosure. This is a warning for the person who types, not a
guarantee. The words for people served, and for harm done to them, are data: `care:` in coalition.yml.

Every pattern reads a bounded length, and the text is read in pieces: the time is linear, and no call blocks the
interpreter for long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final

from bot.commands.model import Choice, Command, Context, Form, FormField, Kind, Param, Reply, confirmation_param
from bot.config.catalog import shipped
from bot.config.coalition import Coalition
from bot.config.media import PersonalDetails
from bot.people.harmed_names import HarmedNames
from bot.people.person_names import as_name, runs
from bot.shared.plain_text import hyphenated, plain, with_parts

MOST: Final = 300_000  # characters that are checked; letters, notes and lists are shorter
TOO_LONG: Final = f"more text than can be checked ({MOST:,} characters)"
_PIECE: Final = 16_000
_WRAPPED: Final = re.compile(r"(?<=[^\n]{50})\n(?=[^\n])")  # after a line that was broken to fit a page
_OVERLAP: Final = 400  # more than the longest sign
_NAME: Final = "a person's name"
_SIGNS: Final = {
    what: re.compile(with_parts("|".join(signs), shipped("identifiers")["parts"]))
    for what, signs in shipped("identifiers")["signs"].items()
}
_GAP: Final = r"(?:[^.;\n\d]|(?<=no)\.|(?<=m)\.){0,24}?"  # " no. ", " is ", " in the system: "
_NUMBER: Final = r"(?<!\d)(?:[A-Z]{0,4}[ -]?)?\d(?:[ -]?[A-Z]{0,2}\d){4,24}[A-Z0-9]{0,10}\b"
# Each with its words. The pattern is tried where one of them is: looking for plain words takes a fraction of its time.
_NUMBERED: Final = {
    what: (
        [word.casefold() for word in words],
        re.compile(rf"\b(?i:{'|'.join(map(re.escape, words))})s?\b{_GAP}{_NUMBER}"),
    )
    for what, words in shipped("identifier_words").items()
}
_CONTACT: Final = rf"(?:{_SIGNS['a phone number'].pattern}|{_SIGNS['an email address'].pattern})"
# How an office is reached, and the number of a case after its parties.
_OFFICE: Final = re.compile(
    r"(?i:\b(?:rsvp to|dial-in|(?:staff|press|media) contact|counsel for|(?:her|his|the|our|\w{1,20}[’']s) office"
    r"|(?:main|office) line|contacto de prensa|(?:llamar a|teléfono de) la (?:asociación|oficina))\b)"
    rf"[^\n]{{0,60}}?{_CONTACT}(?:[, ]{{1,2}}{_CONTACT})?|\bv\. [^\n]{{1,60}}?\d-?[cC][vVrR]-?\d{{2,6}}\b"
)
_KINDS: Final = tuple(dict.fromkeys((*_SIGNS, *_NUMBERED)))
# Normal in text about people who publish their contacts, such as reporters.
REACHED: Final = frozenset({"a phone number", "an email address"})
_NOTE: Final = 300  # characters of a field with room for more than a name
NO_DETAILS: Final = confirmation_param("nothing in it identifies a person you serve")


def _normal(text: str) -> str:
    return hyphenated("\n".join(map(plain, unicodedata.normalize("NFC", text).splitlines())))


def signs(text: str, coalition: Coalition, usual: Collection[str] = ()) -> list[str]:
    """Return what in the text may identify a person who is served, in words: ["a phone number"].

    The coalition's own contacts and those of an office are not a sign, nor is anything in `usual`: kinds of signs, or
    names of others.
    """
    looked = _WRAPPED.sub(" ", _normal(text[:MOST]))
    for ours in filter(None, map(_normal, (*coalition.reached_at, *usual))):
        looked = looked.replace(ours, "")
    wanted = [what for what in (*_KINDS, _NAME) if what not in usual]
    names = _names(coalition.care, _known(coalition))
    present: set[str] = set()
    for start in range(0, max(len(looked), 1), _PIECE):
        piece = _OFFICE.sub("", looked[max(0, start - _OVERLAP) : start + _PIECE])
        present |= {what for what, pattern in _SIGNS.items() if what not in present and pattern.search(piece)}
        folded = piece.casefold()
        present |= {
            what
            for what, (words, pattern) in _NUMBERED.items()
            if what not in present and any(word in folded for word in words) and pattern.search(piece)
        }
        if _NAME not in present and names.matches(piece):
            present.add(_NAME)
    return [what for what in wanted if what in present] + ([TOO_LONG] if len(text) > MOST else [])


# --- names ----------------------------------------------------------------------------------------------------------

_QUOTE: Final = "[“\"'‘]?"
_ENDS: Final = r"(?= ?(?:[,.;:)!?–—\n]|$|-|(?:and|who|of|from|at|in|that|was|is|has|had|whom|but|we|with|now|told)\b))"
_MIDDLE: Final = r"(?:(?!(?:of|for|to|with|by|and|or|on|in|at|that|who)\b)[\w’'-]{2,20} ){0,2}?"
_TOLD, _HELPED, _STAYS = ("|".join(shipped("identifiers")["names"][what]) for what in ("told", "helped", "stays"))
_VERB: Final = re.compile("|".join(shipped("identifiers")["names"]["verb"]))
_AGED: Final = re.compile(r"(?: \(|, )(?:[1-9]|1[0-7])(?:\)|,(?! ?\d))")  # "Kyra (13)", "Kyra, 13, told"
_SURE: Final = 0.6  # a chance: of publications that are pasted, few are asked about


class _Names:
    """Patterns for the name of a person who is served, in one coalition's words."""

    def __init__(self, rules: PersonalDetails, other_names: frozenset[str]) -> None:
        self._known = other_names
        self._victims = HarmedNames(rules)
        self._no_names = frozenset(map(str.casefold, rules.no_names))
        who, harm, did = map(_any_of, (rules.people, rules.harm, rules.did))
        been = r",?(?: (?:who|was|were|is|are|has|had|have|been|being|also|once|first|then|got|later|repeatedly)){1,4}"
        # What may follow the name of a person who is served.
        self._after = re.compile(
            rf"(?:,|:)?(?: ?\d{{1,2}},?)?(?: (?:who|also))?(?: (?:is|was|as|being))?(?: now| still| once)? "
            rf"(?:an?|my|our|the|their|one of (?:my|our|the|their)|another) {_MIDDLE}{who}s?\b{_ENDS}"
            rf"|,? ?(?:\(|–|—|-) ?(?:(?:an?|my|our|the) )?{_MIDDLE}{who}s?\b"
            rf"|{_TOLD}|{_STAYS}|,? (?:es|era|,) (?:un |una )?(?:nuestr[ao] )?{who}s?\b|, nuestr[ao] {who}\b"
        )
        self._harmed = re.compile(rf"(?:,[^,.;\n]{{1,60}},)?{been}(?: \w{{2,20}}ly)? {harm}\b")
        self._did = re.compile(rf"(?:,? who)?(?: (?:has|had|also|once)){{0,2}} {did}\b")
        # What may precede such a name.
        self._before = re.compile(
            rf"\b(?:{who}|(?i:my|our|nuestr[ao]|mi) {who}s?)"
            rf"(?:['’]s name(?: is| was|:)|,|:|,? ?[(–—]| (?:is |was )?(?:named|called|es|se llama"
            rf"|llamad[ao]))? ?{_QUOTE}(?=\w)"
            rf"|\b(?:[Hh]er|[Hh]is|[Tt]heir|[Ww]hose)(?: (?:real|full|first|last|legal|birth|given|true))? "
            rf"name (?:is|was|as)?:? ?{_QUOTE}(?=\w)"
            rf"|\b(?:[Ss]u nombre(?: real| verdadero)? es|[Ss]e llama|[Ll]lamad[ao]) {_QUOTE}(?=\w)"
            rf"|\b(?:[Ss]he|[Hh]e|[Tt]hey) (?:(?:is|was|are) (?:named|called)|go(?:es)? by|went by)"
            rf"(?: the name(?: of)?)? {_QUOTE}(?=\w)"
        )
        self._before_whole = re.compile(
            rf"\b{who} (?:of|from|at|with|in|by|for|served by|represented by)(?: [\w’'&.-]{{1,25}}){{1,5}}?"
            r"(?:, | \(| [–—-] )"
            rf"|\b{harm}(?<!er) |{_HELPED}|\b{who} (?:whom |that )?(?:we|I) \w{{2,20}} (?:is|was) "
        )
        self._opening = re.compile(rf"(?:^|[.!?]\s|\n)(?i:{harm})\b[^.;:\n]{{0,60}}?, ")

    def matches(self, text: str) -> bool:
        capitalized = runs().search(text) is not None  # without one, neither of the two has a name
        return (capitalized and (self._first_by_trigger(text) or self._first_by_name(text))) or self._victims.chance(
            "", text, self._known, of_crowded=0.0
        ) >= _SURE

    def _first_by_name(self, text: str) -> bool:
        for run in runs().finditer(text):
            end = run.end()
            context = self._after.match(text, end) or self._harmed.match(text, end) or _AGED.match(text, end)
            did = None if context else self._did.match(text, end)
            if not (context or did):
                continue
            name = self._name(run, text[max(0, run.start() - 24) : run.start()])
            if name and (context or _is_whole(name)):
                return True
        return False

    def _first_by_trigger(self, text: str) -> bool:
        for trigger in self._before.finditer(text):
            run = runs().match(text, trigger.end())
            if run and self._name(run):
                return True
        for pattern in (self._before_whole, self._opening):
            for trigger in pattern.finditer(text):
                run = runs().match(text, trigger.end())
                name = self._name(run) if run else ""
                # One word is a name if a verb or a description of a person follows.
                end = run.end() if run else 0
                if name and (_is_whole(name) or _VERB.match(text, end) or self._did.match(text, end)):
                    return True
        return False

    def _name(self, run: re.Match[str], before: str = "") -> str:
        return as_name(run[0], before, self._known, self._no_names)


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, "*" for any ending."""
    patterns = (re.escape(word).replace(r"\*", "[a-z]{0,12}") for word in sorted(words, reverse=True))
    return f"(?:{'|'.join(patterns)})"


def _is_whole(name: str) -> bool:
    """Whether a name has more than one word, or initials: "Rosa Martinez", "R.M."."""
    return " " in name or "." in name


@lru_cache(8)
def _names(rules: PersonalDetails, other_names: frozenset[str]) -> _Names:
    return _Names(rules, other_names)


def _known(coalition: Coalition) -> frozenset[str]:
    """Names that are not a served person's: members, and the entities tracked in the news."""
    entities = coalition.entities.values()
    return frozenset(
        name
        for name in (
            coalition.name,
            coalition.short,
            *coalition.speakers,
            *(name for member in coalition.members.values() for name in (member.name, member.short)),
            *(words.words for entity in entities for words in (*entity.names, *entity.short)),
        )
        if name
    )


def confirmation_form(ctx: Context, form: Form, signs: Sequence[str]) -> Reply:
    """Return the form again, with the signs found and a field to confirm that the text was checked."""
    what = f"This seems to contain {', '.join(signs)}."
    label = f"Nothing in it identifies a {ctx.config.coalition.care.served}"
    line = replace(NO_DETAILS, help=what[:100], kind=Kind.TEXT, required=True, choices=(Choice("yes", label),))
    fields = (FormField(line, "Please check before it is saved"), *form.fields)
    return Reply(form=replace(form, title="Please check", fields=fields, unsaved=True))


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
    usual = [REACHED if param.longest < _NOTE else () for param in free]
    looked = (signs(args[param.name], ctx.config.coalition, of) for param, of in zip(free, usual, strict=True))
    every = dict.fromkeys(chain.from_iterable(looked))
    first = command.params[0] if command.params else None  # what it is done to, unless that is such a text itself
    what = args.get(first.name, command.path) if first and first.complete and first not in free else command.path
    return confirm(ctx, args, _form(ctx, args, free), what, tuple(every))


def confirm_params(
    ctx: Context, args: Mapping[str, str], subject: str, *params: Param, usual: Collection[str]
) -> Reply | None:
    """As `confirm`, for these parameters, if the handler must decide. `usual`: as in `pii.signs`."""
    text = "\n".join(args.get(param.name, "") for param in params)
    return confirm(ctx, args, _form(ctx, args, params), subject, signs(text, ctx.config.coalition, usual))


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
