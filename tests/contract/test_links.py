"""A link never decides: every changing command with a hand-made link, for each role that may use it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from bot.chat.links import VALID, Signer
from bot.commands.model import Command, Kind, Param, Refused, Reply, Role
from bot.shared.card import Button, Card, Mark
from bot.shared.keyring import Keyring
from tests.kit.alerts import TUESDAY
from tests.kit.board import Board, every_command
from tests.kit.web_face import KEYRING, Browser, open_session, web_site

CHANGING = [command for command in every_command() if command.changes]
CONSENT = ("agree", "sure", "shown", "seen", "distinct")  # and `text`, where it is the digest of what was read
LONG = "x" * 55 + "@evil.example"


CHECKED = (
    *("yesterday", "next Friday 5pm", "6pm-8am", "ET", "180 days after 12/21/2018", "example.org", "jo@wire.example"),
    *("a reply by Dec 18", "hr4323-119", "$300"),
)


def takes(check, text: str) -> bool:
    with suppress(Refused):
        check(text, TUESDAY)
        return True
    return False


def filled(param: Param) -> str:
    """A value that a form takes."""
    if param.offered:
        return param.offered[0].value
    if param.kind is Kind.NUMBER:
        return "1"
    if check := param.check:
        return next(text for text in CHECKED if takes(check, text))
    # An address in a note would be asked about.
    return "0" * 20 if param.by_button or param.secret else LONG[: param.longest].replace("@", ".")


class Recorder:
    """Every changing command, each of which only records that it was done."""

    def __init__(self, folder):
        self.done: list[dict[str, str]] = []

        def handler(ctx, args):
            self.done.append(dict(args))
            return Reply(card=Card(mark=Mark.ANSWER, head="done"))

        commands = [replace(each, fetch=None, prepare=None, handler=handler) for each in CHANGING]
        self.board = Board(folder, commands)

    def link(self, command: Command, **more: str) -> str:
        args = {param.name: filled(param) for param in command.params if param.kind is not Kind.FILE}
        return f"/do/{command.path.replace(' ', '/')}?{urlencode(args | more)}"


@pytest.mark.long
@pytest.mark.parametrize("role", list(Role))
async def test_one_press_on_what_a_handmade_link_opens_does_nothing(tmp_path, role):
    at = Recorder(tmp_path)
    person = at.board.add("Bo", role, organisation="cast" if role is Role.REPRESENTATIVE else None)
    open_session(at.board, person.accounts[0], "c" * 32)
    guesses = {
        "_press": "yes",
        "_for": person.id,
        "_until": "99999999999",
        "_signed": "a" * 26,
        "_link": "",
        "_form": "",
    }
    async with web_site(at.board, ticks=Steady()) as url, Browser(url) as browser:
        browser.set_cookie("session", "c" * 32)
        for command in (each for each in CHANGING if role in each.who):
            for more in ({}, {"_press": "yes"}, guesses):
                page = await browser.get(at.link(command, **more))
                (form,) = page.page.xpath("//form[@class='main']")
                asked = await browser.submit(form)
                assert at.done == [], command.path
                given = form_values(form)
                for param in command.params:
                    assert not ((param.by_button or param.secret) and given.get(param.name)), (command.path, param.name)
            if asked.status == 200 and not any(each.kind is Kind.FILE and each.required for each in command.params):
                assert "Nothing is done before you press the button" in asked.text
                assert all(value in asked.text for value in given.values()), command.path
                await browser.submit(asked.forms[0])  # the second press does it
                assert len(at.done) == 1, command.path
                at.done.clear()


@pytest.mark.parametrize("name", CONSENT)
def test_what_a_person_gives_after_reading_is_given_by_a_button(name):
    params = [param for command in CHANGING for param in command.params if param.name == name]
    assert params
    assert all(param.by_button for param in params)


def test_so_is_the_digest_of_a_text_that_was_read():
    digests = [param for command in CHANGING for param in command.params if param.help.startswith("the digest of")]
    assert len(digests) == 6
    assert all(param.by_button for param in digests)


# --- links that the bot wrote -----------------------------------------------------------------------------------------

INVITE = next(command for command in CHANGING if command.path == "people invite")
BUTTON = Button("Invite", INVITE.path, (("name", "Ada"), ("address", LONG), ("role", "administrator")))


@pytest.fixture
async def visit(tmp_path):
    at = Recorder(tmp_path)
    person = at.board.add("Bo", Role.ADMINISTRATOR)
    open_session(at.board, person.accounts[0], "c" * 32)
    async with web_site(at.board, ticks=Steady()) as url, Browser(url) as browser:
        browser.set_cookie("session", "c" * 32)
        signer = Signer(KEYRING, url, person.id, at.board.now + VALID)
        yield at, browser, signer


async def test_a_link_that_the_bot_wrote_shows_every_value_whole_and_one_press_does_it(visit):
    at, browser, signer = visit
    page = await browser.get(signer.url(BUTTON))
    assert f"Name Ada Address {LONG} Role administrator" in page.text
    assert at.done == []
    await browser.submit(page.forms[0])
    assert at.done == [dict(BUTTON.args)]


@pytest.mark.parametrize(
    "change",
    [
        lambda at, signer: signer.url(BUTTON).replace("name=Ada", "name=Eve"),
        lambda at, signer: signer.url(BUTTON).replace("/invite", "/link"),
        lambda at, signer: signer.url(BUTTON) + "&sure=yes",
        lambda at, signer: signer.url(BUTTON).replace("&role=administrator", ""),
        lambda at, signer: replace(signer, person="someone").url(BUTTON),
        lambda at, signer: replace(signer, person="someone").url(BUTTON).replace("someone", signer.person),
        lambda at, signer: replace(signer, keyring=Keyring(b"another")).url(BUTTON),
        lambda at, signer: replace(signer, ends_at=at.board.now - timedelta(seconds=1)).url(BUTTON),
    ],
    ids=["argument", "command", "more", "less", "another's", "another's, renamed", "key", "too old"],
)
async def test_a_link_that_was_changed_forwarded_or_is_too_old_opens_the_form(visit, change):
    at, browser, signer = visit
    page = await browser.get(change(at, signer))
    (form,) = page.page.xpath("//form[@class='main']")
    await browser.submit(form)
    assert at.done == []


async def test_a_link_that_opens_a_form_which_the_person_changes_does_what_they_sent(visit):
    at, browser, _ = visit
    page = await browser.get(at.link(INVITE))
    (form,) = page.page.xpath("//form[@class='main']")
    await browser.submit(form, {"name": "Ada Lovelace"})
    assert [args["name"] for args in at.done] == ["Ada Lovelace"]


@pytest.mark.parametrize("value", ["a\nb", " a  b ", "a\x00b", "a\r\nb", "\ud800", "administrator\u2028"])
async def test_no_spelling_of_a_value_passes_for_one_that_the_person_typed(visit, value):
    at, browser, _ = visit
    query = urlencode({"name": value, "address": value, "role": value}, errors="surrogatepass")
    page = await browser.get(f"/do/people/invite?{query}")
    (form,) = page.page.xpath("//form[@class='main']")
    await browser.submit(form)
    assert at.done == []


def form_values(form) -> dict[str, str]:
    names = form.xpath(".//*[self::input or self::textarea or self::select][@name][not(starts-with(@name, '_'))]/@name")
    found = {}
    for name in names:
        field = form.xpath(f".//*[@name='{name}']")[0]
        value = field.get("value") or field.text or "".join(field.xpath("./option[@selected]/@value"))
        if field.get("type") == "radio":
            value = "".join(form.xpath(f".//input[@name='{name}'][@checked]/@value"))
        found[name] = (value or "").strip()
    return found


class Steady:
    """A clock on which every request comes long after the one before: no limit is reached."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 10.0
        return self._now
