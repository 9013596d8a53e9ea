"""The clocks in a law's text, by the grammar of statutes: who must do what, and by when. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.deadlines.law_text import COUNT, OFTEN, Clause, Law, Time, clauses, flat_text, read_law, read_time
from bot.deadlines.model import due_on
from bot.shared.calendar import MONTH_DAY

_MOST: Final = 2_000  # clocks of one law
_MOST_OF_A_CLAUSE: Final = 3
_OWED: Final = 300  # characters


class Kind(StrEnum):
    """What a clock is."""

    DUTY = "due"
    EVENT = "runs from an event"
    RECURS = "recurs"
    STARTS = "takes effect"
    ENDS = "ends"
    PERMISSION = "a permission"
    CONDITION = "a condition"


_OWED_KINDS: Final = frozenset({Kind.DUTY, Kind.EVENT, Kind.RECURS})
_LIMIT: Final = re.compile(
    r"\b(?:by )?(?P<later>(?:not|no|in no (?:case|event)) later than)\b|\b(?:not|no) more than\b|\b(?P<within>within)\b"
    rf"|\b(?P<ahead>at least|(?:not|no) (?:less|fewer) than)\b|\b(?:on or before|by)(?= {MONTH_DAY}\b)",
    re.IGNORECASE,
)
_RUNS_FROM: Final = re.compile(r"(?:after|of|following|from|before|prior to|preceding) $")
_OTHERS: Final = {  # words that lead to a time which no one has to keep
    Kind.STARTS: re.compile(
        r"\b(?:takes? effect|becomes? effective|effective|appl(?:y|ies) beginning"
        r"|appl(?:y|ies)\b[^.;]{0,200}?\b(?:after|on|before)|^beginning)(?: as of| on(?: or after)?)? "
        rf"(?=the date|{MONTH_DAY})",
        re.IGNORECASE,
    ),
    Kind.ENDS: re.compile(
        r"\b(?:terminates?|ceases?|expires?|sunsets?)\b[^.;]{0,120}?\bon (?=the date|the last day|[A-Z])"
    ),
    Kind.PERMISSION: re.compile(r"\bon and after (?=the date)"),
}
_RECURS: Final = re.compile(
    r"\b(?:(?:not|no) (?:less|fewer)(?: frequently| often)? than|at least) (?P<least>(?:once|twice|"
    rf"{COUNT} times?)(?: (?:every|each|per|an?|during|in))?[^,.;]{{0,40}}?(?:day|week|month|quarter|year)s?|{OFTEN})\b"
    rf"|\b(?P<every>in each of (?:the {COUNT} )?(?:calendar |fiscal )?years?"
    r"|(?<!for )(?<!during )each (?:calendar |fiscal )?year|annually|quarterly|biennially|semi-?annually"
    rf"|every {COUNT} (?:day|week|month|year)s?|on an annual basis)\b"
    r"|\b(?:submit|publish|prepare|issue|transmit|conduct|provide|make)\b[^.;—]{0,60}?"
    r"\b(?P<adjective>annual|quarterly|biennial|monthly)\b",
    re.IGNORECASE,
)
_UPON: Final = re.compile(
    r"\b(?:upon (?:the )?(?:receiving|completing|making|receipt|completion|conclusion|notification|issuance|enactment"
    r"|expiration|termination|submission)\b"
    r"|(?:at|on|following|after) (?:the )?(?:conclusion|completion|receipt|issuance|expiration) of"
    r"|as soon as (?:practicable|possible)|(?:promptly|immediately),? (?:up)?(?:on|after|following)"
    r"|if [^;.]{1,200}? fails to (?:satisfy|meet|comply|complete|submit)) [^,;.—]{0,160}",
    re.IGNORECASE,
)
_MODAL: Final = re.compile(r"\b(?:shall|must)\b")
_REQUIRED: Final = re.compile(r"\b(?:is|are) (?:hereby )?(?:required|directed) to\b")
_MAY: Final = re.compile(r"\bmay\b")
_NOT_DONE: Final = re.compile(
    r"\b(?:does|do|did|has|have) not,? ?$"
)  # "if the Secretary does not, within 30 days, refuse"
_CONTENTS: Final = re.compile(r"\b(?:includ\w+|contain\w*|describ\w+|specif\w+|address\w*|means?)\b[^.;]{0,80}[—:]$")
_PASSIVE: Final = re.compile(
    r" ?(?:not )?(?:only )?be (?:due\b|(?!responsible|available)\w+(?:ed|en|de|ld|nt|ne|ht|wn|ut)\b)"
    r"(?:[^,;—]{0,200}?\bby (?P<by>(?:the|each|an?) [^,;.—]{3,120}?)(?= not later| within|[,;.—]|$))?"
)
_TO: Final = re.compile(
    r"\b(?:submit|transmit|report|provide|deliver|furnish|send|make|certify|give)\b[^;.—]{0,120}? to (?P<to>Congress\b"
    r"|(?:the |each |both |such )[^;.—]{0,300}?(?=,? (?:an?|that|which|containing|describing|regarding"
    r"|and (?:make|publish|submit))\b|, (?:(?:together )?with|not later|within|no later)\b|; |\.|—|$))"
    r"|\b(?:brief|notify) (?P<informed>Congress\b|(?:the |each |such )[^,;.—]{0,200})"
)
_ASIDE: Final = re.compile(r" ?\([^()]{0,300}\)")
_NOUN_PHRASE: Final = re.compile(
    r"(?:and |or )?(?:(?:the|each|every|any|an?|all|no|such|both|either|th[ei]se?|those)\b|[A-Z])(?!\w* later than)"
)
_DETERMINER: Final = re.compile(r"(?:The|Each|Every|Any|An?|All|No|Such|Both|Either|This|These|Those)\b")
_OPENS_ASIDE: Final = re.compile(
    r"(?:in (?!general)|acting|through|subject|to (?:the|be|carry)|as |if |pursuant|under|notwithstanding|including"
    r"|with|by |for |upon|except|where|when|after|before|not |on |or (?:his|her|their|a|the) designee|using|jointly"
    r"|beginning|at |consistent|based|unless|which|that |who|and (?:annually|every|each)|every|each year|annually)",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(
    r"the ((?:Under |Assistant |Deputy )?Secretary|Administrator|Director|Commissioner|Commission|Chairman|Chair|Board"
    r"|Council|Archivist|Librarian)"
)
_NAME: Final = r"[A-Z][\w’'.-]*(?:,?(?: and| of| of the| for| on)? [A-Z][\w’'.-]*)*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock in a law's text. `limit`: its words for the time. `by`, `to`: "" if the sentence names no one.

    `due` is `period` after `since`, or `since` itself without a period; None where the text alone gives no day.
    `every`: how often it recurs, until `until`. `adds`: it is in text that is added to another law.
    """

    kind: Kind
    section: str  # "sec. 3(a)(1)"
    quote: str
    limit: str  # "not later than 180 days after the date of enactment of this Act"
    by: str
    to: str
    owed: str
    since: date | None
    period: str  # "180 days"
    every: str
    until: date | None
    adds: bool

    @property
    def due(self) -> date | None:
        return due_on(self.since, self.period) if self.since else None


def find_clocks(text: str) -> list[Clock]:
    """The clocks of a law in its order. Its text ends with its day, "Approved January 23, 2026."."""
    flat = flat_text(text)
    law, clocks = read_law(flat), list[Clock]()
    for clause in clauses(flat):
        times = _times(clause.text, law)[:_MOST_OF_A_CLAUSE]
        clocks += filter(None, (_clock(clause, kind, time, law) for kind, time in times))
        if len(clocks) >= _MOST:
            break
    return clocks


def _times(text: str, law: Law) -> list[tuple[Kind, Time]]:
    """The times in a clause: limits and other days, or else how often, or else upon what event."""
    times = [(Kind.DUTY, time) for lead in _LIMIT.finditer(text) if (time := _limit(text, lead, law))]
    for kind, leads in _OTHERS.items():
        spans = [lead.span() for lead in leads.finditer(text)]
        times += [(kind, time) for begin, end in spans if (time := read_time(text, begin, end, law))]
    if not times and (again := _RECURS.search(text)):
        return [(Kind.RECURS, Time(*again.span(), every=again["least"] or again["every"] or again["adjective"]))]
    if not times and (upon := _UPON.search(text)):
        return [(Kind.EVENT, Time(*upon.span(), has_event=True))]
    return times


def _limit(text: str, lead: re.Match[str], law: Law) -> Time | None:
    before = text[max(0, lead.start() - 200) : lead.start()]
    if before.rfind("striking") > before.rfind("inserting"):
        return None
    time = read_time(text, lead.start(), lead.end() + 1, law)
    if time is None:
        return Time(*lead.span(), has_event=True) if lead["later"] else None
    if lead["ahead"] and not re.search(" (?:before|prior to) ", text[lead.end() : time.end + 1]):
        return None  # "at least 30 days" is a time to keep only before something
    is_limit = lead["later"] or lead["within"] or time.since or _RUNS_FROM.search(text, time.begin, time.end)
    return time if is_limit else None


def _clock(clause: Clause, kind: Kind, time: Time, law: Law) -> Clock | None:
    """The clock of a time in a clause; None if no one shall or may do anything by it."""
    text = clause.text
    after = _MODAL.search(text, time.end) or _REQUIRED.search(text, time.end)
    modal = after or _last(_MODAL, text, time.begin) or _last(_REQUIRED, text, time.begin)
    may, lead = _MAY.search(text), ""
    if text.startswith("Nothing in "):
        return None
    if not_done := _NOT_DONE.search(text, max(0, time.begin - 20), time.begin):
        kind, by = Kind.CONDITION, _subject(text[: not_done.start()])
    elif kind is Kind.PERMISSION or (may and modal is None):
        kind, by = Kind.PERMISSION, _subject(text[: may.start()]) if may else ""
    elif modal is not None:
        by = _subject(text[time.end if after else 0 : modal.start()], after_event=bool(after) and time.has_event)
        if modal.start() == 0 and clause.above:  # "The Attorney General—(1) shall, not later than …"
            lead = clause.above[0]
            by = _subject(lead.rstrip("—: "))
        if passive := _PASSIVE.match(text, modal.end()):
            by = passive["by"] or ("" if kind in _OWED_KINDS else by)
    elif kind in _OWED_KINDS and "inserting" not in text[: time.begin]:
        lead = next((words for words in clause.above if _MODAL.search(words)), "")
        shall = _last(_MODAL, lead, len(lead))
        if shall is None or _CONTENTS.search(lead):
            return None
        by = _subject(lead[: shall.start()])
    else:
        by = "" if kind in _OWED_KINDS else _subject(text[: time.begin])
    if kind is Kind.DUTY and (time.has_event or time.every == "each year"):
        kind = Kind.EVENT if time.has_event else Kind.RECURS
    return Clock(
        kind=kind,
        section=clause.section,
        quote=f"{lead} {text}".strip(),
        limit=_limit_words(text, time),
        by=by if clause.amends else _full_name(by, law),
        to=_recipient(text),
        owed=_owed(text, time, modal),
        since=time.since,
        period=time.period,
        every=time.every,
        until=time.until,
        adds=clause.amends,
    )


def _last(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    *_, last = None, *pattern.finditer(text, 0, end)
    return last


def _subject(words: str, *, after_event: bool = False) -> str:
    """The subject that ends right before "shall": the noun phrase, without the asides between commas after it."""
    parts = [part.strip() for part in _ASIDE.sub("", _ASIDE.sub("", words)).rstrip().split(",")]
    is_interrupted, parts = len(parts) > 1 and not parts[-1], list(filter(None, parts))
    parts = parts[1:] if after_event and len(parts) > 1 else parts
    at = len(parts) - 1
    while is_interrupted and at >= 0:
        first, ends_list = _first_of_list(parts, at), parts[at].startswith(("and ", "or "))
        if ends_list and first > 0 and _OPENS_ASIDE.match(parts[first - 1]):  # "in consultation with A, B, and C,"
            at = first - 2
        elif _is_noun_phrase(parts[at]):
            break
        else:
            at -= 1
    if at < 0:
        return ""
    first = _first_of_list(parts, at)
    if at > first > 1 and _OPENS_ASIDE.match(parts[first - 1]):  # an aside whose last comma is missing
        first = at = first - 2
    subject = re.sub(r"^(?:and|or|that|if) ", "", ", ".join(parts[first : at + 1]))
    if _DETERMINER.match(subject):
        return subject[0].lower() + subject[1:]
    return subject if _NOUN_PHRASE.match(subject) else ""


def _first_of_list(parts: list[str], last: int) -> int:
    """Where "A, B, and C" begins, by its last part; that part itself if it ends no list."""
    if not parts[last].startswith(("and ", "or ")) or _OPENS_ASIDE.match(parts[last].split(" ", 1)[1]):
        return last
    return next((n + 1 for n in range(last - 1, -1, -1) if not _is_noun_phrase(parts[n])), 0)


def _is_noun_phrase(part: str) -> bool:
    return bool(_NOUN_PHRASE.match(part) and not _OPENS_ASIDE.match(part))


def _limit_words(text: str, time: Time) -> str:
    event = re.match(r"[^,;—]{0,160}?(?= shall\b| must\b|[,;—.]|$)", text[time.end :]) if time.has_event else None
    return f"{text[time.begin : time.end]}{event[0] if event else ''}".strip()


def _recipient(text: str) -> str:
    """The office that gets it; "" if the sentence names none by its name."""
    to = _TO.search(text)
    office = (to["to"] or to["informed"]).strip(" ,") if to else ""
    return office if re.search("[A-Z]", office) else ""


def _owed(text: str, time: Time, modal: re.Match[str] | None) -> str:
    """What shall be done: the words after "shall", without the time."""
    begin, end = modal.end() if modal else 0, time.begin + len(_limit_words(text, time))
    rest = f"{text[begin : time.begin]} {text[end:]}" if time.begin >= begin else text[begin:]
    return re.sub(r"(?: ?,)+", ",", " ".join(rest.split())).strip(" ,;—.")[:_OWED]


def _full_name(by: str, law: Law) -> str:
    """`the Secretary of Veterans Affairs` for "the Secretary", as the law defines it or first has it in full."""
    if not (short := _SHORT.fullmatch(by)):
        return by
    office = short[1]
    if office not in law.offices:
        names = (
            rf"\bterm [“\"]?{office}[”\"]? means the ([^.;—\n]{{3,160}})",
            rf"\b[Tt]he ([A-Z][^().;\n]{{3,120}}) \([^()]{{0,60}}referred to [^()]{{0,40}}as (?:the )?[“\"]?{office}\b",
            rf"\b[Tt]he ((?:[A-Z]\w+ ){{0,3}}{office} of (?:the )?{_NAME})",
        )
        full = next(filter(None, (re.search(pattern, law.flat) for pattern in names)), None)
        law.offices[office] = f"the {full[1]}" if full else by
    return law.offices[office]
