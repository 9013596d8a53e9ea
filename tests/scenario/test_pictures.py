"""Pictures in chat: once, with their numbers as text, where the platform takes files."""

from __future__ import annotations

import shutil
import struct
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts import digest
from bot.config.feeds import RouteConfig
from bot.outbox import files
from bot.outbox.messages import place, post
from bot.outbox.model import from_json
from bot.shared.card import Card, Mark
from bot.site import pictures
from tests.kit.alerts import document


def posted(desk):
    """(name of its thread, card, files) of each message with a picture, after the step ran twice."""
    for _ in range(2):
        pictures.compose(desk.job)
    rows = desk.db.read("SELECT id, thread, card FROM delivery WHERE kind = 'picture' ORDER BY seq")
    return [(row["thread"], from_json(row["card"]), files.load(desk.db, row["id"])) for row in rows]


def digested(desk):
    """The channel has a digest of today."""
    audience = next(iter(desk.config.feeds.channels))
    with desk.job.write() as work:
        to = place(audience, desk.config.feeds)
        name = f"digest:{work.today}"
        post(work, to, name, Card(mark=Mark.DIGEST, head="Digest"), kind=digest.KIND, thread=to.thread(name))
    return name


def alerted(desk, weeks=4):
    """An alert in each of the last weeks."""
    now = desk.now
    for week in range(weeks):
        desk.now = now - timedelta(weeks=week)
        desk.bring(document(f"2026-0007{week}", f"Finding {week}: forced labor"))
    desk.now = now


def reminded(desk):
    """L-1 is open, two signed and one declined, and it is the day before the deadline."""
    desk.opened()
    first, second, third, *_ = desk.reps
    desk.signs(first)
    desk.signs(second)
    desk.card(desk.reps[third], "letter decline", letter="L-1", reason="The board does not meet in time", agree="yes")
    assert posted(desk) == [], "not before the reminder"
    desk.now += timedelta(days=2, hours=4)
    desk.compose()


def test_the_month_s_first_digest_is_followed_by_its_alerts_by_week(desk):
    alerted(desk)
    assert posted(desk) == [], "there was no digest"
    thread = digested(desk)
    ((in_thread, card, (file,)),) = posted(desk)

    assert in_thread == thread
    assert card.head.startswith("4 alerts in 26 weeks")
    assert "the number is the row's busiest week" in card.foot
    assert (file.name, file.media_type) == ("alerts.png", "image/png")
    assert "Ask 4: 4 alerts in 26 weeks, at most 1 in one" in file.alt
    width, height = struct.unpack(">II", file.data[16:24])
    assert width > 1_000 > height
    desk.now += timedelta(days=1)
    digested(desk)
    assert len(posted(desk)) == 1, "once a month"
    desk.now += timedelta(days=31)
    digested(desk)
    assert len(posted(desk)) == 2


@pytest.mark.parametrize(("asks", "count"), [((4,), 1), ((5,), 0)])
def test_the_picture_has_the_asks_of_its_channel_alone(desk, asks, count):
    alerted(desk)
    routes = (RouteConfig(to=next(iter(desk.config.feeds.channels)), asks=asks),)
    desk.config = replace(desk.config, feeds=desk.config.feeds.model_copy(update={"routes": routes}))
    digested(desk)
    shown = posted(desk)
    assert len(shown) == count
    lines = [line.text for _, card, _ in shown for line in card.lines]
    assert lines == ["Ask 4: 4 alerts in 26 weeks, at most 1 in one"] * count


def test_a_channel_with_no_ask_gets_no_picture_of_all_asks(desk):
    alerted(desk)
    desk.config = replace(desk.config, feeds=desk.config.feeds.model_copy(update={"routes": ()}))
    digested(desk)
    assert posted(desk) == []


def test_three_weeks_with_alerts_are_no_trend(desk):
    alerted(desk, weeks=3)
    digested(desk)

    assert posted(desk) == []


def test_the_reminder_of_a_sign_on_is_followed_by_its_progress(desk):
    reminded(desk)
    ((thread, card, (file,)),) = posted(desk)

    assert thread == f"letter:{desk.letter().id}"
    assert card.head.startswith("L-001: 2 of 12 signed, sign-on until ")
    assert file.alt == card.head
    assert file.data.startswith(b"\x89PNG")


def test_a_platform_that_only_posts_gets_none(desk):
    feeds = desk.config.feeds
    blind = {id_: each.model_copy(update={"to": "teams:ours"}) for id_, each in feeds.channels.items()}
    desk.config = replace(desk.config, feeds=feeds.model_copy(update={"channels": blind}))
    alerted(desk)
    digested(desk)

    assert posted(desk) == []


def test_a_picture_that_cannot_be_drawn_leaves_the_message(desk, tmp_path, caplog):
    home = tmp_path / "home"
    shutil.copytree(desk.config.folder / "templates", home / "templates")
    (home / "templates" / "logo.png").write_bytes(b"<svg/>")
    reminded(desk)
    desk.config = replace(desk.config, folder=home)
    ((_, card, attached),) = posted(desk)

    assert (card.head[:22], attached) == ("L-001: 2 of 12 signed,", ())
    assert "without its picture: templates/logo.png is not a PNG" in caplog.text
