"""Who may do what in a browser: every command of the table, for every role, as a page and as a forged form."""

from __future__ import annotations

import pytest

from bot.commands.model import Reply, Role
from bot.shared.card import Card, Mark
from tests.contract.test_authority import ROLES, stand_in
from tests.kit.board import Board, every_command
from tests.kit.web_face import OWN, Browser, open_session, web_site

COMMANDS = every_command()


def done(ctx, args):
    return Reply(card=Card(mark=Mark.ANSWER, head="done"))


@pytest.mark.long
@pytest.mark.parametrize("roles", ROLES, ids=lambda roles: "+".join(sorted(roles)) or "none")
async def test_a_page_and_a_form_are_there_for_their_roles_and_for_nobody_else(tmp_path, roles):
    board = Board(tmp_path, [stand_in(command, done) for command in COMMANDS])
    person = board.add("Bo", *roles, organisation="cast" if Role.REPRESENTATIVE in roles else None)
    open_session(board, person.accounts[0], "c" * 32)
    async with web_site(board, ticks=_Steady()) as url, Browser(url) as browser:
        browser.set_cookie("session", "c" * 32)
        token = (await browser.get("/")).page.xpath("//footer//input[@name='_token']/@value")
        for command in COMMANDS:
            address = f"/do/{command.path.replace(' ', '/')}"
            page = await browser.get(address)
            form = await browser.post(address, {"_token": token[0], "_request": command.path}, OWN)
            allowed = bool(roles & command.who)
            assert (page.status, form.status) == ((200, 200) if allowed else (404, 404)), command.path
            assert ("done" in form.text.removeprefix("Not done")) is allowed, command.path


@pytest.mark.long
async def test_nobody_gets_anything_without_a_session(tmp_path):
    board = Board(tmp_path, [stand_in(command, done) for command in COMMANDS])
    async with web_site(board, ticks=_Steady()) as url, Browser(url) as browser:
        for cookie in ("", "c" * 32, "é", "x" * 3_000):
            if cookie:
                browser.set_cookie("session", cookie)
            for command in COMMANDS[::9]:
                address = f"/do/{command.path.replace(' ', '/')}"
                for answer in (await browser.get(address), await browser.post(address, {"_token": ""}, OWN)):
                    assert answer.status == 401
                    assert "done" not in answer.text


class _Steady:
    """A clock on which every request comes a second after the one before: no limit is reached."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 10.0
        return self._now
