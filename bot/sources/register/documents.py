"""One Federal Register document, as the API gives it, made into an Entry. Pure.

Every field may be missing: the API leaves out what was not asked for, and items judged by hand carry little more
than a title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from bot.fetch.payload import text_of
from bot.shared.entry import MOVES_COMMENTS, Agency, Change, Entry, Kind, Stage, document_key, regulations_gov_dockets
from bot.shared.paperwork import form_name, is_paperwork
from bot.shared.plain_text import clean, day, instant, with_parts
from bot.shared.yaml_text import shipped_yaml
from bot.sources.register.comment_period import closing, hour_on, moved_to

# Searches take the codes and answers carry the words; hand-made files have either.
_TYPES: Final = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice", "PRESDOCU": "Presidential Document"}
_AMENDMENT_NUMBER = re.compile(r"[CR]\d+-(?P<original>.+)")  # C1-2025-22565 corrects, R1-… reprints, 2025-22565
_CITED_NUMBER = re.compile(r"FR Doc(?:ument)?\.?\s*(?:No\.|Number)?\s*(\d{4}-\d{4,5})\b")
# On which a document begins. One that delayed a rule may have delayed others, too.
_PAGE: Final = re.compile(r"(?<!delayed at )\b\d{2,3} FR \d{1,6}\b")
_CONTROL_NUMBER = re.compile(r"\bOMB\b[^.;]{0,30}?\b(\d{4}-[01]\d{3})\b", re.IGNORECASE)
_DOCKET_LABEL = re.compile(r"^(?:docket|file|case)?\s*(?:numbers?|nos?|id)?[.:\s]*", re.IGNORECASE)
_WORDS: Final = shipped_yaml("bot.sources.register", "changes")


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(with_parts("|".join(patterns), _WORDS["parts"]), re.IGNORECASE)


_SIGNS: Final = tuple(
    (Change(change), signs["words"], _any_of(signs["heading"]), _any_of(signs["prose"]))
    for change, signs in _WORDS["changes"].items()
)
_REFUSES: Final = _any_of(_WORDS["refuses"])
_COMMENTS: Final = re.compile(r"(\breply )?\bcomment", re.IGNORECASE)
# Agencies use shorter ones again and again: "Procurement List; Proposed Deletions".
_TELLING_TITLE: Final = re.compile(r".{60,}|.*\bNo\. \d.*")
_DECIDED_LATER: Final = re.compile(
    r"^notice\b.*\b(?:issuance|(?:proposed|receipt|application|renewal)\b.*\b(?:authorization|permit|licen[sc]e"
    r"|exemption|waiver|application)s?)\b",
    re.IGNORECASE,
)


def document_entry(doc: Mapping[str, Any], source: str) -> Entry:
    """A published document. Its identity is its number; without one its address or, failing that, its title."""
    number = _text(doc.get("document_number"))
    title = _text(doc.get("title")) or contents_wording(doc) or number
    published = day(doc.get("publication_date"))
    action, dates_text = _text(doc.get("action")) or None, _text(doc.get("dates")) or None
    abstract, kind = _text(doc.get("abstract")), _text(doc.get("type"))
    contents = _text(doc.get("toc_doc"))  # the printed contents' wording, which the title may leave out
    hidden = contents and contents.casefold() not in title.casefold()
    listed = f"Listed as: {contents_wording(doc)}." if hidden and title != contents_wording(doc) else ""
    summary = " ".join(filter(None, (abstract, listed))) or None
    url = _address(doc.get("html_url"))
    change = _change(number, doc.get("correction_of"), (title, action or ""), (dates_text or "", summary or ""))
    heading, words = f"{title} {action or ''} {abstract}", (dates_text or "", abstract)
    if change is Change.WITHDRAWAL and _replaces(doc, action or "", words[0], heading, published):
        change = None
    dockets, agencies = _texts(doc, "docket_ids"), _agencies(doc)
    key = document_key(number, published) if number else f"url:{url}" if url else f"title:{title}"
    return Entry(
        source=source, kind=Kind.DOCUMENT, identity=(key,), thread=key, title=title, summary=summary,
        url=url or (f"https://www.federalregister.gov/d/{number}" if number else ""),
        publication_date=published, agencies=agencies, change=change, action=action, dates_text=dates_text,
        type=": ".join(filter(None, (_TYPES.get(kind.upper(), kind), _text(doc.get("subtype"))))) or None,
        **_comments(doc, heading, words, change, published),
        effective_on=day(doc.get("effective_on")), number=number or None,
        citation=_text(doc.get("citation")) or None, dockets=dockets,
        references=(
            *(f"page:{page}" for page in dict.fromkeys(_PAGE.findall(f"{dates_text} {abstract}") if change else ())),
            *_references(doc, number, dockets or (), " ".join(filter(None, (title, summary, dates_text)))),
            *_one_matter(title, action, abstract, agencies[0].name if agencies else ""),
        ),
        pdf_url=_address(doc.get("pdf_url")) or None,
    )  # fmt: skip


def filing_entry(doc: Mapping[str, Any], source: str, as_of: datetime | None) -> Entry:
    """A filing on public inspection, often without a title, never with an abstract.

    A null publication date means it was withdrawn before publication. That is a separate entry, a follow-up in
    the filing's thread, so its identity is ``fr:2026-00006:withdrawn``.
    """
    entry = document_entry({**doc, "docket_ids": doc.get("docket_numbers", doc.get("docket_ids"))}, source)
    filed = replace(entry, stage=Stage.FILED, published=instant(doc.get("filed_at")), as_of=as_of)
    if "publication_date" not in doc or doc["publication_date"] is not None:
        return filed
    key = entry.identity[0]
    return replace(filed, identity=(f"{key}:withdrawn",), change=Change.WITHDRAWAL, references=(key, *entry.references))


def contents_wording(doc: Mapping[str, Any]) -> str:
    """The wording of the printed contents ("Guidance: Streamlined Inspection Program"), or of a filing's subjects."""
    contents = [_text(doc.get(name)) for name in ("toc_subject", "toc_doc")]
    subjects = [_text(doc.get(f"subject_{n}")) for n in (1, 2, 3)]
    return ": ".join(filter(None, contents)) or "; ".join(filter(None, subjects))


def _change(number: str, correction_of: Any, heading: Sequence[str], prose: Sequence[str]) -> Change | None:
    if correction_of or _AMENDMENT_NUMBER.fullmatch(number):
        return Change.CORRECTION
    text = "\n".join((*heading, *prose)).casefold()
    for change, words, in_heading, in_prose in _SIGNS:
        if words[0] not in text:
            continue
        if change in MOVES_COMMENTS and (replies := _COMMENTS.findall(prose[0])) and all(replies):  # they are not ours
            continue
        refusable = change in (Change.EXTENSION, Change.REOPENING)
        for texts, sign in ((heading, in_heading), (prose, in_prose)):
            is_signed = any(all(word in text.casefold() for word in words) and sign.search(text) for text in texts)
            if is_signed and not (refusable and any(map(_REFUSES.search, texts))):
                return change
    return None


def _replaces(doc: Mapping[str, Any], action: str, dates: str, heading: str, published: date | None) -> bool:
    """Whether a document that withdraws an earlier one, or a part of it, is open for comment or the new one itself."""
    return (
        _field(doc, published) is not None
        or action.lower().startswith("proposed rule and")
        or action.lower().rstrip(".") == "notice of availability"
        or closing(dates, "", heading, published) is not None
    )


def _comments(
    doc: Mapping[str, Any], heading: str, words: tuple[str, str], change: Change | None, published: date | None
) -> dict[str, Any]:
    """The last day for comments, its hour, and whether the day is from the document's words (`words`: DATES, abstract).

    The field counts, unless it is empty or the document moves the day: then it may still hold the old one (2026-19895).
    If the words name several new days and not the field's, the first counts for the document itself, and for each one
    that it extends the day of the sentence that names that one.
    """
    field, worded = _field(doc, published), None
    moves = moved_to(words[0], published) if change in MOVES_COMMENTS else []
    if ends := {on for on, _ in moves}:
        later = change is not Change.RESCHEDULING and field
        worded = field if field in ends else max(min(ends), later or min(ends))
    if worded is None and change is not Change.WITHDRAWAL and field is None:
        closing_day = closing(*words, heading, published)
        worded = closing_day.on if closing_day else None
    on = worded or field
    several = len(ends) > 1 and (field not in ends or len({*_PAGE.findall(words[0])}) > 1)
    return {
        "comments_close_on": on,
        "comments_hour": hour_on(*words, on) if on else "",
        "comments_worded": on != field,
        "new_days": tuple(moves) if several else (),
    }


def _field(doc: Mapping[str, Any], published: date | None) -> date | None:
    """The day of the record's field, or None if it is before the publication: that is an earlier document's."""
    on = day(doc.get("comments_close_on"))
    return None if on and published and on < published else on


def _agencies(doc: Mapping[str, Any]) -> tuple[Agency, ...] | None:
    listed = doc.get("agencies")
    if not isinstance(listed, list):
        return None
    rows = [agency for agency in listed if isinstance(agency, dict)]
    slugs = {str(agency["id"]): text_of(agency, "slug") for agency in rows if agency.get("id")}
    agencies = (
        _agency(
            text_of(agency, "name"),
            text_of(agency, "raw_name"),
            text_of(agency, "slug"),
            slugs.get(str(agency.get("parent_id")), ""),
        )
        for agency in rows
    )
    return tuple(filter(None, agencies)) or None  # an empty list is one that the API could not tell: each has an agency


@lru_cache(1024)  # the same few hundred agencies come again and again
def _agency(name: str, raw_name: str, slug: str, parent: str) -> Agency | None:
    name = clean(name) or clean(raw_name)
    return Agency(name, clean(slug) or None, clean(parent) or None) if name else None


def _references(doc: Mapping[str, Any], number: str, dockets: Sequence[str], prose: str) -> tuple[str, ...]:
    """References that may link this document to others: cited documents, dockets, regulation identifiers."""
    amended = _AMENDMENT_NUMBER.fullmatch(number)
    originals = [
        # The API address of the corrected document.
        _text(doc.get("correction_of")).partition("?")[0].rpartition("/")[2].removesuffix(".json"),
        amended["original"] if amended else "",
        *_CITED_NUMBER.findall(prose),
    ]
    rins = _texts(doc, "regulation_id_numbers") or ()
    references = [
        *(document_key(original, None) for original in originals if original and original != number),
        *(f"docket:{key}" for docket in dockets for key in _docket_keys(docket)),
        *(f"rin:{rin}" for rin in rins),
    ]
    return tuple(dict.fromkeys(references))


def _one_matter(title: str, action: str | None, abstract: str, agency: str) -> list[str]:
    """References that join an agency's notices of one matter.

    A form's two have its OMB control number or its name; a permit is proposed and issued under one long title.
    """
    if is_paperwork(title, action):
        numbers = {*_CONTROL_NUMBER.findall(f"{title} {abstract}")}  # several: a list of forms, which is none's notice
        numbered = [f"omb:{number}" for number in numbers if len(numbers) == 1]
        prefix, name = "form", form_name(title)
    else:
        numbered, prefix = [], "notice"
        name = title if _TELLING_TITLE.fullmatch(title) and _DECIDED_LATER.match(action or "") else ""
    words = " ".join(re.findall(r"\w+", name.casefold()))
    return numbered + ([f"{prefix}:{agency.casefold()}:{words}"] if words else [])


def _docket_keys(text: str) -> list[str]:
    """Docket numbers in regulations.gov's format; other labels unchanged, without "Docket No.".

    An agency's "…_FRDOC_0001" is where regulations.gov files all that has no docket: it joins nothing.
    """
    folded = text.upper()
    if "_FRDOC_" in folded:
        return []
    return regulations_gov_dockets([text]) or list(filter(None, [_DOCKET_LABEL.sub("", folded)]))


def _text(value: Any) -> str:
    return clean(value) if value and isinstance(value, str) else ""


def _texts(doc: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    values = doc.get(name)
    if not isinstance(values, list):
        return None
    return tuple(filter(None, map(_text, values)))


def _address(value: Any) -> str:
    text = _text(value)
    return text if text.startswith(("https://", "http://")) else ""
