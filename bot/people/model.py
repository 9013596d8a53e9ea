"""A person of the coalition, the accounts they act with, their roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.command import Role


@dataclass(frozen=True, slots=True)
class Account:
    """Exactly this user of exactly this workspace or guild: guests and members of other workspaces included."""

    platform: str  # "slack" | "discord" | "console"
    team: str  # the workspace's or guild's id; "" on the console
    user: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.team}/{self.user}" if self.team else f"{self.platform}:{self.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`organisation`: a member's id in coalition.yml; None for staff of the coalition itself."""

    id: str
    name: str
    organisation: str | None
    roles: frozenset[Role]
    accounts: tuple[Account, ...]
    left_at: datetime | None = None
