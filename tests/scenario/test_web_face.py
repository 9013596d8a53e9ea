"""The board in a browser without script: log in, ask, fill in, press; who may not, gets nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.chat.web.pages import Page, Table, View
from bot.commands import arguments
from bot.commands.model import LARGEST_HANDED, Command, File, Kind, Param, Refused, Reply, Role, confirmation_param
from bot.people import records, sessions
from bot.shared.card import Button, Card, Due, Line, Link, Mark, Section
from tests.kit import discord_face
from tests.kit.board import Board
from tests.kit.web_face import OWN, Browser, form_fields, make_link, web_site


def show(ctx, args):
    card = Card(
        mark=Mark.ALERT,
        head="A <b>notice</b>",
        badge="Ask 4",
        lines=(Line("Read it", "https://example.org/1"), Line("More: /watch add query, /no such")),
        why=("because",),
        dues=(Due("Comments close", ctx.today + timedelta(days=3)),),
        links=(Link("Bad", "javascript:alert(1)"),),
        sections=(Section("Ask 4", (Line("one"), Line("two"))),),
        buttons=(Button("Why", "alerts why"), Button("Take", "alerts take", (("item", "4f2c81"),))),
        foot="As of today",
    )
    return Reply(card=card)


def upload(ctx, args):
    file = ctx.files["file"]
    return Reply(card=Card(mark=Mark.ANSWER, head="Here"), file=File(f"copy {file.name}", "text/plain", file.data))


def clear(ctx, args):
    ctx.note("name", "", repr(dict(args)))
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Saved {dict(args)}"))


def broken(ctx, args):
    raise RuntimeError("the bug")


def page(ctx, names, query):
    if names["id"] == "none":
        raise Refused("There is no such ask.")
    table = Table(("name", "what"), [("=1+1", "<i>x</i>"), ("\u00a0=1+1", "x;=1+1"), ("Bo", query.get("find", ""))])
    in_a_thread = replace(table, rows=InAThread(table.rows))
    values = {"names": names}
    return View(title="An ask", template="table.html", values=values, table=table, export=lambda: in_a_thread)


class InAThread(list):
    """Rows of a table that is too long for the event loop."""

    def __iter__(self):
        assert threading.current_thread() is not threading.main_thread()
        return super().__iter__()


PRESS_ONLY = Page(path="/press", show=page, nav="Press", who=frozenset({Role.PRESS}))
COMMANDS = (
    *discord_face.COMMANDS,
    *sessions.slash.commands,
    Command(group="alerts", verb="show", help="Show one", example="/alerts show", handler=show),
    Command(
        group="letter", verb="upload", help="Upload", example="/letter upload", handler=upload, changes=True,
        params=(Param("file", "a Word file", kind=Kind.FILE), Param("note", "a note", required=False)),
    ),
    Command(group="try", verb="broken", help="Broken", example="/try broken", handler=broken),
    Command(
        group="try", verb="clear", help="Clear", example="/try clear", handler=clear, changes=True,
        params=(Param("name", "a name", required=False, clears=True),),
    ),
    Command(
        group="try", verb="sure", help="Sure", example="/try sure", handler=clear, changes=True,
        params=(
            Param("name", "a name"), Param("code", "a code", required=False, secret=True), arguments.SEEN,
            confirmation_param("there is no undo"),
        ),
    ),
)  # fmt: skip


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path, COMMANDS)


@pytest.fixture
async def site(board, tmp_path):
    (tmp_path / "table.html").write_text(
        '{% extends "shell.html" %}{% from "macros.html" import table as t %}'
        '{% block content %}<h1>{{ title }}</h1>{{ t(table, "Rows", "/asks/4") }}{% endblock %}'
    )
    pages = (Page(path="/asks/{id}", show=page), PRESS_ONLY)
    async with web_site(board, pages=pages, templates=[tmp_path]) as url:
        yield url


async def link(board, person):
    return await asyncio.to_thread(make_link, board, person)


@pytest.fixture
async def bo(board, site):
    person = board.add("Bo", Role.POLICY)
    async with Browser(site) as browser:
        await browser.log_in(await link(board, person))
        browser.person = person
        yield browser


# --- in and out -------------------------------------------------------------------------------------------------------


async def test_a_link_logs_in_by_a_press_alone_and_once(board, site):
    token = await link(board, board.admin)
    async with Browser(site) as browser, Browser(site) as second:
        shown = await browser.get(f"/in/{token}")
        assert (shown.status, browser.cookies) == (200, {})
        home = await browser.submit(shown.forms[0])
        assert (home.status, home.url) == (200, f"{site}/")
        again = await second.submit(shown.forms[0])

    assert again.status == 410
    assert "used already" in again.text
    assert second.cookies == {}


async def test_fifty_scanners_that_open_the_link_redeem_nothing(board, site):
    token = await link(board, board.admin)
    async with Browser(site) as scanner:
        opened = await asyncio.gather(*(scanner.get(f"/in/{token}") for _ in range(50)))
        async with scanner._session.head(f"{site}/in/{token}") as head:
            assert head.status == 200
    assert {answer.status for answer in opened} == {200}

    async with Browser(site) as browser:
        assert (await browser.log_in(token)).status == 200


async def test_an_old_link_and_a_guess_say_where_to_get_a_new_one(board, site):
    token = await link(board, board.admin)
    board.now += timedelta(minutes=11)
    async with Browser(site) as browser:
        for value in (token, "guess", ""):
            answer = await browser.post("/in", {"link": value})
            assert answer.status == 410
            assert "/campaign board" in answer.text
        assert browser.cookies == {}


async def test_half_a_character_in_a_strange_encoding_is_a_guess_like_others(site, caplog):
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=unicode_escape"}
    async with Browser(site) as browser:
        assert (await browser.post("/in", b"link=a\\ud800", OWN | kind)).status == 410
    assert "Traceback" not in caplog.text


async def test_another_site_cannot_log_anybody_in(board, site):
    token = await link(board, board.admin)
    async with Browser(site) as browser:
        for origin in ("cross-site", "same-site"):
            assert (await browser.post("/in", {"link": token}, {"Sec-Fetch-Site": origin})).status == 403
        assert browser.cookies == {}


async def test_the_cookie_is_for_this_site_alone(board, tmp_path):
    async with web_site(board, secure=True) as url, Browser(url) as browser:
        token = await link(board, board.admin)
        async with browser._session.post(f"{url}/in", data={"link": token}, allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


async def test_logging_out_ends_the_session_and_not_only_the_cookie(board, bo):
    cookie = bo.cookies["session"]
    home = await bo.get("/")
    answer = await bo.submit(home.page.xpath("//footer//form")[0])
    assert "logged out" in answer.text
    assert (await bo.get("/")).status == 401
    assert (await bo.get("/", Cookie=f"session={cookie}")).status == 401


async def test_who_leaves_or_loses_a_role_is_out_at_once(board, bo):
    assert (await bo.get("/do/watch/add")).status == 200
    with board.db.write() as tx:
        press = replace(bo.person, roles=frozenset({Role.REPRESENTATIVE}), organisation="cast")
        records.change(tx, bo.person, press, by=None, now=board.now)
    assert (await bo.get("/do/watch/add")).status == 404
    assert (await bo.get("/")).status == 200
    with board.db.write() as tx:
        records.remove(tx, press, now=board.now)
    for path in ("/", "/do/alerts/recent", "/files/x"):
        answer = await bo.get(path)
        assert answer.status == 401
        assert "Bo" not in answer.text


# --- forms and answers ------------------------------------------------------------------------------------------------


async def test_home_lists_what_one_may_use_and_every_link_of_it_leads_somewhere(board, bo):
    home = await bo.get("/")
    links = home.page.xpath("//main//a/@href")
    shown = {path.removeprefix("/do/").replace("/", " ") for path in links}
    theirs = board.dispatcher.commands_for(board.dispatcher.actor("slack", "T0HOME", "UBO"))
    assert shown == {command.path for command in theirs if not command.hidden}
    for path in links:
        if path != "/do/try/broken":
            assert (await bo.get(path)).status == 200, path


async def test_a_form_is_filled_in_and_done_once_however_often_it_is_sent(board, bo):
    form = (await bo.get("/do/watch/add")).forms[0]
    assert {"query", "asks", "level", "quiet", "office"} <= set(form_fields(form))
    filled = {"query": '"T visa"', "level": "alert", "asks": "4"}
    done = await bo.submit(form, filled)
    assert done.text.startswith('Saved: query "T visa", asks 4, level alert')
    again = await bo.submit(form, filled)

    assert again.text.startswith('That was already done. "T visa": added')
    (change,) = [change for change in board.changes() if change.command == "watch add"]
    assert (change.who, change.origin, change.subject) == ("Bo", "web", '"T visa"')


async def test_after_one_button_of_a_page_the_others_still_do_what_they_say(board, bo):
    form = (await bo.get("/do/try/clear")).forms[0]
    for name in ("one", "two", "two"):
        last = await bo.submit(form, {"name": name})

    assert "already done" in last.text
    saved = {change.after for change in board.changes() if change.command == "try clear"}
    assert saved == {repr({"name": "one"}), repr({"name": "two"})}


async def test_what_is_wrong_is_shown_at_its_field_with_what_was_typed_kept(board, bo):
    form = (await bo.get("/do/watch/add")).forms[0]
    wrong = await bo.submit(form, {"query": "visa </textarea><script>", "asks": "four", "level": "digest"})

    assert wrong.status == 422
    (error,) = wrong.page.xpath("//*[@id='error-asks']")
    assert "Asks must be a number, not “four”" in error.text_content()
    (field,) = wrong.page.xpath("//*[@id='f-asks']")
    assert (field.get("aria-invalid"), "error-asks" in field.get("aria-describedby")) == ("true", True)
    assert wrong.page.xpath("//div[@role='alert']//a/@href") == ["#f-asks"]
    assert wrong.page.xpath("//script") == []
    fields = form_fields(wrong.forms[0])
    assert (fields["query"], fields["level"]) == ("visa </textarea><script>", "digest")
    assert (await bo.submit(wrong.forms[0], {"asks": "4"})).text.startswith("Saved: query visa")


async def test_a_required_field_left_empty_is_named(bo):
    wrong = await bo.submit((await bo.get("/do/watch/add")).forms[0], {"asks": "4"})
    assert wrong.status == 422
    assert "Query is missing" in wrong.page.xpath("//*[@id='error-query']")[0].text_content()


async def test_a_form_that_an_answer_asks_for_keeps_its_labels_when_it_is_refused(bo):
    form = (await bo.submit((await bo.get("/do/alerts/note")).forms[0], {"about": "x"})).forms[0]
    assert form.xpath(".//label")[0].text_content().startswith("Your own words")
    assert form_fields(form)["text"] == "so far"
    wrong = await bo.submit(form, {"text": "short"})
    assert "Note" in wrong.text
    (label,) = [each for each in wrong.forms[0].xpath(".//label") if each.get("for") == "f-text"]
    assert label.text_content().startswith("Your own words")
    done = await bo.submit(wrong.forms[0], {"text": "long enough\nfor two lines"})
    assert "Noted: long enough" in done.text


async def test_a_field_that_was_never_filled_in_is_not_cleared_by_being_empty(board, bo):
    form = (await bo.get("/do/try/clear")).forms[0]
    asked = await bo.submit(form)
    assert (await bo.submit(asked.forms[0])).text.startswith("Saved {}")
    filled_in = (await bo.get("/do/try/clear?name=Ada")).forms[0]
    assert "name" not in form_fields(filled_in) or form_fields(filled_in)["name"] == "Ada"


async def test_suggestions_are_found_without_script_and_chosen(bo):
    form = (await bo.get("/do/watch/add")).forms[0]
    assert form.xpath(".//datalist[@id='list-office']/option/@value")[0] == "office-1"
    result = await bo.submit(form, {"query": "visa", "office": "ice 39"}, ("_search", "office"))
    (choice,) = result.forms[0].xpath(".//fieldset//input[@name='office' and @value!='']/@value")
    assert choice == "office-39"
    assert form_fields(result.forms[0])["query"] == "visa"
    done = await bo.submit(result.forms[0], {"office": choice})
    assert "office office-39" in done.text


async def test_a_card_is_headings_lists_dates_and_buttons(bo):
    shown = await bo.get("/do/alerts/show")
    main = shown.page.xpath("//main")[0]
    assert main.xpath(".//h1/text()") == ["A <b>notice</b>"]
    assert main.xpath(".//time/@datetime") == ["2026-11-27"]
    assert main.xpath(".//section/h2/text()") == ["Ask 4"]
    assert main.xpath(".//a[@href='https://example.org/1']/@rel") == ["noopener noreferrer"]
    assert main.xpath(".//a[text()='/watch add']/@href") == ["/do/watch/add"]
    assert not main.xpath(".//a[contains(@href, 'javascript')]")
    assert main.xpath(".//a[contains(@class, 'button')]/@href") == ["/do/alerts/why"]
    (take,) = main.xpath(".//form")
    assert (await bo.submit(take)).text.startswith("One alert, taken by Bo")


async def test_a_file_goes_up_and_comes_down_for_this_session_alone(board, site, bo):
    form = (await bo.get("/do/letter/upload")).forms[0]
    answer = await bo.submit(form, {"file": b"words", "note": "n"})
    (path,) = answer.page.xpath("//main//a[@download]/@href")
    file = await bo.get(path)
    assert (file.body, file.headers["Content-Disposition"]) == (
        b"words", "attachment; filename*=UTF-8''copy%20mine.docx",
    )  # fmt: skip
    async with Browser(site) as other:
        await other.log_in(await link(board, board.admin))
        assert (await other.get(path)).status == 404
    board.now += timedelta(minutes=11)
    assert (await bo.get(path)).status == 404


async def test_a_file_that_is_too_large_is_refused_at_its_field_or_not_read_at_all(bo):
    form = (await bo.get("/do/letter/upload")).forms[0]
    wrong = await bo.submit(form, {"file": b"x" * (LARGEST_HANDED + 1), "note": "kept"})
    assert wrong.status == 422
    assert "the limit is 2 MB" in wrong.page.xpath("//*[@id='error-file']")[0].text_content()
    assert form_fields(wrong.forms[0])["note"] == "kept"
    assert (await bo.submit(form, {"file": b"x" * 2 * LARGEST_HANDED})).status == 413


async def test_pages_of_other_rooms_are_for_their_roles_and_give_their_table_as_csv_and_json(bo):
    shown = await bo.get("/asks/4?find=x")
    assert shown.page.xpath("//main//table//td/text()") == ["<i>x</i>", "x;=1+1", "x"]
    sheet = await bo.get("/asks/4.csv?find=x")
    assert sheet.body.decode("utf-8-sig").splitlines() == [
        '"name","what"', '"\'=1+1","<i>x</i>"', '"\'\u00a0=1+1","x;\'=1+1"', '"Bo","x"'
    ]  # fmt: skip
    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b'"what": "x"' in (await bo.get("/asks/4.json?find=x")).body
    assert "no such ask" in (await bo.get("/asks/none")).text
    assert (await bo.get("/press")).status == 404
    assert "Press" not in (await bo.get("/")).page.xpath("//nav")[0].text_content()


# --- what is not ours -------------------------------------------------------------------------------------------------


async def test_a_form_without_its_token_or_from_another_site_does_nothing(board, bo):
    good = form_fields((await bo.get("/do/watch/add")).forms[0]) | {"query": "visa"}
    for fields, headers in (
        (good | {"_token": ""}, OWN),
        (good | {"_token": "é" * 64}, OWN),
        (good, {"Sec-Fetch-Site": "cross-site"}),
        (good, {"Sec-Fetch-Site": "same-site"}),
    ):
        assert (await bo.post("/do/watch/add", fields, headers)).status == 403
        assert (await bo.post("/out", fields, headers)).status == 403
    assert board.changes()[-1].command == "campaign board"
    assert (await bo.post("/do/watch/add", good)).status == 200


async def test_the_token_of_another_session_is_no_good(board, site, bo):
    async with Browser(site) as other:
        await other.log_in(await link(board, board.admin))
        fields = form_fields((await other.get("/do/watch/add")).forms[0]) | {"query": "visa"}
    assert (await bo.post("/do/watch/add", fields)).status == 403


async def test_nothing_that_changes_is_done_by_opening_an_address(board, bo):
    for path in ("/do/watch/add?query=visa", "/do/alerts/take?item=1", "/do/campaign/log-out", "/do/try/clear?name=x"):
        answer = await bo.get(path)
        assert answer.status == 200, path
        assert len(answer.forms) == 1
    assert [change.command for change in board.changes()] == ["campaign board"]


@pytest.mark.parametrize("path", ["/", "/do/watch/add", "/nowhere", "/in/x", "/healthz", "/do/try/broken"])
async def test_every_response_has_the_headers_that_protect_it(bo, path):
    answer = await bo.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in answer.headers["X-Robots-Tag"]


async def test_nothing_private_is_kept_by_a_cache_and_the_stylesheet_is(bo):
    home = await bo.get("/")
    assert home.headers["Cache-Control"] == "private, no-store"
    sheets = [await bo.get(path) for path in home.page.xpath("//link[@rel='stylesheet']/@href")]
    assert all("immutable" in sheet.headers["Cache-Control"] for sheet in sheets)
    assert 0 < sum(int(sheet.headers["Content-Length"]) for sheet in sheets) < 10_000, "compressed on the way"
    assert all(sheet.headers["Vary"] == "Accept-Encoding" for sheet in sheets)
    plain = await bo.get(home.page.xpath("//link[@rel='stylesheet']/@href")[0], **{"Accept-Encoding": "identity"})
    assert (plain.body, "Content-Encoding" in plain.headers) == (sheets[0].body, False)


async def test_a_bug_shows_a_page_without_a_trace(bo, caplog):
    answer = await bo.get("/do/try/broken")
    assert "Something went wrong on our side (error " in answer.text
    assert b"the bug" not in answer.body
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe=1", "application/x-www-form-urlencoded; charset=no-such"),
        (b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"%ff%fe=%00", "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_no_form_is_refused_with_a_page(bo, body, kind, caplog):
    answer = await bo.post("/do/watch/add", body, OWN | {"Content-Type": kind})
    assert answer.status in (400, 403)
    assert answer.page.xpath("//main//h1")
    assert "Traceback" not in caplog.text


async def test_a_form_s_own_state_may_be_anything(bo):
    fields = form_fields((await bo.get("/do/watch/add")).forms[0]) | {"query": "visa"}
    for state in (
        "[]",
        "{",
        "[" * 50_000,
        '{"fields": [{}]}',
        '{"fields": 5}',
        '{"fields": [{"name": "nope"}]}',
        "null",
    ):
        answer = await bo.post("/do/watch/add", fields | {"_form": state, "asks": "four"})
        assert answer.status == 422, state[:20]


async def test_a_form_s_own_state_has_no_more_fields_than_its_command(bo):
    fields = form_fields((await bo.get("/do/watch/add")).forms[0]) | {"query": "visa", "asks": "four"}
    field = {"name": "query", "label": "Again", "help": "", "required": False, "choices": [], "filled": False}
    answer = await bo.post("/do/watch/add", fields | {"_form": json.dumps({"fields": [field] * 1_000})})
    assert answer.status == 422
    assert 0 < answer.text.count("Again") < 30


@pytest.mark.long
async def test_after_too_many_wrong_addresses_nobody_is_looked_up_for_the_page_that_says_so(board, bo):
    navigation = [bool((await bo.get("/nowhere")).page.xpath("//header//nav//a")) for _ in range(245)]
    assert (navigation[0], navigation[-1]) == (True, False)
    assert (await bo.get("/")).status == 200


@pytest.mark.long
async def test_too_many_requests_are_refused_for_a_minute(board, bo, site):
    async with Browser(site) as stranger:
        statuses = [(await stranger.get("/")).status for _ in range(32)]
        assert (statuses[0], statuses[-1]) == (401, 429)
    statuses = [(await bo.get("/")).status for _ in range(245)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    board.now += timedelta(minutes=1)
    assert (await bo.get("/")).status == 200


async def test_no_token_is_written_to_the_log(board, site, caplog):
    caplog.set_level(logging.DEBUG)
    token = await link(board, board.admin)
    async with Browser(site) as browser:
        await browser.log_in(token)
        cookie = browser.cookies["session"]
        await browser.get("/do/try/broken")
    own = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert token not in own
    assert cookie not in own


async def test_the_page_of_the_link_says_whom_it_logs_in(board, site):
    bo = board.add("Bo Li", Role.POLICY)
    async with Browser(site) as browser:
        page = await browser.get(f"/in/{await link(board, bo)}")
    assert "It logs you in as Bo Li. Go on only if that is you" in page.text


async def test_a_wrong_address_keeps_the_navigation_of_a_person_who_is_logged_in(bo, site):
    async with Browser(site) as stranger:
        theirs = await stranger.get("/nowhere")
    mine = await bo.get("/nowhere")
    assert (theirs.status, mine.status) == (404, 404)
    assert "Log in to the board" in theirs.text
    assert "Log in" not in mine.text
    assert "There is no such page" in mine.text
    assert mine.page.xpath("//nav//a")


async def test_methods_that_are_not_there_get_a_page(site):
    async with aiohttp.ClientSession() as session:
        for method, path in (("PUT", "/"), ("DELETE", "/do/watch/add"), ("GET", "/out"), ("POST", "/")):
            async with session.request(method, f"{site}{path}") as answer:
                assert answer.status == 405
                assert "no such page" in await answer.text()


# --- forms that are sent after their session has ended ----------------------------------------------------------------


async def test_a_form_that_is_sent_after_its_session_ended_comes_back_as_it_was_filled_in(board, site, bo):
    form = (await bo.get("/do/watch/add")).forms[0]
    board.now += sessions.SESSION
    filled = {"query": "visa </textarea>", "asks": "4", "level": "digest", "quiet": "no"}
    late = await bo.submit(form, filled)
    assert late.status == 401
    assert "What you filled in was not sent. Log in within an hour" in late.text

    back = await bo.log_in(await link(board, bo.person))
    assert "nothing was done" in back.text
    assert [change.command for change in board.changes()].count("watch add") == 0
    assert filled.items() <= form_fields(back.forms[0]).items()
    assert (await bo.submit(back.forms[0])).text.startswith("Saved: query visa </textarea>, asks 4")
    assert (await bo.log_in(await link(board, bo.person))).url == f"{site}/", "it was sent"


async def test_a_late_form_comes_back_by_the_link_on_its_page_to_its_owner_alone_and_for_an_hour(board, site, bo):
    form = (await bo.get("/do/watch/add")).forms[0]
    board.now += sessions.SESSION
    late = await bo.submit(form, {"query": "visa"})
    (to,) = late.page.xpath("//main//a/@href")
    assert "What you filled in" in (await bo.get(to)).text
    async with Browser(site) as other:
        assert (await other.log_in(await link(board, board.admin))).url == f"{site}/"
        assert (await other.get(to)).status == 404
    await bo.log_in(await link(board, bo.person))
    assert form_fields((await bo.get(to)).forms[0])["query"] == "visa"
    board.now += timedelta(minutes=61)
    gone = await bo.get(to)
    assert (gone.status, "no longer here" in gone.text) == (404, True)


async def test_a_form_from_before_a_new_log_in_is_shown_again_and_not_done(board, bo):
    form = (await bo.get("/do/watch/add")).forms[0]
    await bo.log_in(await link(board, bo.person))
    late = await bo.submit(form, {"query": "visa"})
    assert (late.status, "nothing was done" in late.text) == (403, True)
    assert (await bo.submit(late.forms[0])).text.startswith("Saved: query visa")


async def test_a_late_form_comes_back_without_codes_and_without_answers_to_questions(board, bo):
    form = (await bo.get("/do/try/sure")).forms[0]
    fields = form_fields(form) | {"name": "Ada", "code": "123456", "sure": "yes", "seen": "3"}
    board.now += sessions.SESSION
    await bo.post("/do/try/sure", fields)
    back = form_fields((await bo.log_in(await link(board, bo.person))).forms[0])
    assert (back["name"], back["seen"], back.get("code", "")) == ("Ada", "3", "")
    assert "sure" not in back


async def test_what_strangers_send_is_not_kept(board, site, bo):
    good = form_fields((await bo.get("/do/watch/add")).forms[0]) | {"query": "visa"}
    async with Browser(site) as stranger:
        for fields, headers in (
            ({name: text for name, text in good.items() if name != "_owner"}, OWN),
            (good | {"_owner": good["_owner"].replace("0", "1")}, OWN),
            (good | {"_request": "../out"}, OWN),
            (good | {"query": "x" * 250_000}, OWN),
            (good, {"Sec-Fetch-Site": "cross-site"}),
            (good, OWN | {"Sec-Fetch-Dest": "empty"}),
        ):
            late = await stranger.post("/do/watch/add", fields, headers)
            assert (late.status, "What you filled in" in late.text) == (401, False)
        assert "What you filled in" in (await stranger.post("/do/watch/add", good)).text
