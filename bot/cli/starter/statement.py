"""Read a coalition's statement, and propose its asks, their titles and first watches, for a person to correct."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from bot.config import catalog
from bot.letters.statements.english import IMPERATIVES
from bot.shared import isolation
from bot.shared.bill_number import PartialBillNumber, parse_bill_number
from bot.shared.errors import WrongUse
from bot.shared.plain_text import cut, plain
from bot.shared.wording import sentences
from bot.watch import drafts, lexicon
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, PLAIN, singular

_BILL: Final = re.compile(
    r"\b(?:H\. ?R\.|HR|S\.|[HS]\. ?(?:J\. ?|Con\. ?)?Res\.) ?\d{1,5}\b"
    r"(?:,? (?:of |in |\()?(?:the )?\d{2,3}(?:st|nd|rd|th)(?: Congress\b|\)))?"
)
_ITEM: Final = re.compile(
    r"\s{0,12}(?P<mark>[•●▪◦‣·*\-–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})\)|"
    rf"(?:\d{{1,2}}|(?!{_BILL.pattern})[a-zA-Z])[.)])\s+(?P<text>\S.*)"
)
_ASKING: Final = re.compile(
    r"\b(?:(?:we|coalition|alliance|members|undersigned)(?: \w+){0,3} (?:ask|asks|urge|urges|call on|calls on|call for|"
    r"calls for|request|requests|demand|demands|recommend|recommends|want|wants|propose)(?= \w)|(?:urge|ask|call on) "
    r"you|we\b[^.;:]{3,200}? and (?:ask|urge|call on|request)(?= \w)|"
    r"(?:should|must|ought to|needs? to|has to|have to)(?! not have\b))\b",
    re.IGNORECASE,
)
# What comes before the verb of a request to an office: "Finally, we ask the Department to", "The FAA must also".
_ADDRESSEE: Final = re.compile(
    r"(?:[A-Z][a-z]+, )?(?:[Ww]e\b[^.;:]{0,60}? (?:ask|urge|call on|request)\b[^,;:]{2,120}? to|"
    r"(?:(?:(?:[A-Z][\w’'-]+|\([A-Z]+\)|of|the|for|and|on|&)[ ,]+){2,20}|Congress |[A-Z]{2,8} )"
    r"(?:should|must|ought to|needs? to|ha(?:s|ve) to))(?: (?:also|therefore|now))? (?!not\b)"
)
# "What Congress Must Do": no sentence, and no request.
_TITLE_OF_PART: Final = re.compile(r"(?:[^.:;!?]+: )?(?:how|what|when|where|who|why)\b[^.;!?]*", re.IGNORECASE)
# What should be, in these, is no request.
_REASON: Final = re.compile(r" (?:because|(?:by|for|from|in|on|to|under|with) which) [^,;]*")
_LEADS: Final = re.compile(
    r"(?:(?:That|This|Which) is why|Therefore|Thus|(?:So|Last|Lastly|Finally|First|Second|Third|Next|Also|Above all|"
    r"In addition|For (?:this|that|these|those) reasons?),),? "
)
_HEADING: Final = re.compile(r"(?P<heading>[^\W\d_][^.:;!?]{1,60})(?P<end>[.:]) (?P<rest>\S.*)")
_LONGEST_HEADING: Final = 6  # words
_OFFICE: Final = re.compile(r"(?:[Tt]he )?[A-Z][\w’'-]*(?: (?:of|the|and|for|on|[A-Z][\w’'-]*))*")
_BARE: Final = re.compile(
    r"\b[Tt]he (?P<kind>Agency|Board|Bureau|Commission|Department|Service)\b(?! (?:of|for|on|[A-Z]))"
)
_ENDS_AN_ITEM: Final = re.compile(r"[;,](?: and| or)?$")
_CELLS: Final = re.compile(r" \|(?: |$)")
_ENDS: Final = re.compile(r"(?<![.!?])$")
_INTRODUCES: Final = re.compile(r":\s*$")  # "We ask the Department to:"
_ADDRESSES: Final = re.compile(r"\b(?:asks?|urges?|calls? on|requests?|demands?)\b")
# What leads to the office of a heading: "What We Ask of the Department of Labor", "Recommendations for Congress".
_ASKED_OF: Final = re.compile(
    r"(?:\b(?:ask|call|demand|recommend|recommendation|request|urge)s?\b(?: (?:of|on|for|to)\b)*|^(?:to|for|of)\b) ",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r" and (?:the |Congress)")
_ITS: Final = re.compile(r"^(\w+) its ")  # the office's, which a title may leave out
_ASIDE: Final = re.compile(  # "Publish, by March 1, 2027, each count"
    r"^(\w+), (?:after|before|by|in|no later than|not later than|on|under|within|without) [^,]{1,40}(?:, \d{4})?, "
)
_LONGEST_ASK: Final = 3_000  # characters; what a person asks has a few sentences
_MOST_BECAUSE: Final = 3  # sentences beside an ask that are taken for its reason
_ACT: Final = re.compile(
    rf"\b[Tt]he ((?:[A-Z][\w’'-]*,? (?:(?:of|the|and|for|from|to|through|in|on|or|by|with|a|an) ){{0,3}}){{1,12}}Act)"
    rf" \(({_BILL.pattern})"
)
_TITLE: Final = 90  # characters
_LONGEST_WHOLE: Final = 110  # characters of a sentence that is not cut
_TITLE_WORDS: Final = 14
_SHORTEST_TITLE: Final = 5  # words
# Where a sentence can be cut and still read whole: at a clause, or else at an addition.
_CLAUSE: Final = re.compile(
    r", and (?=[A-Z][^,;:]{1,60}? (?:should|must|ought to|needs? to|ha(?:s|ve) to) )|,? (?:so that|so|because|which|"
    r"since|while|where(?:ver)?|whether|unless|until|by|instead of|rather than|before|including|such as|"
    r"to (?:ensure|make sure|guarantee|prevent|allow))\b|[;:]| [–—] |"
    r", (?!(?:[A-Z][^,]*, )?and [A-Z]|(?:[\w’-]+(?: [\w’-]+)?,? ){1,4}(?:and|or) )|"
    r",? and (?=(?:allow|create|end|ensure|expand|fund|give|increase|keep|let|make|"
    r"must|pay|provide|require|set|should|stop|to) )|(?<=[”\"]) (?=\()"
)
# The beginning of a clause that does not read whole without a verb: "so that every school"; or of a list.
_BEGUN: Final = re.compile(
    r"\b(?:so that|because|which|since|while|where|whether|unless|until)(?: [^\s,;:]+){0,2}$|\b(?:e\.g|i\.e)\.$|"
    r", [^\s,;:]+(?: [^\s,;:]+)?$|, (?:after|before|by|within|no later than) [^,;:]{1,40}(?:, \d{4})?$"
)
# What a title cut between any two words does not end on: a preposition, a number, an adjective or a verb.
_NO_END: Final = re.compile(
    r"(?:^| )(?:among|against|without|between|than|more|whose|sections?|Nos?\.|(?<!No\. )\d[^)]*)$|"
    r"(?:able|ible|ful|ous|ive|[nrt]al|ical|ary|ed|ing)$"
)
_ADDITION: Final = re.compile(r" (?:for (?:the|all|every|each)|in|with|within|through|from|under|across)(?= [a-z\d])")
# Words of PLAIN that a title may end on.
_NOUNS: Final = frozenset({
    "act", "agencies", "agency", "congress", "department", "government", "issues", "office", "part", "people", "place",
    "policies", "policy", "program", "programs", "rule", "rules", "support", "year", "years",
})  # fmt: skip
_OF_THE_TEXT: Final = re.compile(
    r"\b(?:follow|follows|following|below|this (?:letter|platform|statement)|[Ww]e (?:are writing|write))\b"
)
_EMAIL: Final = re.compile(r"\b[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}\b")
# The file: text, Word, PDF or a saved web page.
_LARGEST: Final = 20_000_000  # bytes
_LONGEST_STATEMENT: Final = 500_000  # characters, some 200 pages: read in a second or two
_LONGEST: Final = 20_000  # characters of a line of a web page
_DOCUMENTS: Final = (b"%PDF-", b"PK\x03\x04")
_OLD_WORD: Final = b"\xd0\xcf\x11\xe0"
_PAGES: Final = (b"<!doctype html", b"<html", b"<?xml")
_ACTS: Final = re.compile(r"\b([A-Z]{3,8}) (?:should|must|shall|ought to|needs? to|has to|have to)\b")
_MOST_COST: Final = 0.02  # most of it is near no ask: see `bot.watch.nearest`
_NO_OFFICES: Final = frozenset({"United States", "House", "Senate", "Congress", "House and Senate"})


@dataclass(frozen=True, slots=True)
class DraftAsk:
    """What is asked, and the sentences next to it that say why; "" if there are none.

    `agencies`: the Register's names of those to search, if a person chose them.
    """

    text: str
    because: str = ""
    agencies: tuple[str, ...] | None = None


def asks(text: str) -> list[DraftAsk]:
    """The items of a statement's list; without a list, the sentences that ask, urge, call on, or say should or must.

    The sentences after an ask, up to the next one, are its reason; in prose also those before the first.
    """
    blocks = list(_blocks(text))
    items = list(_items(blocks))
    if len(items) > 1 or (items and not any(_asks(sentence) for _, block in blocks for sentence in sentences(block))):
        return [_of_item(cut(item, _LONGEST_ASK), heading) for item, heading in items]
    prose = (ask for _, block in blocks for ask in _of_prose(sentences(block)))
    return [replace(ask, text=cut(ask.text, _LONGEST_ASK)) for ask in prose]


def about(text: str, name: str) -> str:
    """What a statement says of the coalition with this name: a paragraph that asks for nothing; "" if there is none."""
    begins = re.compile(rf"(?:We|(?:The )?{re.escape(name)}) (?:are|brings?|is|represents?|serves?|unites?|works?)\b")
    paragraphs = (sentences(block) for item, block in _blocks(text) if not item)
    own = (each for each in paragraphs if begins.match(each[0]) and not any(map(_asks, each)))
    sentences_of_us = (each for each in next(own, ())[:_MOST_BECAUSE] if not _OF_THE_TEXT.search(each))
    return " ".join(sentence for sentence in sentences_of_us if not _EMAIL.search(sentence))


def contact(text: str) -> str:
    """The first email address in a statement, or an example of one."""
    address = _EMAIL.search(text)
    return address[0] if address else "campaign@example.org"


def _is_heading(item: str, child: str) -> bool:
    """Whether an item before sentences with another mark is their heading: "2. Pay and Health"."""
    is_short = len(item.split()) <= _LONGEST_HEADING and item[-1] not in ".;:!?" and not _asks(item)
    return is_short and child[0].isupper() and (child[-1] in ".;" or _is_request(child))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield each item and paragraph as one line, and how it is marked: "•", "1" or, as a paragraph, not at all."""
    mark = ""
    lines: list[str] = []
    for line in map(_row_as_item, [*text.splitlines(), ""]):
        match = _ITEM.fullmatch(line)
        if (match or not line.strip()) and lines:
            yield mark, " ".join(" ".join(lines).split())
            mark, lines = "", []
        if match:
            mark, lines = "1" if match["mark"][-2:].strip("().").isalnum() else "•", [match["text"]]
        elif line.strip():
            lines.append(line)


def _row_as_item(line: str) -> str:
    """A row of a table that asks, as an item with its reasons last; without its heading and number."""
    cells = [cell.strip() for cell in _CELLS.split(line)]
    asking = [cell for cell in cells if _asks(cell)]
    if len(cells) < 2 or not asking:
        return line
    reasons = [cell for cell in cells if cell not in asking and cell.endswith((".", "!", "?"))]
    return f"• {' '.join([*(_ENDS.sub('.', cell) for cell in asking), *reasons])}"


def _items(blocks: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each item, and the last heading above it that names an office or ends without a period."""
    heading = before = ""
    for (mark, block), (below, child) in pairwise([*blocks, ("", "")]):
        if mark and not (below not in ("", mark) and _is_heading(block, child)):
            yield block, heading
        else:
            before = f"{before} {block}"[-_LONGEST_ASK:]
            last = _with_name(sentences(block)[-1], before)
            if _office_asked(last) or not (mark or last.endswith((".", "!", "?"))):  # a numbered one is within it
                heading = last


def _office_asked(heading: str) -> str:
    """The one office of "What we ask of the EPA" or "We call on Congress to:"; "" if it names none or several."""
    named = (match[0] for part in _ASKED_OF.split(heading) for match in _OFFICE.finditer(part))
    offices = [_capital(name) for name in named if _is_office(name)]
    return offices[0] if len(offices) == 1 and not _JOINT.search(offices[0]) else ""


def _is_office(name: str) -> bool:
    return name in _NO_OFFICES or bool(catalog.offices_in(name) or unknown_offices(name))


def _of_item(item: str, heading: str) -> DraftAsk:
    """An item asks with its first sentence, and with each other one that asks; the others say why.

    "(a) to publish data; and" is "Publish data.", and below "We ask the EPA:" it is "The EPA should publish data.".
    """
    first, *others = sentences(_own_words(_ENDS_AN_ITEM.sub(".", item)))
    act = _capital(first.removeprefix("to "))
    office = _office_asked(heading) if act != first or _goes_on(heading, first) else ""
    first = f"{office} should {act[:1].lower()}{act[1:]}" if office else act
    asking = [first, *(sentence for sentence in others if _asks(sentence))]
    return DraftAsk(" ".join(asking), " ".join(sentence for sentence in others if sentence not in asking))


def _of_prose(paragraph: Sequence[str]) -> Iterator[DraftAsk]:
    own = list(map(_own_words, paragraph))
    asking = [at for at, sentence in enumerate(own) if _asks(sentence)]
    for at, following in zip(asking, [*asking, len(paragraph)][1:], strict=True):
        after = paragraph[at + 1 : following][:_MOST_BECAUSE]
        before = paragraph[:at][-max(1, _MOST_BECAUSE - len(after)) :] if at == asking[0] else ()
        text = _with_name(own[at], " ".join(paragraph[max(0, at - _MOST_BECAUSE) : at]))
        yield DraftAsk(text, " ".join([*before, *after][:_MOST_BECAUSE]))


def _goes_on(heading: str, first: str) -> bool:
    """Whether an item begins with the verb of what its heading asks."""
    verb = first.partition(" ")[0].casefold()
    return verb in IMPERATIVES or (verb.isalpha() and not _asks(first) and heading.rstrip(":").endswith(" to"))


def _asks(sentence: str) -> bool:
    asked = bool(_ASKING.search(_REASON.sub("", sentence))) and not _INTRODUCES.search(sentence)
    return asked and not _TITLE_OF_PART.fullmatch(sentence)


def _is_request(text: str) -> bool:
    return text.partition(" ")[0].casefold() in IMPERATIVES or _asks(sentences(text)[0])


def _own_words(text: str) -> str:
    """A request without its heading and what leads to it, "That is why"; who "Congress: pass …" names should do it."""
    text = _capital(_LEADS.sub("", text, count=1)) if _LEADS.match(text) else text
    match = _HEADING.match(text)
    if not match or len(match["heading"].split()) > _LONGEST_HEADING or not _is_request(match["rest"]):
        return text
    heading, rest = match["heading"], match["rest"]
    is_sentence = match["end"] == ":" or sentences(text)[0].endswith(f"{heading}.")  # not "Gov. Lee Smith must sign"
    if not is_sentence or _ASKING.search(heading) or _is_request(heading):
        return text
    if not _asks(rest) and _OFFICE.fullmatch(heading) and _is_office(heading):
        return f"{heading} should {rest[:1].lower()}{rest[1:]}"
    return _capital(rest)


def _with_name(sentence: str, before: str) -> str:
    """A request to "the Department" with its name, if what was said before names one department."""
    bare = _BARE.search(sentence)
    if not bare or catalog.offices_in(sentence):
        return sentence
    names = [name for name in map(catalog.name, catalog.named(before)) if bare["kind"] in name.split()]
    return f"{sentence[: bare.start('kind')]}{names[0]}{sentence[bare.end() :]}" if len(names) == 1 else sentence


def asking(text: str) -> list[str]:
    """The sentences of a statement that ask, or introduce what is asked: "We ask the Department to:"."""
    every_sentence = (sentence for _, block in _blocks(text) for sentence in sentences(block))
    return [sentence for sentence in every_sentence if _ASKING.search(sentence) or _ADDRESSES.search(sentence)]


def title(request: str) -> str:
    """A request's first sentence, without the office if it is long, cut where it reads whole: a letter's subject."""
    first = sentences(request)[0].rstrip(".;: ")
    if len(first) > _TITLE and (office := _ADDRESSEE.match(first)):
        first = _ITS.sub(r"\1 the ", _capital(first[office.end() :]))
    first = _ASIDE.sub(r"\1 ", first) if len(first) > _TITLE else first
    if len(first) <= _TITLE:
        return first
    if cut := _cut(first, _CLAUSE):
        return cut
    if len(first) <= _LONGEST_WHOLE:
        return first
    if cut := _cut(first, _CLAUSE, _LONGEST_WHOLE) or _cut(first, _ADDITION) or _cut(first, _ADDITION, _LONGEST_WHOLE):
        return cut
    words = first[: _TITLE + 1].split()[:-1][:_TITLE_WORDS] or [first[:_TITLE]]
    while len(words) > 1 and not (_reads_whole(" ".join(words)) and not _NO_END.search(" ".join(words))):
        words.pop()
    return " ".join(words).rstrip(",;:")


def _cut(sentence: str, boundary: re.Pattern[str], longest: int = _TITLE) -> str:
    """The longest beginning that reads whole, up to such a boundary; "" if there is none."""
    cuts = [sentence[: end.start()] for end in boundary.finditer(sentence, 0, longest + 1)]
    return next((cut for cut in reversed(cuts) if len(cut.split()) >= _SHORTEST_TITLE and _reads_whole(cut)), "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reads_whole(text: str) -> bool:
    """Whether a text ends on a word with a subject, outside parentheses and quotation marks."""
    last = text.rpartition(" ")[2].casefold().strip(",;:")
    closed = text.count("(") == text.count(")") and text.count("“") == text.count("”") and text.count('"') % 2 == 0
    return closed and last not in PLAIN - _NOUNS and not _BEGUN.search(text)


def bills(text: str) -> list[PartialBillNumber]:
    """Each bill that a text names, as `H.R. 3113` or `H.R. 3113 (118th)`; few texts say of which Congress."""
    numbers = [number for name in _BILL.findall(text) if (number := parse_bill_number(name))]
    numbered = [(number.type, number.number) for number in numbers if number.congress]
    return list(dict.fromkeys(each for each in numbers if each.congress or each[:2] not in numbered))


def acts(text: str) -> dict[tuple[str, int], str]:
    """What a text calls bills, by type and number: "the School Meals Expansion Act (H.R. 3113)"."""
    named = ((parse_bill_number(bill), act) for act, bill in _ACT.findall(text))
    return {(number.type, number.number): act for number, act in named if number}


class Unreadable(WrongUse):
    """The text says why, and what to do."""


def text_of(path: Path) -> str:
    """Return the text of a statement, a blank line after each paragraph. Raises `Unreadable`."""
    text = _whole_text(path)
    if len(text) > _LONGEST_STATEMENT:
        raise Unreadable(
            f"{path} has {len(text):,} characters; a statement has at most {_LONGEST_STATEMENT:,}, some 200 pages. "
            "Save only the pages with what you ask."
        )
    return text


def _whole_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}. Check its name, or type the asks instead.") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _LARGEST:
        raise Unreadable(f"{path} is larger than 20 MB. Save only the statement, without pictures.")
    head = data.lstrip()[:20].lower()
    if data.startswith(_OLD_WORD):
        raise Unreadable(f"{path} is an old Word file. Save it as .docx or as a PDF.")
    if data.lstrip()[:5] == _DOCUMENTS[0] or data.startswith(_DOCUMENTS[1]):
        answer = _asked("bot.sources.grants.attachment_child", "paragraphs", data)
        if (lines := answer.get("paragraphs")) is None:
            raise Unreadable(f"{path} is {answer.get('unreadable', 'too large to read')}. Save it as text or .docx.")
        return "\n\n".join(lines)
    if head.startswith(_PAGES) or path.suffix.casefold() in (".html", ".htm"):
        page = {"content_type": "", "select": "body", "ignore": [], "mark_items": True, "longest": _LONGEST}
        if (lines := _asked("bot.sources.page_child", page, data).get("lines")) is None:
            raise Unreadable(f"{path} is not a readable web page. Save it as text.")
        return "\n\n".join(lines)
    return _decoded(data, path)


def _asked(module: str, head: object, data: bytes) -> Mapping[str, Any]:
    """Return the answer of the child process that reads such files; empty if it used too much time or memory."""
    answer: Mapping[str, Any] = asyncio.run(isolation.ask_json(module, head, data)) or {}
    return answer


def _decoded(data: bytes, path: Path) -> str:
    """Return the text in UTF-8, in UTF-16 with a mark, or as Windows wrote it, without control characters."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return "\n".join(map(plain, text.splitlines()))
    raise Unreadable(f"{path} is not text. Save the statement as text, Word (.docx) or PDF.")


@dataclass(frozen=True, slots=True)
class Watch:
    """A draft watch for `feeds.yml`. `documents`: only for documents, because it needs their agency."""

    id: str
    name: str
    asks: tuple[int, ...]
    query: str
    documents: bool = False
    level: str = "digest"


def watches(asks: Sequence[DraftAsk], text: str = "") -> Iterator[Watch]:
    """The watches of the asks; none for one that names no subject. `text`: the statement, which explains acronyms."""
    table, slugs, texts = lexicon.shipped(), searched(asks, text), [ask.text for ask in asks]
    spelled = lexicon.spelled_out("\n".join([text, *texts]))
    queries = drafts.queries(list(zip(texts, slugs, strict=True)), table, catalog.bodies(), spelled, _MOST_COST)
    for number, (query, of_agencies) in enumerate(queries):
        name = title(texts[number - 1]) if number else "Words of the cause"
        id_, to = (f"ask-{number}", (number,)) if number else ("cause", ())
        if query:
            yield Watch(id_, name, to, query)
        if of_agencies:
            yield Watch(f"{id_}-agency", f"{name}, in the agency’s documents", to, of_agencies, True)


def searched(asks: Sequence[DraftAsk], text: str = "") -> list[Sequence[str]]:
    """The agencies in whose documents each ask's common words are looked for.

    Those that a person chose, or that the ask names; or else those that any sentence of the statement asks; or else
    those whose documents use the statement's words. An ask to an office that the catalog lacks is to none.
    """
    texts = [ask.text for ask in asks]
    spelled = lexicon.spelled_out("\n".join([text, *texts]))
    of_all = catalog.named("\n".join([*asking(text), *texts]), spelled)
    if not of_all:
        names = GENERIC | PLAIN | set(map(str.casefold, catalog.bodies()))
        words = dict.fromkeys(singular(word) for each in (text, *texts) for word in txt.words(each))
        of_all = lexicon.likely((word for word in words if word not in names), lexicon.shipped())
    return [
        (catalog.named(ask.text, spelled) or ([] if unknown_offices(ask.text) else of_all))
        if ask.agencies is None
        else ask.agencies
        for ask in asks
    ]


def unknown_offices(text: str) -> list[str]:
    """The bodies that a text names and the catalog lacks, as far as their names tell: "Bureau of …", "XYZ should"."""
    explained = lexicon.spelled_out(text)
    named = [*drafts.bodies_named(text), *(acronym for acronym in _ACTS.findall(text) if acronym not in explained)]
    return [name for name in dict.fromkeys(named) if not catalog.offices_in(name) and name not in _NO_OFFICES]
