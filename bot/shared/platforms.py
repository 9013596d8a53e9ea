"""The platforms that messages go to: how feeds.yml writes a channel of each, and the setting that turns it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PlatformForm:
    """`place` matches a channel's address there, as in `example`; "": it has no channels, only people.

    `setting`: the variable without which it is not posted to; "" if it needs none. `pins`: a message can be kept at the
    top of its channel there and edited in place.
    """

    setting: str
    place: str = ""
    example: str = ""
    pins: bool = False


FORMS: Final = {
    "slack": PlatformForm("SLACK_BOT_TOKEN", r"[CGD][A-Z0-9]{2,}", "C0123ABCD", pins=True),
    "discord": PlatformForm("DISCORD_BOT_TOKEN", r"\d{5,20}", "1100000000000000000", pins=True),
    "mail": PlatformForm("SMTP_URL"),
    "webhook": PlatformForm("WEBHOOK_URL__NAME", r"[a-z0-9_]{1,40}", "name"),
    "console": PlatformForm("", r"[A-Za-z0-9_.-]+", "NAME"),
}
NAMES: Final = tuple(name for name, form in FORMS.items() if form.setting)
PLACE: Final = "|".join(f"{name}:{form.place}" for name, form in FORMS.items() if form.place)
EXAMPLES: Final = tuple(f"{name}:{form.example}" for name, form in FORMS.items() if form.place)
