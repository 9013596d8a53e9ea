"""What a document does, in one plain sentence: the first of its summary. Pure.

A summary in the Federal Register begins with the action (Document Drafting Handbook, section 2.5): "This document
proposes to …", "EPA is amending …", "We, the Fish and Wildlife Service, announce …".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bot.shared import wording
from bot.shared.agencies import agencies
from bot.shared.entry import Agency, Entry
from bot.watch.lexicon import agency_key

_MAX_READ: Final = 900  # characters of a summary: what it does comes first
_LONG_NAME: Final = 28  # characters; an agency with a longer name is called by its acronym
_VERBS: Final = """
acknowledge add adjust adopt allow amend announce approve ask authorize change classify close correct decide delay
delete deny describe determine establish exempt extend finalize find give grant implement increase initiate intend
invite issue list make modify notify open plan postpone prohibit propose provide publish reduce reinstate remove renew
reopen repeal replace request require rescind revise revoke seek set solicit supersede terminate transfer update waive
withdraw
""".split()  # noqa: SIM905


def _third(verb: str) -> str:
    if verb.endswith("y") and verb != "delay":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith("sh") else f"{verb}s"


def _forms(verb: str) -> tuple[str, ...]:
    doubled = verb[-1] if verb in {"plan", "set", "transfer"} else ""
    continuous = f"{verb.removesuffix('e')}{doubled}ing", f"taking final action to {verb}"
    return verb, _third(verb), *(f"{be} {form}" for be in ("is", "are") for form in continuous)


_PRESENT: Final = {form: verb for verb in _VERBS for form in _forms(verb)}
_NAME: Final = (
    r"(?:[Tt]he )?(?!(?:An?|The) )[A-Z][\w'’.&/-]+(?:,? (?:of|and|for|the|on|to|in|&|[A-Z\d][\w'’.&/-]*)){0,20}"
)
_ACTION: Final = re.compile(
    r"(?P<subject>(?:The (?:proposed |final |interim )*(?:rule|notice of proposed rulemaking)"
    rf"|(?:This|These)(?: (?!is|are|was|to|that|which)[\w/-]+){{1,6}}?|We(?:, {_NAME})?|{_NAME}))"
    r"(?:, [^;]{1,250}?,|,)? (?P<how>(?:preliminarily |tentatively |conditionally |temporarily |partially )?)"
    rf"(?:(?P<verb>{'|'.join(sorted(_PRESENT, key=len, reverse=True))})"
    r"|(?P<other>(?:is|are) (?!being)\w+ing|will (?:hold|meet|\w{4,}))"
    r"|(?P<past>(?:has|have) (?:been )?(?!been)\w{4,}"
    r"|(?<=[a-z.] )(?:applied|filed|petitioned|requested|submitted)))(?=[ ,])"
)
# What a sentence says before it comes to the point.
_PREAMBLE: Final = re.compile(
    r"^(?:(?:(?:in (?:accordance|compliance|conformance|response)|consistent|pursuant|based|as|under|on|by|with)\b"
    r"|(?:in|through) this\b).{1,300}?, (?:and |as amended, )?"
    r"(?!\w+ \d)(?=(?:the|this|notice|we|(?-i:[A-Z][\w. ]{1,60}))\b)"
    r"|(?:please take notice|(?:notice|notification) is given)(?:,? (?:pursuant to|in accordance with) .{1,250}?,)?"
    r"(?: that)?,? )+",
    re.IGNORECASE,
)
# Asides: acronyms, who answers for an applicant, and the address of one.
_ASIDE: Final = re.compile(
    r" \([^()]*\)|, (?:P\.? ?O\.? Box )?\d[^;()]{5,90}?\b\d{5}(?:-\d{4})?\b,?|(?<=[\w)]),(?= has applied)"
    r"| in due form| (?:hereby|also|now|today|jointly|therefore|again)(?= )"
    # Where the details are; sales "below normal value" are what it is about.
    r"|,?(?: as| that (?:is|are)| according to the details)?(?: in the table| (?:set (?:out|forth)|shown|(?:abstract"
    r"|describ|detail|discuss|explain|identifi|indicat|list|not|outlin|provid|specifi|stat|summariz)ed)"
    r"(?: in the \w+)?) below\b",
    re.IGNORECASE,
)
_MEETING_HELD: Final = re.compile(
    r"^(?:An?|The) (?:[\w-]+ ){0,4}meetings? of (the .{5,200}?) will be (?:held|conducted)\b"
)
# It names nothing, or says how to answer.
_POINTS_ON: Final = re.compile(
    r"\b(?:following|this program|these|those|such|that (?:public |proposed )?(?:meeting|rule|notice))\b"
)
_US: Final = re.compile(r"^(?:the )?(?:U\.S\.? |United States )?", re.IGNORECASE)
_OUR: Final = re.compile(
    r"(?:This|These|We|It|The [a-z].*)\b|(?:Commission|Board|Department|Agency|Bureau|Service|Office|Administration"
    r"|Corporation|Corps|Council|Foundation|(?:[A-Z]\w+ )*(?:Secretary|Administrator|Director|Commissioner)\b.*)$"
)
_PUBLIC: Final = r"(?:the (?:general )?public|the \w+ community|(?:interested|all) \w+)"
# What announces an action, as the action itself, each in turn; then the words of laws.
_PLAINLY: Final = {
    re.compile(pattern): plain
    for pattern, plain in {
        r"^(?:publishes|issues|provides) (?:this|a) (?:notice|document|announcement) (?:of|to (?:announce|"
        rf"\w+ {_PUBLIC}(?: of)?)) |^(?:gives|provides) (?:the )?(?:public )?(?:with )?notice,?(?: of)? "
        rf"|^(?:notifies|informs|advises|is (?:informing|advising)) {_PUBLIC}(?: of)? ": "announces ",
        r"^announces (?:its|the|an?|our|their) (?:intent|intention|plans?) (?:to|of) ": "plans to ",
        r"^announces (?:its|the|our) (?:final )?decision to ": "decides to ",
        # Of a document; funds and licenses are announced.
        r"^announces (?:the )?(?:public )?availability (?:of|for public comment of) (?=(?:[\w,-]+ ){0,7}(?:guidances?"
        r"|reports?|assessments?|statements?|plans?|lists?|records?|drafts?|documents?|stud(?:y|ies)|guides?|profiles?"
        r"|polic(?:y|ies)|evaluations?)\b)": "publishes ",
        r"^(?:seeks|requests|invites|solicits) (?:(?:public|written|your|electronic|further) )*comments?(?: and \w+)?"
        r"(?: from [^,]{3,60}?)?,? (?=(?:on|about|regarding|concerning|whether) )": "asks for comment ",
        rf"^invites {_PUBLIC} (?:and [\w ]{{3,40}} )?to (?:take this opportunity to )?comment ": "asks for comment ",
        r"^announces (?!that |.{0,40}(?:cancel|postpone|change|clos|reschedul\w+ \w+ dates))(?=(?:an? |the |its )?"
        r"(?:\w+ ){0,4}(?:meeting|hearing|workshop|webinar|listening session|roundtable)s?\b)": "will hold ",
        r"^(issues|publishes) this ": r"\1 the ",
        r"^issues a notice inviting applications ": "invites applications ",
        r"\b[Aa]irworthiness [Dd]irective": "safety order",
        r"\bState [Ii]mplementation [Pp]lan": "state air quality plan",
        r",? (?:en)?titled,? (?=[\"“])": ", ",
    }.items()
}
# Where a title or a sentence that is too long can end, and where a sentence can.
_TAIL: Final = re.compile(
    r";(?! .*\b(?:notice|order)\b)|—|,?(?: that (?:is|are|was|were))? (?:authorized|pursuant to|in accordance with"
    r"|consistent with|which|because|as (?:required by|amended)|including|in order to|in response to|in support of"
    r"|in connection with|to ensure|due to|based on|on behalf of)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    rf"{_TAIL.pattern}|,? (?:by (?:\w+ly )?\w+ing|where|while|so that|that would)\b"
    r"| (?<!, )(?<!as )(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!being )\w+ed (?:by|from|in|at)\b",
    re.IGNORECASE,
)
# What a sentence that is too long can spare: the law that allows it, and who sent what when.
_SPARE: Final = re.compile(
    r",? (?:under|pursuant to|in accordance with|as required by) the (?:[A-Z][\w-]+ (?:and |of |for |the )?){1,8}"
    r"Act(?: of \d{4})?(?:, as amended)?,?(?= )|, (?:in \w+ with|submitted by|as amended)\b[^,;]{0,90}(?:, 20\d\d)?,"
    r"|,? (?:on|dated) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}, 20\d\d,?(?= \w)"
)
# What a part that is left out may not have, or the rest may say more than the whole.
_LIMITS: Final = re.compile(r"\b(?:except|unless|but|not|no|only|however|without|if|other than)\b", re.IGNORECASE)
# How no sentence ends: "determines that imports of wire are not".
_UNFINISHED: Final = re.compile(r"\b(?:(?<!of )that(?: \w+){0,3}|not|by|to|is|are|which|and|or|of|the|an?|\w+arily)$")
# A proposed rule proposes; its summary may go on to say what the rule would do.
_PROPOSES: Final = re.compile(
    r"\b(?:propos|announce|consider|extend|reopen|withdraw|delay|receive|petition|request|will )"
)


def agency_called(entry: Entry) -> str:
    """The name of the agency in a headline; "" if the source gives none."""
    return _short(entry.agency) if entry.agency else ""


def by_agency(entry: Entry, does: str) -> str:
    """What is done, after the agency that does it; unchanged if it has a subject."""
    if not does[:1].islower():
        return does
    return f"{agency_called(entry)} {does}" if entry.agency else f"{does[:1].upper()}{does[1:]}"


def act(entry: Entry, most: int) -> str:
    """What the document does, in `most` characters if the sentence can be cut; "" if it says nothing of it."""
    plain = _ASIDE.sub("", _ASIDE.sub("", (entry.summary or "")[:_MAX_READ]))
    clause = " ".join(_PREAMBLE.sub("", wording.first_sentence(plain, _MAX_READ)).rstrip(".").split())
    match = _ACTION.match(_MEETING_HELD.sub(r"\1 will meet", f"{clause[:1].upper()}{clause[1:]}"))
    subject, own = _subject(entry, match["subject"]) if match else ("", False)
    if match is None or not subject or (not own and match["verb"] == "provides"):  # as a committee advises
        return ""
    text = _sentence(entry, match)
    text = shortened(text if len(text) <= most else _SPARE.sub("", text), most, _CLAUSE)
    proposes = (
        _PROPOSES.search(text) if entry.type == "Proposed Rule" else entry.type != "Rule" or " proposes " not in text
    )
    return text if proposes and not _POINTS_ON.search(text) else ""


def shortened(text: str, most: int, tail: re.Pattern[str] = _TAIL) -> str:
    """The text, or its longest first part of `most` characters that can stand alone; the whole if there is none."""
    ends = [end.start() for end in tail.finditer(text, most // 4)] if len(text) > most else []
    parts = (text[:end] for end in reversed(ends) if end <= most and not _LIMITS.search(text, end))
    parts = (part for part in parts if not _UNFINISHED.search(part))
    return next((part for part in parts if part.count('"') % 2 == 0 and part.count("“") == part.count("”")), text)


def _sentence(entry: Entry, match: re.Match[str]) -> str:
    subject, own = _subject(entry, match["subject"])
    rest = match.string[match.end() :]
    verb = match["verb"] or match["other"] or match["past"]
    # Not "is approving a plan and incorporating it".
    if match["verb"] and not (verb.endswith("ing") and re.search(r"^[^,;]{0,90},? and (?:\w+ly )?[a-z]+ing\b", rest)):
        verb = _PRESENT[verb] if not own and verb in (*_VERBS, f"are {verb[4:]}") else _third(_PRESENT[verb])
    elif own:
        verb = re.sub("^are ", "is ", re.sub("^have ", "has ", verb))
    text = f"{verb}{rest}"
    for pattern, plain in _PLAINLY.items():
        text = pattern.sub(plain, text)
    if text.startswith("announces that"):
        news = _PREAMBLE.sub("", text.removeprefix("announces that").strip(" ,"))
        if inner := _ACTION.match(f"{news[:1].upper()}{news[1:]}"):
            return _sentence(entry, inner)
        text = f"announces that {news}"
    return f"{subject} {match['how']}{text}"


def _subject(entry: Entry, named: str) -> tuple[str, bool]:
    """The subject by its short name, and whether it is one agency of the document."""
    bare = _US.sub("", named)
    first, _, office = bare.partition(", ")
    for agency in entry.agencies or ():
        if agency_key(first) == agency_key(_US.sub("", agency.name)) or bare == _acronyms().get(agency.slug or "", ""):
            return agency_called(entry) if office else _short(agency), True
    if _OUR.match(bare):
        return agency_called(entry), True
    return office.rpartition(", ")[2] if office and first.startswith("Department of ") else bare, False


def _short(agency: Agency) -> str:
    short = "" if len(agency.name) <= _LONG_NAME else _acronyms().get(agency.slug or "", "")
    return short or agency.name


@cache
def _acronyms() -> dict[str, str]:
    listed = (agency for agency in agencies().values() if "short" in agency)
    return {slug: agency["short"] for agency in listed for slug in agency.get("register", ())}
