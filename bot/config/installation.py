"""The coalitions of an installation: one in the folder where the bot starts, or each in its folder of `coalitions/`.

A coalition of several has its own two files, templates, tokens and store. What the host shares is in the environment
and in the `.env` where the bot starts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from dotenv import dotenv_values
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from bot.config.load import Config, ConfigError, Problem, load, load_settings
from bot.config.settings import BY_NAME, Settings
from bot.shared.platforms import BLIND, FORMS
from bot.shared.wording import listed, slug

T = TypeVar("T")

FOLDER: Final = Path("coalitions")
_LABEL: Final = re.compile(r"(?!-)[a-z\d-]{1,63}(?<!-)")  # of a host name
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")  # also the name of a schema, of 63 characters at most
_LIKE_ITS_ID: Final = "a coalition's folder is named like its id: lower-case letters, digits and dashes, 40 at most"
# What the host sets for all coalitions: the database, the web server, figures, the log, and where the platforms are.
_HOST: Final = {
    *("database_url", "ephemeral_disk", "dyno", "web_bind", "port", "trusted_proxies", "metrics_token", "log_level"),
    *("log_json", "slack_api_url", "discord_api_url", "discord_gateway_url", "discord_cdn_url", "regulations_gov_url"),
    "demo_clock",
}
# Discord's token of the host serves each coalition that names its server and brings none; the limit of email is that
# of each coalition without one, and so is the way in which Slack reaches the bot, which the `web` line of the Procfile
# sets, for each with a signing secret.
_HOSTS_TOO: Final = ("discord_bot_token", "mail_per_hour", "slack_mode")
_FILES: Final = frozenset({"feeds_file", "coalition_file"})  # in a folder of `coalitions/` their names are fixed


class Host:
    """What is set for all coalitions, in the environment and the `.env` where the bot starts; read once."""

    @cached_property
    def slips(self) -> list[Problem]:
        return [*_not_of_the_host(".env", dotenv_values(".env")), *_not_of_the_host("environment", os.environ)]

    @cached_property
    def settings(self) -> Settings:
        return load_settings()


class _OfOne(Settings):
    """The settings of one coalition of several: the host's values, and its own `.env` without the environment."""

    model_config = SettingsConfigDict(defer_build=True)

    host_has_discord: bool = False

    def __init__(self, **values: Any) -> None:
        super(BaseSettings, self).__init__(**values)  # BaseSettings would read the environment


def names() -> tuple[str, ...]:
    """Return the coalitions of this installation by their folders' names; () if there is no folder `coalitions/`.

    Raises `ConfigError` for a folder whose name cannot be a coalition's id.
    """
    if not FOLDER.is_dir():
        return ()
    there = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("."))
    if wrong := [name for name in there if not is_name(name)]:
        what = f"{_LIKE_ITS_ID}. Rename it, or move it out of {FOLDER}/"
        raise ConfigError([Problem(str(FOLDER / name), None, "", what) for name in wrong])
    return tuple(there)


def id_of(folder: Path) -> str | None:
    """Return the id that a coalition in this folder of a `coalitions/` has; None for a folder elsewhere.

    Raises `ConfigError` if its name cannot be an id.
    """
    path = folder.absolute()
    if path.parent.name != FOLDER.name:
        return None
    if not is_name(path.name):
        what = f"{_LIKE_ITS_ID}, for example {FOLDER / (slug(path.name, 40) or 'river')}"
        raise ConfigError([Problem(str(folder), None, "", what)])
    return path.name


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def settings_of(name: str, host: Host | None = None) -> Settings:
    """Return the settings of one coalition of several. Raises `ConfigError`: it names variables, never their values."""
    host = host or Host()
    file = FOLDER / name / ".env"
    own = DotEnvSettingsSource(Settings, file)
    slips = [*host.slips]
    for variable in _set_variables(own.env_vars):
        if variable in _HOST:
            what = "all coalitions share it: move it to the .env of the host"
        elif variable in _FILES:
            what = "the two files are in this folder: remove the variable"
        else:
            continue
        slips.append(Problem(str(file), None, variable.upper(), what))
    if slips:
        raise ConfigError(slips)
    shared = host.settings
    values = own() | {field: getattr(shared, field) for field in _HOST}
    if "discord_guild_id" in values:
        values.setdefault("discord_bot_token", shared.discord_bot_token)
    if "slack_signing_secret" in values:
        values.setdefault("slack_mode", shared.slack_mode)
    values.setdefault("mail_per_hour", shared.mail_per_hour)
    values |= {
        "host_has_discord": shared.discord_bot_token is not None,
        "database_url": own_database(shared.database_url, name),
        "feeds_file": FOLDER / name / "feeds.yml",
        "coalition_file": FOLDER / name / "coalition.yml",
    }
    return load_settings(lambda: _OfOne(**values), str(file))


def folder_of(settings: Settings) -> Path:
    """Return the folder with the `.env` of these settings."""
    return settings.coalition_file.parent if isinstance(settings, _OfOne) else Path()


def unserved(settings: Settings, config: Config) -> dict[str, list[str]]:
    """Return the channels whose platform has no token, by the missing variable."""
    variables = {name: form.setting for name, form in FORMS.items() if form.place and form.setting}
    if isinstance(settings, _OfOne) and settings.host_has_discord and not settings.discord_guild_id:
        variables["discord"] = "DISCORD_GUILD_ID"  # with it, the host's application serves this coalition
    without: dict[str, list[str]] = {}
    for name, channel in config.feeds.channels.items():
        platform, _, address = channel.to.partition(":")
        if platform in BLIND:
            for variable in FORMS[platform].settings_of(address):
                if address not in getattr(settings, variable.partition("__")[0].lower()):
                    without.setdefault(variable, []).append(name)
        elif platform in variables and not getattr(settings, FORMS[platform].setting.lower()):
            without.setdefault(variables[platform], []).append(name)
    return without


def load_one(name: str, host: Host | None = None) -> tuple[Settings, Config]:
    """Return the settings and the two files of one coalition of several. Raises `ConfigError`."""
    settings = settings_of(name, host)
    return settings, files_of(name, settings)


def files_of(name: str, settings: Settings) -> Config:
    """Return the two files of one coalition of several. Raises `ConfigError`."""
    try:
        config = load(
            settings.feeds_file, settings.coalition_file, f"Put it there, or move the folder out of {FOLDER}/."
        )
    except ConfigError as error:
        raise ConfigError(
            [replace(problem, file=str(FOLDER / name / problem.file)) for problem in error.problems]
        ) from None
    if config.coalition.id != name:
        what = f'"{config.coalition.id}" differs from the folder\'s name. Rename the folder to it'
        raise ConfigError([Problem(str(settings.coalition_file), None, "id", what)])
    return config


def all_settings() -> dict[str, Settings]:
    """Return each coalition's settings. Raises `ConfigError` with the problems of all of them."""
    return _read_each(settings_of, lambda settings: settings)


def load_all() -> list[tuple[Settings, Config]]:
    """Return each coalition's settings and files. Raises `ConfigError` with the problems of all of them."""
    return list(_read_each(load_one, itemgetter(0)).values())


def _read_each(read: Callable[[str, Host], T], settings_in: Callable[[T], Settings]) -> dict[str, T]:
    """Return what `read` makes of each coalition, by name; `settings_in` takes the settings out of it."""
    each: dict[str, T] = {}
    problems: list[Problem] = []
    host = Host()
    for name in names():
        try:
            each[name] = read(name, host)
        except ConfigError as error:
            problems += error.problems
    problems += _problems_together({name: settings_in(one) for name, one in each.items()})
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    return each


def _not_of_the_host(where: str, values: Mapping[str, str | None]) -> Iterator[Problem]:
    """Report what is set for all coalitions and can only be one's: its tokens would serve all others too."""
    for variable in _set_variables(values):
        if variable not in (*_HOST, *_HOSTS_TOO):
            what = f"each coalition has its own: move it to {FOLDER}/NAME/.env"
            if variable in _FILES:
                what = f"the two files of a coalition are in {FOLDER}/NAME: remove the variable"
            yield Problem(where, None, variable.upper(), what)


def _set_variables(values: Mapping[str, str | None]) -> Iterator[str]:
    """Yield those of our variables that have a value, as fields of `Settings`: "feed_url" for `FEED_URL__NEWS`."""
    for name, value in values.items():
        field = name.lower()
        field = next((nested for nested in BY_NAME if field.startswith(f"{nested}__")), field)
        if value and field in Settings.model_fields:
            yield field


def own_database(url: str, name: str) -> str:
    """Return the address of a coalition's own store: a schema on PostgreSQL, a file in its folder on SQLite."""
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        query["options"] = f'{query.get("options", "")} -csearch_path="coalition_{name}"'.strip()
        return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))
    path = Path(unquote(parts.path[1:]))
    if parts.scheme != "sqlite" or not path.name:
        return url  # the store's own message says what is wrong
    own = path.with_name(f"{path.stem}-{name}{path.suffix}") if path.is_absolute() else FOLDER / name / path
    return f"sqlite:///{quote(str(own))}"


def _problems_together(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Report what coalitions must not share, and what each needs to be told apart."""
    for field in ("slack_bot_token", "slack_app_token", "discord_guild_id", "web_url", "imap_url"):
        values = {name: getattr(each, field) for name, each in settings.items() if getattr(each, field)}
        if field == "web_url":  # browsers send the cookies of a host to all its ports
            values = {name: urlsplit(url).hostname for name, url in values.items()}
        counts = Counter(values.values())
        if same := [name for name, value in values.items() if counts[value] > 1]:
            yield Problem(str(FOLDER), None, field.upper(), f"{listed(same)} have the same: each needs its own")
    applications = Counter(one.discord_bot_token for one in settings.values())
    for name, one in settings.items():
        file = str(FOLDER / name / ".env")
        if one.discord_bot_token and applications[one.discord_bot_token] > 1 and not one.discord_guild_id:
            what = "another coalition has the same Discord application: set the ID of this coalition's server"
            yield Problem(file, None, "DISCORD_GUILD_ID", what)
        if one.slack_bot_token and one.slack_mode == "http" and not one.web_url:
            what = "SLACK_MODE=http needs WEB_URL: one host says which coalition a request is for"
            yield Problem(file, None, "WEB_URL", what)
        host = urlsplit(one.web_url or "").hostname or ""
        if host and not all(map(_LABEL.fullmatch, host.split("."))):  # aiohttp would refuse it at the start
            what = f"{host} cannot tell coalitions apart: use a host name of letters, digits, dashes and dots"
            yield Problem(file, None, "WEB_URL", what)
