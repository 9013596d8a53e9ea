"""Discord as a platform to post to, and the bot's permissions in a channel: from roles and overwrites.

REST only, like the sender. Nothing is posted, and no message is read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

import aiohttp
import discord
from discord.abc import GuildChannel

from bot.chat.discord.render import message
from bot.chat.discord.sender import NOT_OURS, DiscordSender, Rest, create_discord_client
from bot.chat.platform import Clients, Platform, failed, token
from bot.config.settings import Settings
from bot.outbox.channels import Privacy
from bot.outbox.model import Channel, Permissions

log = logging.getLogger(__name__)

# The names in Discord's own settings.
_NEEDED: Final = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
_GONE: Final = (
    "there is no channel with that id, or the bot is not in its server or may not see it: add it under Permissions"
)


async def _look(settings: Settings, channel: Channel) -> tuple[Permissions, Privacy]:
    """The bot's permissions in a channel, and whether everyone on the server can read it.

    Computed from the channel, the guild's roles and the bot's member. Never raises on network errors.
    """
    try:
        async with create_discord_client(settings) as client:
            await client.login(token(settings, "discord"))
            fetched = await client.fetch_channel(int(channel.address))
            if not isinstance(fetched, GuildChannel) or client.user is None:
                return _lacking("it is not a server channel: choose a text channel")
            if settings.discord_guild_id not in ("", str(fetched.guild.id)):
                return _lacking(NOT_OURS)
            guild = await client.fetch_guild(fetched.guild.id)  # with the roles
            in_guild = await guild.fetch_channel(fetched.id)
            has = in_guild.permissions_for(await guild.fetch_member(client.user.id))
            everyone = in_guild.permissions_for(guild.default_role).view_channel
    except discord.LoginFailure:
        why = "Discord rejected the bot's token"
    except (discord.Forbidden, discord.NotFound):
        return _lacking(_GONE)
    except discord.HTTPException as error:
        why = f"Discord failed ({error.status})"
    except (aiohttp.ClientError, OSError) as error:
        why = failed(error, "Discord").why
    else:
        missing = [words for name, words in _NEEDED.items() if not getattr(has, name)]
        lacking = (f"it lacks {', '.join(missing)}: Edit Channel → Permissions",) if missing else ()
        return Permissions(lacking=lacking), Privacy(seen_by="everyone on the server can read it" if everyone else "")
    return Permissions(unknown=why), Privacy(unknown=why)


def _lacking(why: str) -> tuple[Permissions, Privacy]:
    return Permissions(lacking=(why,)), Privacy(unknown=why)


async def rights(settings: Settings, channel: Channel) -> Permissions:
    return (await _look(settings, channel))[0]


async def privacy(settings: Settings, channel: Channel) -> Privacy:
    return (await _look(settings, channel))[1]


def _sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo, clients: Clients) -> DiscordSender:
    secret = token(settings, "discord")
    rest = clients.setdefault(("discord", secret), Rest(lambda: create_discord_client(settings), secret, clock))
    return DiscordSender(rest, message, clock=clock, zone=zone, guild=settings.discord_guild_id)


PLATFORM: Final = Platform(_sender, rights, privacy)
