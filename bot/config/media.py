"""The parts of coalition.yml on the news, the press and the people served.

Built-in words apply to any coalition (built_in_words.yml). The file adds those of its cause.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.catalog import shipped
from bot.shared.values import Duration, Id, Section
from bot.watch.query import QueryError, parse


def _words(value: str) -> str:
    """Check words as in a query's quotation marks: `propos*`, `public comment`, `OMB` in capitals."""
    try:
        parse(f'"{value}"')
    except QueryError as error:
        raise ValueError(f'"{value}" does not have the right form: a word or a few, without quotation marks') from error
    return value


QueryWords = Annotated[str, AfterValidator(_words)]


class Dated(Section):
    """A name or words that apply from a day on, or until a day."""

    words: QueryWords = Field(description="a word or a few: `propos*`, `public comment`")
    since: date | None = Field(default=None, description="the first day on which they apply")
    until: date | None = Field(default=None, description="the last day on which they apply")


Words = Annotated[Dated, BeforeValidator(lambda value: {"words": value} if isinstance(value, str) else value)]


class Entity(Section):
    """A person, organization or bill that news may name. Write words as in a watch's query, without quotes."""

    kind: Literal["coalition", "member", "bill", "opponent", "person"] = Field(
        default="member", description="what it is; watches can ask for it: `names:member`"
    )
    name: str = Field(default="", description="the name on cards; the first of `names` or `short` if left out")
    member: Id | None = Field(
        default=None, description="the member of this file that it is; left out: the member with the same id"
    )
    names: tuple[Words, ...] = Field(default=(), description="names that count alone, in upper or lower case")
    short: tuple[Words, ...] = Field(
        default=(),
        description="names that others have too: they count exactly as written, and only near a word of `near`",
    )
    near: tuple[Words, ...] = Field(default=(), description="words that show that a short name means this one")
    not_near: tuple[Words, ...] = Field(
        default=(),
        description="words that show that it means another; it is another if as many of these appear as of `near`",
    )
    never: tuple[Words, ...] = Field(
        default=(), description="words that rule it out: where one of these appears, a short name is not this one"
    )
    sites: tuple[str, ...] = Field(
        default=(), description="its own sites, such as `example.org`: everything there names it"
    )
    not_from: tuple[str, ...] = Field(
        default=(),
        description="outlets (by name) and sites whose own name looks like it: nothing there counts as a mention",
    )
    since: date | None = Field(default=None, description="the first day on which it is looked for, for a new member")
    until: date | None = Field(default=None, description="the last day on which it is looked for")


def _added_to(key: str) -> AfterValidator:
    """Add what the file contains to the built-in values."""
    built_in = shipped("built_in_words")[key]
    return AfterValidator(lambda given: (*(word for word in built_in if word not in given), *given))


def _words_added_to(key: str) -> AfterValidator:
    """Like `_added_to`, for words that may have dates."""
    built_in = shipped("built_in_words")[key]
    return AfterValidator(
        lambda given: (*(Dated(words=word) for word in built_in if word not in {one.words for one in given}), *given)
    )


def _built_in(key: str, description: str) -> Any:
    """Return a field whose value has the built-in words even where the file says nothing."""
    listed = ", ".join(f"`{word}`" for word in shipped("built_in_words")[key])
    return Field(default=(), validate_default=True, description=f"{description}. Built in: {listed}")


class NotNews(Section):
    """Pages without news of their own: they are stored, but news watches do not match them.

    Your words are added to the built-in ones.
    """

    sites: Annotated[tuple[str, ...], _added_to("not_news.sites")] = _built_in(
        "not_news.sites", "whole sites: encyclopedias, bill trackers, mirrors"
    )
    steps: Annotated[tuple[str, ...], _added_to("not_news.steps")] = _built_in(
        "not_news.steps", "parts of an address that mark a list page, unless its last part is as long as a headline"
    )
    pages: Annotated[tuple[str, ...], _added_to("not_news.pages")] = _built_in(
        "not_news.pages", "last parts of an address that mark a list page, as in example.org/news"
    )


class Care(Section):
    """When a story may name a minor or someone who was harmed: only its source and day are shown until a press person
    releases it. Your words are added to the built-in ones.
    """

    words: Annotated[tuple[Words, ...], _words_added_to("media.care.words")] = _built_in(
        "media.care.words", "words that announce the name of a person to protect"
    )
    minors: Annotated[tuple[Words, ...], _words_added_to("media.care.minors")] = _built_in(
        "media.care.minors", "words for one minor; in a headline with an age in the text, or near one of `happened`"
    )
    happened: Annotated[tuple[Words, ...], _words_added_to("media.care.happened")] = _built_in(
        "media.care.happened", "what happened to that minor: within three words of one of `minors`"
    )
    adult: int = Field(default=18, ge=0, le=30, description="anyone below this age is a minor")


class PersonalDetails(Section):
    """The people the coalition serves, and the words that free text is checked for. "*" is any ending.

    Your words are added to the built-in ones.
    """

    served: str = Field(
        default="person you serve",
        description='what the bot calls a person you serve, when it asks for confirmation: "client"',
    )
    people: Annotated[tuple[str, ...], _added_to("care.people")] = _built_in(
        "care.people", "words for a person you serve: the bot asks if a name is near one of them"
    )
    harm: Annotated[tuple[str, ...], _added_to("care.harm")] = _built_in(
        "care.harm", "harm to them, as in `was evicted`: the bot asks if a name is before or after it"
    )
    did: Annotated[tuple[str, ...], _added_to("care.did")] = _built_in(
        "care.did", "what they did, as in `who fled`: the bot asks if a name is before it"
    )
    meet: tuple[Words, ...] = Field(
        default=(),
        description="words for people reporters ask to meet; those requests are never passed on automatically",
    )
    no_names: tuple[str, ...] = Field(
        default=(), description="capitalized words of your cause that are never part of a person's name"
    )


class MediaConfig(Section):
    """What does not count as a mention, and which stories are withheld."""

    not_news: NotNews = Field(default=NotNews(), description="pages that have no news of their own")
    first_party: tuple[str, ...] = Field(
        default=("gov", "mil"),
        description="sites whose releases never count as copies of each other, besides those of the entities",
    )
    care: Care = Field(default=Care(), description="names of minors and of people who were harmed")
    acknowledge: Duration = Field(
        default=timedelta(hours=1), description="how soon a press inquiry must be acknowledged to the reporter"
    )


class Spokesperson(Section):
    """Who answers the press, on what. Names are as in /people list."""

    name: str = Field(min_length=1, description='the person, e.g. "Maria Lopez"')
    backup: str = Field(default="", description="who is asked if that person cannot be reached or does not answer")
    asks: tuple[int, ...] = Field(default=(), description="the asks they speak on; all if left out")
    members: tuple[Id, ...] = Field(
        default=(), description="the members they speak for; the whole coalition if left out"
    )
