"""Files that people upload in a Slack form: https://docs.slack.dev/messaging/working-with-files#downloading"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import uploads
from bot.commands.model import LARGEST_HANDED, File, Handed, Refused

_PATIENCE: Final = aiohttp.ClientTimeout(total=10)  # seconds
_NO_SCOPE: Final = "I cannot read the file. Add the scope files:read to the Slack app and reinstall it."
_AGAIN: Final = "Slack did not deliver the file. Please send it again."


def fetching(client: AsyncWebClient, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Handed]:
    """A function to download each file, by parameter."""
    return {name: partial(_fetched, client, file) for name, file in files.items()}


async def _fetched(client: AsyncWebClient, file: Mapping[str, Any]) -> File:
    name, url = str(file.get("name") or ""), str(file.get("url_private_download") or "")
    uploads.check(name, int(file.get("size") or 0))
    if not _is_slack_s(url, client.base_url):
        raise Refused(_NO_SCOPE)
    try:
        return uploads.taken(name, await _body(client, url))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(_AGAIN) from error


async def _body(client: AsyncWebClient, url: str) -> bytes:
    """The file's bytes, at most one over the limit. Without access, Slack returns its sign-in page."""
    token = {"Authorization": f"Bearer {client.token}"}
    async with (
        aiohttp.ClientSession(trust_env=True, timeout=_PATIENCE) as session,
        session.get(url, headers=token, allow_redirects=False, proxy=client.proxy) as answer,
    ):
        if answer.status in (302, 401, 403) or answer.content_type == "text/html":
            raise Refused(_NO_SCOPE)
        answer.raise_for_status()
        data = b""
        async for piece in answer.content.iter_chunked(65_536):
            data += piece
            if len(data) > LARGEST_HANDED:
                break
        return data


def _is_slack_s(url: str, api: str) -> bool:
    """Whether the URL is Slack's, as only Slack may get the token: files.slack.com belongs to the API's slack.com."""
    there, ours = urlsplit(url), urlsplit(api)
    host, home = there.hostname or "", ours.hostname or ""
    same = (there.scheme, there.port) == (ours.scheme, ours.port) and "@" not in there.netloc
    return same and (host == home or host.endswith(f".{home}"))
