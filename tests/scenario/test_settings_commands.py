"""An administrator changes what the two files say from chat: asks, members, channels, routes, offices, who speaks."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from bot.commands.model import Refusal, Reply, Role
from bot.config.load import load
from bot.outbox.messages import place, post
from bot.people import account_notices
from bot.settings import values
from bot.settings.records import history, settle, take_over_legal_names
from bot.settings.sections import SECTIONS
from bot.shared.card import Card, Mark
from bot.shared.entry import Agency
from bot.store.database import insert_rows
from tests.kit.board import CONFIG, TUESDAY, Board, press, send, words
from tests.kit.letters_desk import Desk


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path)


def saved(board, setting, by=None, /, **fields):
    """Open the form of a setting, fill in fields, and save it."""
    by = by or board.admin
    form = board.ask(by, "settings set", setting=setting).form
    answer = send(board, by, form, **fields)
    assert isinstance(answer, Reply), answer
    return answer.card


def in_files(board, folder):
    """Both files as exported, read from a folder."""
    shutil.copytree(CONFIG.folder / "templates", folder / "templates")
    for name in ("coalition.yml", "feeds.yml"):
        answer = board.ask(board.admin, "settings export", file=name)
        assert answer.file.name == name
        (folder / name).write_bytes(answer.file.data)
    return load(folder / "feeds.yml", folder / "coalition.yml")


# --- one change -------------------------------------------------------------------------------------------------------


def test_an_ask_is_changed_in_its_form_and_is_in_force_at_once(board):
    form = board.ask(board.admin, "settings set", setting="ask 4").form
    assert form.fields[0].initial == CONFIG.coalition.asks[4].title

    card = send(board, board.admin, form, title="Enforce section 307").card

    assert card.head == "Saved: ask 4"
    assert f"Title: {CONFIG.coalition.asks[4].title} → Enforce section 307" in words(card)
    assert board.config.coalition.asks[4].title == "Enforce section 307"
    assert board.config.coalition.asks[4].text == CONFIG.coalition.asks[4].text
    (change,) = board.changes()
    assert (change.who, change.command, change.subject) == ("Ada", "settings ask", "ask 4")
    assert "Enforce section 307" in change.after
    assert "Enforce section 307" not in change.before


def test_the_reason_of_an_ask_is_set_in_its_form(board):
    saved(board, "ask 4", because="Goods made by forced labor still arrive.")

    assert board.config.coalition.asks[4].because == "Goods made by forced labor still arrive."


def test_text_that_may_name_a_person_is_asked_about_once_and_the_audit_names_the_ask(board):
    note = "Our client Maria Lopez was exploited."
    form = board.ask(board.admin, "settings set", setting="ask 4").form
    question = send(board, board.admin, form, note=note).form
    assert question.title == "Please check"
    assert send(board, board.admin, question, sure="yes").card.head == "Saved: ask 4"

    assert saved(board, "ask 4", title="Enforce section 307").head == "Saved: ask 4"

    confirmed = [change.subject for change in board.changes() if "identifies no one" in change.after]
    assert confirmed == ["ask 4"]


@pytest.mark.parametrize("setting", ["ask ²", "route ²"])
def test_a_digit_that_is_no_number_is_refused_like_any_other_name(board, setting):
    assert "There is no" in board.refused(board.admin, "settings set", setting=setting).what


def test_what_was_set_in_chat_is_marked_and_the_rest_has_its_line(board):
    saved(board, "ask 4", title="Enforce section 307")
    lines = [line.text for line in board.card(board.admin, "settings list", setting="ask").lines]

    assert "ask 4: Enforce section 307 (chat)" in lines
    assert f"({CONFIG.coalition_lines.at('asks', 3)})" in lines[2]
    assert "ask: 9, 1 set in chat" in words(board.card(board.admin, "settings list"))


@pytest.mark.parametrize(
    ("setting", "fields", "value"),
    [
        ("ask new", {"title": "A tenth"}, lambda config: config.coalition.asks[10].title == "A tenth"),
        ("ask 12", {"title": "A twelfth"}, lambda config: config.coalition.asks[12].title == "A twelfth"),
        (
            "member new",
            {"full-name": "River Watch, Inc.", "short": "River Watch"},
            lambda config: config.coalition.members["river-watch"].name == "River Watch, Inc.",
        ),
        (
            "channel new",
            {"name": "trial", "to": "console:trial", "digest": "monday", "at": "9:15", "quiet": "20:00-07:00"},
            lambda config: config.feeds.channels["trial"].quiet[0].hour == 20,
        ),
        (
            "channel policy",
            {"quiet": "21:00 to 6:30"},
            lambda config: config.feeds.channels["policy"].quiet[1].hour == 6,
        ),
        (
            "route new",
            {"to": "admin", "asks": "4, 8", "kinds": "bill", "levels": "alert"},
            lambda config: config.feeds.routes[-1].asks == (4, 8) and config.feeds.routes[:-1] == CONFIG.feeds.routes,
        ),
        ("special channels", {"safety": "admin"}, lambda config: config.feeds.safety == "admin"),
        (
            "spokesperson new",
            {"person": "Maria Lopez", "asks": "4", "members": "polaris"},
            lambda config: config.coalition.spokespeople[-1].members == ("polaris",),
        ),
        ("press contact", {"phone": "0199"}, lambda config: config.coalition.media_contact.phone == "0199"),
        (
            "letterhead",
            {"address": "1 Main St\nWashington, DC", "signer": "Ann Poe", "signer-title": "Director"},
            lambda config: (config.coalition.address[1], config.coalition.signer.name) == ("Washington, DC", "Ann Poe"),
        ),
        ("coalition", {"zone": "America/Denver"}, lambda config: config.coalition.zone == "America/Denver"),
        (
            "letters",
            {"approvals": "2", "follow-up": "5", "drafts": "anywhere"},
            lambda config: (config.coalition.letters.approvals, config.coalition.letters.follow_up) == (2, 5),
        ),
        (
            "office new",
            {"full-name": "the Director, Bureau of X", "address": "Bureau of X\nWashington", "salutation": "Dear Sir:"},
            lambda config: config.coalition.offices["bureau-of-x"].block == ("Bureau of X", "Washington"),
        ),
        (
            "holder labor",
            {"full-name": "Jane Q. Doe", "surname": "Doe", "source": "https://dol.gov/x"},
            lambda config: config.coalition.offices["labor"].holder.as_of == TUESDAY.date(),
        ),
    ],
)  # fmt: skip
def test_each_setting_is_set_undone_and_set_again(board, setting, fields, value):
    card = saved(board, setting, **fields)
    assert value(board.config), card

    undone = press(board, board.admin, card, "Undo").card
    assert undone.head.startswith("Undone: change 1 of ")
    assert (board.config.coalition, board.config.feeds) == (CONFIG.coalition, CONFIG.feeds)

    press(board, board.admin, undone, "Undo")
    assert value(board.config)


def test_an_office_of_the_catalogue_is_added_by_its_name_alone(board):
    without = {id_: office for id_, office in CONFIG.coalition.offices.items() if id_ != "epa"}
    board.config = replace(CONFIG, coalition=CONFIG.coalition.model_copy(update={"offices": without}))

    form = board.ask(board.admin, "settings set", setting="office epa").form
    assert form.fields[1].initial
    send(board, board.admin, form)

    assert board.config.coalition.offices["epa"].block[0] == form.fields[1].initial.splitlines()[0]


def test_a_number_with_a_zero_in_front_is_the_same_item(board):
    saved(board, "ask 03", title="One")
    saved(board, "route 01", asks="4")
    assert board.config.coalition.asks[3].title == "One"
    assert board.config.feeds.routes[0].to == CONFIG.feeds.routes[0].to
    lines = [line.text.partition(" · Ada")[0] for line in board.card(board.admin, "settings history").lines]
    assert lines == ["2 · the routes: set", "1 · ask 3: set"]


def test_a_field_that_is_emptied_is_removed_and_one_that_is_left_out_stays(board):
    saved(board, "letterhead", address="1 Main St", phone="202 555 0100")
    board.card(board.admin, "settings letterhead", phone="202 555 0101")
    assert board.config.coalition.address == ("1 Main St",)

    form = board.ask(board.admin, "settings set", setting="letterhead").form
    send(board, board.admin, form, phone="")
    assert (board.config.coalition.address, board.config.coalition.phone) == (("1 Main St",), "")


def test_values_typed_after_a_section_are_refused_and_not_dropped(board):
    refused = board.ask(board.admin, "settings set", setting="letterhead phone:202-000-0111")
    assert isinstance(refused, Refusal)
    assert refused.what.startswith("“phone:202-000-0111” was not taken")


def test_a_new_holder_is_as_of_the_day_it_was_set_and_a_corrected_one_keeps_its_day(board):
    fields = {"full-name": "Jane Doe", "surname": "Do", "source": "https://dol.gov/x", "as-of": "2026-10-01"}
    saved(board, "holder labor", **fields)
    saved(board, "holder labor", surname="Doe")
    assert board.config.coalition.offices["labor"].holder.as_of.isoformat() == "2026-10-01"
    saved(board, "holder labor", **{"full-name": "John Poe", "surname": "Poe"})
    assert board.config.coalition.offices["labor"].holder.as_of == TUESDAY.date()


def test_saving_what_is_set_already_stores_nothing(board):
    assert saved(board, "ask 4").head == "Nothing to save: ask 4 already has these values"
    assert board.changes() == []


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "fields", "param", "what"),
    [
        ("channel policy", {"to": "slack:x"}, "to", 'Where it posts: "slack:x" does not have the right form'),
        ("channel policy", {"at": "25:00"}, "at", "“25:00” is not a time of day"),
        ("channel policy", {"quiet": "evenings"}, "quiet", "“evenings” is not two times of day"),
        ("coalition", {"zone": "Washington"}, "zone", 'Time zone: unknown time zone "Washington"'),
        ("coalition", {"name": ""}, "name", "Name is missing"),
        ("route 1", {"to": "nowhere"}, "to", 'Channel: unknown channel "nowhere"'),
        ("route 1", {"asks": "77"}, "asks", "Asks: coalition.yml has no ask 77"),
        ("route 1", {"asks": "all"}, "asks", "“all” is not a list of numbers"),
        ("route 1", {"kinds": "bills"}, "kinds", '"bills" is not one of'),
        ("special-channels", {"admin": "nowhere"}, "admin", 'Admin channel: unknown channel "nowhere"'),
        ("ask new", {"title": ""}, "title", "Title is missing"),
        ("holder labor", {"full-name": "Jane Doe"}, "surname", "Surname is missing"),
        ("letters", {"approvals": "9"}, "approvals", "Approvals: must be 5 or less"),
        ("spokesperson new", {"person": "X", "members": "nobody"}, "members", 'unknown member "nobody"'),
        ("press contact", {"name": ""}, "name", "Name is missing"),
    ],
)  # fmt: skip
def test_a_value_is_refused_at_its_field_with_the_loader_s_sentence(board, setting, fields, param, what):
    form = board.ask(board.admin, "settings set", setting=setting).form
    refused = send(board, board.admin, form, **fields)

    assert isinstance(refused, Refusal), refused
    assert (refused.param, what in refused.what) == (param, True), refused
    assert board.changes() == []


@pytest.mark.parametrize("setting", ["ask 77x", "member nobody", "holder nobody", "asked 3", "office nobody"])
def test_a_setting_that_does_not_exist_is_named_with_those_that_do(board, setting):
    refused = board.refused(board.admin, "settings set", setting=setting)
    assert refused.param == "setting"
    assert "There is" in refused.what


def test_an_ask_that_is_used_is_not_removed_and_its_users_are_named(board):
    refused = board.refused(board.admin, "settings remove", setting="ask 4")
    assert refused.what.startswith("Not removed: ask 4 is used by watch ")
    assert 4 in board.config.coalition.asks


def test_an_ask_that_a_watch_from_chat_uses_is_not_removed(board):
    saved(board, "ask 10", title="A tenth")
    draft = board.card(board.admin, "watch add", query="pledge", asks="10", name="Pledge")
    press(board, board.admin, draft, "Save")

    refused = board.refused(board.admin, "settings remove", setting="ask 10").what
    assert refused == "Not removed: ask 10 is used by watch pledge. Change that first."
    assert board.refused(board.admin, "undo").what == refused.replace("removed:", "undone:")


def test_a_channel_with_waiting_messages_is_not_removed(board):
    saved(board, "channel new", name="trial", to="console:trial")
    with board.job.write() as work:
        post(work, place("trial", board.config.feeds), "x", Card(mark=Mark.ANSWER, head="x"), kind="health")

    refused = board.refused(board.admin, "settings remove", setting="channel trial").what
    assert "1 message waits to be posted there" in refused
    assert "trial" in board.config.feeds.channels


def test_a_channel_that_routes_lead_to_is_not_removed(board):
    refused = board.refused(board.admin, "settings remove", setting="channel policy").what
    assert "channel policy is used by route 1" in refused


# --- members ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["member cast", "member new"])
@pytest.mark.parametrize("field", ["full-name", "short"])
def test_no_member_gets_a_name_that_reads_like_another_s(board, setting, field):
    form = board.ask(board.admin, "settings set", setting=setting).form
    refused = send(board, board.admin, form, **{"full-name": "River Watch", field: "P0laris Project, Inc."})

    assert isinstance(refused, Refusal)
    assert (refused.param, "looks like the name of another member" in refused.what) == (field, True)


def test_the_id_of_a_new_member_is_cut_between_words(board):
    saved(board, "member new", **{"full-name": "River Watchers’ Union of the Lower Basin"})
    assert "river-watchers-union-of" in board.config.coalition.members


def test_an_undo_brings_back_no_name_that_another_member_has_now(board):
    saved(board, "member new", **{"full-name": "River Watch"})
    saved(board, "member river-watch", **{"full-name": "River Union"})
    saved(board, "member cast", **{"legal-name": "River Watch"})

    refused = board.refused(board.admin, "undo", version="2").what

    assert "looks like the name of another member" in refused
    assert board.config.coalition.members["river-watch"].name == "River Union"


def test_the_legal_names_that_0_2_stored_by_themselves_become_changes_of_their_members(board):
    names = {"cast": "CAST, Inc.", "gone": "Gone, Inc."}  # a member of today, and one that is in no file any more
    saved(board, "member cast", short="C.A.S.T.")
    by = board.admin.id
    with board.db.write() as tx:
        rows = [{"member": id_, "legal_name": name, "set_by": by, "set_at": board.now} for id_, name in names.items()]
        insert_rows(tx, "member_name", rows)
    for _ in range(2):
        take_over_legal_names(board.db, board.config.in_files)

    cast = board.config.coalition.members["cast"]
    assert (cast.signs_as, cast.short) == ("CAST, Inc.", "C.A.S.T.")
    assert [(change.version, change.by) for change in history(board.db)] == [(2, by), (1, by)]
    assert "gone" not in board.config.coalition.members
    board.card(board.admin, "undo")
    assert board.config.coalition.members["cast"].signs_as == cast.name


@pytest.mark.parametrize("removed", ["in chat", "in the file"])
def test_the_next_member_of_a_removed_one_s_name_gets_neither_its_signatures_nor_its_representatives(board, removed):
    dee = free(board)
    if removed == "in chat":
        press(
            board,
            board.admin,
            board.card(board.admin, "settings remove", setting="member river-watch"),
            "Yes, remove it",
        )
    else:
        with board.db.write() as tx:
            tx.execute("DELETE FROM setting_change")

    saved(board, "member new", **{"full-name": "River Watch"})

    assert "river-watch-2" in board.config.coalition.members
    assert isinstance(board.ask(dee, "letter list"), Refusal)


def test_the_other_administrators_learn_of_a_new_address_for_replies(board):
    other = board.add("Bea", Role.ADMINISTRATOR)
    before = board.config.coalition
    saved(board, "coalition", contact="else@where.example")
    (notice,) = account_notices.waiting(board.db)
    assert (notice.person, notice.address) == (other.id, "UBEA")
    assert notice.text == f"Ada changed where replies to {before.short} go, from {before.contact} to else@where.example"


def test_the_other_administrators_learn_of_a_new_press_contact(board):
    board.add("Bea", Role.ADMINISTRATOR)
    press = board.config.coalition.media_contact
    saved(board, "press contact", phone="0199")
    (notice,) = account_notices.waiting(board.db)
    assert f"from {press.name} · " in notice.text
    assert f"to {press.name} · 0199 · " in notice.text


def test_the_id_of_a_removed_member_is_not_given_to_another_one(board):
    free(board)
    card = board.card(board.admin, "settings remove", setting="member river-watch")
    press(board, board.admin, card, "Yes, remove it")
    refused = board.refused(board.admin, "settings member", name="river-watch", **{"full-name": "Water"})
    assert refused.what.startswith("“river-watch” was another member, whose signatures and representatives")
    assert "river-watch" not in board.config.coalition.members


def free(board):
    """A new member that only its representative knows."""
    saved(board, "member new", **{"full-name": "River Watch"})
    return board.add("Dee", Role.REPRESENTATIVE, organisation="river-watch")


def test_the_representatives_of_a_removed_member_lose_their_authority_at_once_and_regain_it_by_undo(board):
    dee = free(board)
    assert Role.REPRESENTATIVE in board.dispatcher.actor("slack", "T0HOME", "UDEE").roles

    name = board.config.coalition.members["river-watch"].name
    question = board.card(board.admin, "settings remove", setting="member river-watch")
    assert question.head == "Remove member river-watch?"
    assert "Dee represents it, and can no longer act for it." in words(question)
    assert "river-watch" in board.config.coalition.members

    card = press(board, board.admin, question, "Yes, remove it").card
    assert board.dispatcher.actor("slack", "T0HOME", "UDEE").roles == frozenset()
    assert isinstance(board.ask(dee, "letter list"), Refusal)
    (notice,) = account_notices.waiting(board.db)
    assert (notice.platform, notice.address) == ("slack", "UDEE")
    assert notice.text.endswith(f"removed {name} from ATEST: you can no longer act for it here")

    press(board, board.admin, card, "Undo")
    assert isinstance(board.ask(dee, "letter list"), Reply)


def test_a_member_whose_signature_is_under_an_open_letter_is_not_removed(tmp_path):
    desk = Desk(tmp_path)
    files = desk.config.coalition
    entities = {id_: entity for id_, entity in files.entities.items() if entity.member != "polaris"}
    desk.config = replace(desk.config, coalition=files.model_copy(update={"entities": entities, "spokespeople": ()}))
    desk.opened()
    desk.signs("polaris")

    refused = desk.refused(desk.admin, "settings remove", setting="member polaris").what
    assert refused.startswith("Not removed: member polaris is still used. It signed L-001")
    assert "lock the letter, or withdraw the signature, first" in refused
    assert "polaris" in desk.config.coalition.members


# --- undo -------------------------------------------------------------------------------------------------------------


def test_undo_goes_back_one_change_at_a_time(board):
    for title in ("one", "two", "three"):
        saved(board, "ask 4", title=title)
    for title in ("two", "one", CONFIG.coalition.asks[4].title):
        board.card(board.admin, "undo")
        assert board.config.coalition.asks[4].title == title
    assert "nothing to undo" in board.refused(board.admin, "undo").what


def test_a_named_change_is_undone_unless_its_setting_was_changed_again(board):
    saved(board, "ask 4", title="one")
    saved(board, "ask 5", title="two")
    saved(board, "ask 4", title="three")

    board.card(board.admin, "undo", version="2")
    assert board.config.coalition.asks[5] == CONFIG.coalition.asks[5]
    refused = board.refused(board.admin, "undo", version="1").what
    assert refused.startswith("ask 4 was changed again since, by change 3 (Ada, ")
    assert "Undo that one first: /undo 3" in refused
    assert "There is no change 77" in board.refused(board.admin, "undo", version="77").what


def test_the_history_says_what_who_and_when(board):
    bo = board.add("Bo Li", Role.ADMINISTRATOR)
    saved(board, "ask 4", title="one")
    saved(board, "member new", bo, **{"full-name": "River Watch"})
    board.card(board.admin, "undo")

    lines = [line.text for line in board.card(board.admin, "settings history").lines]
    assert [line.rpartition(",")[0] for line in lines] == [
        "3 · member river-watch: undid 2 · Ada",
        "2 · member river-watch: set · Bo Li",
        "1 · ask 4: set · Ada",
    ]


def test_a_reset_uses_the_files_value_again(board):
    saved(board, "ask 4", title="one")
    saved(board, "ask 4", title="two")
    board.card(board.admin, "settings reset", setting="ask 4")
    assert board.config.coalition.asks[4] == CONFIG.coalition.asks[4]
    assert "as in the files" in board.refused(board.admin, "settings reset", setting="ask 4").what

    board.card(board.admin, "undo")
    assert board.config.coalition.asks[4].title == "two"


@pytest.mark.long
def test_after_the_export_is_put_in_place_and_the_bot_started_the_files_count_again(board, tmp_path):
    saved(board, "ask 10", title="A tenth")
    saved(board, "channel new", name="trial", to="console:trial")
    saved(board, "route new", to="trial", asks="10")
    exported = in_files(board, tmp_path / "export")
    saved(board, "ask 11", title="After the export")

    board.config = exported
    settle(board.db, exported, board.now)

    assert board.config.in_chat == {"asks.11"}
    assert board.config.coalition.asks[10].title == "A tenth"
    assert board.config.feeds == exported.feeds
    lines = [line.text for line in board.card(board.admin, "settings history").lines]
    assert [line.partition(" · at the start")[0] for line in lines[:3]] == [
        "7 · the routes: in files",
        "6 · channel trial: in files",
        "5 · ask 10: in files",
    ]
    board.card(board.admin, "undo")
    assert 11 not in board.config.coalition.asks


def test_an_export_says_what_was_edited_on_disk_since_the_start_and_is_not_in_it(board, tmp_path):
    board.config = in_files(board, tmp_path)
    file = tmp_path / "coalition.yml"
    before = file.read_text(encoding="utf-8")
    zone = next(line for line in before.splitlines() if line.startswith("zone:"))
    file.write_text(before.replace(zone, "zone: America/Denver"), encoding="utf-8")

    card = board.ask(board.admin, "settings export", file="coalition.yml").card
    assert "Your coalition.yml was edited since the bot started" in words(card)
    assert [line.text for line in card.lines[1:]] == [f"-{zone}", "+zone: America/Denver"]
    assert "You can replace your file" in words(board.ask(board.admin, "settings export", file="feeds.yml").card)

    file.write_text(before, encoding="utf-8")
    assert "You can replace your file" in words(board.ask(board.admin, "settings export", file="coalition.yml").card)


def test_an_undo_after_the_export_was_put_in_place_leads_back_to_what_the_file_has_now(board, tmp_path):
    saved(board, "ask 10", title="As in the export")
    exported = in_files(board, tmp_path / "export")
    settle(board.db, exported, board.now)
    board.config = exported
    assert "There is nothing to undo" in board.refused(board.admin, "undo").what
    asks = exported.coalition.asks
    edited = asks | {10: asks[10].model_copy(update={"title": "Edited in the file"})}
    board.config = replace(exported, coalition=exported.coalition.model_copy(update={"asks": edited}))
    saved(board, "ask 10", title="Changed in chat")

    board.card(board.admin, "undo")

    assert board.config.coalition.asks[10].title == "Edited in the file"
    assert board.config.in_chat == set()


# --- two administrators, and files that change ------------------------------------------------------------------------


def test_of_two_forms_open_at_one_time_the_second_overwrites_nothing(board):
    bo = board.add("Bo Li", Role.ADMINISTRATOR)
    mine, theirs = (board.ask(who, "settings set", setting="ask 4").form for who in (board.admin, bo))
    send(board, board.admin, mine, title="mine")

    card = send(board, bo, theirs, title="theirs").card

    assert card.head.startswith("Not saved: ask 4 was changed while your form was open (Ada, ")
    assert board.config.coalition.asks[4].title == "mine"
    again = press(board, bo, card, "Open it again").form
    assert again.fields[0].initial == "mine"
    send(board, bo, again, title="theirs")
    assert board.config.coalition.asks[4].title == "theirs"


@pytest.mark.parametrize("setting", ["ask 4", "ask new", "letterhead"])
def test_a_form_that_is_sent_twice_has_been_saved_already(board, setting):
    form = board.ask(board.admin, "settings set", setting=setting).form
    typed = {"title": "mine"} if "ask" in setting else {"address": "1 Main St"}
    send(board, board.admin, form, **typed)
    before = board.config
    assert "already has these values" in send(board, board.admin, form, **typed).card.head
    assert board.config == before


def test_two_new_asks_at_one_time_are_two_asks(board):
    bo = board.add("Bo Li", Role.ADMINISTRATOR)
    mine, theirs = (board.ask(who, "settings set", setting="ask new").form for who in (board.admin, bo))
    send(board, board.admin, mine, title="mine")
    assert "Not saved" in send(board, bo, theirs, title="theirs").card.head
    assert [ask.title for ask in board.config.coalition.asks.values()][9:] == ["mine"]


def test_a_route_is_not_mistaken_for_another_that_took_its_number(board):
    form = board.ask(board.admin, "settings set", setting="route 2").form
    board.card(board.admin, "settings remove", setting="route 1")
    assert "Not saved" in send(board, board.admin, form, asks="4").card.head


def test_a_setting_that_no_longer_fits_the_files_is_left_out_alone_and_can_be_reset(board):
    saved(board, "route 1", asks="9")
    saved(board, "ask 4", title="one")
    coalition = CONFIG.coalition
    watches = {id_: watch for id_, watch in CONFIG.feeds.watches.items() if 9 not in watch.asks}
    board.config = replace(
        CONFIG,
        coalition=coalition.model_copy(
            update={
                "asks": {number: ask for number, ask in coalition.asks.items() if number != 9},
                "bills": {}, "authorities": {}, "duties": {}, "spokespeople": (),
            }
        ),
        feeds=CONFIG.feeds.model_copy(update={"watches": watches}),
    )  # fmt: skip

    assert [slip.where for slip in board.config.left_out] == ["routes"]
    assert board.config.feeds.routes == CONFIG.feeds.routes
    assert board.config.coalition.asks[4].title == "one"
    assert "routes.0.asks: coalition.yml has no ask 9" in words(board.card(board.admin, "settings list"))

    board.card(board.admin, "settings reset", setting="route")
    assert board.config.left_out == ()


# --- export and authority ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_exported_files_are_what_is_in_force_and_keep_their_comments(board, tmp_path):
    saved(board, "ask 4", title="Enforce section 307")
    saved(board, "letterhead", address="1 Main St\nWashington, DC", phone="202 555 0100")
    saved(board, "route new", to="admin", levels="alert")
    saved(board, "channel policy", quiet="20:00-07:00")
    saved(board, "holder labor", **{"full-name": "J. Doe", "surname": "Doe", "source": "https://dol.gov/x"},
          **{"as-of": "2026-11-20"})  # fmt: skip

    read = in_files(board, tmp_path / "export")

    assert read.feeds == board.config.feeds
    dated = {key: getattr(board.config.coalition, key) for key in ("authorities", "duties")}  # by the board's day
    assert read.coalition.model_copy(update=dated) == board.config.coalition
    before = [line for line in CONFIG.coalition_text.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in read.coalition_text.splitlines() if line.lstrip().startswith("#")] == before


def test_an_office_of_the_register_is_named_in_the_order_of_a_sentence():
    office = values.office_of(CONFIG, Agency("Sea Caves Department", "sea-caves-department", None))
    assert (office["name"], office["block"]) == ("Department of Sea Caves", ["Department of Sea Caves"])


def test_a_channel_s_form_shows_american_hours_and_names_every_chat(board):
    saved(board, "channel policy", at="9:15", quiet="20:00-07:00")
    form = board.ask(board.admin, "settings set", setting="channel policy").form
    shown = {field.param.name: field for field in form.fields}
    assert (shown["at"].initial, shown["quiet"].initial) == ("9:15 a.m.", "8 p.m. to 7 a.m.")
    assert board.config.feeds.channels["policy"].digest.at.hour == 9
    for chat in ("slack:C", "discord:1", "teams", "mattermost", "googlechat", "webhook", "console:NAME"):
        assert chat in shown["to"].param.help


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_sees_or_sets_a_setting(board, role):
    person = board.add(role.value, role, organisation="cast")
    for verb in ("list", "set", "remove", "reset", "undo", "history", "export", *SECTIONS):
        assert "no such command" in board.refused(person, f"settings {verb}").what


def test_a_secret_is_neither_shown_nor_set(board):
    """What can be set is a closed list: tokens are in the environment, and a source's address is not a setting."""
    shown = [board.card(board.admin, "settings list", setting=what) for what in SECTIONS]
    assert "token" not in "\n".join(map(words, shown)).casefold()
    assert "There is no setting" in board.refused(board.admin, "settings set", setting="SLACK_BOT_TOKEN").what


@pytest.mark.parametrize("name", ["1w", "²", "-1", "99999"])
def test_what_is_no_number_is_no_ask(board, name):
    assert "An ask has a number" in board.refused(board.admin, "settings ask", name=name, title="Fund services").what
