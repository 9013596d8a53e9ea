"""A link in mail is one person's, for one command with its arguments, until it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.chat.links import WITHOUT_LOGIN, Signer, arguments_in, signed_for
from bot.shared.card import Button
from bot.shared.keyring import Keyring

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SIGNER = Signer(Keyring(b"secret"), "https://board.example.org", "p-ada", NOW + timedelta(days=14), mailbox="box1")
INVITE = Button("Invite", "people invite", (("role", "press"), ("name", "Ann Lee"), ("note", "")))
DECIDE = [Button("Decide", path, (("letter", "L-001"),)) for path in WITHOUT_LOGIN]


def person_of(url, now=NOW, mailbox="box1", **changed):
    site, path, query = urlsplit(url)[1:4]
    assert site == "board.example.org"
    command = path.removeprefix("/do/").replace("/", " ")
    return signed_for(SIGNER.keyring, command, dict(parse_qsl(query)) | changed, now, lambda _: mailbox)


def test_a_link_is_its_person_s_until_the_moment_it_ends():
    url = SIGNER.url(INVITE)
    assert person_of(url, SIGNER.ends_at - timedelta(seconds=1)) == "p-ada"
    assert person_of(url, SIGNER.ends_at) is None


@pytest.mark.parametrize(
    "changed",
    [{"role": "administrator"}, {"sure": "yes"}, {"_for": "p-bo"}, {"_for": ""}, {"_until": "99999999999"},
     {"_until": ""}, {"_until": "soon"}, {"_signed": ""}, {"_signed": "a" * 26}],
)  # fmt: skip
def test_a_link_in_which_anything_was_changed_is_nobody_s(changed):
    assert person_of(SIGNER.url(INVITE), **changed) is None


def test_a_link_for_one_command_is_none_for_another_and_none_of_another_key():
    url = SIGNER.url(INVITE)
    assert person_of(url.replace("/invite", "/link")) is None
    assert person_of(replace(SIGNER, keyring=Keyring(b"other")).url(INVITE)) is None


@pytest.mark.parametrize("button", DECIDE, ids=WITHOUT_LOGIN)
def test_a_link_that_needs_no_log_in_ends_when_the_address_is_changed_or_deleted(button):
    url = SIGNER.url(button)
    assert [person_of(url, mailbox=mailbox) for mailbox in ("box1", "box2", "")] == ["p-ada", None, None]
    assert person_of(replace(SIGNER, mailbox="").url(button), mailbox="") is None


def test_a_link_that_needs_a_log_in_outlives_the_address():
    url = SIGNER.url(INVITE)
    assert [person_of(url, mailbox=mailbox) for mailbox in ("box2", "")] == ["p-ada", "p-ada"]


def test_what_a_link_says_about_itself_is_no_argument_of_its_command():
    query = dict(parse_qsl(urlsplit(SIGNER.url(INVITE)).query, keep_blank_values=True))
    assert arguments_in(query) == {"role": "press", "name": "Ann Lee"}
