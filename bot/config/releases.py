"""What each release added to the settings and to coalition.yml: what `upgrade --check` shows to an older install."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Release:
    """One release. `first_migration`: a database without it was last used by an earlier release."""

    version: str
    first_migration: str
    settings: Sequence[str] = ()  # environment variables
    coalition: Sequence[str] = ()  # keys of coalition.yml
    docs: str = ""  # where the steps are that only a person can take


RELEASES: Final = (
    Release(
        version="0.2.0",
        first_migration="0022_letter_confirmations",
        settings=("WEB_BIND", "WEB_URL"),
        coalition=("about", "address", "phone", "site", "signer", "media_contact", "office_groups", "care"),
        docs='docs/operations.md, "From 0.1 to 0.2"',
    ),
)


def since(pending: Collection[str]) -> list[Release]:
    """Return the releases that a database with these pending migrations has not seen."""
    return [release for release in RELEASES if release.first_migration in pending]
