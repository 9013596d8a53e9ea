from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.config.logs import Throttle, configure, secrets_of
from bot.config.settings import Settings

SLACK = "xoxb-1234567890-abcdefABCDEF"
DISCORD = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.mark.parametrize("turn", [1, 2])
def test_no_log_of_a_test_before_is_written_to_its_closed_stream(capsys, turn):
    handlers = logging.getLogger().handlers
    assert not [each for each in handlers if getattr(getattr(each, "stream", None), "closed", False)]
    configure(sys.stderr)


@pytest.mark.parametrize(
    "text",
    [
        SLACK,
        "xapp-1-A0-abc",
        DISCORD,
        f"Authorization: Bot {DISCORD}",
        "Authorization: Bearer abc.def",
        "wss://wss-primary.slack.com/link/?ticket=SECRET-TICKET&app_id=1",
        "https://hooks.slack.com/services/T0/B0/SECRET",
        "https://discord.com/api/webhooks/123/SECRET",
        "https://api.congress.gov/v3/bill?api_key=SECRET",
        "https://user:SECRET@example.org/feed",
    ],
)
def test_what_looks_like_a_secret_is_blanked(log_stream, text):
    configure(log_stream)
    logging.getLogger("bot").warning("got %s back", text)
    line = log_stream.getvalue()
    assert "[hidden]" in line
    for secret in ("SECRET", SLACK, DISCORD, "xapp-1", "abc.def"):
        assert secret not in line
    assert "back" in line


@pytest.mark.parametrize("as_json", [False, True])
def test_a_known_secret_is_blanked_in_tracebacks_too(log_stream, as_json):
    settings = Settings(_env_file=None, congress_api_key="hunter2hunter2")
    configure(log_stream, as_json=as_json, secrets=secrets_of(settings))
    try:
        raise ValueError("bad key hunter2hunter2")  # noqa: TRY301
    except ValueError:
        logging.getLogger("bot").exception("no answer")
    assert "hunter2" not in log_stream.getvalue()
    assert "ValueError" in log_stream.getvalue()
    if as_json:
        assert json.loads(log_stream.getvalue())["message"] == "no answer"


def test_the_password_of_the_database_is_blanked_however_it_is_written(log_stream):
    settings = Settings(_env_file=None, database_url="postgresql://bot:can%40ary@host/db")
    configure(log_stream, secrets=secrets_of(settings))
    logging.getLogger("bot").warning("no route to %s, nor with can@ary", "bot:can%40ary@host")
    assert "ary" not in log_stream.getvalue()


@pytest.mark.parametrize("key", ["password", "sslmode=require&password"])
def test_so_is_one_that_follows_the_address(log_stream, key):
    url = f"postgresql://host/db?user=bot&{key}=can%40ary"
    configure(log_stream, secrets=secrets_of(Settings(_env_file=None, database_url=url)))
    logging.getLogger("bot").warning("no route to %s, nor with can@ary", url)
    assert "ary" not in log_stream.getvalue()
    assert "user=bot" in log_stream.getvalue()


def test_a_secret_is_blanked_in_json_whatever_signs_it_has(log_stream):
    configure(log_stream, as_json=True, secrets=['can"ary\\too'])
    logging.getLogger("bot").warning("with %s and %s", 'can"ary\\too', SLACK)
    assert json.loads(log_stream.getvalue())["message"] == "with [hidden] and [hidden]"


def test_ordinary_words_stay(log_stream):
    configure(log_stream)
    logging.getLogger("bot").warning("The key of the Bot is under https://example.org/a?b=c&keys=1 Bearer")
    assert "[hidden]" not in log_stream.getvalue()


def test_the_platforms_libraries_log_at_info_even_when_we_debug(log_stream):
    configure(log_stream, level="DEBUG")
    for name in ("slack_sdk.web.async_base_client", "discord.http", "slack_bolt.app", "aiohttp.client"):
        logging.getLogger(name).debug("a whole letter")
    logging.getLogger("bot").debug("a step")
    assert "a whole letter" not in log_stream.getvalue()
    assert "a step" in log_stream.getvalue()


def test_a_throttle_logs_each_kind_of_line_once_a_minute_and_how_many_it_left_out(caplog):
    now = [0.0]
    lines = Throttle(logging.getLogger("bot.test"), lambda: now[0])
    for number in range(1_500):
        now[0] = number / 100  # 15 seconds
        lines.warning("refused %s", number)
        lines.warning("another line")
    now[0] = 60.0
    lines.warning("refused %s", "again")
    now[0] = 120.0
    lines.warning("refused %s", "later")
    assert [record.getMessage() for record in caplog.records] == [
        "refused 0",
        "another line",
        "refused again (and 1,499 more like this since the last line shown)",
        "refused later",
    ]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_stranger_s_text_neither_changes_the_terminal_nor_forges_a_line(log_stream, as_json):
    configure(log_stream, as_json=as_json)
    try:
        int("\x1b[2J")
    except ValueError:
        logging.getLogger("bot").exception("answered %s", "x\x1b]0;title\x07\r\n2026-01-01 ERROR bot: forged\u2028")
    text = log_stream.getvalue()
    assert not set(text) & set("\x1b\x07\r\u2028")
    assert not [line for line in text.splitlines() if line.startswith("2026-01-01 ERROR bot: forged")]
