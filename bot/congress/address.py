"""Forms of address, from templates/letters/forms_of_address.yml. Pure, except for reading that file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.config.coalition import Coalition, Holder, Office
from bot.congress.model import Addressee, Chamber, Committee, Gender, Member
from bot.shared.errors import CoalitionBotError
from bot.shared.yaml_text import Unreadable, plain_yaml

FORMS: Final = "templates/letters/forms_of_address.yml"
_SPEAKER: Final = "Speaker of the House"  # as the record writes it
_FLOOR_POSTS: Final = ("Majority Leader", "Majority Whip", "Minority Leader", "Minority Whip")
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_ZIP_CODE: Final = re.compile(r"\b\d{5}\b")
_KNOWN: Final = frozenset(
    {
        "full_name", "last", "role", "room", "post", "chamber", "city", "committee", "parent", "body", "title",
        "email", "phone",
    }
)  # fmt: skip
PRESS: Final = "press"  # the addressee id of a press release
OUTLET: Final = "outlet:"  # prefix of an outlet, or of an editor and the outlet


class FormsProblem(CoalitionBotError):
    """The file of forms cannot be used; the text has its name and the reason."""


def _known_fields(line: str) -> str:
    for name in _FIELD.findall(line):
        if name not in _KNOWN:
            raise ValueError(f'"{{{name}}}" is not a field; the fields are {", ".join(sorted(_KNOWN))}')
    return line


FormLine = Annotated[str, AfterValidator(_known_fields)]
Salutations = Mapping[Gender, FormLine]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ChamberForm(_Section):
    name: str
    city: str


class OfficeForm(_Section):
    block: tuple[FormLine, ...]
    salutation: FormLine
    salutations: Salutations = {}
    sources: tuple[str, ...]


class MemberForm(OfficeForm):
    title: str
    plural: str
    name: FormLine
    joint: tuple[FormLine, ...]


class ActingForm(_Section):
    title: FormLine
    salutations: Salutations
    sources: tuple[str, ...]


class OutletForm(_Section):
    """An outlet and its editor. `editor`: the form of address if no name is given."""

    editor: str = "Editor"
    salutation: FormLine = "Dear {title}:"
    sources: tuple[str, ...] = ()


class ReleaseForm(_Section):
    """The lines above a press release's headline."""

    block: tuple[FormLine, ...] = ("FOR IMMEDIATE RELEASE", "Media contact: {full_name}", "{phone}", "{email}")


class MemberForms(_Section):
    senator: MemberForm
    representative: MemberForm
    delegate: MemberForm
    resident_commissioner: MemberForm = Field(alias="resident-commissioner")
    speaker: MemberForm
    chair: MemberForm
    ranking_member: MemberForm = Field(alias="ranking-member")

    def of(self, member: Member) -> MemberForm:
        """The form for a member, by title; the Speaker has a separate one."""
        if member.leads == _SPEAKER:
            return self.speaker
        form: MemberForm = getattr(self, member.role.name.casefold())
        return form


class Forms(_Section):
    """The content of forms_of_address.yml."""

    chambers: Mapping[Literal["senate", "house"], ChamberForm]
    members: MemberForms
    offices: Mapping[str, OfficeForm]
    acting: ActingForm
    outlet: OutletForm = OutletForm()
    release: ReleaseForm = ReleaseForm()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A recipient: `alone`, and as part of a letter to several."""

    alone: Addressee
    lines: tuple[str, ...]  # of a joint address
    title: str  # before the surname; for an office the whole greeting
    plural: str
    last: str = ""
    full_name: str = ""


def forms(folder: Path) -> Forms:
    """The current forms of address. Raises `FormsProblem`."""
    try:
        return _parsed((folder / FORMS).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FormsProblem(f"{FORMS} cannot be read") from error
    except (Unreadable, ValidationError) as error:
        raise FormsProblem(f"{FORMS} cannot be used: {' '.join(str(error).split())[:300]}") from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> Forms:
    return Forms.model_validate(plain_yaml(text))


def of_member(forms: Forms, member: Member, as_of: date) -> Addressed:
    return _person(forms, forms.members.of(member), member, f"member:{member.bioguide}", as_of, {})


def of_leader(
    forms: Forms, member: Member, committee: Committee, parent: Committee | None, as_of: date, *, ranking: bool
) -> Addressed:
    """Address a member as the chair or ranking member of a committee or subcommittee."""
    form, kind = (forms.members.ranking_member, "ranking") if ranking else (forms.members.chair, "chair")
    facts = {
        "committee": _bare(committee) if parent is None else _subcommittee(committee),
        "parent": _bare(parent) if parent else "",
        "body": body(committee, parent),
    }
    return _person(forms, form, member, f"{kind}:{committee.id}", as_of, facts)


def of_office(forms: Forms, id_: str, office: Office) -> Addressed:
    """Address an office of coalition.yml, by its holder's name if given. Raises `FormsProblem`."""
    holder, name, block, salutation = office.holder, office.name, office.block, office.salutation
    if holder:
        form = forms.offices.get(holder.form)
        if form is None:
            raise FormsProblem(f'{FORMS} has no form "{holder.form}", which offices.{id_}.holder names')
        name, block, salutation = _holder_parts(forms, form, office, holder)
    no_address = f"No postal address of {office.name} is known. An administrator adds it: /settings set office {id_}"
    alone = Addressee(
        id=f"office:{id_}",
        name=name,
        block=block,
        salutation=salutation,
        as_of=holder.as_of if holder else None,
        missing="" if any(map(_ZIP_CODE.search, block)) else no_address,
    )
    greeting = salutation.removeprefix("Dear ").removesuffix(":")
    plural = f"{greeting.removesuffix('y')}ies" if greeting.endswith("y") else f"{greeting}s"
    return Addressed(alone=alone, lines=block, title=greeting, plural=plural)


def of_outlet(forms: Forms, typed: str) -> Addressee:
    """An outlet, or an editor and the outlet: "The Example Times"; "Jane Roe, Standards Editor, The Example Times"."""
    parts = [part for part in map(str.strip, typed.split(",")) if part]
    *who, outlet = parts or ["the outlet"]
    lines = who or [forms.outlet.editor]
    name = ", ".join((*lines, outlet)) if who else f"the {forms.outlet.editor}, {outlet}"
    salutation = _filled(forms.outlet.salutation, {"title": lines[0]})
    return Addressee(id=f"{OUTLET}{', '.join(parts)}", name=name, block=(*lines, outlet), salutation=salutation)


def of_release(forms: Forms, coalition: Coalition) -> Addressee:
    """The addressee of a press release: no salutation; the lines above the headline give the contact."""
    media = coalition.media_contact
    facts = {"full_name": media.name, "phone": media.phone, "email": media.email} if media else {}
    return Addressee(id=PRESS, name="the press", block=_lines(forms.release.block, facts), salutation="")


def together(id_: str, several: Sequence[Addressed]) -> Addressee:
    """One letter to several: "Dear Chairs Doe and Roe and Ranking Members Poe and Low:"."""
    once = {(each.title, each.full_name or each.alone.id): each for each in several}
    shared = Counter(last for last, _ in {(each.last, each.full_name) for each in once.values()})
    groups: dict[str, list[Addressed]] = {}
    for each in once.values():
        groups.setdefault(each.title, []).append(each)
    dates = [each.alone.as_of for each in several if each.alone.as_of]
    return Addressee(
        id=id_,
        name=_listed_fully([each.alone.name for each in several]),
        block=tuple(line for each in several for line in ("", *each.lines))[1:],
        salutation=f"Dear {_listed([_greeted(group, shared) for group in groups.values()])}:",
        as_of=min(dates, default=None),
        missing=" ".join(each.alone.missing for each in several if each.alone.missing),
    )


def body(committee: Committee, parent: Committee | None) -> str:
    """A committee in a sentence: "Subcommittee on the Constitution, Senate Committee on the Judiciary"."""
    return f"{_subcommittee(committee)}, {parent.name}" if parent else committee.name


def _bare(committee: Committee) -> str:
    """The committee's name without the chamber: "Committee on the Judiciary"."""
    return committee.name.removeprefix("House ").removeprefix("Senate ")


def _subcommittee(committee: Committee) -> str:
    if "subcommittee" in committee.name.casefold():  # Permanent Subcommittee on Investigations
        return committee.name
    return "Subcommittee on " + re.sub(r"^The\b", "the", committee.name)


def _person(
    forms: Forms, form: MemberForm, member: Member, id_: str, as_of: date, facts: Mapping[str, str]
) -> Addressed:
    chamber = forms.chambers["senate" if member.chamber is Chamber.SENATE else "house"]
    post = member.leads.removeprefix("House ").removeprefix("Senate ")  # others belong to a party
    facts = {
        "full_name": member.full_name, "last": member.surname, "role": member.role.value, "room": member.room,
        "chamber": chamber.name, "city": chamber.city, "post": post if post in _FLOOR_POSTS else "", **facts,
    }  # fmt: skip
    gaps = []
    if not member.room and any("{room}" in line for line in form.block):
        gaps.append(f"The record gives no office room for {member.full_name}.")
    if not member.official_full:
        gaps.append(f'The record gives no official full name: "{member.full_name}" is first and last name.')
    alone = Addressee(
        id=id_,
        name=_filled(form.name, facts),
        block=_lines(form.block, facts),
        salutation=_filled(form.salutations.get(member.gender, form.salutation), facts),
        as_of=as_of,
        missing=" ".join(gaps),
    )
    return Addressed(
        alone=alone, lines=_lines(form.joint, facts), title=form.title, plural=form.plural, last=member.surname,
        full_name=member.full_name,
    )  # fmt: skip


def _holder_parts(forms: Forms, form: OfficeForm, office: Office, holder: Holder) -> tuple[str, tuple[str, ...], str]:
    """The name in a sentence, the address block and the salutation of an office's holder."""
    title, *rest = office.block
    facts = {"full_name": holder.name, "last": holder.surname, "title": title}
    salutation = form.salutations.get(holder.gender, form.salutation) if holder.gender else form.salutation
    called = office.name.removeprefix("the ")
    if holder.acting:
        salutation = forms.acting.salutations[holder.gender] if holder.gender else office.salutation
        facts["title"], called = (_filled(forms.acting.title, {"title": words}) for words in (title, called))
    return f"{holder.name}, {called}", (*_lines(form.block, facts), *rest), _filled(salutation, facts)


def _greeted(group: Sequence[Addressed], shared: Counter[str]) -> str:
    """The greeting of people with one title; with full names if two have the same surname."""
    first = group[0]
    names = [each.full_name if shared[each.last] > 1 else each.last for each in group if each.last]
    return f"{first.plural if len(group) > 1 else first.title} {_listed(names)}".strip()


def _listed(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _listed_fully(names: Sequence[str]) -> str:
    """A list of names that contain commas."""
    if not any("," in name for name in names):
        return _listed(names)
    mark = ", " if len(names) == 2 else "; "
    return mark.join((*names[:-1], f"and {names[-1]}"))


def _lines(lines: Sequence[str], facts: Mapping[str, str]) -> tuple[str, ...]:
    """The lines filled in; a line with an unknown field is left out."""
    complete = (line for line in lines if all(facts.get(name) for name in _FIELD.findall(line)))
    return tuple(_filled(line, facts) for line in complete)


def _filled(line: str, facts: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda match: facts.get(match[1], ""), line)
