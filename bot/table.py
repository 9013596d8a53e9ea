"""Every room's commands: the one table that the faces, the help and the documentation are made from.

Beside it, what else every room may have to say of a person: what waits for them, and what becomes free when they leave.
"""

from __future__ import annotations

from typing import Final

from bot.alerts import assigned
from bot.alerts import commands as alerts_commands
from bot.bills import commands as bills_commands
from bot.campaign import commands as campaign_commands
from bot.command import Command, Freeing, Waiting
from bot.deadlines import commands as deadlines_commands
from bot.deadlines import duty_commands
from bot.letters import commands as letters_commands
from bot.letters import waiting as letters_waiting
from bot.media import clips_commands, following, inquiries, press_commands, sorting_commands
from bot.media import commands as mentions_commands
from bot.people import commands as people_commands
from bot.tuning import feeds_commands, watch_commands

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
    *clips_commands.COMMANDS,
)

WAITING: Final[tuple[Waiting, ...]] = (assigned.waiting, letters_waiting.waiting, following.waiting, inquiries.waiting)
FREEING: Final[tuple[Freeing, ...]] = (assigned.free, letters_waiting.free, following.free, inquiries.free)
