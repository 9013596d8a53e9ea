"""The table of all rooms' commands, from which the front ends, the help and the documentation are made.

It also lists what rooms add to shared answers: what waits for a person, what becomes free when a person leaves, and
what a search finds.
"""

from __future__ import annotations

from typing import Final

from bot.alerts import assigned
from bot.alerts import commands as alerts_commands
from bot.alerts import search as alerts_search
from bot.bills import commands as bills_commands
from bot.campaign import commands as campaign_commands
from bot.commands.model import Command, ReleaseTasks, SearchRoom, TasksOf
from bot.deadlines import commands as deadlines_commands
from bot.deadlines import duty_commands
from bot.letters import commands as letters_commands
from bot.letters import search as letters_search
from bot.letters import todo as letters_waiting
from bot.media import search as media_search
from bot.media.clips import commands
from bot.media.news import commands as mentions_commands
from bot.media.news import follow, sorting_commands
from bot.media.press import commands as press_commands
from bot.media.press.inquiries import notices
from bot.overrides import feeds_commands, watch_commands
from bot.people import commands as people_commands

COMMANDS: Final[tuple[Command, ...]] = (
    *campaign_commands.COMMANDS,
    *people_commands.COMMANDS,
    *alerts_commands.COMMANDS,
    *watch_commands.COMMANDS,
    *feeds_commands.COMMANDS,
    *bills_commands.COMMANDS,
    *deadlines_commands.COMMANDS,
    *duty_commands.COMMANDS,
    *letters_commands.COMMANDS,
    *mentions_commands.COMMANDS,
    *sorting_commands.COMMANDS,
    *press_commands.COMMANDS,
    *commands.COMMANDS,
)

WAITING: Final[tuple[TasksOf, ...]] = (
    assigned.assigned_alerts,
    letters_waiting.waiting,
    follow.waiting,
    notices.assigned_inquiries,
)
FREEING: Final[tuple[ReleaseTasks, ...]] = (
    assigned.unassign_all,
    letters_waiting.signatures_of,
    follow.free,
    notices.unassign_all,
)
SEARCHING: Final[tuple[SearchRoom, ...]] = (
    alerts_search.search_entries,
    letters_search.letters,
    letters_search.mail,
    media_search.stories,
    media_search.notes,
    media_search.press,
)
