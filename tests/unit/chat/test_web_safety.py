"""What a stranger may send to a log-in page: where it leads afterwards, and the proof that it is ours."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.chat.web.safety import (
    FRAMED,
    HEADERS,
    add_headers,
    form_token,
    is_own,
    is_token,
    own_path,
    policy_with_script,
)


@pytest.mark.parametrize(
    ("to", "leads_to"),
    [
        ("/letters/L-014?as=pdf", "/letters/L-014?as=pdf"),
        ("/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("letters", "/"),
        ("/letters\r\nSet-Cookie: a=b", "/"),
        ("/" + "x" * 1_999, "/" + "x" * 1_999),
        ("/" + "x" * 2_000, "/"),
    ],
)
def test_a_log_in_leads_to_a_path_of_this_site_and_nowhere_else(to, leads_to):
    assert own_path({"to": to}) == leads_to


def test_a_log_in_without_a_page_to_go_to_leads_home():
    assert own_path({}) == "/"


def test_a_form_s_token_is_that_of_its_session_and_odd_bytes_are_just_wrong():
    token = form_token("cookie")
    assert is_token(token, token)
    assert not is_token(form_token("other"), token)
    assert not is_token("\udcff", token)  # a byte that is no UTF-8, as aiohttp passes it on


def test_a_page_s_own_script_is_the_only_one_that_runs_and_reaches_no_other_site():
    policy = policy_with_script("n0nce").split("; ")
    assert "script-src 'nonce-n0nce'" in policy
    assert "connect-src 'self'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    ("said", "own"),
    [({}, True), *(({"Sec-Fetch-Site": site}, site in ("same-origin", "none")) for site in
                   ("same-origin", "none", "same-site", "cross-site")),
     *(({"Host": "Board.test", "Origin": origin}, origin == "https://board.test") for origin in
       ("https://board.test", "https://board.test.evil", "https://evil.test", "null", ""))],
)  # fmt: skip
def test_a_request_that_another_site_made_is_not_our_own(said, own):
    assert is_own(make_mocked_request("POST", "/", headers=said)) is own


async def test_every_response_has_the_headers_that_it_does_not_set_itself():
    response = web.Response(headers={"Content-Security-Policy": FRAMED})
    await add_headers(make_mocked_request("GET", "/"), response)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS | {"Content-Security-Policy": FRAMED}
