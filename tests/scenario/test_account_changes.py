"""A change of who may act: asked about on a page, told at every old account, and slow for representatives."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.campaign.notices import channel, post_account_notices
from bot.commands.model import Refusal, Role
from bot.outbox import holds
from bot.outbox.model import NOTICE, Channel, from_json
from bot.people import mail, records, sessions
from bot.people.account_notices import ADMINS
from bot.people.model import Account
from tests.kit.board import press, send, words
from tests.kit.letters_desk import Desk
from tests.kit.web_face import BOARD, Browser, open_session, web_site

NEW = "slack:T0HOME/U0NEW"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.eve = desk.add("Eve", Role.ADMINISTRATOR)
    return desk


def rep(desk):
    return desk.person("Rep cast")


def notices(desk):
    """Who was told what: the platform and address of each notice, and its head."""
    post_account_notices(desk.job)
    rows = desk.db.read("SELECT channel, card FROM delivery WHERE kind = 'accounts' ORDER BY seq")
    told = []
    for row in rows:
        to = channel(desk.db, row["channel"]) if NOTICE in row["channel"] else None
        told.append((f"{to.platform}:{to.address}" if to else row["channel"], from_json(row["card"])))
    return told


# --- the second page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "filled", "says"),
    [
        ("link", {"account": NEW, "name": "Rep cast"}, ["slack:T0HOME/U0NEW", "sign and decline letters for cast"]),
        ("role", {"person": "Pol", "give": "administrator"}, ["change people, roles, sources and settings"]),
        ("unlink", {"account": "slack:T0HOME/UPOL"}, ["Then: policy · no account"]),
        ("invite", {"name": "Eve", "address": "new@evil.example"}, ["new@evil.example, instead of eve@member.test"]),
        ("mail", {"address": "new@evil.example"}, ["new@evil.example", "can log in as this person"]),
    ],
)
async def test_a_page_names_who_what_and_what_they_may_then_do_before_it_is_done(desk, verb, filled, says):
    def start():
        with desk.db.write() as tx:
            given = {"token": "t0", "code": "1", "now": desk.now}
            mail.set_address(tx, desk.eve.id, "eve@member.test", **given)
            mail.confirm(tx, mail.by_token(tx, "t0"), desk.now)
        open_session(desk, desk.admin.accounts[0], "c" * 32)

    await asyncio.to_thread(start)
    tables = ("account", "person_role", "mail_address")
    before = [(await asyncio.to_thread(desk.everything))[name] for name in tables]
    async with web_site(desk, **BOARD) as url, Browser(url) as browser:
        browser.set_cookie("session", "c" * 32)
        page = await browser.get(f"/do/campaign/{verb}")
        asked = await browser.submit(page.page.xpath("//form[@class='main']")[0], filled)
        assert [(await asyncio.to_thread(desk.everything))[name] for name in tables] == before
        for text in says:
            assert text in asked.text
        form = next(each for each in asked.forms if "Yes, do it" in each.text_content())
        await browser.submit(form)
    assert [(await asyncio.to_thread(desk.everything))[name] for name in tables] != before


# --- told at every old account ----------------------------------------------------------------------------------------


def test_every_old_account_is_told_of_a_new_one(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    told = dict(notices(desk))
    card = told["slack:UCAST"]
    assert card.head.startswith("Ada changed the accounts that act as you: CAST · representative · ")
    assert "slack:U0NEW" not in told
    assert notices(desk) == list(told.items()), "once"


def test_the_old_address_and_the_chat_are_told_of_another_address(desk):
    who = rep(desk)
    desk.card(desk.admin, "people invite", name="Rep cast", address="rep@cast.test")
    with desk.db.write() as tx:
        mail.confirm(tx, mail.address_of(tx, who.id), desk.now)
    desk.card(desk.admin, "people invite", name="Rep cast", address="evil@evil.test")
    told = [to for to, card in notices(desk) if "entered a new email address" in card.head]
    assert sorted(told) == ["mail:rep@cast.test", "slack:UCAST", "slack:UCAST"]


def test_who_is_removed_and_linked_again_under_one_name_hears_of_it_at_every_old_account(desk):
    with desk.db.write() as tx:
        mail.set_address(tx, rep(desk).id, "rep@cast.test", token="t1", code="1", now=desk.now)
        mail.confirm(tx, mail.by_token(tx, "t1"), desk.now)
    desk.card(desk.admin, "people leave", person="Rep cast", sure="yes")
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast", organization="cast")
    told = [to for to, card in notices(desk) if card.head.startswith("Ada removed your accounts and roles at ")]
    assert sorted(told) == ["mail:rep@cast.test", "slack:UCAST"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"take": "representative"}, "CAST · no role · slack:T0HOME/UCAST"),
        ({"organization": "polaris"}, "Polaris · representative · slack:T0HOME/UCAST"),
    ],
)
def test_who_may_no_longer_act_for_an_organization_hears_of_it(desk, given, says):
    desk.card(desk.admin, "people role", person="Rep cast", **given)
    told = [card.head for to, card in notices(desk) if to == "slack:UCAST"]
    assert told == [f"Ada changed what you may do: {says}"]


def test_a_representative_hears_of_another_one_of_their_organization(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Bob", organization="cast")
    told = [to for to, card in notices(desk) if card.head.startswith("Ada gave Bob, who signs for cast, an account")]
    assert sorted(told) == sorted([desk.config.feeds.admin, "slack:UCAST"])


def test_a_pause_stops_no_notice_about_accounts_and_every_other_administrator_hears_of_it(desk):
    desk.card(desk.admin, "campaign pause", until="25h")
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    told = dict(notices(desk))
    assert told["slack:UEVE"].head.startswith("Ada paused posting everywhere until ")
    assert "slack:UADA" not in told
    held = holds.active(desk.db, now=desk.now)
    stopped = {
        name: not held.isdisjoint(holds.scopes_of(Channel(name, "slack", "x")).values())
        for (name,) in {(row["channel"],) for row in desk.db.read("SELECT channel FROM delivery")}
    }
    assert {name for name, is_stopped in stopped.items() if is_stopped} == {desk.config.feeds.admin}
    assert len(stopped) == 3


def test_every_other_administrator_hears_that_the_admin_channel_was_moved(desk):
    old, form = desk.config.feeds.admin, {"admin": next(each for each in desk.config.feeds.channels if each != "admin")}
    asked = desk.ask(desk.admin, "settings set", setting="special-channels").form
    send(desk, desk.admin, asked, **form)
    (card,) = (card for to, card in notices(desk) if to == "slack:UEVE")
    channels = desk.config.feeds.channels
    assert card.head.endswith(f"from {channels[old].to} to {channels[desk.config.feeds.admin].to}")
    assert desk.config.feeds.admin != old


def test_a_channel_hears_of_its_move_and_the_administrators_of_a_gift_though_who_did_or_got_it_leaves_at_once(desk):
    name = next(each for each in desk.config.feeds.channels if each != desk.config.feeds.admin)
    was = desk.config.feeds.channels[name].to
    send(desk, desk.admin, desk.ask(desk.admin, "settings set", setting=f"channel {name}").form, to="slack:C0OTHER")
    desk.card(desk.admin, "people link", account=NEW, name="Bob", role="administrator")
    for person in ("Bob", "Ada"):
        desk.card(desk.eve, "people leave", person=person, sure="yes")
    told = dict(notices(desk))
    assert told[was].head == f"Ada moved the {name} channel of ATEST from {was} to slack:C0OTHER"
    assert told[desk.config.feeds.admin].head.startswith("Ada gave Bob, an administrator")


def test_the_old_channel_and_every_other_administrator_hear_that_all_posts_go_to_another(desk):
    feeds = desk.config.feeds
    first, second, *_ = (name for name in feeds.channels if name != feeds.admin)
    for safety in (first, second, ""):
        asked = desk.ask(desk.admin, "settings set", setting="special-channels").form
        send(desk, desk.admin, asked, safety=safety)
    shown = notices(desk)

    text = "Ada moved the safety channel of ATEST from {} to {}"
    addresses = ["none", feeds.channels[first].to, feeds.channels[second].to, "none"]
    moves = [text.format(*pair) for pair in pairwise(addresses)]
    assert [card.head for to, card in shown if to == "slack:UEVE"] == moves
    old = [feeds.channels[name].to for name in (feeds.admin, first, second)]
    assert [(to, card.head) for to, card in shown if to in old] == list(zip(old, moves, strict=True))
    assert not any(card.buttons for _, card in shown)


def test_a_channel_that_one_administrator_moves_hears_it_where_it_was(desk):
    feeds = desk.config.feeds
    name, old = next((name, each.to) for name, each in feeds.channels.items() if name != feeds.admin)
    asked = desk.ask(desk.admin, "settings set", setting=f"channel {name}").form
    send(desk, desk.admin, asked, to="slack:C0ELSEWHERE")
    assert [(to, card.head) for to, card in notices(desk)] == [
        (old, f"Ada moved the {name} channel of ATEST from {old} to slack:C0ELSEWHERE")
    ]


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("settings remove", {"setting": "route 1"}),
        ("settings channel", {"name": "policy", "to": "console:policy", "digest": "never"}),
        ("settings channel", {"name": "policy", "to": "console:policy", "quiet": "12 a.m. to 11:59 p.m."}),
    ],
)
def test_a_channel_that_one_administrator_silences_hears_it(desk, path, args):
    desk.ask(desk.admin, path, **args)
    head = "Ada changed what the policy channel of ATEST gets, or its digest or quiet hours"
    assert [(to, card.head) for to, card in notices(desk)] == [("console:policy", head)]


@pytest.mark.parametrize(
    ("names", "now"),
    [
        ({"full-name": "Another Fund"}, "Another Fund · CAST · signs as Another Fund"),
        ({"legal-name": "Another Fund"}, "{} · CAST · signs as Another Fund"),
    ],
)
def test_a_representative_hears_that_their_organization_was_renamed(desk, names, now):
    name = desk.config.coalition.members["cast"].name
    desk.ask(desk.admin, "settings member", name="cast", **names)
    ((to, card),) = notices(desk)
    assert to == "slack:UCAST"
    assert card.head == f"Ada changed the names of {name}, for which you act: {now.format(name)}"


def test_an_admin_channel_that_moves_hears_it_where_it_was(desk):
    feeds = desk.config.feeds
    old = feeds.channels[feeds.admin].to
    asked = desk.ask(desk.admin, "settings set", setting=f"channel {feeds.admin}").form
    send(desk, desk.admin, asked, to="slack:C0ELSEWHERE")
    assert old in [to for to, _ in notices(desk)]


def test_who_has_left_is_told_nothing_any_more(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    post_account_notices(desk.job)
    gone = rep(desk)
    with desk.db.write() as tx:
        records.remove(tx, gone, now=desk.now)
    (name,) = {row["channel"] for row in desk.db.read("SELECT channel FROM delivery WHERE channel LIKE 'notice:%'")}
    left = desk.db.read("SELECT platform, address FROM account_notice WHERE person_id = :id", {"id": gone.id})
    assert [tuple(row.values()) for row in left] == [ADMINS], "only what the administrators hear of them"
    assert channel(desk.db, name) is None


# --- an administrator alone does not act for a member -----------------------------------------------------------------


def acts(desk, account=NEW):
    platform, _, rest = account.partition(":")
    team, _, user = rest.partition("/")
    return Role.REPRESENTATIVE in desk.dispatcher.actor(platform, team, user).roles


def test_a_new_account_of_a_representative_acts_after_a_day(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    refusal = desk.ask(Account("slack", "T0HOME", "U0NEW"), "letter sign", letter="L-1")
    assert isinstance(refusal, Refusal)
    assert "less than a day ago" in refusal.what
    assert acts(desk, "slack:T0HOME/UCAST"), "the old account goes on"
    desk.now += timedelta(days=1)
    assert acts(desk)


def test_a_second_administrator_lets_it_act_at_once(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    (card,) = [card for to, card in notices(desk) if to == desk.config.feeds.admin]
    (button,) = card.buttons
    assert "Ada gave Rep cast, who signs for cast, an account or a role" in words(card)
    args = dict(button.args)
    assert "a second administrator" in desk.refused(desk.admin, button.path, **args).what.lower()
    question = desk.card(desk.eve, button.path, **args)
    assert f"Ada gave: {NEW}" in words(question)
    assert not acts(desk), "nothing is confirmed unseen"
    press(desk, desk.eve, question, "Confirm")
    assert acts(desk)
    assert "Nothing of Rep cast waits" in desk.refused(desk.eve, button.path, **args).what


@pytest.mark.parametrize("more", [{"give": "representative", "organization": "cast"}])
def test_so_with_the_role_and_with_another_organization(desk, more):
    desk.card(desk.admin, "people role", person="Ada", **more)
    assert not acts(desk, str(desk.admin.accounts[0]))
    desk.now += timedelta(days=1)
    assert acts(desk, str(desk.admin.accounts[0]))
    desk.card(desk.admin, "people role", person="Rep polaris", organization="cast")
    assert not acts(desk, "slack:T0HOME/UPOLARIS")


def test_an_administrator_of_today_does_not_vouch(desk):
    desk.card(desk.admin, "people link", account="slack:T0HOME/U0SOCK", name="Sock", role="administrator")
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    sock = Account("slack", "T0HOME", "U0SOCK")
    assert "less than a day ago" in desk.refused(sock, "people vouch", person="Rep cast").what
    assert not acts(desk)


def vouch(desk, who, person="Rep cast"):
    """Press Confirm twice; return what was refused, "" if nothing was."""
    answer = desk.ask(who, "people vouch", person=person)
    if isinstance(answer, Refusal):
        return answer.what
    press(desk, who, answer.card, "Confirm")
    return ""


def test_what_is_given_after_the_question_was_shown_is_not_confirmed_with_it(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Rep cast")
    question = desk.card(desk.eve, "people vouch", person="Rep cast")
    desk.card(desk.admin, "people link", account="slack:T0HOME/U0MORE", name="Rep cast")
    again = press(desk, desk.eve, question, "Confirm").card
    assert "Ada gave: slack:T0HOME/U0MORE" in words(again)
    assert not acts(desk)


SOCK = Account("slack", "T0HOME", "U0SOCK")


def test_an_administrator_does_not_vouch_for_what_their_own_second_administrator_gave(desk):
    desk.card(desk.admin, "people link", account=str(SOCK), name="Sock", role="administrator")
    desk.card(SOCK, "people link", account=NEW, name="Rep cast")
    assert "a second administrator" in vouch(desk, desk.admin).lower()
    assert not acts(desk)
    assert vouch(desk, desk.eve) == ""
    assert acts(desk)


def test_nor_for_what_was_given_with_an_account_that_they_gave_to_another_administrator(desk):
    desk.card(desk.admin, "people link", account=str(SOCK), name="Eve")
    desk.card(SOCK, "people link", account=NEW, name="Rep cast")
    assert "a second administrator" in vouch(desk, desk.admin).lower()
    desk.card(SOCK, "people link", account="slack:T0HOME/U0THIRD", name="Eve")
    assert vouch(desk, Account("slack", "T0HOME", "U0THIRD")) != ""
    assert not acts(desk)


def test_an_address_that_is_entered_with_an_account_that_waits_waits_too(desk):
    desk.card(desk.admin, "people role", person="Rep cast", give="policy")
    desk.card(desk.admin, "people link", account=str(SOCK), name="Rep cast")
    desk.card(SOCK, "campaign mail", address="evil@evil.test")
    who = rep(desk)
    with desk.db.write() as tx:
        mail.confirm(tx, mail.address_of(tx, who.id), desk.now)
    assert not acts(desk, f"mail:/{who.id}")


def test_a_session_that_the_old_address_opened_ends_with_it(desk):
    who = rep(desk)
    opened = sessions.Sessions(desk.db, clock=lambda: desk.now, new_id=desk.new_id)

    def confirm(address):
        desk.card(desk.reps["cast"], "campaign mail", address=address)
        with desk.db.write() as tx:
            mail.confirm(tx, mail.address_of(tx, who.id), desk.now)

    confirm("read-by-others@cast.test")
    with desk.db.write() as tx:
        account = Account(mail.PLATFORM, "", who.id)
        link = sessions.make_link(tx, who.id, account, now=desk.now, new_id=desk.new_id)
    cookie = opened.redeem(link)
    assert opened.find(cookie)
    confirm("new@cast.test")
    assert opened.find(cookie) is None


def test_an_address_that_a_representative_enters_acts_at_once(desk):
    who = rep(desk)
    desk.card(desk.reps["cast"], "campaign mail", address="rep@cast.test")
    with desk.db.write() as tx:
        mail.confirm(tx, mail.address_of(tx, who.id), desk.now)
    assert acts(desk, f"mail:/{who.id}")


def test_the_administrators_hear_of_a_new_administrator(desk):
    desk.card(desk.admin, "people link", account=str(SOCK), name="Sock", role="administrator")
    (card,) = [card for to, card in notices(desk) if to == desk.config.feeds.admin]
    assert card.head.startswith("Ada gave Sock, an administrator, an account or a role.")


def test_they_hear_too_that_a_representative_becomes_an_administrator_with_a_new_account(desk):
    desk.card(desk.admin, "people link", account=str(SOCK), name="Rep cast", role="administrator")
    (card,) = [card for to, card in notices(desk) if to == desk.config.feeds.admin]
    assert card.head.startswith("Ada gave Rep cast, who signs for cast, also an administrator, an account or a role.")
    assert "They act as an administrator at once" in words(card)


def approves(desk):
    return Role.APPROVER in desk.dispatcher.actor("slack", "T0HOME", "UPOL").roles


def test_a_new_approver_approves_after_a_day_and_is_told_so(desk):
    desk.drafted()
    desk.card(desk.eve, "people role", person="Pol", give="approver")
    assert not approves(desk)
    refused = desk.refused(desk.pol, "letter approve", letter="L-1").what
    assert refused.startswith("An administrator gave you this account or role less than a day ago, Pol. It acts from ")
    assert desk.card(desk.pol, "letter show", letter="L-1"), "the role from before goes on"
    desk.now += timedelta(days=1)
    assert approves(desk)


def test_a_second_role_that_waits_puts_off_nothing_that_the_first_one_allows(desk):
    desk.card(desk.admin, "people link", account=NEW, name="Nan", role="representative", organization="cast")
    desk.now += timedelta(hours=10)
    who = Account("slack", "T0HOME", NEW.rpartition("/")[2])
    before = desk.refused(who, "letter list").what
    desk.card(desk.admin, "people role", person="Nan", give="approver")
    assert desk.refused(who, "letter list").what == before


def test_a_second_administrator_lets_a_new_approver_act_at_once(desk):
    desk.card(desk.admin, "people role", person="Pol", give="approver")
    (card,) = [card for to, card in notices(desk) if to == desk.config.feeds.admin]
    assert card.head.startswith("Ada gave Pol, an approver, an account or a role. It acts after a day")
    assert vouch(desk, desk.admin, "Pol") != ""
    assert vouch(desk, desk.eve, "Pol") == ""
    assert approves(desk)


@pytest.mark.parametrize("page", ["/", "/today", "/do/letter/sign?letter=L-001", "/do/campaign/me"])
async def test_a_representative_of_today_reads_on_each_page_of_the_board_from_when_they_act(desk, page):
    def start():
        desk.opened()
        desk.card(desk.admin, "people link", account=NEW, name="Rosa Diaz", organization="cast")
        open_session(desk, Account("slack", "T0HOME", "U0NEW"), "c" * 32)

    await asyncio.to_thread(start)
    async with web_site(desk, **BOARD) as url, Browser(url) as browser:
        browser.set_cookie("session", "c" * 32)
        shown = await browser.get(page)
    assert "less than a day ago, Rosa Diaz. It acts from " in shown.text


def test_an_invited_representative_waits_a_day_after_they_confirmed(desk):
    desk.card(desk.admin, "people invite", name="Rosa Diaz", address="rosa@polaris.test", organization="polaris")
    rosa = desk.person("Rosa Diaz")
    desk.now += timedelta(hours=20)
    with desk.db.write() as tx:
        mail.confirm(tx, mail.address_of(tx, rosa.id), desk.now)
    desk.now += timedelta(hours=20)
    assert not acts(desk, f"mail:/{rosa.id}")
    desk.now += timedelta(hours=4)
    assert acts(desk, f"mail:/{rosa.id}")


def test_who_the_files_and_the_console_name_act_at_once(desk):
    assert acts(desk, "slack:T0HOME/UCAST")
    console = desk.add("Con", Role.ADMINISTRATOR)
    with desk.db.write() as tx:
        tx.execute("UPDATE account SET platform = 'console', team = '' WHERE person_id = :id", {"id": console.id})
    desk.card(Account("console", "", "UCON"), "people link", account=NEW, name="Rep cast")
    assert acts(desk)
