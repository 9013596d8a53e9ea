"""Which faces the settings allow, each over the app's switchboard. A chat library is imported where it is used."""

from __future__ import annotations

import logging

from bot.app import App
from bot.config.settings import Settings
from bot.deadlines import agenda
from bot.outbox import lines
from bot.people import memo
from bot.runtime import Face
from bot.table import COMMANDS

log = logging.getLogger(__name__)


def faces(settings: Settings, app: App) -> dict[str, Face]:
    """Slack's and Discord's faces, where their tokens are set. Does no network I/O."""
    found: dict[str, Face] = {}
    if settings.slack_bot_token and (settings.slack_mode == "http" or settings.slack_app_token):
        from bot.chat.slack.face import SlackFace

        found["slack"] = SlackFace(
            settings,
            app.switchboard,
            COMMANDS,
            clock=app.clock,
            zone=app.house.zone,
            remember=lambda name, value: _remember(app, name, value),
            tell=app.tell,
            dice=app.dice,
            calendar=lambda token: agenda.subscribed(app.db, app.config.coalition, app.clock(), token),
        )
    elif settings.slack_bot_token:
        log.warning("commands in Slack are off: SLACK_APP_TOKEN is not set (docs/connect.md)")
    if settings.discord_bot_token:
        from bot.chat.discord.face import DiscordFace

        found["discord"] = DiscordFace(
            settings,
            app.switchboard,
            COMMANDS,
            clock=app.clock,
            zone=app.house.zone,
            recall=lambda name: memo.recall(app.db, app.config.coalition.id, name),
            remember=lambda name, value: _remember(app, name, value),
            tell=app.tell,
            dice=app.dice,
        )
    for platform in {"slack", "discord"} - {*found}:
        if memo.recall(
            app.db, app.config.coalition.id, lines.memo(platform)
        ):  # its line was down when it was taken out
            _remember(app, lines.memo(platform), lines.dump(None))
    return found


def _remember(app: App, name: str, value: str) -> None:
    with app.db.write() as tx:
        memo.remember(tx, app.config.coalition.id, name, value)
