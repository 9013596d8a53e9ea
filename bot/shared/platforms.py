"""The platforms that messages go to: how feeds.yml writes a channel of each, and the setting that turns it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PlatformForm:
    """`place` matches a channel's address there, as in `example`; "": it has no channels, only people.

    `setting`: the variable without which it is not posted to; "" if it needs none. `pins`: a message can be kept at the
    top of its channel there and edited in place. `blind`: the bot only posts to an address there and cannot see who
    reads it; each channel has its own settings, which end in "__NAME".
    """

    setting: str
    place: str = ""
    example: str = ""
    pins: bool = False
    blind: bool = False
    more_settings: tuple[str, ...] = ()

    def settings_of(self, name: str) -> list[str]:
        """The variables of one channel of a platform that has settings for each: ["WEBHOOK_URL__PARTNERS", …]."""
        return [setting.replace("NAME", name.upper()) for setting in (self.setting, *self.more_settings)]


_NAME: Final = r"[a-z0-9_]{1,40}"


FORMS: Final = {
    "slack": PlatformForm("SLACK_BOT_TOKEN", r"[CGD][A-Z0-9]{2,}", "C0123ABCD", pins=True),
    "discord": PlatformForm("DISCORD_BOT_TOKEN", r"\d{5,20}", "1100000000000000000", pins=True),
    "mail": PlatformForm("SMTP_URL"),
    "teams": PlatformForm("TEAMS_URL__NAME", _NAME, "name", blind=True),
    "mattermost": PlatformForm("MATTERMOST_URL__NAME", _NAME, "name", blind=True),
    "googlechat": PlatformForm("GOOGLECHAT_URL__NAME", _NAME, "name", blind=True),
    "webhook": PlatformForm("WEBHOOK_URL__NAME", _NAME, "name", blind=True, more_settings=("WEBHOOK_SECRET__NAME",)),
    "console": PlatformForm("", r"[A-Za-z0-9_.-]+", "NAME"),
}
BLIND: Final = frozenset(name for name, form in FORMS.items() if form.blind)
NAMES: Final = tuple(name for name, form in FORMS.items() if form.setting)
PLACE: Final = "|".join(f"{name}:{form.place}" for name, form in FORMS.items() if form.place)
EXAMPLES: Final = tuple(f"{name}:{form.example}" for name, form in FORMS.items() if form.place)
