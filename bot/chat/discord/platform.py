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
from bot.chat.discord.rest import Rest, create_discord_client
from bot.chat.discord.sender import NOT_OURS, DiscordSender
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


async def rights(client: discord.Client, token: str, channel: Channel, guild: str = "") -> Permissions:
    """The bot's permissions in a channel. Closes `client`, which is not logged in. Never raises on network errors.

    `guild`: the server it has to be in, "" for any.
    """
    try:
        async with client:
            await client.login(token)
            return await _looked_up(client, channel, guild)
    except discord.LoginFailure:
        return Permissions(unknown="Discord rejected the bot's token")
    except (discord.Forbidden, discord.NotFound):
        return Permissions(lacking=(_GONE,))
    except discord.HTTPException as error:
        return Permissions(unknown=f"Discord failed ({error.status})")
    except (aiohttp.ClientError, OSError) as error:
        return Permissions(unknown=failed(error, "Discord").why)


async def _looked_up(client: discord.Client, channel: Channel, own: str) -> Permissions:
    """The bot's permissions, computed from the channel, the guild's roles and the bot's member."""
    fetched = await client.fetch_channel(int(channel.address))
    if not isinstance(fetched, GuildChannel) or client.user is None:
        return Permissions(lacking=("it is not a server channel: choose a text channel",))
    if own not in ("", str(fetched.guild.id)):
        return Permissions(lacking=(NOT_OURS,))
    guild = await client.fetch_guild(fetched.guild.id)
    in_guild = await guild.fetch_channel(fetched.id)
    me = await guild.fetch_member(client.user.id)
    has = in_guild.permissions_for(me)
    missing = [words for name, words in _NEEDED.items() if not getattr(has, name)]
    if not missing:
        return Permissions()
    return Permissions(lacking=(f"it lacks {', '.join(missing)}: Edit Channel → Permissions",))


async def privacy(client: discord.Client, token: str, channel: Channel, guild: str = "") -> Privacy:
    """Whether everyone on the server can read the channel. `client`, `guild` and errors as for `rights`."""
    try:
        async with client:
            await client.login(token)
            fetched = await client.fetch_channel(int(channel.address))
            if not isinstance(fetched, GuildChannel):
                return Privacy(unknown="it is not a server channel")
            if guild not in ("", str(fetched.guild.id)):
                return Privacy(unknown=NOT_OURS)
            server = await client.fetch_guild(fetched.guild.id)  # with the roles, as above
            in_guild = await server.fetch_channel(fetched.id)
            everyone = in_guild.permissions_for(server.default_role).view_channel
    except discord.HTTPException as error:
        lost = isinstance(error, (discord.Forbidden, discord.NotFound))
        return Privacy(unknown=_GONE if lost else f"Discord failed ({error.status})")
    except (discord.LoginFailure, aiohttp.ClientError, OSError) as error:
        refused = isinstance(error, discord.LoginFailure)
        return Privacy(unknown="Discord rejected the bot's token" if refused else failed(error, "Discord").why)
    return Privacy(seen_by="everyone on the server can read it" if everyone else "")


def _sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo, clients: Clients) -> DiscordSender:
    secret, guild = token(settings, "discord"), settings.discord_guild_id
    rest = clients.setdefault(("discord", secret), Rest(lambda: create_discord_client(settings), secret, clock))
    return DiscordSender(rest, message, clock=clock, zone=zone, guild=guild)


async def _rights(settings: Settings, channel: Channel) -> Permissions:
    client = create_discord_client(settings)
    return await rights(client, token(settings, "discord"), channel, settings.discord_guild_id)


async def _privacy(settings: Settings, channel: Channel) -> Privacy:
    client = create_discord_client(settings)
    return await privacy(client, token(settings, "discord"), channel, settings.discord_guild_id)


PLATFORM: Final = Platform(_sender, _rights, _privacy)
