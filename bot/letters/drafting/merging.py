"""Merge people's edits of a letter into a fresh rendering of its template. Pure.

A three-way merge of paragraphs, and of the words of a paragraph that both sides changed. Where the words clash, too,
both paragraphs stay, each after a question in brackets, so that the text cannot go on before a person chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from bot.letters.lifecycle import Text
from bot.letters.model import Paragraph, Written
from bot.shared.plain_text import opcodes

_T = TypeVar("_T")

OURS: Final = "[Keep your wording?]"
THEIRS: Final = "[Or the new draft’s?]"
REMOVED: Final = "[You removed this. Keep it as it reads now?]"
GONE: Final = "[The new draft no longer says this. Keep it?]"
QUESTIONS: Final = frozenset({OURS, THEIRS, REMOVED, GONE})


@dataclass(frozen=True, slots=True)
class Region(Generic[_T]):
    """A run of items that both sides agree on (`clash` is False: `ours` has them), or changed in different ways."""

    base: tuple[_T, ...]
    ours: tuple[_T, ...]
    theirs: tuple[_T, ...]
    clash: bool


@dataclass(frozen=True, slots=True)
class _Edit(Generic[_T]):
    """One side's replacement of `base[start:end]`."""

    start: int
    end: int
    items: tuple[_T, ...]
    is_ours: bool


def merge_letter(base: Sequence[Text], ours: Sequence[Text], theirs: Sequence[Text]) -> tuple[Text, ...]:
    """The texts of the fresh rendering `theirs` with the edits that turned the rendering `base` into `ours`."""
    rendered, edited = ({id_: text.written for text in texts for id_ in text.to} for texts in (base, ours))
    merged: dict[Written, list[str]] = {}
    for text in theirs:
        for id_ in text.to:
            # Of a joint letter's addressees, some may be left.
            before = id_ if id_ in edited else next(each for each in edited if _parts(id_) <= _parts(each))
            written = merge_written(rendered[before], edited[before], text.written)
            written = replace(written, translation=edited[before].translation)
            merged.setdefault(written, []).append(id_)
    return tuple(Text(written, tuple(ids)) for written, ids in merged.items())


def merge_written(base: Written, ours: Written, theirs: Written) -> Written:
    """The text of `theirs` with the edits that turned `base` into `ours`; its claims are those of `theirs`."""
    if ours.reads_as(base):
        return theirs
    subject = _merge_words(base.subject, ours.subject, theirs.subject)
    both = f"{OURS} {ours.subject} {THEIRS} {theirs.subject}"
    body = list[Paragraph]()
    for region in merge(base.body, ours.body, theirs.body):
        if not region.clash:
            body += region.ours
        elif len(region.base) == len(region.ours) == len(region.theirs):
            # Paragraphs that clash one by one: their words are merged if those do not.
            for was, mine, other in zip(region.base, region.ours, region.theirs, strict=True):
                words = _merge_words(was.text, mine.text, other.text)
                if words is not None:
                    body.append(replace(other if mine.shape is was.shape else mine, text=words))
                else:
                    body += _questions((mine,), (other,))
        else:
            body += _questions(region.ours, region.theirs)
    return replace(theirs, subject=both if subject is None else subject, body=tuple(body))


def merge(base: Sequence[_T], ours: Sequence[_T], theirs: Sequence[_T], *, apart: int = 0) -> Iterator[Region[_T]]:
    """The merged sequence in regions. Both sides' changes clash if fewer than `apart` items of `base` are between."""
    edits = [*_edits(base, ours, is_ours=True), *_edits(base, theirs, is_ours=False)]
    edits.sort(key=lambda edit: (edit.start, edit.end))
    at = 0
    while edits:
        group = [edits.pop(0)]
        start, end = group[0].start, group[0].end
        # An edit belongs to the group before it if it overlaps it, or both insert at the same place.
        while edits and (edits[0].start < end + apart or (edits[0].start, edits[0].end) == (start, group[0].end)):
            group.append(edits.pop(0))
            end = max(end, group[-1].end)
        mine, other = (_applied(base, start, end, [e for e in group if e.is_ours is side]) for side in (True, False))
        yield _agreed(base[at:start])
        if len({edit.is_ours for edit in group}) == 1 or mine == other:
            yield _agreed(mine if group[0].is_ours else other)
        else:
            yield Region(tuple(base[start:end]), mine, other, clash=True)
        at = end
    yield _agreed(base[at:])


def _agreed(items: Sequence[_T]) -> Region[_T]:
    return Region((), tuple(items), (), clash=False)


def _edits(base: Sequence[_T], side: Sequence[_T], *, is_ours: bool) -> Iterator[_Edit[_T]]:
    for kind, a, b, c, d in opcodes(base, side):
        if kind != "equal":
            yield _Edit(a, b, tuple(side[c:d]), is_ours)


def _applied(base: Sequence[_T], start: int, end: int, edits: Sequence[_Edit[_T]]) -> tuple[_T, ...]:
    """One side's `base[start:end]`."""
    items, at = list[_T](), start
    for edit in edits:
        items += [*base[at : edit.start], *edit.items]
        at = edit.end
    return (*items, *base[at:end])


def _questions(ours: Sequence[Paragraph], theirs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Both sides' paragraphs, each side after a question in brackets."""
    for question, parts in ((OURS if theirs else GONE, ours), (THEIRS if ours else REMOVED, theirs)):
        for number, part in enumerate(parts):
            yield part if number else replace(part, text=f"{question} {part.text}")


def _merge_words(base: str, ours: str, theirs: str) -> str | None:
    """The text with both sides' changes; None if they clash."""
    regions = list(merge(base.split(), ours.split(), theirs.split(), apart=1))
    if any(region.clash for region in regions):
        return None
    return " ".join(word for region in regions for word in region.ours)


def _parts(id_: str) -> set[str]:
    return set(id_.removeprefix("joint:").split("+"))
