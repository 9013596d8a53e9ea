"""Anyone can send us anything: it is read in a bounded time, raises nothing, and is nobody's unless a token says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.mail.frontend import Bounce, Ignored, Unsubscribe, read

OURS = "bot@coalition.test"
HEADERS = st.sampled_from(
    ["From", "To", "Cc", "Delivered-To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
     "Authentication-Results", "Content-Type", "Content-Transfer-Encoding", "Return-Path", "List-Id", "MIME-Version"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["<abcdefghijklmnopqrstuvwx@coalition.test>",
     "bot+b-abc@coalition.test", "bot+b-abc@coalition.test", "<bot+u@coalition.test>", "=?utf-8?q?=0d=0a?=", "((((",
     "multipart/mixed; boundary=b", "multipart/report; boundary=b", "message/delivery-status", "base64",
     "text/plain; charset=none-such", "message/rfc822", '"', "mx.coalition.test; dkim=pass header.d=a.test", "<>"]
) | st.text(max_size=60)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=12), st.binary(max_size=400))
def test_a_mail_of_any_form_is_read(headers, body):
    head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("utf-8", "surrogatepass")
    result = read(head + b"\r\n" + body, OURS, lambda signature, mark: signature == "abc")
    assert isinstance(result, Bounce | Ignored | Unsubscribe)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(data):
    assert isinstance(read(data, OURS, lambda signature, mark: signature == "abc"), Ignored)


def nested(depth):
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth))
    return f"To: bot+b-abc@coalition.test\r\n{parts}\r\nSIGN\r\n".encode()


@pytest.mark.parametrize(("mark", "why"), [(b"", "names no email from"), (b"a" * 24, "too many parts")])
def test_a_report_is_parsed_only_if_it_names_a_mail_that_we_signed(mark, why):
    data = nested(400) + b"Message-ID: <" + mark + b"@coalition.test>\r\n"
    assert why in read(data, OURS, lambda _, named: named == "a" * 24).why


@pytest.mark.parametrize(
    "data",
    [
        nested(5_000),
        nested(400) + b"x\r\n" * 500_000,
        b"To: " + b"a@b.c, " * 50_000 + b"\r\n\r\n",
        b"To: bot+b-abc@coalition.test\r\nReferences: " + b"<a@b> " * 50_000 + b"\r\n\r\nSIGN",
        b"To: bot+b-abc@coalition.test\r\nAuthentication-Results: mx.coalition.test" + b"(" * 50_000 + b"\r\n\r\nSIGN",
        b"To: bot+b-abc@coalition.test\r\n" + b"Authentication-Results: x; dkim=pass\r\n" * 20_000 + b"\r\nSIGN",
        b"To: bot+b-abc@coalition.test\r\nContent-Type: text/html\r\n\r\n" + b"<p" * 500_000,
        b"To: bot+b-abc@coalition.test\r\nContent-Type: text/html\r\n\r\n" + b"<!" * 500_000,
        b"To: bot+b-abc@coalition.test\r\n\r\n" + b" " * 1_900_000 + b"SIGN",
        b"To: bot+b-abc@coalition.test\r\nContent-Type: multipart/report;" + b";" * 1_900_000 + b"boundary=b\r\n\r\n",
    ],
    ids=[
        *("nested", "nested lines", "recipients", "references", "comments", "results", "tags", "declarations"),
        *("blanks", "parameters"),
    ],
)
@pytest.mark.timeout(30)
def test_a_mail_that_is_made_to_take_long_does_not(data):
    assert isinstance(read(data, OURS, lambda signature, mark: signature == "abc"), Ignored)
