"""A store with one letter that is open on its public page, for what runs in a process that it does not share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.commands.model import Role
from bot.config.load import Config
from bot.letters import records as letters
from bot.letters.allies import records
from bot.letters.lifecycle import Dossier, State, Text, Version
from bot.letters.model import Paragraph, Written
from bot.people import records as people
from bot.people import sessions
from bot.people.model import Account, Person
from bot.store import address
from tests.kit.letters import rendering_of

POL: Final = Account("slack", "T0HOME", "U0POL")
COOKIE: Final = "c" * 32  # of a session on the board


def open_letter(store: address.Address, config: Config) -> None:
    """A store with a letter that is open for sign-on, its public page, and staff with a session on the board."""
    now, ids = datetime.now(UTC), iter(range(10**9))

    def new_id() -> str:
        return f"{next(ids):032x}"

    texts = (Text(Written(subject="An end to it", body=(Paragraph("We ask for this."),)), ("office:ovc",)),)
    letter = Dossier(
        id=new_id(), number=1, state=State.OPEN, template="joint-applications", template_digest="", lobbying="none",
        lobbying_why="", created_by="pol", created_at=now, facts={"names": {"office:ovc": "the Director"}},
        version=Version(number=1, texts=texts, by="pol", at=now), closes_at=now + timedelta(days=3),
    )  # fmt: skip
    db = store.create()
    with db.write() as tx:
        address.take(tx, config.coalition.id, config.coalition.name, now)
        pol = Person(id="pol", name="Pol", roles=frozenset({Role.POLICY}), accounts=(POL,))
        people.add(tx, pol, by=None, now=now)
        letters.add(tx, letter, rendering_of(config, letter.version, now.date()))
        letters.save(tx, letter)
        letters.open_version(tx, letter.id, 1, now)
        records.open_page(tx, letter.id, "pol", now)
        tokens = iter(["1" * 32, "5" * 32, COOKIE])
        link = sessions.make_link(tx, "pol", POL, now=now, new_id=lambda: next(tokens))
        assert sessions.redeem(tx, link, now=now, new_id=lambda: next(tokens)) == COOKIE
    db.close()
