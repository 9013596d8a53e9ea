"""Public posts that name us: what is stored, what the press channel reads, and that a deleted post is forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.app.online import check_online
from bot.cli.output import check_report, print_check
from bot.commands.model import Role
from bot.fetch.http import Fetcher, Limits
from bot.media import posts as media_posts
from bot.media.posts import check_posts, compose, store_posts
from bot.ops.retention import forget
from bot.outbox.model import from_json
from bot.shared.answer import Fetched, Memory, Post
from bot.sources.social import Bluesky, Mastodon
from tests.kit.board import CONFIG, TUESDAY, Board, words
from tests.peers.feedserver import serving
from tests.peers.social import DID, POSTS, SEARCH, STATUSES, TAG, Networks, skeet, toot
from tests.scenario.kit import Clock, Program, shipped

TEXT = "Polaris runs the trafficking hotline, and nobody answers the phone."
COALITION = CONFIG.coalition


def post(n=1, text=TEXT, **more):
    uri = f"at://{DID}/app.bsky.feed.post/3k{n:04}"
    given = {"source": "b", "key": uri, "ref": uri, "network": "Bluesky", "handle": "jo.example",
             "url": f"https://bsky.app/profile/{DID}/post/3k{n:04}", "at": TUESDAY - timedelta(hours=n)}  # fmt: skip
    return Post(text=text, **given | more)


class Desk(Board):
    """A board whose networks bring posts."""

    def bring_posts(self, *posts, baseline=()):
        answer = Fetched(entries=(), posts=posts, memory=Memory(), baseline=frozenset(baseline))
        with self.job.write() as work:
            store_posts(work, answer)

    def stored(self):
        return media_posts.posts_between(self.db, self.now - timedelta(days=400), self.now + timedelta(days=2))

    def compose(self):
        compose(self.job)

    def messages(self):
        return [(row["channel"], from_json(row["card"])) for row in self.db.read("SELECT * FROM delivery ORDER BY seq")]

    def look_again(self, **sources):
        asyncio.run(check_posts(self.job, lambda: sources))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def cy(desk):
    return desk.add("Cy", Role.PRESS)


# --- what is stored --------------------------------------------------------------------------------------------------


def test_a_post_that_names_us_is_stored_and_is_no_entry_match_story_or_message(desk):
    desk.bring_posts(post())

    (stored,) = desk.stored()
    assert (stored.handle, stored.url, stored.text) == ("jo.example", post().url, TEXT)
    assert (stored.entities, stored.at, stored.announced_at) == (("polaris",), post().at, None)
    for table in ("entry", "match", "story", "mention", "digest_line", "delivery"):
        assert desk.db.read(f"SELECT * FROM {table}") == []


def test_what_names_nobody_is_ours_is_old_or_may_name_a_minor_is_not_stored(desk):
    desk.bring_posts(
        post(1, "The new Polaris snowmobile is fast."),
        post(2, "Nobody is named here."),
        post(3, handle="polarisproject.org"),
        post(4, handle="press@polarisproject.org", network="Mastodon"),
        post(5, at=TUESDAY - media_posts.RETENTION - timedelta(minutes=1)),
        post(6, f"{TEXT} The victim identified as Bella Sample, 15, called it."),
        post(7, "Anything", warning=f"{TEXT} Among them was Bella Sample, 15."),
    )
    assert [each.ref[-1] for each in desk.stored()] == []


def test_of_a_long_post_only_sixty_words_are_stored_and_of_a_warned_one_the_warning(desk):
    desk.bring_posts(post(1, f"{TEXT} {'more ' * 300}"), post(2, warning="Violence"))

    second, first = sorted(desk.stored(), key=lambda each: each.at)
    assert len(first.text.split()) <= 61
    assert second.text == "Violence"


def test_the_words_of_a_hashtag_count(desk):
    desk.bring_posts(post(text="They are right. #PolarisProject #EndTrafficking"))
    assert [each.entities for each in desk.stored()] == [("polaris",)]


def test_a_post_that_two_searches_find_is_one(desk):
    desk.bring_posts(post())
    desk.bring_posts(post(source="other"))
    assert len(desk.stored()) == 1


# --- what the press contact reads ------------------------------------------------------------------------------------


def test_the_press_channel_gets_counts_once_a_day_and_no_word_of_a_post(desk):
    desk.now = datetime(2026, 11, 24, 13, 59, tzinfo=UTC)  # one minute to nine
    desk.bring_posts(post(1), post(2), post(3, network="Mastodon"), post(4))
    desk.compose()
    assert desk.messages() == []

    desk.now += timedelta(minutes=1)
    desk.compose()
    desk.compose()
    desk.bring_posts(post(5))
    desk.compose()

    ((channel, card),) = desk.messages()
    assert (channel, card.head) == ("press", "4 new posts name Polaris")
    assert [line.text for line in card.lines] == ["3 on Bluesky and 1 on Mastodon."]
    assert [button.path for button in card.buttons] == ["mentions posts"]
    for word in ("jo.example", "bsky.app", "phone"):
        assert word not in f"{card}"

    desk.now += timedelta(days=1)
    desk.compose()
    assert [card.head for _, card in desk.messages()] == ["4 new posts name Polaris", "1 new post names Polaris"]


def test_the_first_answer_of_a_search_is_not_announced(desk, cy):
    desk.bring_posts(post(1), baseline=[post(1).key])
    desk.compose()

    assert desk.messages() == []
    assert desk.card(cy, "mentions posts").head == "1 post in the last 7 days"


def test_posts_are_listed_with_author_day_words_and_link_for_those_who_read_mentions(desk, cy):
    other = "Someone thanks the Coalition of Immokalee Workers and farmworkers."
    desk.bring_posts(post(1), post(2, other))

    card = desk.card(cy, "mentions posts")
    assert [(line.text, line.url) for line in card.lines if line.text] == [
        (f"Bluesky · Tue Nov 24, 2026 · @jo.example: “{TEXT}” · Polaris", post(1).url),
        (f"Bluesky · Tue Nov 24, 2026 · @jo.example: “{other}” · CIW", post(2).url),
    ]
    assert desk.card(cy, "mentions posts", entity="ciw").head == "1 post in the last 7 days"
    assert desk.card(cy, "mentions posts", entity="cast").head == "No posts in the last 7 days"
    assert "No social network is searched" in words(desk.card(cy, "mentions posts", entity="cast"))
    desk.refused(desk.add("Stan"), "mentions posts")


# --- deletion --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def networks():
    """Both networks on loopback, and a search of each."""
    async with serving() as server:
        fetcher, url = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0)), server.url("")
        searched = {
            "b": Bluesky("b", "B", url, fetcher, keyword="Polaris"),
            "m": Mastodon("m", "M", url, fetcher, keyword="Polaris"),
        }
        show = Networks(server).show
        yield SimpleNamespace(show=show, say=server.say, asked=server.asked, url=url, sources=searched)
        await fetcher.close()


async def look_again(desk, networks):
    await check_posts(desk.job, lambda: networks.sources)


async def test_a_deleted_post_is_gone_at_the_next_look_and_an_edited_one_is_stored_as_it_is_now(desk, networks):
    desk.bring_posts(*(post(n) for n in range(1, 5)))
    edited = "Polaris runs the trafficking hotline. Edited."
    networks.show(POSTS, skeet(1, TEXT), skeet(2, edited), skeet(3, "Names nobody any longer."))

    await look_again(desk, networks)
    assert networks.asked == []  # they were seen just now

    desk.now += timedelta(hours=12, seconds=1)
    await look_again(desk, networks)
    await look_again(desk, networks)

    assert [each.text for each in desk.stored()] == [TEXT, edited]
    assert len(networks.asked) == 1
    assert "3k0004" not in str(desk.everything())


async def test_d5_posts_that_a_clock_which_was_ahead_saw_are_looked_up(desk, networks):
    desk.bring_posts(post(1), post(2))
    networks.show(POSTS, skeet(1, TEXT))
    desk.now -= timedelta(days=1)
    await look_again(desk, networks)
    assert [each.ref for each in desk.stored()] == [post(1).ref]


async def test_posts_of_mastodon_are_looked_up_by_the_id_of_their_server(desk, networks):
    desk.bring_posts(*(post(n, source="m", network="Mastodon", key=toot(n)["uri"], ref=toot(n)["id"]) for n in (1, 2)))
    networks.show(STATUSES, toot(2, f"<p>{TEXT}</p>"))
    desk.now += timedelta(hours=13)

    await look_again(desk, networks)

    assert [each.ref for each in desk.stored()] == [toot(2)["id"]]


async def test_at_most_twenty_are_asked_about_at_once_and_each_in_turn(desk, networks):
    desk.bring_posts(*(post(n) for n in range(1, 46)))
    networks.show(POSTS, *(skeet(n, TEXT) for n in range(1, 46)))
    desk.now += timedelta(hours=13)

    for _ in range(4):
        await look_again(desk, networks)

    assert [path.count("uris=") for path, _ in networks.asked] == [20, 20, 5]
    assert len(desk.stored()) == 45


@pytest.mark.parametrize("how", [{"status": 429}, {"status": 403}, {"body": "<!DOCTYPE html><html>", "status": 200}])
async def test_while_a_network_cannot_be_asked_nothing_is_deleted_and_it_is_left_in_peace(desk, networks, how):
    desk.bring_posts(post(1))
    networks.say(POSTS, **how)
    desk.now += timedelta(hours=13)

    await look_again(desk, networks)
    await look_again(desk, networks)

    assert (len(desk.stored()), len(networks.asked)) == (1, 1)


def test_posts_end_with_their_retention(desk):
    desk.bring_posts(post(1))
    with desk.db.write() as tx:
        assert forget(tx, COALITION, desk.now + timedelta(days=89))["post"] == 0
        assert forget(tx, COALITION, desk.now + timedelta(days=91))["post"] == 1
    assert desk.stored() == []


def test_posts_of_a_search_that_was_removed_are_deleted_at_the_next_look(desk):
    desk.bring_posts(post(1), post(2, source="c"))
    desk.now += timedelta(hours=13)
    desk.look_again()
    desk.look_again()
    assert desk.stored() == []


# --- reports ---------------------------------------------------------------------------------------------------------


def test_a_report_counts_posts_apart_from_coverage(desk, cy):
    before = desk.card(cy, "clips week", of="2026-11-24", as_="csv")
    assert "On social networks" not in words(before)
    desk.bring_posts(post(1), post(2), post(3, network="Mastodon"))

    after = desk.ask(cy, "clips week", of="2026-11-24", as_="csv")

    assert after.card.head == before.head == "Weekly clip report: November 23–24, 2026: 0 stories, 0 placements"
    lines = [line.text for line in after.card.lines]
    assert "On social networks: 3 posts name us (2 on Bluesky and 1 on Mastodon)." in lines[-1]
    assert lines[-1].endswith("Posts are not coverage and in no figure of this report.")
    assert len(after.file.data.decode().splitlines()) == 1  # the names of the columns
    assert "On social networks" not in words(desk.card(cy, "clips funder", since="2026-11-01", ask="4", as_="csv"))
    about = words(desk.card(cy, "clips funder", since="2026-07-01", about="ciw", as_="csv"))
    assert "On social networks: No post names CIW. Posts are not coverage" in about
    assert "Posts before August 26, 2026 are deleted." in about


# --- the whole program -----------------------------------------------------------------------------------------------


def searches(url, *, enabled=True):
    common = {"every": "2h", "may_be_empty": True, "enabled": enabled, "url": url}
    return {
        "b": {"kind": "bluesky", "name": "Bluesky", "keyword": "Polaris"} | common,
        "m": {"kind": "mastodon", "name": "Mastodon", "keyword": "#RiverAlliance"} | common,
    }


async def test_the_program_announces_new_posts_and_forgets_what_was_deleted(tmp_path, networks):
    replaced = {"sources": searches(networks.url), "watches": {}}
    config = shipped(tmp_path, {}, {"press": "console:press"}, replace=replaced)
    program = Program(tmp_path, config, Clock(TUESDAY))
    networks.show(SEARCH, skeet(1, TEXT))
    networks.show(TAG, toot(1, f"<p>{TEXT}</p>"))
    await program.once()  # the baseline
    networks.show(SEARCH, skeet(2, TEXT), skeet(1, TEXT))
    networks.show(TAG, toot(2, "<p>Nothing of note</p>"), toot(1, f"<p>{TEXT}</p>"))

    program.clock.turn(hours=2)
    await program.once()

    (card,) = [text for text in program.printed("press") if "post" in text]
    assert "1 new post names Polaris" in card
    networks.show(POSTS, skeet(2, TEXT))
    networks.show(STATUSES)
    program.clock.turn(hours=13)
    for _ in range(2):  # one source at a time
        await program.once()
    with program.started() as app:
        left = media_posts.posts_between(app.db, TUESDAY - timedelta(days=9), TUESDAY + timedelta(days=9))
    assert [each.ref[-4:] for each in left] == ["0002"]

    online = await check_online(program.environment(), config)
    assert [finding.sentence for finding in online[:2]] == ["2 posts; never confirmed before"] * 2


@pytest.mark.parametrize(
    ("enabled", "press", "said"),
    [
        (False, True, "Source b is off. To search for posts that name you, read the network's rules"),
        (True, False, "Source b: /mentions posts lists its posts. To be notified, name a channel in `press:`."),
    ],
)
def test_check_says_how_to_search_and_to_be_notified(tmp_path, capsys, enabled, press, said):
    channels = {"press": "console:press"} if press else {"policy": "console:policy"}
    replaced = {"sources": searches("https://social.example", enabled=enabled), "watches": {}}
    config = shipped(tmp_path, {}, channels, replace=replaced)

    print_check(config, {}, check_report(config, {}, (), (), ()), remark=False)

    assert said in " ".join(capsys.readouterr().out.split())
