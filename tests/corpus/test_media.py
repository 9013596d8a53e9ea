"""The shipped entities and watches on recorded news that two people judged, blind of each other.

The rules were written from the field and a page of practice, tried on one half of the file, and then held against the
other half unseen: entities 41 of 41 with none wrong; of what to act on 8 of 8, of the alerts 9 of 9 wanted, of what to
keep 28 of 32, of the noise 5 of 38 raised. Looking at that half then made the rules for pages that are no news better;
what the tests below hold is the whole file after that, which says less than the figures above.
"""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta

import pytest

from bench.clusters import Clusters
from bot.media.news.cluster import fingerprint
from bot.media.news.reading import is_no_news
from bot.shared.urls import canonical_key, host_of
from bot.sources.feeds.parse import parse
from tests.kit import configs
from tests.kit.changed_headlines import swallowed
from tests.kit.judge import Judge

CONFIG = configs.shipped()


@pytest.fixture(scope="module")
def items(corpus):
    lines = (corpus / "media" / "labelled.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) | {"source": "news"} for line in lines]


@pytest.fixture(scope="module")
def judged(items):
    judge = Judge(CONFIG)
    return [(item, judge.verdict(item)) for item in items]


def marks(item):
    return item["relevant"], item["second"]


def truth(item):
    """The names that both judges saw; none where both say that it is a look-alike."""
    both = item["true_mention"] == item["second_true"] == "yes"
    named = (set(item["mention_of"]) & set(item["second_mention_of"])) - {"topic_policing"}
    return named if both else set()


def test_mentions_are_found_and_look_alikes_are_not(judged):
    entries = [(set(verdict.mentions), item) for item, verdict in judged]
    right = sum(len(got & truth(item)) for got, item in entries)
    missed = sum(len(truth(item) - got) for got, item in entries)
    either = [(got, set(item["mention_of"]) | set(item["second_mention_of"]), item) for got, item in entries]
    no = [item["true_mention"] == item["second_true"] == "no" for _, item in entries]
    wrong = sum(len(got if never else got - named) for (got, named, _), never in zip(either, no, strict=True))

    assert right >= 95
    assert right / (right + missed) >= 0.97  # the bar is 0.95
    assert right / (right + wrong) >= 0.98  # the bar is 0.97


def test_no_vehicle_star_or_missile_and_no_byline_is_a_mention(judged):
    never = [(item, v) for item, v in judged if item["true_mention"] == item["second_true"] == "no"]
    assert len(never) == 52
    assert [item["id"] for item, verdict in never if verdict.mentions] == []


def test_what_is_to_be_acted_on_is_an_alert_and_little_else_is(judged):
    act = [verdict.level for item, verdict in judged if min(marks(item)) == 2]
    alerts = [item for item, verdict in judged if verdict.level == "alert"]

    assert act.count("alert") >= 0.95 * len(act)  # the bar is 0.9
    assert sum(max(marks(item)) == 2 for item in alerts) >= 0.9 * len(alerts)  # the bar is 0.75


def test_what_is_to_be_kept_is_kept_and_noise_stays_out(judged):
    log = [verdict.level for item, verdict in judged if min(marks(item)) >= 1]
    noise = [verdict.level for item, verdict in judged if max(marks(item)) == 0]

    assert len(log) - log.count("none") >= 0.94 * len(log)  # the bar is 0.9
    assert len(noise) - noise.count("none") <= 0.04 * len(noise)  # the bar is 0.05
    assert noise.count("alert") == 0


# --- addresses ------------------------------------------------------------------------------------------------------


def test_all_links_of_google_alerts_are_taken_out_of_their_wrapper(material):
    data = (material / "media" / "google_alerts_atom_real.xml").read_bytes()
    entries = parse(data, "application/atom+xml", "https://www.google.com/alerts/feeds/1/2").items

    assert len(entries) == 20
    assert [item.link for item in entries if "google." in host_of(item.link)] == []
    assert [item.link for item in entries if "&ct=ga" in item.link or "usg=" in item.link] == []
    assert all(item.title and "<" not in item.title for item in entries)


def test_two_releases_that_differ_in_their_number_alone_stay_two(items):
    of_one_office = {canonical_key(each["url"]) for each in items if "fry.house.gov" in each["url"]}
    assert len(of_one_office) == 2


# --- stories --------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_no_two_unrelated_headlines_are_joined(items):
    """Of the labelled items, as they would have come: news alone, within three days where both have a date."""
    news = [each for each in items if not is_no_news(each["url"], CONFIG.coalition.media.not_news)]
    prints = {each["id"]: fingerprint(each["title"], each["excerpt"], each["outlet"]) for each in news}
    wrong, right = [], 0
    for one, other in itertools.combinations(news, 2):
        clusters = Clusters()
        joined = {clusters.add(each["id"], prints[each["id"]]) for each in (one, other)}
        one_page = canonical_key(one["url"]) == canonical_key(other["url"])  # one mention, whatever its headlines
        if one_page or (len(joined) == 1 and _near(one, other)):
            same = one["cluster"] and one["cluster"] == other["cluster"]
            right += bool(same)
            wrong += [] if same else [(one["title"], other["title"])]
    assert wrong == []
    assert right >= 6  # most of the labelled rewrites share too few words, and are left to a person


def test_no_two_headlines_of_the_samples_are_joined(corpus):
    """The entries of the recorded feeds are about different things, but for copies under one title."""
    names = ("google_alerts_atom_real.xml", "org_wordpress_feed_real.xml")
    entries = [
        each for name in names for each in parse((corpus / "media" / name).read_bytes(), "", "https://x.example").items
    ]
    clusters = Clusters()
    stories: dict[str, set[str]] = {}
    for n, each in enumerate(entries):
        stories.setdefault(clusters.add(str(n), fingerprint(each.title, each.summary, each.outlet)), set()).add(
            each.title.casefold()
        )
    assert [titles for titles in stories.values() if len(titles) > 1] == []


def test_no_changed_headline_is_folded_into_the_recorded_one(items, corpus):
    names = ("google_alerts_atom_real.xml", "org_wordpress_feed_real.xml", "google_news_handmade_edgecases.xml")
    entries = [
        each for name in names for each in parse((corpus / "media" / name).read_bytes(), "", "https://x.example").items
    ]
    texts = [(each["title"], each["excerpt"], each["outlet"]) for each in items]
    tried, wrong = swallowed(
        [*texts, *((each.title, each.summary[:400], each.outlet or "x.example") for each in entries)]
    )
    assert tried > 3_000
    assert wrong == []


def _near(one, other):
    days = []
    for item in (one, other):
        try:
            days.append(date.fromisoformat(item["date"] or ""))
        except ValueError:
            return True
    return abs(days[0] - days[1]) <= timedelta(days=3)
