"""Watches from chat: shown on history before they are saved, laid over the file, undone with one press."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import Refusal
from bot.people import account_notices
from bot.settings.records import settle
from tests.kit.alerts import document, news
from tests.kit.commands import Office, button_of, config, words_of


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    office.room.take("register", document("2026-00001"), document("2026-00002", "Pledge of allegiance"))
    office.room.take("newsroom", *(news(str(n), f"Pledge number {n}") for n in range(4)))
    return office


def without_ask(files, number):
    """The files after the asks got new numbers."""
    asks = {n: ask for n, ask in files.coalition.asks.items() if n != number}
    watches = {id_: item for id_, item in files.feeds.watches.items() if number not in item.asks}
    coalition = files.coalition.model_copy(update={"asks": asks})
    return replace(files, coalition=coalition, feeds=files.feeds.model_copy(update={"watches": watches}))


async def added(office, user="ada", **args):
    preview = await office.ask(user, "watch add", **args)
    return await office.press(user, preview, "Save")


async def test_a_new_watch_is_shown_in_words_and_on_history_before_it_is_saved(office):
    card = await office.ask("ada", "watch add", query="pledge NOT number", level="alert", asks="4, 8", name="Pledges")
    assert card.head == "Not saved yet: “Pledges”"
    assert words_of(card).splitlines()[1:] == [
        'Looks for: "pledge" and none of ("number")',
        "Posts: an alert at once, Asks 4 and 8",
        "Last 7 days",
        "1 hit in 6 entries, 1.0 a week",
        "Pledge of allegiance",
    ]
    assert "pledges" not in office.config.feeds.watches
    assert office.audit() == []

    reply = await office.press("ada", card, "Save")

    assert (reply.card.head, reply.replaces) == ("Saved: “Pledges”", True)
    watch = office.config.feeds.watches["pledges"]
    assert (watch.query, watch.level, watch.asks) == ("pledge NOT number", "alert", (4, 8))
    assert [result.id for result in office.config.watches][-1] == "pledges"
    assert office.audit() == [("Ada Smith", "watch pledges", "", "alert, Asks 4 and 8: pledge NOT number")]


async def test_a_rate_counts_only_the_days_of_which_entries_are_stored(office):
    published = office.room.now - timedelta(days=14)
    office.room.take("newsroom", replace(news("9", "Pledge number 9"), published=published))

    shown = words_of(await office.ask("ada", "watch test", name="pledge"))

    assert "Last 14 days\n6 hits in 7 entries, 3.5 a week" in shown  # the register stores a week


async def test_a_rate_counts_the_days_back_to_the_oldest_document_of_the_register(office):
    published = (office.room.now - timedelta(days=28)).date()
    office.room.take("register", document("2026-00009", "Pledge of allegiance, 9", publication_date=published))

    shown = words_of(await office.ask("ada", "watch test", name="pledge"))

    assert "Last 29 days\n6 hits in 7 entries, 4.5 a week" in shown  # four of a newsroom that stores a week


async def test_the_old_entries_of_one_source_do_not_thin_the_rate_of_another(office):
    published = office.room.now - timedelta(days=70)
    office.room.take("register", replace(document("2026-00009", "An old rule"), published=published))

    shown = words_of(await office.ask("ada", "watch test", name="pledge"))

    assert "Last 70 days\n5 hits in 7 entries, 4.1 a week" in shown


async def test_more_than_three_hits_are_counted(office):
    assert "and 2 more" in words_of(await office.ask("ada", "watch test", name="pledge"))


async def test_saving_twice_is_saving_once(office):
    card = await office.ask("ada", "watch add", query="pledge")
    await office.press("ada", card, "Save")
    again = await office.press("ada", card, "Save")
    assert isinstance(again, Refusal)
    assert "saved already" in again.what
    assert len(office.audit()) == 1


async def test_a_draft_does_not_undo_what_was_saved_after_it_was_tested(office):
    older = await office.ask("ada", "watch edit", name="gloves", level="digest")
    await office.press("ada", await office.ask("ada", "watch edit", name="gloves", query="mittens"), "Save")
    refused = await office.press("ada", older, "Save")
    assert isinstance(refused, Refusal)
    assert "was changed after this draft was tested (Ada" in refused.what
    assert office.config.feeds.watches["gloves"].query == "mittens"
    again = await office.ask("ada", "watch edit", name="gloves", level="digest")
    await office.press("ada", again, "Save")
    assert office.config.feeds.watches["gloves"].query == "mittens"
    assert office.config.feeds.watches["gloves"].level == "digest"


async def test_nobody_saves_what_another_was_shown(office):
    card = await office.ask("ada", "watch add", query="pledge")
    assert isinstance(await office.press("bo", card, "Save"), Refusal)
    assert list(office.config.feeds.watches) == list(office.files.feeds.watches)


async def test_a_draft_can_be_changed_and_its_form_is_filled_in(office):
    card = await office.ask("ada", "watch add", query="pledge", asks="4", level="alert", name="Pledges")
    form = (await office.press("ada", card, "Change")).form
    assert [(field.param.name, field.initial) for field in form.fields] == [
        ("query", "pledge"),
        ("level", "alert"),
        ("asks", "4"),
    ]
    reply = await office.send("ada", form, query="pledge allegiance")
    assert 'all of ("pledge", "allegiance")' in words_of(reply.card)
    await office.press("ada", reply.card, "Save")
    assert office.config.feeds.watches["pledges"].query == "pledge allegiance"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('pledge "forced labor', 'Column 8, at “"forced labor”: this quotation mark is not closed: add a'),
        ("NOT pledge", "Column 1, at “NOT pledge”: this would match nearly everything"),
        ("agncy:cbp", 'did you mean "agency:"'),
        ("a AND (b", "Column 7, at “(b”: this ( is not closed"),
    ],
)
async def test_a_slip_in_a_query_is_shown_with_its_column_and_what_to_write(office, query, words):
    for path, param in (("watch add", "query"), ("watch test", "name")):
        refused = await office.refused("ada", path, **{param: query})
        assert (refused.param, words in refused.what) == (param, True)


@pytest.mark.parametrize("asks", ["77", "four", "4 and 8", "-4"])
async def test_asks_that_are_none_are_refused_at_their_field(office, asks):
    assert (await office.refused("ada", "watch add", query="pledge", asks=asks)).param == "asks"


async def test_a_sentence_is_drafted_into_a_query_that_can_be_changed(office):
    card = await office.ask("ada", "watch add", query="Protect miners with black lung from dust.", name="Dust")

    assert "Drafted from words that tell the subject. To correct it: Change." in words_of(card)
    assert "Nothing matched: check whether documents use these words." in words_of(card)
    await office.press("ada", card, "Save")
    assert office.config.feeds.watches["dust"].query == 'dust* OR (miner OR miners) OR "black lung*"'


async def test_an_ask_alone_is_drafted_from_its_own_words(office):
    ask = office.files.coalition.asks[8].model_copy(update={"text": "Publish accident reports of coal mines."})
    coalition = office.files.coalition.model_copy(update={"asks": {8: ask}})
    office.files = replace(without_ask(office.files, 4), coalition=coalition)

    await added(office, asks="8", name="Mines")

    watch = office.config.feeds.watches["mines"]
    assert (watch.asks, watch.query) == ((8,), '"coal mine*"')


async def test_without_any_words_a_form_asks_for_them_and_a_sentence_of_nothing_is_refused(office):
    form = (await office.answer("ada", "watch add", level="alert")).form
    assert [field.param.name for field in form.fields] == ["query", "level", "asks"]

    refused = await office.refused("ada", "watch add", query="Let all of us do more now.")
    assert (refused.param, refused.what) == ("query", "No word there tells a subject. Write a query: docs/queries.md.")


async def test_editing_shows_what_it_adds_and_what_it_leaves_out(office):
    form = (await office.answer("ada", "watch edit", name="Gloves")).form
    assert form.fields[0].initial == '"forced labor" OR gloves'
    reply = await office.send("ada", form, query="pledge OR statistics", asks="none")
    assert "5 more than now, 1 fewer" in words_of(reply.card)
    assert words_of(reply.card).count("Would leave out\nGloves made with forced labor") == 1
    await office.press("ada", reply.card, "Save")
    watch = office.config.feeds.watches["gloves"]
    assert (watch.name, watch.query, watch.level, watch.asks) == ("Gloves", "pledge OR statistics", "alert", ())
    assert office.audit()[0][2] == 'alert, Ask 4: "forced labor" OR gloves'


async def test_an_edit_keeps_what_the_form_does_not_ask_for(office):
    await office.press("ada", await office.ask("ada", "watch edit", name="wire-only", query="walkout"), "Save")
    assert office.config.feeds.watches["wire-only"].sources == ("wire",)


async def test_a_muted_watch_judges_nothing_until_its_time(office):
    card = await office.ask("ada", "watch mute", name="gloves", until="3d")
    assert card.head == "“Gloves” is muted until Fri Nov 27, 2026, 9 a.m."
    assert "gloves" not in [watch.id for watch in office.config.watches]
    assert "gloves" in office.config.feeds.watches
    office.room.wait(days=3, minutes=1)
    assert "gloves" in [watch.id for watch in office.config.watches]


async def test_what_came_while_a_watch_was_muted_says_that_it_was_not_tried(office):
    await office.ask("ada", "watch mute", name="gloves", until="3d")
    office.room.config = office.config
    office.room.take("register", document("2026-00009", "A pair of gloves"))

    assert "Muted, so not tried: “Gloves”." in words_of(await office.ask("ada", "alerts why", entry="2026-00009"))


async def test_a_mute_is_taken_back_with_one_press(office):
    card = await office.ask("ada", "watch mute", name="gloves")
    await office.press("ada", card, "Unmute")
    assert "gloves" in [watch.id for watch in office.config.watches]
    assert (await office.ask("ada", "watch unmute", name="gloves")).head == "“Gloves” is not muted"


async def test_the_channel_of_a_watch_learns_who_muted_changed_or_removed_it(office):
    await office.ask("ada", "watch mute", name="gloves", until="3d")
    await office.press("ada", await office.ask("ada", "watch edit", name="gloves", query="mittens"), "Save")
    await office.ask("ada", "watch remove", name="gloves")
    await added(office, query="pledge", name="Pledges")
    to = office.config.feeds.channels[office.config.feeds.routes[0].to].to
    assert [(each.address, each.text) for each in account_notices.waiting(office.db)] == [
        (to, "The watch “Gloves” was muted until Fri Nov 27, 2026, 9 a.m. by Ada Smith"),
        (to, "The watch “Gloves” was changed by Ada Smith"),
        (to, "The watch “Gloves” was removed by Ada Smith"),
    ]


async def test_a_channel_that_others_may_read_does_not_learn_who_muted_a_watch(tmp_path):
    shipped = config().feeds.channels
    channels = {
        name: {"to": "webhook:partners" if name == "policy" else channel.to} for name, channel in shipped.items()
    }
    office = Office(tmp_path, config({"channels": channels}))
    await office.ask("ada", "watch mute", name="gloves")
    (notice,) = account_notices.waiting(office.db)
    assert notice.address == shipped[office.config.feeds.admin].to


async def test_a_mute_outlasts_an_edit_and_an_edit_a_mute(office):
    await office.ask("ada", "watch mute", name="gloves", until="3d")
    await office.press("ada", await office.ask("ada", "watch edit", name="gloves", query="mittens"), "Save")
    assert "gloves" not in [watch.id for watch in office.config.watches]
    await office.ask("ada", "watch unmute", name="gloves")
    assert office.config.feeds.watches["gloves"].query == "mittens"


@pytest.mark.parametrize("edited", [False, True])
async def test_taking_out_is_undone_as_it_was(office, edited):
    if edited:
        await office.press("ada", await office.ask("ada", "watch edit", name="gloves", query="mittens"), "Save")
    card = await office.ask("ada", "watch remove", name="gloves")
    assert "gloves" not in office.config.feeds.watches
    await office.press("ada", card, "Undo")
    assert office.config.feeds.watches["gloves"].query == ("mittens" if edited else '"forced labor" OR gloves')
    assert isinstance(await office.press("ada", card, "Undo"), Refusal)


async def test_an_edit_is_undone_with_one_press_and_only_the_last_one(office):
    first = await office.press("ada", await office.ask("ada", "watch edit", name="gloves", query="mittens"), "Save")
    second = await office.press("ada", await office.ask("ada", "watch edit", name="gloves", query="scarves"), "Save")
    assert isinstance(await office.press("ada", first.card, "Undo"), Refusal)
    await office.press("ada", second.card, "Undo")
    assert office.config.feeds.watches["gloves"].query == "mittens"
    assert account_notices.waiting(office.db)[-1].text == "The watch “Gloves” was changed back by Ada Smith"


async def test_a_new_watch_is_gone_when_it_is_undone(office):
    saved = await added(office, query="pledge", name="Pledges")
    await office.press("ada", saved.card, "Undo")
    assert "pledges" not in office.config.feeds.watches


async def test_a_watch_of_chat_that_was_removed_is_restored_after_a_restart(office):
    await added(office, query="pledge", name="Pledges")
    card = await office.ask("ada", "watch remove", name="pledges")
    settle(office.db, office.files, office.room.now)
    await office.press("ada", card, "Undo")
    assert office.config.feeds.watches["pledges"].query == "pledge"


async def test_a_watch_added_again_under_the_same_name_gets_a_new_id(office):
    await added(office, query="pledge", name="Gloves")
    assert "gloves-2" in office.config.feeds.watches


async def test_the_list_follows_the_asks_with_remarks(office):
    await added(office, query="pledge", name="Pledges", asks="4")
    await office.ask("ada", "watch mute", name="gloves", until="3d")
    card = await office.ask("cy", "watch list")
    assert [(section.title, [line.text for line in section.lines]) for section in card.sections] == [
        (
            "Ask 4 · enforce § 307",
            [
                "Gloves (gloves) · alert · muted until Fri Nov 27, 2026, 9 a.m.",
                "Pledges (pledges) · digest · from chat",
            ],
        ),
        ("Ask 8 · clear records", ["relief · digest"]),
        ("Policy watches", ["The field (field) · digest", "wire-only · digest"]),
    ]


async def test_a_name_that_is_none_names_the_nearest(office):
    refused = await office.refused("ada", "watch edit", name="glove")
    assert "Did you mean gloves?" in refused.what


@pytest.mark.parametrize("path", ["watch add", "watch edit", "watch mute", "watch remove", "watch save"])
async def test_only_policy_and_administrators_change_a_watch(office, path):
    args = {"watch add": {"query": "x"}, "watch save": {"draft": "x"}}.get(path, {"name": "gloves"})
    for user in ("cy", "dee"):
        assert "no such command" in (await office.refused(user, path, **args)).what


async def test_what_a_watch_raises_is_tested_without_changing_anything(office):
    card = await office.ask("cy", "watch test", name="gloves")
    assert card.head == "“Gloves” on the last 90 days"
    assert card.buttons == ()
    assert button_of(await office.ask("ada", "watch test", name="gloves"), "Edit").args == (("name", "gloves"),)


async def test_an_empty_history_says_that_it_is_empty(tmp_path):
    card = await Office(tmp_path).ask("ada", "watch test", name="pledge")
    assert "There are no entries yet" in words_of(card)


async def test_a_new_watch_is_what_the_next_answer_is_judged_by(office):
    await added(office, query="mittens", level="alert", asks="4")
    assert [result.watch for result in office.config.matcher.match(news("m", "Mittens seized"))] == ["mittens"]


async def test_what_the_files_no_longer_carry_is_named_and_stops_nothing_else(office):
    await added(office, query="mittens", name="Mittens")
    await added(office, query="caps", asks="8", name="Caps")
    office.files = without_ask(office.files, 8)

    assert office.config.feeds.watches["mittens"].query == "mittens"
    assert "caps" not in office.config.feeds.watches
    listed = words_of(await office.ask("ada", "watch list"))
    assert (
        "Not active: no longer valid with the files\ncaps: added in chat, but asks: coalition.yml has no ask 8"
        in listed
    )
    assert "caps" in words_of(await office.ask("bo", "settings export", file="feeds.yml"))

    await added(office, query="scarves", name="Scarves")
    assert office.config.feeds.watches["scarves"].query == "scarves"
    assert (await office.ask("ada", "watch remove", name="caps")).head == "“caps” is removed"
    assert office.config.left_out == ()
