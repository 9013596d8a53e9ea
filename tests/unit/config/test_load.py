"""Configuration: every slip is named at once, with its file, line, key and the nearest right word."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.chat.platform import Platform, platform
from bot.config.catalog import FOIA, offices, sources, templates
from bot.config.coalition import Coalition
from bot.config.feeds import ChannelConfig
from bot.config.installation import unserved
from bot.config.load import ConfigError, load, load_settings, misspelled
from bot.config.logs import secrets_of
from bot.config.settings import Settings
from bot.settings.changes import SOURCE, Change, effective, written
from bot.shared.agencies import agencies
from bot.shared.platforms import EXAMPLES, FORMS, NAMES
from bot.shared.urls import host_of
from bot.shared.values import Place
from bot.sources.kinds import KINDS
from tests.kit.configs import shipped

COALITION = """\
id: demo
name: Demo Coalition
short: Demo
contact: bot@example.org
asks:
  1: {title: One}
"""
FEEDS = """\
sources:
  news: {kind: feed, name: News, url: "https://example.org/feed"}
watches:
  w: {level: alert, query: "forced labor", asks: [1], sources: [news]}
channels:
  policy: {to: "console:policy"}
routes:
  - {to: policy}
admin: policy
"""


def problems(tmp_path: Path, feeds: str = FEEDS, coalition: str = COALITION) -> list[str]:
    (tmp_path / "feeds.yml").write_text(feeds)
    (tmp_path / "coalition.yml").write_text(coalition)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "feeds.yml", tmp_path / "coalition.yml")
    return [str(problem) for problem in caught.value.problems]


def test_a_right_configuration_loads(tmp_path):
    (tmp_path / "feeds.yml").write_text(FEEDS)
    (tmp_path / "coalition.yml").write_text(COALITION)

    config = load(tmp_path / "feeds.yml", tmp_path / "coalition.yml")

    assert [watch.id for watch in config.watches] == ["w"]
    assert config.coalition.asks[1].title == "One"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[news]", "[newz]", 'feeds.yml:4: watches.w.sources: unknown source "newz". Did you mean "news"?'),
        ("asks: [1]", "asks: [7]", "feeds.yml:4: watches.w.asks: coalition.yml has no ask 7; it has 1"),
        ("kind: feed", "kind: fed", 'feeds.yml:2: sources.news.kind: "fed" is not one of'),
        (', url: "https://example.org/feed"', "", "feeds.yml:2: sources.news: a feed needs its address"),
        (
            "kind: feed",
            "kind: page, url_env: FEED_URL__NEWS",
            "feeds.yml:2: sources.news.url_env: only a feed's address can be secret",
        ),
        (
            "kind: feed",
            "kind: feed, states: [OH]",
            'feeds.yml:2: sources.news.states: "states" is a setting of other kinds',
        ),
        (
            "kind: feed",
            "kind: page, ignor: [a]",
            'feeds.yml:2: sources.news.ignor: unknown key "ignor". Did you mean "ignore"?',
        ),
        (
            '"console:policy"}',
            '"console:policy", letters: true}',
            "feeds.yml:6: channels.policy.letters: only a webhook gets events of letters",
        ),
        (
            "- {to: policy}",
            "- {to: polcy}",
            'feeds.yml:8: routes.0.to: unknown channel "polcy". Did you mean "policy"?',
        ),
        ("admin: policy", "", "feeds.yml: admin: is missing"),
        ('query: "forced labor", ', "", "feeds.yml:4: watches.w.query: is missing"),
        ('query: "forced labor", ', "query: , ", "feeds.yml:4: watches.w.query: is missing"),
        ('query: "forced labor", ', "learned: , ", "feeds.yml:4: watches.w.query: is missing"),
        (
            'query: "forced labor", ',
            "learned: {above: nan, weights: {labor: -inf}}, ",
            "feeds.yml:4: watches.w.learned.above: Input should be a finite number",
        ),
        (
            'query: "forced labor", ',
            "learned: {above: 1, weights: {labor: 1e308}}, ",
            "feeds.yml:4: watches.w.learned.weights.labor: must be 1000.0 or less",
        ),
        (
            'query: "forced labor", ',
            'query: "forced labor", learned: {above: 1, weights: {labor: 2}}, ',
            "feeds.yml:4: watches.w.learned: a watch has a query or is learned, not both: remove one",
        ),
        (
            'query: "forced labor"',
            "learned: {above: 1, weights: {Labor: 2}}",
            'feeds.yml:4: watches.w.learned.weights: no entry has the term "Labor": write a word or two in lower case',
        ),
        (
            'query: "forced labor"',
            'learned: {above: 1, weights: {"agency:navy": 2, labor: -1}}',
            "feeds.yml:4: watches.w.learned.weights: nothing can match: at least one word needs a weight above 0",
        ),
        ("level: alert", "levle: alert", 'feeds.yml:4: watches.w.levle: unknown key "levle". Did you mean "level"?'),
        ('"forced labor"', '"(forced labor"', "feeds.yml:4: watches.w.query: column 1"),
        ("console:policy", "console policy", "feeds.yml:6: channels.policy.to:"),
        ("  policy: {to", "  policy: [to", "feeds.yml:6: a bracket opens here and is not closed with ]"),
        ("admin: policy", "admin: policy\nadmin: policy", "feeds.yml:10: found duplicate key"),
    ],
)
def test_each_slip_is_named_with_its_line(tmp_path, old, new, expected):
    assert old in FEEDS

    errors = problems(tmp_path, FEEDS.replace(old, new))

    assert any(line.startswith(expected) for line in errors), errors


def test_two_members_with_names_that_look_alike_are_refused_at_both(tmp_path):
    members = "members:\n  delta: {name: Delta Action}\n  other: {name: Other, short: De1ta Action (Inc.)}\n"

    assert problems(tmp_path, FEEDS, f"{COALITION}{members}") == [
        "coalition.yml:8: members.delta.name: looks like the name of another member, other",
        "coalition.yml:9: members.other.short: looks like the name of another member, delta",
    ]


def test_a_webhook_is_not_the_sign_on_channel(tmp_path):
    feeds = FEEDS.replace("routes:", '  partners: {to: "webhook:partners", letters: true}\nroutes:')
    expected = 'coalition.yml:8: letters.channel: "partners" can only be posted to: name a channel of Slack or Discord.'

    (found,) = problems(tmp_path, feeds, COALITION + "letters:\n  channel: partners\n")

    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a:\n\tb: 1\n", 2, "a tab: indent with spaces"),
        ("a:\n  b: 1\n   c: 2\n", 3, "indented deeper than line 2, which already has a value"),
        ("a:\n  b:\n    c: 1\n   d: 2\n", 4, "this line is indented differently from the lines around it"),
        ("name: Foo: bar\n", 1, 'put the value in quotes, name: "Foo: bar"'),
        ("a:\n  b 1\n  c: 2\n", 2, "there is no colon after the name"),
        ("a: 1\nb c # and why\n", 2, "there is no colon after the name"),
        ("a:\n  b:1\n  c: 2\n", 2, "there is no space after the colon"),
        ('a: "foo\nb: 2\n', 1, "a quotation mark opens here and is never closed"),
        ("a: [1, 2\nb: 3\n", 1, "a bracket opens here and is not closed with ]"),
        ('a: "foo" bar\n', 1, "text after a closing quotation mark"),
        ("a: @foo\n", 1, "a value cannot begin with @: put it in quotes"),
        ("a: *foo\n", 1, "a value cannot begin with *: put it in quotes"),
        ("a:\n  - b\n  c: d\n", 3, "begin it with a dash"),
        ('a: "\\d"\n', 1, "use single quotes"),
        ("a: 1\na: 2\n", 2, 'found duplicate key "a": each name may appear only once'),
    ],
)
def test_a_slip_of_yaml_is_explained_at_its_line(tmp_path, text, line, what):
    (errors,) = (slip for slip in problems(tmp_path, text) if slip.startswith("feeds.yml"))

    assert errors.startswith(f"feeds.yml:{line}: ")
    assert what in errors


@pytest.mark.parametrize(
    ("variables", "what"),
    [
        ({"SLACK_BOT_TOKEN": "xoxp-canary"}, "SLACK_BOT_TOKEN: begins with xoxp-, so it is not a bot token (xoxb-…)"),
        ({"SMTP_URL": "mail.example.org"}, "SMTP_URL: write it as smtps://user:password@host"),
        ({"SMTP_URL": "smtps://u:canary@h"}, "SMTP_URL needs MAIL_FROM"),
        ({"SMTP_URL": "smtps://u:canary@h", "MAIL_FROM": "us"}, "MAIL_FROM: write it as bot@example.org"),
        ({"IMAP_URL": "imaps://u:canary@h"}, "IMAP_URL needs SMTP_URL"),
        (
            {"SMTP_URL": "smtps://u:canary@h", "IMAP_URL": "imaps://u:canary@h", "MAIL_FROM": f"{'a' * 40}@b.org"},
            "is too long for bounces",
        ),
        ({"SLACK_BOT_TOKEN": "canary-1"}, "SLACK_BOT_TOKEN: does not begin with xoxb-"),
        ({"SLACK_APP_TOKEN": "xoxb-canary"}, "SLACK_APP_TOKEN: begins with xoxb-, so it is not an app-level token"),
        ({"DISCORD_BOT_TOKEN": "xoxb-canary"}, "DISCORD_BOT_TOKEN: begins with xoxb-, so it is a Slack token"),
        ({"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_MODE": "http"}, "SLACK_MODE=http needs SLACK_SIGNING_SECRET"),
        ({"WEB_URL": "http://board.example.org"}, "plain http to board.example.org would show sessions"),
        ({"WEB_URL": "board.example.org"}, "not a web address: write it as https://board.example.org"),
        ({"WEB_URL": "https://example.org/board"}, "has a path; the board needs its own host"),
        ({"WEB_URL": "http://127.0.0.1:99999"}, "Port out of range"),
        ({"WEB_BIND": "8080"}, "not an address and a port: write it as 127.0.0.1:8080"),
        ({"WEB_BIND": "127.0.0.1:99999"}, "not an address and a port"),
    ],
)
def test_a_token_of_another_kind_is_named_and_never_shown(monkeypatch, tmp_path, variables, what):
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as error:
        load_settings()

    assert what in str(error.value)
    assert "canary" not in str(error.value)


def test_a_site_of_an_international_name_is_named_as_browsers_and_mail_write_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEB_URL", "https://Großbündnis.example:8443/")

    assert load_settings().web_url == "https://xn--grobndnis-i1a43a.example:8443"


def test_a_misspelled_variable_is_named_with_the_one_that_was_meant():
    errors = misspelled(["SLACK_BOT_TOKN", "DISCORD_TOKEN", "PATH", "HOME", "PORT", "FEED_URL__ALERTS", "feeds_fil"])

    assert [str(slip).rpartition(" ")[2] for slip in errors] == [
        '"DISCORD_BOT_TOKEN"?', '"FEEDS_FILE"?', '"SLACK_BOT_TOKEN"?',
    ]  # fmt: skip


def test_a_variable_of_a_chat_that_an_earlier_version_read_is_named():
    (problem,) = misspelled(["SLACK_COMMAND_PREFIX", "SLACKER_HOME", "SLACK_BOT_TOKEN"])
    assert str(problem) == "environment: SLACK_COMMAND_PREFIX: the bot does not read this variable."


def test_all_slips_of_both_files_are_reported_at_once(tmp_path):
    feeds = FEEDS.replace("[news]", "[newz]").replace("to: policy}", "to: polcy}").replace("kind: feed", "kind: fed")
    coalition = COALITION.replace("name: Demo Coalition", "nam: Demo Coalition") + "zone: Mars/Olympus\n"

    errors = problems(tmp_path, feeds, coalition)

    assert len([line for line in errors if line.startswith("feeds.yml")]) == 3
    assert len([line for line in errors if line.startswith("coalition.yml")]) == 3


@pytest.mark.parametrize("folder_of_zones", ["US", "America"])
def test_a_folder_of_time_zones_is_no_time_zone(tmp_path, folder_of_zones):
    errors = problems(tmp_path, FEEDS, COALITION + f"zone: {folder_of_zones}\n")

    assert [slip.rpartition("unknown")[2] for slip in errors] == [
        f' time zone "{folder_of_zones}": write it as "America/New_York"'
    ]


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="or set FEEDS_FILE"):
        load(tmp_path / "feeds.yml", tmp_path / "coalition.yml")


def test_a_plain_http_address_off_the_machine_is_refused_and_the_token_never_shown(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_API_URL", "http://slack.example.org/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert "SLACK_API_URL" in str(caught.value)
    assert "use TLS" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_yaml_that_is_no_mapping_is_a_plain_message(tmp_path):
    assert problems(tmp_path, "- just\n- a list\n")[0].startswith("feeds.yml: ")


def test_an_address_without_its_scheme_is_https(tmp_path):
    (tmp_path / "feeds.yml").write_text(FEEDS.replace("https://example.org/feed", "example.org/feed"))
    (tmp_path / "coalition.yml").write_text(COALITION)

    assert (
        load(tmp_path / "feeds.yml", tmp_path / "coalition.yml").feeds.sources["news"].url == "https://example.org/feed"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("console:policy", "slack:policy-room", 'write it as "slack:C0123ABCD"'),
        ("policy: {to", "Policy Team: {to", "lower-case letters, digits and dashes"),
        ("https://example.org/feed", "htp:/example.org", '"htp:/example.org" is not a web address'),
        ("level: alert", "level: alrt", "\"alrt\" is not one of 'alert' or 'digest'"),
        ("sources: [news]", "sources: news", "not a list"),
        ("asks: [1]", "asks: [one]", "not a whole number"),
        ("asks: [1]", "asks: [{one: 1}]", "not a whole number"),
        ('{to: "console:policy"}', "console", "not a section"),
        ("admin: policy", "admin:", "admin: is empty"),
        (FEEDS, "", "feeds.yml: is empty"),
        ("sources:\n", "example: maybe\nsources:\n", "not true or false"),
    ],
)
def test_each_slip_of_form_says_what_would_fit(tmp_path, old, new, expected):
    assert old in FEEDS

    errors = problems(tmp_path, FEEDS.replace(old, new))

    assert any(expected in line for line in errors), errors
    assert "Input should" not in " ".join(errors)


def test_a_bill_without_its_congress_says_how_it_is_written(tmp_path):
    bills = "bills:\n  ours: {name: Ours, bills: [{id: HR4323}]}\n"

    assert 'write it as "hr1234-119"' in problems(tmp_path, coalition=COALITION + bills)[0]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("LOG_LEVEL", "chatty", "environment: LOG_LEVEL: is not one of 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("EPHEMERAL_DISK", "maybe", "environment: EPHEMERAL_DISK: not true or false"),
        *(
            (name, "abc", f"environment: {name}: needs a name: write {name}__NAME=… (docs/configuration.md)")
            for name in ("FEED_URL", "WEBHOOK_URL", "WEBHOOK_SECRET")
        ),
    ],
)
def test_a_setting_that_does_not_fit_is_named_with_what_would(monkeypatch, tmp_path, variable, value, expected):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert str(caught.value) == expected


def test_the_log_level_may_be_written_small(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOG_LEVEL", "debug")

    assert load_settings().log_level == "DEBUG"


LISTED = """
sources:
  - bill-status
  - justice-news: {every: 2h}
  - news: {kind: feed, name: News, url: "https://example.org/feed"}
watches:
  w: {level: digest, query: word, sources: [justice-news]}
channels:
  policy: {to: "console:policy"}
routes:
  - {to: policy}
admin: policy
"""


def loaded(tmp_path, feeds):
    (tmp_path / "feeds.yml").write_text(feeds)
    (tmp_path / "coalition.yml").write_text(COALITION)
    return load(tmp_path / "feeds.yml", tmp_path / "coalition.yml")


def test_a_source_of_the_catalog_is_named_by_its_id_with_what_differs(tmp_path):
    sources = loaded(tmp_path, LISTED).feeds.sources

    assert list(sources) == ["bill-status", "justice-news", "news"]
    assert sources["bill-status"].kind == "bill-status"
    assert sources["justice-news"].fallbacks[0].url == "https://www.justice.gov/news/rss?type=press_release&m=1"
    assert sources["justice-news"].every == timedelta(hours=2)
    assert sources["justice-news"].stale_after == timedelta(days=4)


def test_every_source_of_the_catalog_can_be_named_alone(tmp_path):
    names = "\n".join(f"  - {id_}" for id_ in sources())
    feeds = LISTED.replace("  - bill-status\n  - justice-news: {every: 2h}\n", names + "\n")

    assert len(loaded(tmp_path, feeds).feeds.sources) == len(sources()) + 1


NOMINATIONS = "{kind: nominations, name: N, url: 'ADDRESS/v3'}"
MEETINGS = "{kind: senate-hearings, name: N, fallbacks: [{kind: committee-meetings, chamber: senate, url: ADDRESS}]}"
OPINIONS = "{kind: courtlistener, name: N, url: 'ADDRESS/feed/search/?q=water'}"


@pytest.mark.parametrize("source", [NOMINATIONS, MEETINGS, OPINIONS])
def test_no_key_goes_to_another_site_because_a_file_that_was_passed_on_says_so(tmp_path, source):
    def feeds(address):
        return FEEDS.replace("sources:\n", f"sources:\n  other: {source.replace('ADDRESS', address)}\n")

    errors = problems(tmp_path, feeds("https://www.congress.gov.example"))
    assert any("a key goes with its requests" in line for line in errors), errors
    usual = {NOMINATIONS: "https://api.congress.gov", OPINIONS: "https://www.courtlistener.com"}
    for address in ("http://127.0.0.1:8080", usual.get(source, "https://api.congress.gov/v3")):
        (tmp_path / "feeds.yml").write_text(feeds(address))
        load(tmp_path / "feeds.yml", tmp_path / "coalition.yml")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("- bill-status", "- bill-statu", 'feeds.yml:3: sources.bill-statu: the catalog has no source "bill-statu".'),
        ("- bill-status", "- my-own", 'feeds.yml:3: sources.my-own: the catalog has no source "my-own"; docs/'),
        ("every: 2h", "every: often", "feeds.yml:4: sources.justice-news.every: not a length of time"),
        ("url:", "ulr:", 'feeds.yml:5: sources.news.ulr: unknown key "ulr". Did you mean "url"?'),
    ],
)  # fmt: skip
def test_slips_in_a_list_of_sources_are_named_with_their_line(tmp_path, old, new, expected):
    errors = problems(tmp_path, LISTED.replace(old, new))

    assert any(line.startswith(expected) for line in errors), errors
    assert not any(line.endswith("is empty") for line in errors)


def test_a_file_with_a_list_of_sources_is_written_back_with_the_change_alone(tmp_path):
    config = loaded(tmp_path, LISTED)
    mine = Change(kind=SOURCE, name="mine", body='{"kind": "feed", "name": "Mine", "url": "https://example.org/m"}')
    changes = [mine, Change(kind=SOURCE, name="news")]

    text = written(config, changes, "feeds.yml")

    assert loaded(tmp_path, text).feeds == effective(config, changes).feeds
    assert text.startswith(LISTED.partition("  - news")[0])
    assert "GovInfo bill status" not in text


# --- what ships, and what the coalition adds ------------------------------------------------------------------------


@pytest.mark.parametrize("name", templates())
def test_a_source_is_like_a_template_with_its_own_search(tmp_path, name):
    kind = KINDS[templates()[name]["kind"]]
    words = "keyword: water, " if "keyword" in kind.model_fields else ""
    address = f"https://{kind.key_host or host_of(getattr(kind.reader, 'default_url', '')) or 'example.org'}/feed"
    own = f'{{like: {name}, name: Ours, {words}url: "{address}"}}'
    source = loaded(tmp_path, LISTED.replace("  - bill-status\n", f"  - ours: {own}\n")).feeds.sources["ours"]

    assert (source.name, source.url) == ("Ours", address)
    assert getattr(source, "keyword", "") == ("water" if words else "")
    assert source.kind == templates()[name]["kind"]
    assert source.note


def test_an_unknown_template_is_named(tmp_path):
    errors = problems(tmp_path, LISTED.replace("  - bill-status\n", "  - ours: {like: grant, name: Ours}\n"))

    assert 'feeds.yml:3: sources.ours.like: there is no template "grant". Did you mean "grants"?' in errors


def coalition(tmp_path: Path, text: str) -> Coalition:
    (tmp_path / "feeds.yml").write_text(FEEDS)
    (tmp_path / "coalition.yml").write_text(COALITION + text)
    return load(tmp_path / "feeds.yml", tmp_path / "coalition.yml").coalition


def test_the_file_names_an_office_of_the_catalog_alone_or_with_what_differs(tmp_path):
    made = coalition(tmp_path, 'offices:\n  - osha\n  - epa: {salutation: "Dear Madam Administrator:"}\n')
    errors = made.offices

    assert list(errors) == ["osha", "epa"]
    assert (errors["osha"].part_of, made.above("osha")) == ("labor", ("labor",))
    assert [*made.all_offices][:3] == ["osha", "epa", next(iter(offices()))]
    assert errors["epa"].salutation == "Dear Madam Administrator:"
    assert errors["epa"].block[-1] == "Washington, DC 20460"


@pytest.mark.parametrize("name", offices())
def test_every_office_of_the_catalog_can_be_named_alone(tmp_path, name):
    block = coalition(tmp_path, f"offices: [{name}]\n").offices[name].block

    agency = agencies()[name.removesuffix(FOIA)]
    given = agency["foia" if name.endswith(FOIA) else "office"].keys() & {"address", "block"}
    assert block[-1][-5:].isdecimal() if given else len(block) > 1  # without an address, the head and the agency


@pytest.mark.parametrize(("name", "id_"), [("usda", "agriculture"), ("dol", "labor"), ("va", "veterans-affairs")])
def test_an_office_that_is_named_by_its_acronym_is_answered_with_its_id(tmp_path, name, id_):
    (line,) = problems(tmp_path, coalition=COALITION + f"offices:\n  - {name}\n")

    assert line == f'coalition.yml:8: offices.{name}: the catalog has no office "{name}". Did you mean "{id_}"?'


def test_an_unknown_office_is_named(tmp_path):
    errors = problems(tmp_path, coalition=COALITION + "offices:\n  - labour\n")

    assert any(
        line.startswith('coalition.yml:8: offices.labour: the catalog has no office "labour". Did you mean "labor"?')
        for line in errors
    ), errors
    assert not any("is empty" in line for line in errors), errors


def test_a_section_may_be_in_a_separate_file(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "claims.yml").write_text("law:\n  citation: 1 U.S.C. 1\n  says: It says so\n")

    errors = coalition(tmp_path, "authorities: templates/claims.yml\n")

    assert errors.authorities["law"].citation == "1 U.S.C. 1"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("none/no.yml", 'coalition.yml:7: authorities: there is no file "none/no.yml" in the folder of coalition.yml'),
        ("../claims.yml", 'coalition.yml:7: authorities: "../claims.yml" is not in the folder of coalition.yml'),
        ("claims.yml", 'claims.yml:2: authorities.law.cites: unknown key "cites"'),
    ],
)  # fmt: skip
def test_slips_in_a_section_s_own_file_are_named_with_that_file(tmp_path, named, expected):
    (tmp_path / "claims.yml").write_text("law:\n  cites: 1 U.S.C. 1\n  citation: 1 U.S.C. 1\n  says: It says so\n")

    errors = problems(tmp_path, coalition=COALITION + f"authorities: {named}\n")

    assert any(line.startswith(expected) for line in errors), errors


def test_an_entity_with_a_member_s_id_is_that_member(tmp_path):
    errors = coalition(
        tmp_path, "members:\n  river: {name: River Keepers}\nentities:\n  river: {names: [River Keepers]}\n"
    )

    assert (errors.entities["river"].kind, errors.entities["river"].member) == ("member", "river")


def test_what_a_coalition_writes_is_added_to_what_is_built_in(tmp_path):
    media = "media: {not_news: {sites: [example.com]}, care: {words: [died of]}}\n"
    errors = coalition(tmp_path, f"care: {{people: [grower], harm: [poisoned]}}\n{media}")

    assert {"client", "grower"} <= set(errors.care.people)
    assert {"assaulted", "poisoned"} <= set(errors.care.harm)
    assert {"wikipedia.org", "example.com"} <= set(errors.media.not_news.sites)
    assert {"found dead", "died of"} <= {words.words for words in errors.media.care.words}


def test_a_webhook_channel_names_the_settings_that_it_lacks():
    config = shipped()
    channels = {"out": ChannelConfig(to="webhook:partners"), "admin": ChannelConfig(to="console:admin")}
    config = replace(config, feeds=config.feeds.model_copy(update={"channels": channels}))
    url, secret = "https://hooks.example.org/x", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    none, half = Settings(_env_file=None), Settings(_env_file=None, webhook_url={"partners": url})
    both = Settings(_env_file=None, webhook_url={"partners": url}, webhook_secret={"partners": secret})
    assert unserved(none, config) == {"WEBHOOK_URL__PARTNERS": ["out"], "WEBHOOK_SECRET__PARTNERS": ["out"]}
    assert unserved(half, config) == {"WEBHOOK_SECRET__PARTNERS": ["out"]}
    assert unserved(both, config) == {}
    assert {url, secret} <= set(secrets_of(both))


@pytest.mark.parametrize("sources", ["[" * 2_000, "&all [*all]"])
def test_a_file_that_is_nested_without_end_is_reported(tmp_path, sources):
    (slip,) = problems(tmp_path, f"sources: {sources}\n")
    assert slip == (
        "feeds.yml:1: its sections are nested too deeply, or one contains itself. Check its brackets and its * aliases"
    )


@pytest.mark.parametrize("place", EXAMPLES)
def test_the_example_of_each_platform_s_channels_is_one(place):
    assert TypeAdapter(Place).validate_python(place) == place


@pytest.mark.parametrize("name", NAMES)
def test_each_platform_is_built_and_has_its_setting(name):
    assert isinstance(platform(name), Platform)
    assert FORMS[name].setting.lower().removesuffix("__name") in Settings.model_fields
