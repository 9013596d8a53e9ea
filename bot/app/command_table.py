"""The table of all rooms' commands, from which the front ends, the help and the documentation are made.

It also lists what rooms add to shared answers: what waits for a person and what becomes free when one leaves, what a
search finds, and what refers to a setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts import commands as alerts
from bot.alerts import explain as alerts_search
from bot.alerts import handling as alert_handling
from bot.app.composing import WAITING
from bot.bills import commands as bills
from bot.campaign import commands as campaign
from bot.campaign import find, lobby_day, mail, meeting_commands, meetings, personal, scorecard, setup
from bot.commands.model import Command, Group, Rooms
from bot.config.load import Config
from bot.deadlines import commands as deadlines
from bot.deadlines import commitment_commands, dockets
from bot.letters import approval, opening, overview, signing
from bot.letters import lookup as letters_search
from bot.letters import offices as office_page
from bot.letters.allies import commands as allies
from bot.letters.documents import merge, office_mail, publish
from bot.letters.drafting import draft, edit
from bot.letters.filing import commands as filing
from bot.letters.ledger import commands as ledger
from bot.media.clips import report
from bot.media.news import commands as mentions
from bot.media.news import sorting_commands
from bot.media.news.intake import Press
from bot.media.press import erase, inquiry_commands, notices, picking, pitches
from bot.media.press import people as press_people
from bot.offices import commands as offices
from bot.outbox import queued
from bot.people import commands as people
from bot.people import members, sessions
from bot.settings import commands as settings_commands
from bot.settings import feeds_commands, learn_commands, watch_commands
from bot.site.public import commands as public

GROUPS: Final[tuple[Group, ...]] = (
    *(
        module.slash
        for module in (
            find,
            *(setup, personal, mail, campaign, sessions),
            people,
            alerts,
            *(watch_commands, learn_commands, feeds_commands, settings_commands),
            *(bills, lobby_day, scorecard, meeting_commands),
            *(deadlines, dockets, commitment_commands),
            *(draft, overview, edit, approval, opening, signing),
            *(publish, office_mail, merge, filing, allies, ledger),
            *(mentions, sorting_commands),
            *(press_people, erase, pitches, inquiry_commands),
            report,
            *(offices, office_page),
            public,
        )
    ),
    mail.inviting,
    settings_commands.undoing,
)

# Used if a coalition has none of a kind.
_NONE: Final = {
    "ask": "1",
    "bill": "hr1234-119",
    "duty": "annual-report",
    "entity": "our-name",
    "member": "our-member",
    "office": "labor",
    "template": "agency-request",
    "watch": "ask-1",
    "words": "public comment",
}


def in_order(groups: Iterable[Group]) -> tuple[Command, ...]:
    """Return the groups' commands as help and documentation list them: by slash command, in order of definition."""
    commands = [command for group in groups for command in group.commands]
    names = list(dict.fromkeys(command.group for command in commands))
    return tuple(sorted(commands, key=lambda command: names.index(command.group)))


COMMANDS: Final[tuple[Command, ...]] = in_order(GROUPS)

ROOMS: Final = Rooms(
    waiting=WAITING,
    freeing=(
        alert_handling.unassign_all,
        overview.signatures_of,
        mentions.free,
        office_page.free,
        notices.unassign_all,
    ),
    searching=(
        alerts_search.search_entries,
        letters_search.letters,
        letters_search.mail,
        mentions.search_stories,
        mentions.search_notes,
        picking.search_log,
        picking.search_inquiries,
        offices.search,
        meetings.search,
    ),
    referring=(queued.references, members.references, overview.references),
    story_lines=Press.explain,
)


def with_own_examples(
    commands: Iterable[Command], config: Config, templates: Sequence[str] = ()
) -> tuple[Command, ...]:
    """Return the commands with their examples filled in. `templates`: the coalition's letters, by name.

    The table has ``/bill track {bill} asks:{ask}``; help, forms and messages show it with what is in the two files.
    """
    own = {**_NONE, **own_words(config), **({"template": templates[0]} if templates else {})}
    return tuple(
        replace(command, example=command.example.format(**own)) if "{" in command.example else command
        for command in commands
    )


def own_words(config: Config) -> Mapping[str, str]:
    """Return one of each kind that the coalition has, as commands take it."""
    coalition = config.coalition
    bills = [bill for family in coalition.bills.values() for bill in family.bills]
    followed = [bill.id for bill in bills if bill.follow] or [bill.id for bill in bills]
    queries = (watch.query for watch in config.feeds.watches.values())
    phrases = (phrase for query in queries for phrase in re.findall(r'"([^"]+)"', query) if "*" not in phrase)
    values = {
        "ask": next(map(str, coalition.asks), ""),
        "bill": followed[-1] if followed else "",
        "duty": next(iter(coalition.duties), ""),
        "entity": next((id_ for id_, one in coalition.entities.items() if one.short), ""),
        "member": next(iter(coalition.members), ""),
        "office": next(iter(coalition.offices), ""),
        "watch": next(iter(config.feeds.watches), ""),
        "words": next(phrases, ""),
    }
    return {name: value for name, value in values.items() if value}
