"""A person of the coalition, the accounts they act with, their roles. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.commands.model import Role
from bot.shared.values import ACCOUNT

# What a role lets a person do, in words.
RIGHTS: Final = {
    Role.ADMINISTRATOR: "change people, roles, sources and settings",
    Role.POLICY: "edit watches, and draft, edit and send letters",
    Role.PRESS: "use the press list, and answer for stories and inquiries",
    Role.REPRESENTATIVE: "sign and decline letters for {organization}",
    Role.APPROVER: "approve letters and file comments",
}
NOT_A_CHAT: Final = ("console", "mail", "web")


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One user of one workspace or guild, including guests and people from other workspaces."""

    platform: str  # "slack" | "discord" | "mail" | "console" | "web"
    team: str  # the workspace's or guild's id; "" by mail, on the console and the web
    user: str  # by mail the person's own id: their address is personal data; on the web a session's

    @property
    def in_chat(self) -> bool:
        return self.platform not in NOT_A_CHAT

    def __str__(self) -> str:
        if self.platform == "mail":
            return "mail"
        return f"{self.platform}:{self.team}/{self.user}" if self.team else f"{self.platform}:{self.user}"


def account(text: str) -> Account | None:
    """Parse `slack:T0123/U0456` or `discord:1100…/22…`; None for anything else."""
    if not re.fullmatch(ACCOUNT, text):
        return None
    platform, _, rest = text.partition(":")
    team, _, user = rest.partition("/")
    return Account(platform, team, user)


def cannot_act(who: Account, guild: str | None) -> str:
    """Return why nothing that this account types can reach the coalition; "" if it can.

    `guild`: the only Discord server in which the coalition answers, if there is one.
    """
    if who.platform != "discord" or not guild or who.team == guild:
        return ""
    return (
        f"{who} is an account of another Discord server. This coalition answers only in server {guild} "
        f"(DISCORD_GUILD_ID), so write discord:{guild}/{who.user}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`organisation`: their member organization's id in coalition.yml; None for staff of the coalition itself."""

    id: str
    name: str
    organisation: str | None = None
    roles: frozenset[Role] = frozenset()
    accounts: tuple[Account, ...] = ()

    @property
    def role_words(self) -> str:
        """The roles as text: "administrator, press"."""
        return ", ".join(role.value for role in Role if role in self.roles)
