"""What a document does, in one plain sentence: the first of its summary. Pure.

A summary in the Federal Register begins with the action (Document Drafting Handbook, section 2.5): "This document
proposes to …", "EPA is amending …", "We, the Fish and Wildlife Service, announce …".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bot.shared import wording
from bot.shared.agencies import agencies, called
from bot.shared.entry import Agency, Entry
from bot.watch.lexicon import agency_key, spelled_out

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
    r"|(?P<past>(?:has|have) (?:been )?(?!been|before)\w{4,}"
    r"|(?<=[a-z.] )(?:applied|filed|petitioned|requested|submitted)))(?=[ ,])"
)
# What a sentence says before it comes to the point.
_PREAMBLE: Final = re.compile(
    r"^(?:(?:please take notice|(?:.{1,500}?,[\"”]? )?(?:notice|notification) is given)"
    r"(?:,? (?:pursuant to|in accordance with) .{1,250}?,)?(?: that)?,? "
    r"|(?:(?:in (?:accordance|compliance|conformance|response)|consistent|pursuant|based|as|under|on|by|with)\b"
    r"|(?:in|through) this\b).{1,300}?, (?:and |as amended, )?"
    r"(?!\w+ \d)(?=(?:the|this|notice|we|(?-i:[A-Z][\w. ]{1,60}))\b))+",
    re.IGNORECASE,
)
_IN_PARENTHESES: Final = re.compile(r" \([^()]*\)")
# Asides: the address of an applicant, what the law says of a section, where a document says more.
_ASIDE: Final = re.compile(
    r"</?[A-Z]+>|, (?:P\.? ?O\.? Box )?\d[^;()]{5,90}?\b\d{5}(?:-\d{4})?\b,?|(?<=[\w)]),(?= has applied)"
    r"| in due form| (?:hereby|also|now|today|jointly|therefore|again)(?= )"
    # Where the details are; sales "below normal value" are what it is about.
    r"|,?(?: as| that (?:is|are)| according to the details)?(?: in the table| (?:set (?:out|forth)|shown|(?:abstract"
    r"|describ|detail|discuss|explain|identifi|indicat|list|not|outlin|provid|specifi|stat|summariz)ed)"
    r"(?: in the \w+)?) below\b"
    r"| and is publishing this notice of that determination as required by law| in this notice(?=\.?$)",
    re.IGNORECASE,
)
# What a document says of itself, with a verb.
_SELF: Final = {
    re.compile(r"^[Cc]omments are (?:requested|invited|solicited) (?=on |about )"): "This asks for comment ",
    re.compile(r"^This (?:notice )?is an amendment of "): "This amends ",
    re.compile(r"^(?:This is a [Nn]otice of |Of (?!.{0,60}\bmeeting)(?=an? |the ))"): "This announces ",
    re.compile(r"^(?:An?|The) (?:[\w-]+ ){0,4}meetings? of (the .{5,200}?) will be held\b"): r"\1 will meet",
    re.compile(r"^A(n? [\w -]{3,60}?) has been issued (?=to )"): r"This agency has issued a\1 ",
}
_REQUEST: Final = re.compile(
    r"^has received an? (?:request|application|petition) from (?:the )?([A-Z](?:(?! \w+ing )[^;]){3,90}?),?"
    r" (?=to |for (?:an? |the |auth))"
)
# What became of a request, by the ACTION line.
_ANSWERS: Final = {
    re.compile(r"\bpropos", re.IGNORECASE): "would grant",
    re.compile(r"\b(?:issuance|issued|granted)\b", re.IGNORECASE): "grants",
}
# It names nothing, says why instead of what, or how to answer.
_POINTS_ON: Final = re.compile(
    r"^To\b|\b(?:following|herein|this program|these|those|such|that (?:public |proposed )?(?:meeting|rule|notice))\b"
)
_ACRONYM: Final = re.compile(r" [A-Z]{3}")
_OFFICE: Final = re.compile(r"['’]s? Office ")  # "NMFS' Office of Protected Resources"
_INITIAL: Final = re.compile(r"\b(?!And\b|For\b|Of\b|On\b|The\b)[A-Z]")
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
        r"^(?:publishes|issues|provides) (?:(?:this|an?|public) )+(?:notice|document|announcement)(?: of intent)?"
        rf" (?:of|to (?:announce|\w+ {_PUBLIC}(?: of)?)) |^(?:gives|provides) (?:the )?(?:public )?(?:with )?notice,?"
        rf"(?: of)? |^(?:notifies|informs|advises|is (?:informing|advising)) {_PUBLIC}(?: of)? ": "announces ",
        r"^announces (?:its|the|an?|our|their) (?:intent|intention|plans?) (?:to|of) ": "plans to ",
        r"^announces (?:its|the|our) (?:final )?decision to ": "decides to ",
        r"^(?:acknowledges|announces) (?:the |our |its )?receipt of ": "has received ",
        # Of a law on graves: an inventory says whose the remains are.
        r"^(has|have) completed an inventory of (.+?) and (?:has |have )?determined that there is a cultural"
        r" affiliation between .+? and (?=Indian Tribes)": r"\1 linked \2 to ",
        # Of a document; funds and licenses are announced.
        r"^announces (?:the )?(?:public )?availability (?:of|for public comment of) (?=(?:[\w,-]+ ){0,7}(?:guidances?"
        r"|reports?|assessments?|statements?|plans?|lists?|records?|drafts?|documents?|stud(?:y|ies)|guides?|profiles?"
        r"|polic(?:y|ies)|evaluations?)\b)": "publishes ",
        r"^(?:seeks|requests|invites|solicits) (?:(?:public|written|your|electronic|further) )*comments?(?: and \w+)?"
        r"(?: from [^,]{3,60}?)?,? (?=(?:on|about|regarding|concerning|whether) )": "asks for comment ",
        r"^announces (?!that |.{0,40}(?:cancel|postpone|change|clos|reschedul\w+ \w+ dates))(?=(?:an? |the |its )?"
        r"(?:\w+ ){0,4}(?:meeting|hearing|workshop|webinar|listening session|roundtable)s?\b)": "will hold ",
        r"^(issues|publishes) this ": r"\1 the ",
        r"^(?:seeks|solicits) nominations ": "asks for nominations ",
        # In the words of laws, to take animals incidental to a work is to harm or disturb them during it; what
        # authorizes it is a permit.
        r"\bto (?:incidentally )?(?:take|harass)(?: by harassment)? (?:small numbers of )?([^,;]{3,90}?)"
        r" (?:incidental to|during) (?:conducting )?": r"to harm or disturb \1 during ",
        r"(?:\bthe )?(?:(?:nonlethal|incidental|unintentional),? )*\btak(?:e|ing) (?:by harassment )?of"
        r"(?: small numbers of)? (?=[^;]{3,90}? (?:incidental to|during|for) )": "harming or disturbing ",
        r"(?<= disturbing )([^;]{3,90}?) incidental to ": r"\1 during ",
        r"\ban (?=incidental harassment auth)": "a ",
        r"\b(?:(?:renewal )?incidental harassment authorization|Letter of Authorization)": "permit",
        r"\b(permits? to .{3,120}?) for authorization (?=to harm )": r"\1 ",
        r"\bfor authorization (?=to harm )": "for a permit ",
        r",?(?: that| which)?(?: was)? (?:published|appeared)(?: by the [A-Z][\w ]{3,60}?)? in the Federal Register"
        r"(?: (?:on|of) [A-Z][a-z]+ \d+, 20\d\d,?)?": "",
        r"\b[Ss]ystem(s?) of [Rr]ecords(?! [Nn]otice)": r"set\1 of records on people",
        r"\b(?:[Cc]omputer[ -])?[Mm]atching [Pp]rogram\b": "program to match records on people",
        r"\b[Aa]irworthiness [Dd]irective": "air safety order",
        r"\b[Ss]tate [Ii]mplementation [Pp]lan": "state air quality plan",
        r",? (?:en)?titled,? (?=[\"“])": ", ",
    }.items()
}
# Where a title or a sentence that is too long can end, and where a sentence can.
_TAIL: Final = re.compile(
    r";(?! .*\b(?:notice|order)\b)|—|,?(?: that (?:is|are|was|were))? (?:authorized|pursuant to|in accordance with"
    r"|consistent with|which|because|as (?:required by|amended)|including|over the course of|for a period of up"
    r"|in order to|in response to|in support of|in connection with|to ensure|due to|based on|on behalf of)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    rf"{_TAIL.pattern}|,? (?:by (?:\w+ly )?\w+ing|where|while|so that|that would|during the period)\b"
    r"| (?<!, )(?<!as )(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!be )(?<!being )\w+ed (?:by|from|in|at)\b",
    re.IGNORECASE,
)
# What a sentence that is too long can spare: the law that allows it, and who sent what when.
_SPARE: Final = re.compile(
    r",? (?:under|pursuant to) (?:sections?|title|\d+ CFR) \d[^,;]{0,50}?(?:\d[\w()-]*|Act|Code)"
    r"(?= (?:that|to|for|which|and) )"
    r"|,? (?:under|pursuant to|in accordance with|as required by) the (?:[A-Z][\w-]+ (?:and |of |for |the )?){1,8}"
    r"Act(?: of \d{4})?(?:, as amended)?,?(?= )"
    r"|, (?:in \w+ with|submitted by|as amended|a subsidiary of)\b[^,;]{0,90}(?:, 20\d\d)?,"
    r"|,? (?:on|dated) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}, 20\d\d,?"
    r"(?= (?!and|through|to|until)\w)"
)
_PHRASE: Final = re.compile(
    r",? (?:about|concerning|for|from|on|regarding|that|to|under|which|with|and (?:are|has|have|is|will))(?= )"
)
# What no part can end with: a word that wants another, a clause without its verb, and a verb that is denied.
_DANGLES: Final = re.compile(
    r"\b(?:all|an?|and|are|as|asks|be|been|being|by|certain|for|from|has|have|how|in|incidental|intends?|is|its|lead|likely"
    r"|not|of|on|or|our|part|purposes?|pursuant|respect|so|subject|the|their|to|to (?:allow )?\w+|up|was|were|with"
    r"|\w+arily|(?<!being )(?<!been )\w+ed|(?:that|which|who) (?:are|has|have|is|was|were|will|would)(?: \w+){0,3}"
    r"|(?:that|which|who|whose|whether)(?: (?!(?:are|be|did|do|does|has|have|is|may|was|were|will|would)\b)\S+){0,30}"
    r"|(?:are|could|did|do|does|has|have|is|should|was|were|will|would) not (?:\w+ ){0,9}\w+)$"
)
# What the next part of what is left out may not have, or the rest may say more than the whole.
_NEAR: Final = 150  # characters
_LIMITS: Final = re.compile(r"\b(?:except|unless|but|not|no|only|however|without|if|other than)\b", re.IGNORECASE)
# A proposed rule proposes; its summary may go on to say what the rule would do.
_PROPOSES: Final = re.compile(
    r"\b(?:propos|announce|asks for (?!comment)|consider|extend|reopen|withdraw|delay|receive|petition|request|will "
    r"|would grant )"
)


def agency_called(entry: Entry) -> str:
    """The name of the agency in a headline; "" if the source gives none."""
    return _short(entry.agency) if entry.agency else ""


def by_agency(entry: Entry, does: str) -> str:
    """What is done, after the agency that does it; unchanged if it has a subject."""
    if not does[:1].islower():
        return does
    return f"{agency_called(entry)} {does}" if entry.agency and not entry.change else f"{does[:1].upper()}{does[1:]}"


def act(entry: Entry, most: int) -> str:
    """What the document does, in `most` characters if the sentence can be cut; "" if it says nothing of it."""
    plain = _IN_PARENTHESES.sub("", _IN_PARENTHESES.sub("", (entry.summary or "")[:_MAX_READ]))
    sentence = _ASIDE.sub("", wording.first_sentence(plain, _MAX_READ)).rstrip(".")
    clause = " ".join(_PREAMBLE.sub("", sentence).split())
    clause = f"{clause[:1].upper()}{clause[1:]}"
    for pattern, active in _SELF.items():
        clause = pattern.sub(active, clause)
    match = _ACTION.match(clause)
    text = _sentence(entry, match) if match else ""
    text = shortened(text if len(text) <= most else _SPARE.sub("", text), most, _CLAUSE)
    text = _in_full(text, entry.summary or "", most)
    proposes = (
        _PROPOSES.search(text) if entry.type == "Proposed Rule" else entry.type != "Rule" or " proposes " not in text
    )
    return text if proposes and not _POINTS_ON.search(text) else ""


def _in_full(text: str, summary: str, most: int) -> str:
    """The text with the acronyms that only the rest of its summary explains, spelled out if there is room."""
    explained = spelled_out(summary[:_MAX_READ]) if _ACRONYM.search(text) else {}
    for acronym, name in explained.items():
        if not called(acronym) and name.casefold() not in text.casefold():
            alone = rf"(?<=[a-z] ){acronym}\b(?! [A-Z])"  # not in "Example LNG Terminal"
            full = re.sub(alone, name.replace("\\", r"\\"), text)
            text = full if len(full) <= most else text
    return text


def shortened(text: str, most: int, tail: re.Pattern[str] = _TAIL) -> str:
    """The text, or its longest first part of `most` characters that can stand alone; the whole if there is none."""
    ends = [end.start() for end in tail.finditer(text, most // 4)] if len(text) > most else []
    parts = (text[:end] for end in reversed(ends) if end <= most and not _LIMITS.search(text, end, end + _NEAR))
    whole = (part for part in parts if part.count('"') % 2 == 0 and part.count("“") == part.count("”"))
    return next((part for part in whole if not _DANGLES.search(part)), text)


def opening(text: str, most: int) -> str:
    """The longest first part of a sentence, in `most` characters, that ends with a phrase; "" if there is none."""
    part = shortened(text if len(text) <= most else _SPARE.sub("", text), most, _PHRASE)
    return part if len(part) <= most else ""


def _sentence(entry: Entry, match: re.Match[str]) -> str:
    subject, own = _subject(entry, match["subject"])
    rest = match.string[match.end() :]
    advises = match["verb"] == "provides" and not (match["subject"].startswith("This") or " notice" in rest[:16])
    if advises or not (subject or match["verb"]):  # what it does in general is no act
        return ""
    verb = match["verb"] or match["other"] or match["past"]
    # Not "is approving a plan and incorporating it".
    if match["verb"] and not (
        verb.endswith("ing") and re.search(r"^(?:, \w+ing)*[^,;]{0,90},? and (?:\w+ly )?[a-z]+ing\b", rest)
    ):
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
    if asks := _REQUEST.match(text):
        answer = next((verb for sign, verb in _ANSWERS.items() if sign.search(entry.action or "", 0, _MAX_READ)), "")
        request = text[asks.end() :]
        if not (answer and subject):
            return f"{asks[1]} asks {request}"
        what = f"a request of {asks[1]} {request}" if request.startswith("to ") else f"{asks[1]} {request[4:]}"
        return f"{subject[:1].upper()}{subject[1:]} {answer} {what}"
    does = f"{subject} {match['how']}{text.replace(' our ', ' its ')}".lstrip()
    return f"{does[:1].upper()}{does[1:]}"


def _subject(entry: Entry, named: str) -> tuple[str, bool]:
    """The subject by its short name, and whether it is one agency of the document."""
    bare = _US.sub("", named)
    names = [bare] if ", and " in bare else [_US.sub("", name) for name in bare.split(", ")]
    for name in reversed(names):  # the most specific last: "Department of Labor, Wage and Hour Division"
        for agency in entry.agencies or ():
            short = (*_names().get(agency.slug or "", ()), "".join(_INITIAL.findall(agency.name)))
            if agency_key(name) == agency_key(_US.sub("", agency.name)) or _OFFICE.split(name)[0] in short:
                return _short(agency), True
        if len(names) > 1 and names[0].startswith("Department of "):
            return ", ".join(names[1:]), False
    return (agency_called(entry), True) if _OUR.match(bare) else (bare, False)


def _short(agency: Agency) -> str:
    short = "" if len(agency.name) <= _LONG_NAME else _names().get(agency.slug or "", ("",))[0]
    return short or re.sub(r" (?:And|For|Of|On|Or|The)\b", lambda word: word[0].casefold(), agency.name)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """By the slug of an agency its acronym, and the names of its parts."""
    listed = (agency for agency in agencies().values() if "short" in agency)
    return {slug: (each["short"], *each.get("also", ())) for each in listed for slug in each.get("register", ())}
