"""Bluesky's public AppView and a Mastodon server on loopback, in the form of their published schema and documentation.

What they list is set by the test, newest first; a later page is refused to visitors where the test says so.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.peers.feedserver import FeedServer

DID = "did:plc:abcdefghijklmnopqrstuvwx"
SEARCH, POSTS = "/xrpc/app.bsky.feed.searchPosts", "/xrpc/app.bsky.feed.getPosts"
SESSION = "/xrpc/com.atproto.server.createSession"
TAG, STATUSES = "/api/v1/timelines/tag/RiverAlliance", "/api/v1/statuses"


def skeet(n, text="The River Alliance is right.", **more):
    """A post as Bluesky's published schema has it."""
    at = f"2026-11-24T{n % 14:02}:30:00.000Z"
    author = {"did": DID, "handle": "jo.example", "displayName": "Jo", "labels": []} | more.pop("author", {})
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": at} | more.pop("record", {})
    row = {"uri": f"at://{DID}/app.bsky.feed.post/3k{n:04}", "cid": f"bafy{n}", "indexedAt": at, "labels": []}
    return {**row, "author": author, "record": record, **more}


def toot(n, content="<p>The <b>River Alliance</b> is right.</p>", **more):
    """A status as Mastodon's documentation has it."""
    account = {"id": "7", "acct": "jo@elsewhere.example", "noindex": False} | more.pop("account", {})
    address = f"https://elsewhere.example/users/jo/statuses/{n}"
    row = {"id": f"1155{n:04}", "created_at": f"2026-11-24T{n % 14:02}:30:00.000Z", "visibility": "public",
           "uri": address, "url": f"https://elsewhere.example/@jo/{n}", "reblog": None, "spoiler_text": ""}  # fmt: skip
    return {**row, "content": content, "account": account, **more}


class Networks:
    """Both on one server: `show` says what a path lists from now on, `refusing` has the paths without a second page."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self._rows: dict[str, list[Any]] = {}
        self.refusing: set[str] = set()

    def show(self, path: str, *rows: Any) -> None:
        self._rows[path] = list(rows)

        async def page(request: web.Request) -> web.Response:
            after = request.query.get("cursor") or request.query.get("max_id") or ""
            if after and path in self.refusing:
                return web.Response(status=403, text="Request forbidden by administrative rules.")
            return web.json_response(self._answer(path, request, after))

        self._server.script(path, page)

    def _answer(self, path: str, request: web.Request, after: str) -> Any:
        rows = self._rows[path]
        if path in (POSTS, STATUSES):
            asked = request.query.getall("uris", None) or request.query.getall("id[]")
            rows = [row for row in rows if row.get("uri") in asked or row.get("id") in asked]
            return {"posts": rows} if path == POSTS else rows
        size = int(request.query["limit"])
        if path == SEARCH:
            start = int(after or 0)
            more = {"cursor": f"{start + size}"} if start + size < len(rows) else {}
            return {"posts": rows[start : start + size]} | more
        return [row for row in rows if not after or row["id"] < after][:size]
