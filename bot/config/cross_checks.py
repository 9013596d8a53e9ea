"""Find the mistakes in feeds.yml and coalition.yml that no single value shows.

Works on the raw files, so that an invalid value in one place hides no mistake in another.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from bot.config import catalog
from bot.shared.lookalikes import words_of
from bot.shared.platforms import BLIND
from bot.sources.kinds import KINDS
from bot.watch.query import QueryError, parse

_LISTED: Final = "; docs/configuration.md lists what it has"
Path_ = tuple[str | int, ...]  # the keys that lead to a value: ("watches", "s567", "sources", 0)


def in_feeds(feeds: Any, coalition: Any) -> Iterator[tuple[Path_, str]]:
    """Yield those of feeds.yml: unknown names, numbers without an ask, queries that cannot be parsed."""
    for id_, watch in sections_of(feeds, "watches"):
        for n, source in enumerate(_list(watch.get("sources"))):
            yield from _unknown("source", source, feeds.get("sources"), ("watches", id_, "sources", n))
        yield from _unreadable(watch, ("watches", id_))
    for n, route in sections_of(feeds, "routes"):
        yield from _unknown("channel", route.get("to"), feeds.get("channels"), ("routes", n, "to"))
    for id_, channel in sections_of(feeds, "channels"):
        if channel.get("letters") and not str(channel.get("to")).startswith("webhook:"):
            yield ("channels", id_, "letters"), "only a webhook gets events of letters: remove the line"
    for key in ("admin", "safety", "press"):
        yield from _unknown("channel", value_of(feeds, key), value_of(feeds, "channels"), (key,))
    yield from _not_in_catalog(feeds)
    yield from _addresses(feeds)
    yield from _numbers(feeds, "watches", coalition)
    yield from _numbers(feeds, "routes", coalition)


def in_coalition(feeds: Any, coalition: Any) -> Iterator[tuple[Path_, str]]:
    """Yield those of coalition.yml."""
    for key in ("bills", "authorities", "duties", "spokespeople"):
        yield from _numbers(coalition, key, coalition)
    yield from _sign_on_channel(feeds, coalition)
    yield from _members_alike(coalition)
    members = value_of(coalition, "members")
    offices = {**catalog.offices(), **dict(items_of(coalition, "offices"))}
    for n, line in sections_of(coalition, "spokespeople"):
        for member in _list(line.get("members")):
            yield from _unknown("member", member, members, ("spokespeople", n, "members"))
    for id_, group in sections_of(coalition, "office_groups"):
        for n, office in enumerate(_list(group.get("offices"))):
            yield from _unknown("office", office, offices, ("office_groups", id_, "offices", n))
    for id_, office in items_of(coalition, "offices"):
        if office is None:
            named = catalog.office_called(str(id_))
            close = f'. Did you mean "{named}"?' if named else did_you_mean(str(id_), catalog.offices())
            yield ("offices", id_), f'the catalog has no office "{id_}"{close or _LISTED}'
    for id_, office in sections_of(coalition, "offices"):
        yield from _unknown("office", office.get("part_of"), offices, ("offices", id_, "part_of"))
    for id_, entity in sections_of(coalition, "entities"):
        yield from _unknown("member", entity.get("member"), members, ("entities", id_, "member"))


def _members_alike(coalition: Any) -> Iterator[tuple[Path_, str]]:
    """Yield the names that two members have to a reader: each one's representative would sign under the other's."""
    named: dict[str, list[tuple[str, str]]] = {}
    for id_, member in sections_of(coalition, "members"):
        for key in ("name", "short", "legal_name"):
            if looks := "".join(words_of(str(member.get(key) or ""))):
                named.setdefault(looks, []).append((id_, key))
    for places in named.values():
        for id_, key in places:
            if other := next((other for other, _ in places if other != id_), None):
                yield ("members", id_, key), f"looks like the name of another member, {other}"


def _addresses(feeds: Any) -> Iterator[tuple[Path_, str]]:
    """Return sources whose kind needs an address or words that are missing, or has no secret address."""
    for id_, source in sections_of(feeds, "sources"):
        name = str(source.get("kind"))
        kind = KINDS.get(name)
        if kind is None:
            continue
        if kind.needs_url and not (source.get("url") or source.get("url_env")):
            yield ("sources", id_), f"a {name} needs its address: add `url:`"
        if kind.needs_keyword and not source.get("keyword"):
            yield ("sources", id_), f"a search of {name} needs its words: add `keyword:`"
        if not kind.may_be_secret and source.get("url_env"):
            yield ("sources", id_, "url_env"), f"only a feed's address can be secret: write the {name}'s as `url:`"


def _not_in_catalog(feeds: Any) -> Iterator[tuple[Path_, str]]:
    """Return mistakes for sources that have no kind and are not in the catalog."""
    for id_, source in items_of(feeds, "sources"):
        if isinstance(source, Mapping) and "like" in source:
            names = ", ".join(catalog.templates())
            close = did_you_mean(str(source["like"]), catalog.templates()) or f"; the templates are {names}"
            yield ("sources", id_, "like"), f'there is no template "{source["like"]}"{close}'
        elif source is None or (isinstance(source, Mapping) and "kind" not in source):
            named = catalog.source_called(str(id_))
            close = f'. Did you mean "{named}"?' if named else did_you_mean(str(id_), catalog.sources())
            yield ("sources", id_), f'the catalog has no source "{id_}"{close or _LISTED}'


def _numbers(root: Any, key: str, coalition: Any) -> Iterator[tuple[Path_, str]]:
    asks = value_of(coalition, "asks")
    for id_, section in sections_of(root, key):
        for number in _list(section.get("asks")):
            if isinstance(asks, Mapping) and isinstance(number, Hashable) and number not in asks:
                yield (key, id_, "asks"), f"coalition.yml has no ask {number}; it has {', '.join(map(str, asks))}"


def _unknown(what: str, name: Any, names: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(name, str) and isinstance(names, Mapping) and name not in names:
        yield path, f'unknown {what} "{name}"' + did_you_mean(name, map(str, names))


def _unreadable(watch: Mapping[str, Any], path: Path_) -> Iterator[tuple[Path_, str]]:
    """Yield what is wrong with the query of a watch, which it needs unless it is learned."""
    if watch.get("query") is None and watch.get("learned") is None:
        yield (*path, "query"), "is missing"
    if watch.get("query") and watch.get("learned"):
        yield (*path, "learned"), "a watch has a query or is learned, not both: remove one"
    if isinstance(query := watch.get("query"), str):
        try:
            parse(query)
        except QueryError as error:
            yield (*path, "query"), str(error)


def sections_of(root: Any, key: str) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Return the sections under `key`, named or listed, skipping values that are not sections."""
    sections = value_of(root, key)
    pairs = sections.items() if isinstance(sections, Mapping) else enumerate(_list(sections))
    return ((name, section) for name, section in pairs if isinstance(section, Mapping))


def items_of(root: Any, key: str) -> Iterator[tuple[Any, Any]]:
    sections = value_of(root, key)
    yield from sections.items() if isinstance(sections, Mapping) else ()


def _sign_on_channel(feeds: Any, coalition: Any) -> Iterator[tuple[Path_, str]]:
    name, channels = value_of(value_of(coalition, "letters"), "channel"), value_of(feeds, "channels")
    yield from _unknown("channel", name, channels, ("letters", "channel"))
    if isinstance(name, str) and str(value_of(value_of(channels, name), "to")).partition(":")[0] in BLIND:
        # The sign-on card names who declined and who has not answered, and has buttons.
        what = (
            f'"{name}" can only be posted to: name a channel of Slack or Discord. `letters: true` in feeds.yml sends a '
            "webhook the events"
        )
        yield ("letters", "channel"), what


def value_of(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, Mapping) else None


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def did_you_mean(word: str, names: Iterable[str]) -> str:
    close = get_close_matches(word, list(names), n=1)
    return f'. Did you mean "{close[0]}"?' if close else ""
