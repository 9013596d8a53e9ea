"""A file that is uploaded in a form arrives, up to a size, in all three chats, fetched from the platform alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.console.frontend import _file
from bot.chat.discord import responder as in_discord
from bot.chat.slack import files as in_slack
from bot.commands.model import LARGEST_HANDED, Command, Context, Kind, Param, Refused, Reply
from bot.shared.card import Card, Mark
from tests.kit.faces import FACES, stage
from tests.peers.slack_app import SlackApp

pytestmark = pytest.mark.peer("simcord")


def take(ctx: Context, args: Mapping[str, str]) -> Reply:
    file = ctx.files["file"]
    return Reply(card=Card(mark=Mark.ANSWER, head=f"{args['file']} is {file.name} of {len(file.data)} bytes"))


TAKE = Command(
    group="try",
    verb="take",
    help="A file",
    example="/try take",
    handler=take,
    params=(Param("file", "yours", kind=Kind.FILE), Param("word", "yours", required=False)),
)


@pytest.mark.parametrize("name", FACES)
async def test_a_file_arrives_with_its_name_or_is_refused_for_its_size(tmp_path, name):
    async with FACES[name](stage(tmp_path / name, TAKE)) as face:
        shown = await face.fill_in("try take", {"file": "hello", "word": "x"})
        assert {"mine.docx", "is", "of", "5", "bytes"} <= shown.words
        shown = await face.fill_in("try take", {"file": "x" * (LARGEST_HANDED + 1), "word": "x"})
        assert {"“mine.docx”", "is", "2.0", "MB;", "the", "limit", "2", "MB."} <= shown.words


# --- Slack ------------------------------------------------------------------------------------------------------------


def described(url: str, size: int = 5) -> dict[str, object]:
    return {"id": "F1", "name": "mine.docx", "size": size, "url_private_download": url}


async def fetched(client: AsyncWebClient, file: Mapping[str, object]):
    return await in_slack.fetch(client, file)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/files-pri/T0-F1/download/mine.docx",
        "https://evilslack.com/files-pri/x",
        "https://slack.com.evil.example/x",
        "https://files.slack.com@evil.example/x",
        "https://u@files.slack.com/x",
        "http://files.slack.com/x",
        "https://files.slack.com:8443/x",
        "file:///etc/passwd",
    ],
)
async def test_the_token_goes_to_nobody_but_slack(url):
    client = AsyncWebClient(token="xoxb-secret", base_url="https://slack.com/api/")
    with pytest.raises(Refused, match="The bot cannot read the file"):
        await fetched(client, described(url))


async def test_without_the_scope_it_says_which_is_needed():
    slack = SlackApp()
    async with slack.running() as url:
        client = AsyncWebClient(token=SlackApp.TOKEN, base_url=url)
        file = slack._put("mine.docx", b"hello")
        assert (await fetched(client, file)).data == b"hello"
        slack.scopes.discard("files:read")
        with pytest.raises(Refused, match="the scope files:read"):
            await fetched(client, file)


async def test_what_lies_about_its_size_leads_elsewhere_or_breaks_off_is_not_taken():
    heard: list[str] = []

    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * (LARGEST_HANDED + 1))

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://localhost:{request.url.port}/elsewhere")

    async def there(request: web.Request) -> web.Response:
        heard.append(request.headers["Authorization"])
        return web.Response(text="here")

    async def broken(_: web.Request) -> web.Response:
        return web.Response(status=500)

    routes = [web.get("/large", large), web.get("/moved", elsewhere), web.get("/elsewhere", there)]
    application = web.Application()
    application.add_routes([*routes, web.get("/broken", broken)])
    async with TestServer(application) as server:
        base = str(server.make_url("/"))
        client = AsyncWebClient(token="xoxb-secret", base_url=base)
        for path, why in (("large", "the limit is 2 MB"), ("moved", "files:read"), ("broken", "send it again")):
            with pytest.raises(Refused, match=why):
                await fetched(client, described(f"{base}{path}"))
    assert heard == []


# --- Discord and the console ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "size", "why"),
    [
        ("https://evil.example/attachments/1/2/mine.docx", 5, "send it again"),
        ("https://cdn.discordapp.com.evil.example/x", 5, "send it again"),
        ("https://cdn.discordapp.com/attachments/1/2/mine.docx", 3_000_000, "3.0 MB"),
    ],
)
async def test_discord_s_files_come_from_discord_and_are_measured_before_they_come(url, size, why):
    async def never(url: str) -> bytes:
        raise AssertionError(url)

    client = SimpleNamespace(http=SimpleNamespace(get_from_cdn=never))
    file = {"filename": "mine.docx", "size": size, "url": url}
    with pytest.raises(Refused, match=why):
        await in_discord.fetch(client, "https://cdn.discordapp.com", file)  # type: ignore[arg-type]


def test_a_path_that_is_no_file_is_reported(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "gone", "~nobody-of-that-name/x", "x" * 5_000):
        with pytest.raises(Refused, match=r"There is no file|cannot be read"):
            _file(str(path))
