"""Public posts that match a search: on Bluesky by words, on a Mastodon server by a hashtag. For the press contact.

Both are asked as by any visitor; Bluesky, whose search has been closed to visitors since 2025, with an app password if
there is one. Authors who ask not to be shown to visitors (Bluesky) or to search engines (Mastodon) are left out.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from urllib.parse import quote, urlencode

from bot.fetch.payload import list_of, object_of, read_array, read_object, text_of
from bot.shared.answer import Answer, Failure, Fetched, FetchFailed, Health, Memory, Post, checked, outcome
from bot.shared.plain_text import clean, cut, instant, plain, short_hash
from bot.shared.urls import host_of, short_key, web_address
from bot.sources.model import HttpSource, SearchConfig, find_new, name_key

BLUESKY_URL: Final = "https://public.api.bsky.app"  # that of visitors, by Bluesky's documentation
_JSON: Final = "application/json"
_PAGES: Final = 3  # of results in one poll
_TEXT: Final = 2_000  # characters
_HANDLE: Final = re.compile(r"[A-Za-z0-9.-]{1,253}")  # the name of a host
_ACCOUNT: Final = re.compile(r"[\w.-]{1,100}(?:@[\w.-]{1,253})?")
_DID: Final = r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,200}"
_AT_URI: Final = re.compile(rf"at://({_DID})/app\.bsky\.feed\.post/([A-Za-z0-9._:~-]{{1,200}})")
_STATUS_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HIDDEN: Final = "!no-unauthenticated"  # the label of an author who asks not to be shown to visitors


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results: its posts, how many rows it has, and where the next page begins ("" if there is none)."""

    posts: Sequence[Post]
    rows: int
    after: str


class BlueskyConfig(SearchConfig):
    """Public posts on Bluesky with the words of `keyword`."""

    brings: ClassVar = None
    key_setting: ClassVar = "bluesky_login"
    kind: Literal["bluesky"]


class MastodonConfig(SearchConfig):
    """Public posts with a hashtag, `keyword`, that the Mastodon server at `url` knows."""

    brings: ClassVar = None
    needs_url: ClassVar = True
    kind: Literal["mastodon"]


class SocialSource(HttpSource, ABC):
    """One search. Satisfies `Source`. Cursor: that of `find_new`, for posts."""

    network: ClassVar[str]
    keyword: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self.url = self.url.rstrip("/")

    @abstractmethod
    async def _page(self, after: str, now: datetime) -> Page:
        """Return a page of the search, the newest posts first. Raises `Failure`."""

    @abstractmethod
    async def _posts(self, refs: Sequence[str], now: datetime) -> Mapping[str, Post]:
        """Look posts up. Raises `Failure`."""

    async def look_up(self, refs: Sequence[str], now: datetime) -> Mapping[str, Post] | FetchFailed:
        """Look posts up; see `PostSource`."""
        return await outcome(self._posts(refs, now))

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        seen_before, first = memory.cursor.get("seen", []), memory.first_success_at is None
        listed: dict[str, Post] = {}
        rows, broken, full, after = 0, 0, False, ""
        for number in range(_PAGES):
            try:
                page = await self._page(after, now)
            except Failure:
                if number == 0:
                    raise
                break
            posts = {short_hash(post.key): post for post in page.posts}
            rows, broken = rows + page.rows, broken + page.rows - len(page.posts)
            full = bool(posts) and not first and posts.keys().isdisjoint(seen_before)
            listed |= posts
            after = page.after
            if not (full and after):
                break
        fresh, updated = find_new(listed, memory, now)
        overrun = full and bool(after)
        return Fetched(
            entries=(),
            posts=tuple(sorted(fresh, key=lambda post: post.at)),
            baseline=frozenset(post.key for post in fresh) if first else frozenset(),
            memory=updated,
            health=Health.OVERRUN if overrun else Health.OK if rows else Health.EMPTY_EXPECTED,
            detail="every listed post was new: some may have been missed" if overrun else "",
            broken=broken,
        )

    def _url(self, path: str, params: Iterable[tuple[str, str]]) -> str:
        return f"{self.url}{path}?{urlencode(tuple(params))}"


class Bluesky(SocialSource, settings=BlueskyConfig):
    """A search for words, in Bluesky's language: quotation marks for a phrase. `key`: handle:app-password, or ""."""

    default_url = BLUESKY_URL
    network = "Bluesky"
    key: str = ""

    def __post_init__(self) -> None:
        self.url = self.url or ("https://bsky.social" if self.key else "")
        super().__post_init__()

    async def _page(self, after: str, now: datetime) -> Page:
        params = [("q", self.keyword), ("sort", "latest"), ("limit", "100"), *([("cursor", after)] if after else [])]
        answer = await self._read("searchPosts", params, now)
        rows = answer["posts"]
        posts = [post for row in rows if (post := bluesky_post(self.id, row, now))]
        return Page(posts, _shown(rows, _is_hidden), text_of(answer, "cursor")[:500] if rows else "")

    async def _posts(self, refs: Sequence[str], now: datetime) -> Mapping[str, Post]:
        answer = await self._read("getPosts", [("uris", ref) for ref in refs], now)
        return {post.ref: post for row in answer["posts"] if (post := bluesky_post(self.id, row, now))}

    async def _read(self, method: str, params: Iterable[tuple[str, str]], now: datetime) -> Mapping[str, Any]:
        """Return an answer with a list of `posts`. Raises `Failure`."""
        try:
            login, url = await self._log_in(now) if self.key else {}, self._url(f"/xrpc/app.bsky.feed.{method}", params)
            answer = await self.fetcher.read(url, read_object, now=now, accept=_JSON, headers=login)
        except Failure as failure:
            raise name_key(failure.answer, BlueskyConfig.key_setting, self.key).error from None
        if not isinstance(answer.get("posts"), list):
            raise Failure(Health.MALFORMED, f"{self.name} sent no list of posts")
        return answer

    async def _log_in(self, now: datetime) -> dict[str, str]:
        """The header of a session, which lasts two hours. Raises `Failure`."""
        handle, _, password = self.key.partition(":")
        login = {"identifier": handle, "password": password}
        response = await self.fetcher.post(f"{self.url}/xrpc/com.atproto.server.createSession", login, now=now)
        session = checked(read_object(checked(response)))
        return {"Authorization": f"Bearer {text_of(session, 'accessJwt')}"}


class Mastodon(SocialSource, settings=MastodonConfig):
    """The posts with a hashtag that one server knows. `url`: the server."""

    network = "Mastodon"

    async def _page(self, after: str, now: datetime) -> Page:
        tag = quote(self.keyword.strip().lstrip("#"), safe="")
        params = [("limit", "40"), *([("max_id", after)] if after else [])]
        url = self._url(f"/api/v1/timelines/tag/{tag}", params)
        rows = await self.fetcher.read(url, read_array, now=now, accept=_JSON)
        last = text_of(rows[-1], "id") if rows and isinstance(rows[-1], dict) else ""
        posts = [post for row in rows if (post := self._post(row, now))]
        return Page(posts, _shown(rows, _is_private), last if _STATUS_ID.fullmatch(last) else "")

    async def _posts(self, refs: Sequence[str], now: datetime) -> Mapping[str, Post]:
        url = self._url("/api/v1/statuses", [("id[]", ref) for ref in refs])
        rows = await self.fetcher.read(url, read_array, now=now, accept=_JSON)
        return {post.ref: post for row in rows if (post := self._post(row, now))}

    def _post(self, row: Any, now: datetime) -> Post | None:
        return mastodon_post(self.id, row, host_of(self.url), now)


def bluesky_post(source: str, row: Any, now: datetime) -> Post | None:
    """The post of a row; None if it is hidden from visitors, or lacks its address or time."""
    if not isinstance(row, dict) or _is_hidden(row):
        return None
    author, record = object_of(row, "author"), object_of(row, "record")
    uri = _AT_URI.fullmatch(text_of(row, "uri"))
    # Authors can write any time of creation; the network's own is the other one.
    times = [at for at in (instant(record.get("createdAt")), instant(row.get("indexedAt"))) if at]
    if not (uri and times):
        return None
    handle = text_of(author, "handle")
    return Post(
        source=source,
        key=uri[0],
        ref=uri[0],
        network=Bluesky.network,
        handle=handle if _HANDLE.fullmatch(handle) and handle != "handle.invalid" else uri[1],
        url=f"https://bsky.app/profile/{uri[1]}/post/{uri[2]}",
        text=cut(plain(text_of(record, "text")), _TEXT),
        at=min(*times, now),
    )


def mastodon_post(source: str, row: Any, server: str, now: datetime) -> Post | None:
    """The post of a row; None if it is not public, is someone's copy, or lacks its address or time.

    `server`: the host that was asked; it names its accounts without itself.
    """
    if not isinstance(row, dict) or _is_private(row):
        return None
    account, id_ = object_of(row, "account"), text_of(row, "id")
    uri, at, name = web_address(text_of(row, "uri")), instant(row.get("created_at")), text_of(account, "acct")
    if not (uri and at and _ACCOUNT.fullmatch(name) and _STATUS_ID.fullmatch(id_)):
        return None
    return Post(
        source=source,
        key=short_key(uri),
        ref=id_,
        network=Mastodon.network,
        handle=name if "@" in name else f"{name}@{server}",
        url=web_address(text_of(row, "url")) or uri,
        text=cut(clean(text_of(row, "content")), _TEXT),
        warning=cut(clean(text_of(row, "spoiler_text")), _TEXT),
        at=min(at, now),
    )


def _is_hidden(row: Mapping[str, Any]) -> bool:
    return any(text_of(label, "val") == _HIDDEN for label in list_of(object_of(row, "author"), "labels"))


def _is_private(row: Mapping[str, Any]) -> bool:
    opted_out = object_of(row, "account").get("noindex") is True
    return row.get("visibility") != "public" or bool(row.get("reblog")) or opted_out


def _shown(rows: Sequence[Any], is_left_out: Callable[[Mapping[str, Any]], bool]) -> int:
    """Number of rows that are not left out on purpose."""
    return sum(not (isinstance(row, dict) and is_left_out(row)) for row in rows)
