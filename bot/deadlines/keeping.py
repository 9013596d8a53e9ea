"""How long duties and dates are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.store.keeping import Keeping

KEEPING: Final = (
    Keeping(table="duty", stays="until it is taken away", sheet=True),
    Keeping(table="duty_finding", stays="the evidence for what is said of a duty", sheet=True),
    Keeping(table="duty_proposal", term=timedelta(days=7), since="made_at"),
    Keeping(table="docket_date", stays="the newest look at each docket"),
)
