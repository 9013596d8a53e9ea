"""Settings from the environment (and `.env`): secrets, addresses and what the host is like."""

from __future__ import annotations

import base64
import ipaddress
import re
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, SecretStr, ValidationInfo, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from yarl import URL

from bot.shared.address_guard import is_loopback
from bot.shared.mail_address import normalize_address


def _guarded(url: str) -> str:
    """Require TLS: tokens are sent in headers, so plain http (or ws) is only for loopback peers."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https", "ws", "wss"):
        raise ValueError("not a web address")
    if parts.scheme in ("http", "ws") and not is_loopback(parts.hostname):
        raise ValueError(f"plain {parts.scheme} to {parts.hostname} would show the token to the network: use TLS")
    return url


_SLACK_KINDS = ("xoxb", "xoxp", "xoxa", "xoxe", "xoxs", "xoxc", "xapp")  # the part of a token that may be shown


def _token(prefix: str, kind: str) -> AfterValidator:
    """Check a token's prefix; Slack's tokens show their kind: https://docs.slack.dev/authentication/tokens."""

    def check(token: SecretStr) -> SecretStr:
        start = token.get_secret_value().partition("-")[0]
        if f"{start}-" != prefix:
            other = f"begins with {start}-" if start in _SLACK_KINDS else f"does not begin with {prefix}"
            raise ValueError(f"{other}, so it is not {kind} ({prefix}…); docs/connect.md says where to find that")
        return token

    return AfterValidator(check)


def _not_of_slack(token: SecretStr) -> SecretStr:
    start = token.get_secret_value().partition("-")[0]
    if start in _SLACK_KINDS:
        raise ValueError(f"begins with {start}-, so it is a Slack token; docs/connect.md says where to find Discord's")
    return token


def _site_url(url: str) -> str:
    """Require the address of a site at the root of its host; return it as browsers name it, without the last slash."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ValueError("not a web address: write it as https://board.example.org")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"plain http to {parts.hostname} would show sessions to the network: use https")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("has a path; the board needs its own host: write it as https://board.example.org")
    return str(URL(url).origin())


def _bind(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise ValueError("not an address and a port: write it as 127.0.0.1:8080")
    return value


def _networks(value: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Parse addresses and networks, with commas. Raises `ValueError`."""
    return tuple(ipaddress.ip_network(each.strip()) for each in value.split(",") if each.strip())


def _proxies(value: str) -> str:
    try:
        _networks(value)
    except ValueError as error:
        raise ValueError(f"{error}: write addresses and networks with commas, such as 10.0.0.0/8") from None
    return value


def _mail_server(kinds: tuple[str, str]) -> AfterValidator:
    """Check a mail server's address, which has the user name and password in it."""
    plain, tls = kinds

    def check(secret: SecretStr) -> SecretStr:
        parts = urlsplit(secret.get_secret_value())
        if parts.scheme not in kinds or not parts.hostname:
            raise ValueError(f"write it as {tls}://user:password@host, or {plain}:// for STARTTLS")
        parts.port  # noqa: B018 - raises ValueError for one that is not a number
        return secret

    return AfterValidator(check)


_THIS_MACHINE: Final = "127.0.0.0/8,::1"
MAIL_PER_HOUR: Final = 1_000  # unless the host sets another limit
_LONGEST_TAGGED: Final = 35  # characters before the @: the tag that comes back takes the rest of RFC 5321's 64


def _mailbox(value: str) -> str:
    """Check the address that email comes from: `Our Coalition <bot@example.org>`."""
    name, address = parseaddr(value)
    normal = normalize_address(address)
    if normal is None or any(char in value for char in "\r\n"):
        raise ValueError("write it as bot@example.org or Our Coalition <bot@example.org>")
    return formataddr((name, normal))


def _guild_id(value: str) -> str:
    if value and not re.fullmatch(r"\d{5,20}", value):
        raise ValueError("write the server's ID: Developer Mode, then right-click its name, Copy Server ID")
    return value


def _secret_address(secret: SecretStr) -> SecretStr:
    _guarded(secret.get_secret_value())
    return secret


def _webhook_secret(secret: SecretStr) -> SecretStr:
    """Check the form that Standard Webhooks give a secret."""
    start, _, key = secret.get_secret_value().partition("_")
    try:
        size = len(base64.b64decode(key, validate=True))
    except ValueError:
        size = 0
    if start != "whsec" or not 24 <= size <= 64:
        raise ValueError("write it as whsec_ and 24 to 64 random bytes in base64 (docs/connect.md)")
    return secret


def _by_name(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        name = str(info.field_name).upper()
        raise ValueError(f"needs a name: write {name}__NAME=… (docs/configuration.md)")  # noqa: TRY004 - pydantic's way
    return value


Address = Annotated[str, AfterValidator(_guarded)]
SecretAddress = Annotated[SecretStr, AfterValidator(_secret_address)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
SiteUrl = Annotated[str, AfterValidator(_site_url)]
Bind = Annotated[str, AfterValidator(_bind)]
Proxies = Annotated[str, AfterValidator(_proxies)]
SmtpUrl = Annotated[SecretStr, _mail_server(("smtp", "smtps"))]
ImapUrl = Annotated[SecretStr, _mail_server(("imap", "imaps"))]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
BotToken = Annotated[SecretStr, _token("xoxb-", "a bot token")]
AppToken = Annotated[SecretStr, _token("xapp-", "an app-level token")]
DiscordToken = Annotated[SecretStr, AfterValidator(_not_of_slack)]
GuildId = Annotated[str, AfterValidator(_guild_id)]
FeedUrls = Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_by_name)]
WebhookUrls = Annotated[dict[str, SecretAddress], NoDecode, BeforeValidator(_by_name)]
WebhookSecrets = Annotated[dict[str, WebhookSecret], NoDecode, BeforeValidator(_by_name)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """Every variable the program reads; `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", hide_input_in_errors=True, env_ignore_empty=True, env_nested_delimiter="__"
    )

    database_url: str = Field(default="sqlite:///coalition.db", description="the database")
    ephemeral_disk: bool = Field(default=False, description="1 on a host that loses its disk at each restart")
    dyno: str | None = Field(default=None, description="set by Heroku, which loses its disk at each restart")
    feeds_file: Path = Field(default=Path("feeds.yml"), description="the file with sources, watches and channels")
    coalition_file: Path = Field(default=Path("coalition.yml"), description="the file about the coalition")
    slack_bot_token: BotToken | None = Field(default=None, description="xoxb-…, from the Slack app's page")
    slack_app_token: AppToken | None = Field(default=None, description="xapp-…, for commands, by Socket Mode")
    slack_mode: Literal["socket", "http"] = Field(default="socket", description="how Slack reaches the bot")
    slack_signing_secret: SecretStr | None = Field(default=None, description="for SLACK_MODE=http, from the app's page")
    slack_api_url: Address = Field(default="https://slack.com/api/", description="Slack's Web API")
    discord_bot_token: DiscordToken | None = Field(default=None, description="from the Discord application's Bot page")
    discord_guild_id: GuildId = Field(
        default="", description="the coalition's Discord server, if several coalitions share one Discord application"
    )
    discord_api_url: Address = Field(default="https://discord.com/api/v10", description="Discord's REST API")
    discord_gateway_url: Address = Field(default="wss://gateway.discord.gg/", description="Discord's gateway")
    discord_cdn_url: Address = Field(default="https://cdn.discordapp.com", description="where Discord keeps files")
    web_url: SiteUrl | None = Field(
        default=None, description="the web board's address, which turns it on: https://board.example.org"
    )
    web_bind: Bind = Field(
        default="127.0.0.1:8080",
        description="where the web site listens; 0.0.0.0:8080 if requests come from another machine",
    )
    port: int | None = Field(
        default=None, ge=0, le=65535, description="the port instead of that in WEB_BIND; some hosts set it"
    )
    trusted_proxies: Proxies = Field(
        default="",
        description="addresses and networks of the proxies whose X-Forwarded-For is believed, with commas: "
        "10.0.0.0/8,172.16.0.0/12; unset: this machine alone",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="a long random text, which turns on the site's /metrics for Prometheus, which has to send it",
    )
    smtp_url: SmtpUrl | None = Field(
        default=None, description="smtps://user:password@host, or smtp:// with STARTTLS: the relay that sends email"
    )
    mail_from: Mailbox | None = Field(
        default=None, description="the address that email comes from: `Our Coalition <bot@example.org>`"
    )
    imap_url: ImapUrl | None = Field(
        default=None,
        description="imaps://user:password@host/INBOX: where email to MAIL_FROM arrives: bounces, bulletins",
    )
    mail_per_hour: int = Field(
        default=MAIL_PER_HOUR, ge=1, description="emails that a coalition sends within an hour; the others wait"
    )
    congress_api_key: SecretStr | None = Field(default=None, description="optional, from api.congress.gov/sign-up")
    regulations_gov_api_key: SecretStr | None = Field(
        default=None,
        description="optional, from open.gsa.gov/api/regulationsgov: dockets, comment dates and counts; once GSA has "
        "enabled it for posting, also filing comments",
    )
    regulations_gov_url: str = Field(
        default="https://api.regulations.gov/v4",
        pattern=r"^https?://[^\s?#@]+$",
        description="`https://api-staging.regulations.gov/v4` to try filing without a real comment",
    )
    legiscan_api_key: SecretStr | None = Field(
        default=None, description="optional, from legiscan.com/legiscan: bills of the states, `kind: legiscan`"
    )
    courtlistener_token: SecretStr | None = Field(
        default=None, description="optional, from courtlistener.com/profile/api-token: court records by its API"
    )
    feed_url: FeedUrls = Field(
        default={}, description="FEED_URL__NAME: a feed's secret address, which feeds.yml refers to with `url_env`"
    )
    webhook_url: WebhookUrls = Field(
        default={}, description="WEBHOOK_URL__NAME: where messages for a channel `webhook:name` go as JSON"
    )
    webhook_secret: WebhookSecrets = Field(
        default={}, description="WEBHOOK_SECRET__NAME: whsec_…, with which they are signed"
    )
    teams_url: WebhookUrls = Field(
        default={}, description="TEAMS_URL__NAME: the address of a workflow in Microsoft Teams, for `teams:name`"
    )
    mattermost_url: WebhookUrls = Field(
        default={}, description="MATTERMOST_URL__NAME: an incoming webhook of Mattermost, for `mattermost:name`"
    )
    googlechat_url: WebhookUrls = Field(
        default={}, description="GOOGLECHAT_URL__NAME: a webhook of a space in Google Chat, for `googlechat:name`"
    )
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_json: bool = Field(default=False, description="1: log lines as JSON")
    demo_clock: AwareDatetime | None = Field(
        default=None, description="the time at which a folder of `coalition-bot demo --keep` begins; only for the demo"
    )

    @property
    def serves_web(self) -> bool:
        """Whether the web site runs: for the board, for Slack over HTTP, or for monitoring."""
        return bool(self.web_url or self.metrics_token or (self.slack_bot_token and self.slack_mode == "http"))

    @property
    def site_bind(self) -> tuple[str, int]:
        """The host and port that the web site listens on."""
        host, _, port = self.web_bind.rpartition(":")
        return host.strip("[]"), int(port) if self.port is None else self.port

    @property
    def proxies(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The proxies that may say for whom they ask."""
        return _networks(self.trusted_proxies or _THIS_MACHINE)

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.smtp_url and not self.mail_from:
            raise ValueError("SMTP_URL needs MAIL_FROM, the address that email comes from")
        if self.imap_url and not self.smtp_url:
            raise ValueError("IMAP_URL needs SMTP_URL: bounces are of email that was sent")
        local = parseaddr(self.mail_from or "")[1].rpartition("@")[0]
        if self.imap_url and len(local) > _LONGEST_TAGGED:
            raise ValueError(
                f"MAIL_FROM: “{local}” is too long for bounces to {local}+…: use {_LONGEST_TAGGED} characters at most"
            )
        return self

    @model_validator(mode="after")
    def _http_is_signed(self) -> Self:
        if self.slack_bot_token and self.slack_mode == "http" and not self.slack_signing_secret:
            raise ValueError(
                "SLACK_MODE=http needs SLACK_SIGNING_SECRET, which proves that a request is from Slack. Copy "
                "it from the app's page, Basic Information"
            )
        return self


# Those with a value for each name: FEED_URL__NEWS, WEBHOOK_URL__PARTNERS.
BY_NAME: Final = tuple(name for name, field in Settings.model_fields.items() if field.default == {})
