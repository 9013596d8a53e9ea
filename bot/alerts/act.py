"""What a document does, in one plain sentence: the first of its summary. Pure.

A summary in the Federal Register begins with the action (Document Drafting Handbook, section 2.5): "This document
proposes to …", "EPA is amending …", "We, the Fish and Wildlife Service, announce …".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from bot.shared import wording
from bot.shared.agencies import agencies, called
from bot.shared.entry import Agency, Entry
from bot.shared.yaml_text import shipped_yaml
from bot.watch.lexicon import agency_key, singular, spelled_out

_MAX_READ: Final = 900  # characters of a summary: what it does comes first
_REVIEWERS: Final = ("OMB", "OIRA")  # of the forms of all agencies
_MOST_NAMED: Final = 3  # of the agencies that publish a document with another one
MOST_WORDS: Final = 20  # of a headline
_LEAST_WORDS: Final = 7  # of one that is cut
_ROOM: Final = 60  # characters that acronyms may take beyond a limit, once spelled out
_LONG_NAME: Final = 28  # characters; an agency with a longer name is called by its acronym
# What a newcomer extends: the words of documents, and ours.
WORDS: Final[Mapping[str, Any]] = shipped_yaml("bot.alerts", "headlines")
_WELL_KNOWN: Final = frozenset(WORDS["well_known"].split())


def table(name: str, flags: re.RegexFlag = re.NOFLAG) -> Mapping[re.Pattern[str], str]:
    return {re.compile(sign, flags): words for sign, words in WORDS[name].items()}


def any_of(*names: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """One expression of those that headlines.yml lists under these names."""
    return re.compile("|".join(each for name in names for each in WORDS["patterns"][name]), flags)


def _third(verb: str) -> str:
    if verb.endswith("y") and verb != "delay":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith("sh") else f"{verb}s"


def _forms(verb: str) -> tuple[str, ...]:
    doubled = verb[-1] if verb in {"debar", "plan", "set", "submit", "transfer"} else ""
    continuous = f"{verb.removesuffix('e')}{doubled}ing", f"taking final action to {verb}"
    return verb, _third(verb), *(f"{be} {form}" for be in ("is", "are") for form in continuous)


_PRESENT: Final = {form: verb for verb in WORDS["verbs"].split() for form in _forms(verb)}
# What forms have in common is said once: written out, they took 30 ms of each start to compile.
_FORM: Final = (
    rf"(?:are|is) (?:taking final action to (?:{'|'.join(WORDS['verbs'].split())})"
    rf"|(?:{'|'.join(form[3:] for form in _PRESENT if form.startswith('is ') and form.count(' ') == 1)}))"
    rf"|{'|'.join(form for form in _PRESENT if ' ' not in form)}"
)
_NAME: Final = (
    r"(?:[Tt]he )?(?!(?:An?|In|Since|The|To) )[A-Z][\w'’.&/-]+"
    r"(?:,? (?:of|and|at|for|the|on|to|in|&|[A-Z\d][\w'’.&/-]*)){0,30}"
)
_ACTION: Final = re.compile(
    r"(?P<subject>(?:The (?:proposed |final |interim )*(?:rule|notice of proposed rulemaking)"
    rf"|(?:This|These)(?: (?!is|are|was|to|that|which)[\w/-]+){{1,6}}?|We(?:, {_NAME})?|{_NAME}))"
    r"(?:, [^;]{1,250}?,|,)? "
    r"(?P<how>(?:preliminarily |tentatively |conditionally |temporarily |indefinitely |partially |permanently )?)"
    rf"(?:(?P<verb>{_FORM})"
    r"|(?P<other>(?:is|are) (?!being)\w+ing|will (?:not )?(?:hold|meet|\w{4,}))"
    r"|(?P<past>(?:has|have) (?:been )?(?!been|before)\w{4,}"
    r"|(?<=[a-z.] )(?:applied|filed|issued(?= an? (?:exemption|licen[cs]e|permit|waiver)\b)"
    r"|petitioned|requested|submitted)))(?=[ ,])"
)
# What a sentence says before it comes to the point.
_PREAMBLE: Final = re.compile(
    r"^(?:(?:please take notice|this notice is to (?:inform|advise|notify) the public(?:, .{1,250}?,)?"
    r"|(?:.{1,500}?,[\"”]? )?(?:notice|notification) is given)"
    r"(?:,? (?:pursuant to|in accordance with) .{1,250}?,)?(?: that)?,? "
    r"|for (?:each|every) [^,]{3,40}, (?=the )"
    r"|(?:(?:in (?:accordance|compliance|conformance|response)|consistent|pursuant|based|as|under|upon|on|by|with)\b"
    r"|(?:in|through) this\b).{1,300}?, (?:and |as amended, )?"
    r"(?!\w+ \d)(?=(?:the|this|notice|we|(?-i:[A-Z][\w. ]{1,60}))\b)(?![^,]{,80}(?:, and [^,]{,40})? Act\b[^,]*,))+",
    re.IGNORECASE,
)
_IN_PARENTHESES: Final = re.compile(r",? \([^()]*\)(?=,)| \([^()]*\)")
_ASIDE: Final = any_of("aside", flags=re.IGNORECASE)
_SENTENCES: Final = table("sentences")
_PLAINLY: Final = table("plainly")
_REQUEST: Final = re.compile(
    r"^has received an? (?:request|application|petition) from"
    r" ((?:the )?[A-Z](?:(?! \w+ing | for (?:\w+ ){1,3}permits )[^;]){3,90}?),? (?=to |for (?:an? |the |auth))"
)
_HOW: Final = re.compile(r"\b((?:is|are) )([a-z]+ly )(?=[a-z]+ing )")
_LAW: Final = re.compile(r"\b(?:Acts?|Code|Amendments?|[Rr]ule)(?: of \d{4})?$|^Section ")
_APPLIES: Final = re.compile(r"\b(?:applied|petitioned|requested)$")
_AND_ING: Final = re.compile(r"((?:(?! by )(?:,? “[^”]{0,90}”|[^,;“])){0,90},? and (?:\w+ly )?)([a-z]+ing)\b(?! of)")
_ANSWERS: Final = table("answers", re.IGNORECASE)
_PROMPT: Final = re.compile(r"\b(?:AD|action|rule) (?:was|is) prompted by ([^.;]{9,160})\.")
_FIRST: Final = 3  # sentences of a summary, which may begin with the law or with what was before
# A later sentence that says what the document does.
_OWN: Final = re.compile(
    rf"(?:This (?:\w+ ){{0,3}}(?:notice|rule|document|action|order)|We|The [A-Z]\w+(?: [A-Z]\w+){{0,3}}|[A-Z]{{3,6}})"
    rf" (?:{_FORM}) "
)
_POINTS_ON: Final = any_of("points_on")
_ACRONYM: Final = re.compile(r" [A-Z]{3}")
_OFFICE: Final = re.compile(r"['’]s? Office ")  # "NMFS' Office of Protected Resources"
_INITIAL: Final = re.compile(r"\b(?!And\b|For\b|Of\b|On\b|The\b)[A-Z]")
_US: Final = re.compile(r"^(?:the )?(?:U\.S\.? |United States )?", re.IGNORECASE)
_OUR: Final = re.compile(
    r"(?:This|These|We|It|The [a-z].*)\b|(?:Commission|Board|Department|Agency|Bureau|Service|Office|Administration"
    r"|Corporation|Corps|Council|Foundation|(?:[A-Z]\w+ )*(?:Secretary|Administrator|Director|Commissioner)\b.*)$"
)
_TAIL: Final = any_of("tail", flags=re.IGNORECASE)
CLAUSE: Final = any_of("tail", "clause", flags=re.IGNORECASE)
_SPARE: Final = any_of("spare")
_PHRASE: Final = re.compile(
    r",? (?:about|at|between|concerning|during|for|from|in|near|on|over|regarding|that|to|under|which|with"
    r"|and (?:are|has|have|is|will))(?= )"
)
_ASIDE_AFTER: Final = re.compile(r",(?= (?:an?|as|by|for|in|the|with)\b)")
_COMMA: Final = re.compile(r",(?= )")
# Words with capitals, one after another; a preposition or a verb of a title begins the next run.
_ENDS_NAME: Final = rf"(?:{'|'.join(WORDS['of_names'].split())})"
_RUN: Final = re.compile(
    rf"(?!(?:Jr|Sr|Inc)\b)\b(?>(?:{_ENDS_NAME} (?:for|of|on)(?: the)? (?=[A-Z]))?[a-z]?[A-Z][\w'’/-]*"
    rf"(?: {_ENDS_NAME} (?:for|of|on)(?: the)?(?= [A-Z])"
    rf"|(?: and(?! (?i:[a-z]+ing|{'|'.join(WORDS['verbs'].split())})\b))?"
    r" (?!(?:By|From|Its|That|Their|To|Under|With)\b)(?:[A-Z][\w'’/-]*|\d[\w.()-]*))*)"
    r"(?!,? (?:L\.?L\.?C|L\.?P|Inc|Ltd|Corp|N\.A)\b)(?![\w'’/-])"
)
_QUOTATION: Final = re.compile(r"[“\"][^”\"]*[”\"]")
_NAMED: Final = re.compile(
    r"(?<=[a-z,:] )[A-Z][\w'’-]*(?:,?(?: (?:and|for|in|of|on|the|to)){0,2} (?:[A-Z][\w'’-]*|\d{4}\b))+"
)
_ORDINARY: Final = re.compile(r"\w{3}(?:tion|ment|ness|ous|ity|ism|ive|able|ical|ency|ance)s?$")
_MIXED: Final = re.compile("[a-z][A-Z]")
_NAME_IN: Final = re.compile(
    rf" (?:{_ENDS_NAME}(?: o[fn] | for |$)|(?:Administration|Board|Bureau|Commission|Committee|Council|Department)\b)"
)
_TITLE_CASE: Final = re.compile(r"\b(?:[A-Z][a-z]{2,}|A[nst]|A(?= )|B[ey]|I[fnst]|No|O[fnr]|To)\b")
_BEFORE_NAME: Final = re.compile(
    rf"(?i:an?|by|from|its|that|the|their|to|under|with|{'|'.join(WORDS['verbs'].split())})"
)
_DANGLES: Final = re.compile(rf"\b(?:{'|'.join(WORDS['patterns']['dangles'])})$")
# An Act's name after its first word: "the Access to Formula Act" is cut nowhere, and keeps its capitals.
_REST_OF_ACT: Final = r"(?:,? (?:and|for|in|of|on|to|[A-Z][\w'’-]*)){1,9}?(?<! To) Act\b"
_AN_ACT: Final = re.compile(rf"(?<=\bthe )[A-Z][\w'’-]*{_REST_OF_ACT}")
_WITHIN_ACT: Final = re.compile(rf"(?= (?:and|for|in|of|on|to)\b){_REST_OF_ACT}")
# What the next part of what is left out may not have, or the rest may say more than the whole.
_NEAR: Final = 150  # characters
_LIMITS: Final = re.compile(r"\b(?:except|unless|but|not|no|only|however|without|if|other than|until)\b", re.IGNORECASE)
# A proposed rule proposes; its summary may go on to say what the rule would do.
_PROPOSES: Final = re.compile(
    r"\b(?:propos|announce|asks (?:to |for (?!comment))|consider|plans to|extend|reopen|withdraw|delay|receive|petition"
    r"|request|will |would grant )"
)


def agency_called(entry: Entry) -> str:
    """The name of the agency in a headline; "" if the source gives none."""
    return _short(entry.agency) if entry.agency else ""


def named_in_full(entry: Entry, text: str) -> str:
    """A headline with its agency's name instead of an acronym that few know, if there is room."""
    short, name = agency_called(entry), _names().get(entry.agency.slug or "", ("", ""))[1] if entry.agency else ""
    full = f"{name}{text[len(short) :]}"
    unknown = short.isupper() and name and text.startswith(f"{short} ") and short not in _WELL_KNOWN
    return full if unknown and len(full.split()) <= MOST_WORDS else text


def author_of(entry: Entry) -> str:
    """Who publishes a document: its agencies, or where the source gives none, the one that its summary or title names.

    Several do so together: "Defense Department, with GSA and NASA,".
    """
    parents = {each.parent for each in entry.agencies or ()}
    listed = [each for each in entry.agencies or () if each.slug and each.slug not in parents]
    if [each.name.endswith(" Department") for each in listed] == [True, False]:
        # One is a part of the other that the bot does not know. Its secretary's office is the department itself.
        return _short(listed["Secretary" not in listed[1].name])
    others = [_short(each) for each in listed if each != entry.agency]
    with_others = f", with {wording.listed(others, _MOST_NAMED)}," if others else ""
    return f"{agency_called(entry)}{with_others}" or _author(entry.summary or "", entry.title)


def by_agency(entry: Entry, does: str) -> str:
    """What is done, after who does it."""
    if not does[:1].islower() or does in entry.title:  # "iDirect Fund"
        return does
    author = author_of(entry)
    return f"{author} {does}" if author else f"{does[:1].upper()}{does[1:]}"


def _author(summary: str, title: str = "") -> str:
    """The subject of a summary, or the first agency that does something in it or has what the title names."""
    plain = _PREAMBLE.sub("", _IN_PARENTHESES.sub("", summary[:_MAX_READ]))
    named = _ACTION.match(f"{plain[:1].upper()}{plain[1:]}")
    name = _US.sub("", named["subject"]).split(", ")[0] if named else ""
    if name and not (_OUR.match(name) or _is_law(summary, name)):
        return name
    acting = _acting().search(f"{title[:_MAX_READ]}. {plain}")
    return agency_names()[acting[acting.lastindex or 0]] if acting else ""


@cache
def agency_names() -> Mapping[str, str]:
    """What a headline calls each agency that the bot knows, by its names and those of its secretary."""
    names: dict[str, str] = {}
    for each in agencies().values():
        name, short = each["name"], each.get("short", "")
        of = name.removeprefix("Department of ") if name.startswith("Department of ") else ""
        heads = (f"Secretary of {of}", f"{of} Secretary", f"{short or of} Secretary") if of else ()
        own = (name, *filter(None, [short]), *each.get("also", ()), *heads)
        names |= dict.fromkeys(own, short if len(name) > _LONG_NAME and short else name)
    return names


@cache
def _acting() -> re.Pattern[str]:
    """What finds an agency that does, has or issued something."""
    names = sorted((name for name, called in agency_names().items() if called not in _REVIEWERS), key=len, reverse=True)
    one = f"(?:{'|'.join(map(re.escape, names))})"
    acts = "|".join(map(_third, WORDS["verbs"].split()))
    does = rf"(?:(?:is|are|has|have|will)(?! be(?:en|ing)?\b)|{WORDS['does']}|{acts})"
    begins = r"(?:^|[.] |(?<!and )(?<!by )(?<!for )(?<!from )(?<!to )(?<!with )\b[Tt]he )(?:U\.S\. |United States )?"
    ends = rf"(?=,? {does}\b|, [^.;]{{1,250}}, {does}\b)"
    return re.compile(rf"{begins}({one}){ends}|^({one})['’]s? (?!office)|\b(?:adopted|issued) by (?:the )?({one})\b")


def _is_law(summary: str, name: str) -> bool:
    """Whether the name, or what it is short for in the summary, is a law or a rule, which acts only in general."""
    return bool(_LAW.search(spelled_out(summary[:_MAX_READ]).get(name, name)))


def act(entry: Entry, most: int) -> str:
    """What the document does, in `most` characters if the sentence can be cut; "" if it says nothing of it."""
    plain = _IN_PARENTHESES.sub("", _IN_PARENTHESES.sub("", (entry.summary or "")[:_MAX_READ]))
    first, *later = wording.sentences(" ".join(plain.split()))[:_FIRST]
    author = agency_called(entry)
    whole = later[:-1] if len(plain) >= _MAX_READ - 1 else later
    own = (
        sentence
        for sentence in whole
        if (sentence.endswith(".") or len(sentence) > most)  # the last may be cut
        and (author or sentence.startswith(("This", "We")) or called(sentence.removeprefix("The ").partition(" ")[0]))
        and _OWN.match(sentence)
    )
    acts = (text for sentence in own if (text := _act_in(entry, sentence, most)).startswith(author))
    does = _act_in(entry, first, most) or next(filter(None, acts), "")
    prompt = _PROMPT.search(plain)
    prompted = f"{does}, after {prompt[1]}" if does and prompt else does
    return prompted if len(prompted.split()) <= MOST_WORDS else does


def _act_in(entry: Entry, sentence: str, most: int) -> str:
    clause = " ".join(_PREAMBLE.sub("", _ASIDE.sub("", sentence).rstrip(".")).split())
    clause = _HOW.sub(r"\2\1", f"{clause[:1].upper()}{clause[1:]}")
    for pattern, active in _SENTENCES.items():
        clause = pattern.sub(active, clause)
    match = _ACTION.match(clause)
    text = _sentence(entry, match) if match else ""
    text = bounded(text)
    text = _in_full(text, f"{entry.title}; {entry.action}; {entry.summary}", most + _ROOM)
    fits = {"Proposed Rule": bool(_PROPOSES.search(text)), "Rule": " proposes " not in text}.get(entry.type or "", True)
    fits &= len(text) > most or text.count("(") <= text.count(")")
    return text if fits and not _POINTS_ON.search(text) else ""


def _in_full(text: str, document: str, most: int) -> str:
    """The text with the acronyms that only the rest of its document explains, spelled out if there is room."""
    explained = spelled_out(document[: 2 * _MAX_READ]) if _ACRONYM.search(text) else {}
    for acronym, name in explained.items():
        if not called(acronym) and name.casefold() not in text.casefold():
            words = name if name[1:] != name[1:].casefold() else name.casefold()
            alone = rf"(?<=[a-z\d] ){acronym}(s?)\b(?! [A-Z])"  # not in "Example LNG Terminal"
            full = re.sub(alone, words.replace("\\", r"\\") + ("" if words.endswith("s") else r"\1"), text)
            text = full if len(full) <= most else text
    return text


def shortened(text: str, most: int, tail: re.Pattern[str] = _TAIL) -> str:
    """The text, or its longest part of `most` characters that can stand alone, or its shortest that can."""
    ends = [end.start() for end in tail.finditer(text, most // 4)] if len(text) > most else []
    ends = [end for end in reversed(ends) if end <= most] + [end for end in ends if end > most]
    parts = (text[:end] for end in ends if not (_LIMITS.search(text, end, end + _NEAR) or _is_within_act(text, end)))
    whole = (part for part in parts if part.count('"') % 2 == 0 and part.count("“") == part.count("”"))
    return next((part for part in whole if not _DANGLES.search(part)), text)


def _is_within_act(text: str, end: int) -> bool:
    """Whether a cut there parts an Act's name: "the Access | to Baby Formula Act"."""
    return bool(_WITHIN_ACT.match(text, end)) and text[text.rfind(" ", 0, end) + 1].isupper()


def bounded(text: str) -> str:
    """The text, or its longest part of `MOST_WORDS` that can stand alone; the text if it has none."""
    if len(text.split()) <= MOST_WORDS:
        return text
    parts = [text, _SPARE.sub("", text)]
    if len(parts[1].split()) <= MOST_WORDS:
        return parts[1]
    fitting: list[str] = []
    for tail in (CLAUSE, _PHRASE, _ASIDE_AFTER, _COMMA):
        if tail in (CLAUSE, _PHRASE) or not fitting:
            cuts = [shortened(each, len(" ".join(each.split()[:MOST_WORDS])), tail) for each in parts]
            fitting += [part for part in cuts if _LEAST_WORDS <= len(part.split()) <= MOST_WORDS]
    return max(fitting, key=len, default=text)


@lru_cache(1_000)  # pages show the same titles again
def small(title: str, summary: str = "") -> str:
    """A title as a sentence has it: only names keep their capitals, such as an Act's and those that its summary has."""
    phrases = _NAMED.findall(_QUOTATION.sub("", summary[:_MAX_READ]))
    names = {name for each in phrases for name in (each, *each.split(", ")) if " " in name} | {*_AN_ACT.findall(title)}
    spans = (span.span() for name in names for span in re.finditer(re.escape(name), title))
    in_a_name = {at for span in spans for at in range(*span)}
    return _RUN.sub(lambda run: run[0] if run.start() in in_a_name else _uncapital(run), title)


def _uncapital(run: re.Match[str]) -> str:
    """Words with capitals as a sentence has them; of a run with a name, only the verbs before the name change."""
    words = run[0].split(" ")
    if not all(map(_is_ordinary, words)) or _NAME_IN.search(run[0]):
        named = (at for at, word in enumerate(words) if not (_BEFORE_NAME.fullmatch(word) or _is_gerund(word)))
        first = next(named, len(words))
        return " ".join((*map(str.lower, words[:first]), *words[first:]))
    return _TITLE_CASE.sub(lambda word: word[0].lower(), run[0])


def _is_gerund(word: str) -> bool:
    """Whether it is a verb in -ing, as Restoring is and Wyoming is not."""
    stem = word.lower().removesuffix("ing")
    return word.endswith("ing") and not {f"{stem}ing", stem, f"{stem}e"}.isdisjoint(_small_words())


def _is_ordinary(word: str) -> bool:
    parts = (part.lower() for part in _TITLE_CASE.findall(word))
    return not _MIXED.search(word) and all(
        len(part) < 3 or _ORDINARY.search(part) or not {part, singular(part)}.isdisjoint(_small_words())
        for part in parts
    )


@cache
def _small_words() -> frozenset[str]:
    """Words that summaries write without a capital; `bin/small_words.py` makes the list."""
    return frozenset(files("bot.alerts").joinpath("small_words.txt").read_text(encoding="utf-8").split())


def opening(text: str, most: int) -> str:
    """The longest first part of a sentence, in `most` characters, that ends with a phrase; "" if there is none."""
    part = shortened(text if len(text) <= most else _SPARE.sub("", text), most, _PHRASE)
    return part if len(part) <= most else ""


def _sentence(entry: Entry, match: re.Match[str]) -> str:
    applies = _APPLIES.search(match["past"] or "") and not _OUR.match(match["subject"])
    subject, own = (_US.sub("", match["subject"]), False) if applies else _subject(entry, match["subject"])
    rest = match.string[match.end() :]
    by_document = match["subject"].startswith("This") or " notice" in rest[:16]
    advises = match["verb"] in ("advises", "provides") and not by_document
    # It, or a law, does so in general.
    if advises or _is_law(entry.summary or "", subject) or not (subject or match["verb"]):
        return ""
    verb = match["verb"] or match["other"] or match["past"]
    if verb.endswith("ing") and own and (second := _AND_ING.match(rest)) and (also := _PRESENT.get(f"is {second[2]}")):
        rest = f"{second[1]}{_third(also)}{rest[second.end() :]}"
    # Not "is approving a plan and incorporating it".
    if match["verb"] and not (verb.endswith("ing") and re.match(rf"(?:, \w+ing)*{_AND_ING.pattern}", rest)):
        several = not own and (verb == _PRESENT[verb] or verb.startswith("are "))
        verb = _PRESENT[verb] if several else _third(_PRESENT[verb])
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
            return f"{asks[1].removeprefix('the ')} asks {request}"
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
    if _OUR.match(bare):
        return author_of(entry), True
    return next((short for short, _, *parts in _names().values() if bare in parts), bare), False


def _short(agency: Agency) -> str:
    short, name = _names().get(agency.slug or "", ("", ""))[:2]
    name = name if name.startswith("Office ") else agency.name  # the Register has "Justice Programs Office"
    small = re.sub(r" (?:And|For|Of|On|Or|The)\b", lambda word: word[0].casefold(), name)
    return short if short and len(name) > _LONG_NAME else small


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """By the slug of an agency its acronym, its name, and the names of its parts."""
    listed = ((slug, each) for each in agencies().values() if "short" in each for slug in each.get("register", ()))
    return {slug: (each["short"], each["name"], *each.get("also", ())) for slug, each in listed}
