"""A delivery as a mail."""

import gc
from datetime import UTC, datetime

import pytest

from bot.chat.mail.message import Originator, compose
from bot.outbox.model import Outgoing
from bot.shared.card import Card, Mark
from tests.kit.mail import DANA, FROM

NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.long
def test_a_mail_leaves_nothing_that_only_a_collection_of_cycles_frees():
    outgoing = Outgoing(id="1", key="k", channel=DANA, card=Card(mark=Mark.ALERT, head="Finding: gloves from Malaysia"))
    left = []
    for _ in range(2):
        gc.collect()
        compose(outgoing, Originator(FROM, reads=True), NOW.date(), NOW)
        left.append(gc.collect())
    assert left[-1] == 0
