"""`coalition-bot run` serves the board if WEB_URL is set, and no page of it otherwise."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import aiohttp
import pytest

from bot.commands.model import Call, Role
from bot.people.model import Account
from tests.kit.ports import unused_port
from tests.kit.web_face import Browser
from tests.scenario.letter_journey import link, program, running

ADA = Account("slack", "T0HOME", "U0ADA")


async def listening(url):
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while True:
            try:
                async with session.get(f"{url}/healthz") as answer:
                    return await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


@pytest.mark.long
async def test_the_running_bot_answers_in_a_browser_and_writes_the_audit(tmp_path):
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    async with running(program(tmp_path, "console:policy", {"web_url": url, "web_bind": f"127.0.0.1:{port}"})) as app:
        assert await listening(url) == "ok"
        link(app, ADA, "Ada", Role.ADMINISTRATOR)
        call = Call(path="campaign board", platform="slack", team=ADA.team, user=ADA.user, id="1")
        card = (await app.dispatcher.answer(call)).card
        (address,) = [line.url for line in card.lines if line.url]
        assert address.startswith(f"{url}/in/")
        async with Browser(url) as browser:
            assert (await browser.get("/")).status == 401
            home = await browser.submit((await browser.get(address)).forms[0])
            assert home.status == 200
            pause = await browser.submit((await browser.get("/do/campaign/pause")).forms[0], {"why": "a drill"})
            assert pause.status == 200, pause.text
            who = app.db.read("SELECT who, origin, command FROM audit ORDER BY seq")
            assert ("Ada", "web", "campaign pause") in [tuple(row.values()) for row in map(dict, who)]


def test_the_command_line_s_help_imports_nothing_but_the_command_line():
    code = (
        "import sys, click; before = set(sys.modules); from bot.cli import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: pass\n"
        "new = {name for name in set(sys.modules) - before if not name.startswith(('bot.cli', 'click.'))}\n"
        "print([name for name in sorted(new) if name.split('.')[0] not in sys.stdlib_module_names])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "['bot']"


@pytest.mark.long
def test_parsers_pages_and_commands_are_imported_when_they_are_needed():
    code = (
        "import sys, datetime; import bot.app.runtime, bot.app.frontends, bot.app.application\n"
        "from bot.shared import calendar\n"
        "from bot.cli.running import _prepare; from bot.config.settings import Settings\n"
        "_prepare([Settings(_env_file=None)], dry_run=False, web_only=False)\n"
        "assert not calendar.business_day(datetime.date(2026, 7, 3))\n"
        "print([name for name in ('lxml', 'selectolax', 'feedparser', 'protego', 'docx', 'icalendar', 'holidays',"
        " 'ruamel.yaml', 'sqlite_utils', 'aiohttp.web', 'bot.app.command_table') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["[]"]


@pytest.mark.long
def test_a_site_brings_no_backups_and_no_encryption():
    code = (
        "import sys; import bot.app.runtime, bot.app.command_table, bot.chat.web.frontend\n"
        "from bot.cli.running import _prepare; from bot.config.settings import Settings\n"
        "site = {'web_url': 'http://127.0.0.1:8080', 'web_bind': '127.0.0.1:0'}\n"
        "_prepare([Settings(_env_file=None, **site)], dry_run=False, web_only=False)\n"
        "print([name for name in ('bot.ops.backup', 'pyrage', 'xml.etree.ElementTree') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["[]"]
