"""Assistants over the Model Context Protocol, by the official client: they read what their person may, and no more."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import httpx2
import pytest
import regex
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from bot.chat.console.sender import plain
from bot.chat.mcp import PATH, McpFrontend, is_offered
from bot.chat.web.listener import listen
from bot.commands.model import Command, Refusal, Reply, Role
from bot.letters import records as letter_records
from bot.letters.lifecycle import Mail
from bot.people import records, sessions
from bot.people.dispatch import NOT_YOURS
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import UNSEEN
from tests.kit.alerts import document, news
from tests.kit.board import every_command, run
from tests.kit.furnished import BILL, furnish
from tests.kit.letters_desk import Desk

pytestmark = pytest.mark.sqlite  # of the store it asks who calls and what there is, as the tests of commands on both
OFFERED = [command for command in every_command() if is_offered(command)]
# What the commands that need something are asked for: something that is there.
ASKED = {
    "alerts ask": {"number": "1"}, "find": {"words": "forced labor"}, "watch test": {"name": "labor"},
    "watch show": {"name": "forced-labour-findings"}, "deadlines show": {"id": "2026-00077"},
    "mentions show": {"story": "S-1"}, "meeting show": {"meeting": "M-1"},
} | {f"bill {verb}": {"bill": BILL} for verb in ("show", "cosponsors", "text", "whip")} \
  | {f"letter {verb}": {"letter": "L-2"} for verb in ("show", "changes", "filing")}  # fmt: skip
MADE_UP = "ZZXQ"  # in what hostile requests ask


class Assistants:
    """A desk with something for every list, and its assistants over HTTP. `people`: each role, and two members."""

    def __init__(self, folder):
        self.desk = desk = Desk(folder)
        furnish(desk)
        desk.bring(document("2026-00007", "Gloves made with \u202eforced\u202c labor"))
        desk.bring(news("hotline", "Polaris hotline report praised by lawmakers on trafficking", outlet="The Herald"))
        everyone = desk.add("Eve", *Role, organisation="cast")
        desk.card(everyone, "press add", outlet="Example Wire", name="Jo Sample", beat="labor", email="jo@wire.example")
        desk.card(everyone, "press embargo", about="The report", lifts="2026-12-01 10:00", zone="ET")
        desk.card(everyone, "office add", office="ovc", name="Lee Sample", role="counsel", email="lee@ovc.example")
        desk.card(everyone, "meeting log", office="office:ovc", asked="A call", said="Yes", organizations="cast")
        desk.card(everyone, "lobbying log", kind="direct", what="A call", cost="$300", bill=BILL)
        self.people = {role: desk.add(role, role) for role in Role if role is not Role.REPRESENTATIVE}
        self.people |= {name: desk.reps[name] for name in ("cast", "polaris")} | {
            "nobody": desk.add("Former", Role.POLICY)
        }
        self.tokens = {name: self.token(person) for name, person in self.people.items()}
        former = self.people["nobody"]
        self.people["nobody"] = replace(former, roles=frozenset())
        with desk.db.write() as tx:
            records.change(tx, former, self.people["nobody"], by=None, now=desk.now)
        self.frontend = self.serve()

    def serve(self, seconds=10):
        """The frontend; between two requests these seconds go by."""
        desk, ticks = self.desk, count(0, seconds)
        who = sessions.Sessions(desk.db, clock=lambda: desk.now, new_id=desk.new_id)
        return McpFrontend(desk.dispatcher, who, ticks=lambda: next(ticks))

    def token(self, person):
        return self.desk.card(person, "campaign board", for_="assistant").lines[0].text

    @asynccontextmanager
    async def site(self, frontend=None):
        """The address at which the frontend answers."""
        listening = listen("127.0.0.1", 0)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
        server = uvicorn.Server(uvicorn.Config((frontend or self.frontend).site(url), log_config=None))
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield url
        finally:
            server.should_exit = True
            await serving

    @asynccontextmanager
    async def client(self, token, url, **mode):
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as http,
            Client(streamable_http_client(url, http_client=http), **mode) as client,
        ):
            yield client

    def asked(self, token, *calls, **mode):
        """What the assistant with a token gets for these calls of (tool, arguments)."""

        async def ask():
            async with self.site() as url, self.client(token, url, **mode) as client:
                return [await client.call_tool(tool, args) for tool, args in calls]

        return run(ask())

    def in_chat(self, person, path, args):
        """What the person gets in chat, as a console prints it, and whether it is a refusal."""
        answer = run(self.desk.dispatcher.answer(replace(self.desk.call(person, path), args=args)))
        if isinstance(answer, Refusal):
            return answer.what, True
        return plain(answer.card, self.desk.config.coalition.day(self.desk.now)), False


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    return Assistants(tmp_path_factory.mktemp("assistants"))


def call_of(command):
    args = ASKED.get(command.path, {})
    return command.group, args | ({"command": command.verb} if command.verb else {})


def seen(text):
    """As an assistant gets a text of the chats: with no sign that nobody sees."""
    return regex.sub(rf"(?!\n)[{UNSEEN}]", "", text)


@pytest.mark.long
@pytest.mark.parametrize("version", ["2026-07-28", "legacy"])
def test_each_person_s_assistant_reads_what_its_person_reads_in_chat(there, version):
    calls = [call_of(command) for command in OFFERED]
    mode = {"mode": "legacy"} if version == "legacy" else {}
    few = [Role.POLICY]  # the older protocol has its own handshake and the same answers
    for name, person in [(name, there.people[name]) for name in (few if mode else there.people)]:
        for command, got in zip(OFFERED, there.asked(there.tokens[name], *calls, **mode), strict=True):
            expected, refused = there.in_chat(person, command.path, ASKED.get(command.path, {}))
            assert got.is_error is refused, (name, command.path)
            if refused:
                is_theirs = person.roles & command.who
                unquoted = expected.replace("“M-1”", "“…”")  # what was asked is not repeated
                assert got.content[0].text == (unquoted if is_theirs else NOT_YOURS), (name, command.path)
            else:
                text, _, _file = got.structured_content["text"].partition(f"\n\ncosponsors-{BILL}.txt:")
                assert text == seen(expected), (name, command.path)
                assert json.loads(got.content[0].text) == got.structured_content


@pytest.mark.long
def test_a_tool_is_offered_to_the_roles_that_may_use_one_of_its_commands(there):
    async def tools(token):
        async with there.site() as url, there.client(token, url) as client:
            return (await client.list_tools()).tools

    for name, person in there.people.items():
        theirs = [command for command in OFFERED if command.who & person.roles]
        listed = run(tools(there.tokens[name]))
        assert [tool.name for tool in listed] == list(dict.fromkeys(command.group for command in theirs))
        assert len(listed) <= 20
        for tool in listed:
            verbs = tool.input_schema["properties"].get("command", {}).get("enum", [""])
            assert verbs == [command.verb for command in theirs if command.group == tool.name]
            assert tool.annotations.read_only_hint
            assert tool.annotations.open_world_hint


def test_no_command_that_is_offered_has_an_argument_named_like_the_choice_of_the_command():
    assert [each.path for each in OFFERED if any(param.name == "command" for param in each.params)] == []


def test_no_answer_has_a_file_a_form_or_an_address_of_a_person(there):
    """Else the command is only for chat: `chat_only`."""
    eve = there.desk.person("Eve")
    for command in OFFERED:
        answer = there.desk.ask(eve, command.path, **ASKED.get(command.path, {}))
        if isinstance(answer, Refusal):  # the desk has no directory of Congress, no planned rules, no filed comment
            assert command.path in ("bill whip", "deadlines planned", "letter filing")
            continue
        assert answer.card, command.path
        personal = set(re.findall(r"[\w.]+@[\w.]+|/in/[0-9a-f]{32}|slack:\w+", str(answer.card)))
        assert all(each.endswith("@alliance.test") for each in personal), command.path  # the coalition's own
        kind = answer.file.media_type if answer.file else "text/plain"
        assert kind == "text/plain" or command.path in ("campaign audit", "bill scorecard"), command.path


def test_find_opens_for_an_assistant_only_what_it_could_ask_for(there):
    """A number opens what it names, but not a command that says how to reach people."""
    eve = there.desk.person("Eve")
    labels = ("C-1", "c-1", "P-1", "Q-1", "L-2", "M-1", "S-1")
    told = there.asked(there.token(eve), *(("find", {"words": label}) for label in labels))
    texts = dict(zip(labels, (got.content[0].text for got in told), strict=True))

    assert "lee@ovc.example" in there.in_chat(eve, "find", {"words": "C-1"})[0]
    assert "jo@wire.example" in there.in_chat(eve, "find", {"words": "P-1"})[0]
    assert [label for label, text in texts.items() if re.search(r"Sample|@(?!alliance)", text)] == []
    assert all(label in texts[label] for label in ("M-1", "S-1"))
    assert "L-002" in texts["L-2"]


def test_an_assistant_reads_that_a_letter_was_mailed_but_not_to_which_address(there):
    eve, letter = there.desk.person("Eve"), there.desk.letter("L-1")
    note = Mail(
        id="m1", kind="sent", on=there.desk.now.date(), how="email", note="to lee@ovc.example", person=eve.id,
        at=there.desk.now,
    )  # fmt: skip
    with there.desk.db.write() as tx:
        letter_records.add_mail(tx, letter.id, note)
    shown, found = there.asked(
        there.token(eve), ("letter", {"command": "show", "letter": "L-1"}), ("find", {"words": "lee ovc"})
    )

    assert "lee@ovc.example" in there.in_chat(eve, "letter show", {"letter": "L-1"})[0]
    assert "lee@ovc.example" in there.in_chat(eve, "find", {"words": "lee ovc"})[0]
    assert "Sent by email" in shown.content[0].text
    assert not any("lee@ovc" in answer.content[0].text for answer in (shown, found))


@pytest.mark.long
def test_nothing_is_changed_by_reading(there):
    there.asked(there.tokens[Role.POLICY], ("letter", {"command": "list"}))  # stores when the token was last used
    before = there.desk.everything()
    there.asked(there.tokens[Role.POLICY], *(call_of(command) for command in OFFERED))

    assert there.desk.everything() == before


# --- what an answer is -----------------------------------------------------------------------------------------------


def test_an_answer_has_its_time_its_links_and_what_may_be_asked_next(there):
    (found, listed) = there.asked(
        there.tokens[Role.POLICY], ("find", {"words": "gloves"}), ("letter", {"command": "list"})
    )
    answer = found.structured_content
    assert answer["as_of"] == there.desk.now.isoformat(timespec="seconds")
    assert any("2026-00007" in source["url"] for source in answer["sources"])
    assert "forced labor" in answer["text"]
    following = listed.structured_content["next"][-1]
    assert [following["label"], following["tool"], following["arguments"]["command"]] == [
        "Open L-001",
        "letter",
        "show",
    ]
    (opened,) = there.asked(there.tokens[Role.POLICY], ("letter", following["arguments"]))
    assert "L-001:" in opened.structured_content["text"]


def test_a_list_that_the_chats_get_as_a_file_comes_whole_and_any_other_file_stays_in_chat(there):
    (cosponsors,) = there.asked(there.tokens[Role.POLICY], ("bill", {"command": "cosponsors", "bill": BILL}))
    (audit,) = there.asked(there.tokens[Role.ADMINISTRATOR], ("campaign", {"command": "audit"}))

    assert cosponsors.structured_content["withheld"] == ""
    assert "Nobody" in cosponsors.structured_content["text"]
    assert audit.structured_content["withheld"] == "audit.csv, which the same command hands out in chat"


def test_what_cannot_be_seen_is_taken_out(tmp_path):
    there = Assistants.__new__(Assistants)
    card = Card(mark=Mark.ANSWER, head="a\u202eb", lines=(Line("c\u200bd\u2066e", "https://x.example/\u202e"),))
    looks = Command(group="look", verb="", help="Look", example="/look", handler=lambda ctx, args: Reply(card=card))
    there.desk = Desk(tmp_path, commands=[*every_command(), looks])
    there.frontend = there.serve()
    (got,) = there.asked(there.token(there.desk.pol), ("look", {}))

    assert not set(str(got)) & set("\u202e\u2066\u200b")
    assert "ab" in got.structured_content["text"]


# --- whose token it is -----------------------------------------------------------------------------------------------


def person_with_token(there, *roles, **more):
    person = there.desk.add(there.desk.new_id(), *roles, user=there.desk.new_id(), **more)
    return person, there.token(person)


async def status(url, token, **headers):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream", **headers}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient() as http:
        return (await http.post(url, json=body, headers=headers)).status_code


def works(there, token):
    async def ask():
        async with there.site() as url:
            return await status(url, token)

    return run(ask()) == 200


def test_a_token_works_for_ninety_days_and_is_stored_as_a_hash(there):
    _person, token = person_with_token(there, Role.POLICY)
    assert works(there, token)
    assert token not in str(there.desk.everything())
    was = there.desk.now
    there.desk.now = was + timedelta(days=90)
    assert not works(there, token)
    there.desk.now = was


@pytest.mark.parametrize("how", ["log-out", "left", "unlinked"])
def test_a_token_ends_with_its_session_its_account_and_its_person(there, how):
    person, token = person_with_token(there, Role.POLICY)
    assert works(there, token)
    assert there.desk.card(person, "campaign sessions").head == "1 session of yours is open"
    if how == "log-out":
        assert there.desk.card(person, "campaign log-out").head == "Ended 1 session"
    with there.desk.db.write() as tx:
        if how == "left":
            records.remove(tx, person, now=there.desk.now)
        if how == "unlinked":
            records.change(tx, person, replace(person, accounts=()), by=None, now=there.desk.now)

    assert not works(there, token)


def test_a_role_that_is_taken_away_is_gone_at_the_next_call(there):
    person, token = person_with_token(there, Role.PRESS, Role.POLICY)

    async def ask():
        async with there.site() as url, there.client(token, url) as client:
            before = await client.call_tool("press", {"command": "embargoes"})
            with there.desk.db.write() as tx:
                after = replace(person, roles=frozenset({Role.POLICY}))
                records.change(tx, person, after, by=None, now=there.desk.now)
            return before, await client.call_tool("press", {"command": "embargoes"})

    before, after = run(ask())
    assert not before.is_error
    assert after.content[0].text == NOT_YOURS


def test_a_role_that_waits_for_a_second_administrator_reads_nothing_yet(there):
    """A chat's account and its assistant wait together."""
    desk = there.desk
    person, token = person_with_token(there, Role.PRESS)
    both = replace(person, roles=frozenset({Role.PRESS, Role.APPROVER}))
    with desk.db.write() as tx:
        records.change(tx, person, both, by=desk.admin.id, now=desk.now)
    (before,) = there.asked(token, ("letter", {"command": "filing", "letter": "L-1"}))
    with desk.db.write() as tx:
        records.vouch(tx, person.id, desk.admin.id)
    (after,) = there.asked(token, ("letter", {"command": "filing", "letter": "L-1"}))

    assert before.content[0].text == NOT_YOURS
    assert after.content[0].text != NOT_YOURS


def test_a_board_s_cookie_reads_for_no_assistant(there):
    person, _token = person_with_token(there, Role.POLICY)
    with there.desk.db.write() as tx:
        link = sessions.make_link(tx, person.id, person.accounts[0], now=there.desk.now, new_id=there.desk.new_id)
        cookie = sessions.redeem(tx, link, now=there.desk.now, new_id=there.desk.new_id)

    assert not works(there, cookie)


def test_a_token_of_another_coalition_opens_nothing(there, tmp_path):
    other = Desk(tmp_path)
    token = other.card(other.pol, "campaign board", for_="assistant").lines[0].text

    assert not works(there, token)


@pytest.mark.long
def test_one_token_asks_at_most_120_times_a_minute(there):
    _person, token = person_with_token(there, Role.POLICY)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    params = {"name": "letter", "arguments": {"command": "none"}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}

    async def ask():
        async with there.site(there.serve(seconds=0)) as url, httpx2.AsyncClient(headers=headers) as http:
            answers = [await http.post(url, json=call) for _ in range(121)]
        return [answer.json()["result"]["content"][0]["text"] for answer in answers]

    assert run(ask()) == [NOT_YOURS] * 120 + ["Too many requests. Wait a minute."]


# --- what a client never sends ---------------------------------------------------------------------------------------

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
# What nobody's assistant may read, and what only the press may.
PRIVATE = ("jo@wire.example", "Jo Sample", "T0HOME", "Traceback", "pydantic", "bot/")
VALUES = (
    MADE_UP, f"../../{MADE_UP}", f"L-1' OR '{MADE_UP}'='", f"{MADE_UP}\u202e\x00\x1b[2J", MADE_UP * 5_000, 10**30,
    True, None, [MADE_UP], {MADE_UP: MADE_UP}, f"<b>{MADE_UP}</b>",
)  # fmt: skip


def hostile_calls():
    """Calls of each tool with what does not fit, and of what is no tool."""
    for command in OFFERED:
        name = command.params[0].name if command.params else MADE_UP
        for value in VALUES[:: 1 if command.params else 4]:
            yield command.group, {"command": command.verb, name: value} if command.verb else {name: value}
    for value in VALUES:
        yield "letter", {"command": value}
        yield str(value)[:200], {"command": "show"}
    for command in every_command()[::8]:
        if command not in OFFERED:
            yield command.group, {"command": command.verb, "letter": MADE_UP}
            yield command.path, {}


@pytest.mark.long
def test_hostile_calls_get_a_sentence_that_repeats_nothing(there):
    calls = list(hostile_calls())
    assert len(calls) > 300
    there.asked(there.tokens["cast"], ("letter", {"command": "list"}))  # stores when the token was last used
    before = there.desk.everything()
    wrong = []
    for (tool, args), got in zip(calls, there.asked(there.tokens["cast"], *calls), strict=True):
        text = str(got)
        if (MADE_UP in text and got.is_error) or any(each in text for each in PRIVATE):
            wrong.append((tool, str(args)[:80], text[:300]))
    assert wrong == []
    assert there.desk.everything() == before


@pytest.mark.long
def test_raw_requests_are_refused_without_an_echo(there):
    token = there.tokens["cast"]
    bodies = [b"", b"[]", b"{", b"null", f'"{MADE_UP}"'.encode(), json.dumps([LIST] * 50).encode(), b"\xff" * 100,
              json.dumps(LIST | {"params": {"cursor": [MADE_UP]}}).encode(),
              json.dumps(LIST | {"method": "tools/call", "params": {"name": [MADE_UP]}}).encode(),
              json.dumps(LIST | {"method": "tools/call", "params": {"name": "find", "arguments": MADE_UP}}).encode(),
              json.dumps(LIST | {"method": "resources/read", "params": {"uri": f"file:///{MADE_UP}"}}).encode(),
              json.dumps(LIST | {"method": "logging/setLevel", "params": {"level": MADE_UP}}).encode()]  # fmt: skip
    signed = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    signed |= {"Content-Type": "application/json"}

    async def ask():
        answers = []
        async with there.site() as url, httpx2.AsyncClient(headers=signed) as http:
            for body in bodies:
                for version in ({}, {"MCP-Protocol-Version": "2026-07-28"}, {"MCP-Protocol-Version": MADE_UP}):
                    answers += [await http.post(url, content=body, headers=version)]
            answers += [await http.request(method, url) for method in ("PUT", "PATCH", "OPTIONS")]
            large = await http.post(url, content=b"[" * 200_000)
            foreign = [
                await status(url, token, Origin="https://evil.example"), await status(url, token, Host="evil.example"),
                await status(url, ""), await status(url, MADE_UP), await status(f"{url}?token={token}", ""),
                await status(url.replace("/mcp", "/../../etc/passwd"), token),
            ]  # fmt: skip
        return answers, large.status_code, foreign

    answers, large, foreign = run(ask())
    assert [answer.text for answer in answers if MADE_UP in answer.text or "bot/" in answer.text] == []
    assert {answer.status_code for answer in answers} <= {200, 400, 404, 405}
    assert large == 413
    assert foreign == [403, 421, 401, 401, 401, 404]


def test_a_crash_says_our_own_sentence(tmp_path, caplog):
    def fail(ctx, args):
        raise ValueError(MADE_UP)

    there = Assistants.__new__(Assistants)
    crashes = Command(group="look", verb="", help="Look", example="/look", handler=fail)
    there.desk = Desk(tmp_path, commands=[*every_command(), crashes])
    there.frontend = there.serve()
    (got,) = there.asked(there.token(there.desk.pol), ("look", {}))

    assert got.is_error
    assert got.content[0].text.startswith("Something went wrong on our side")
    assert MADE_UP not in str(got)


def test_the_log_says_who_asked_what_and_no_values(there, caplog):
    caplog.set_level("INFO")
    there.asked(
        there.tokens[Role.POLICY],
        ("find", {"words": MADE_UP}),
        ("find", {"page": [MADE_UP], MADE_UP: "x"}),
        (MADE_UP, {}),
    )

    who = there.people[Role.POLICY].id
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.chat.mcp"]
    assert lines == [f"/{what} for the assistant of {who}" for what in ("find (words)", "find (page)", "unknown ()")]
    assert MADE_UP not in caplog.text
    assert there.tokens[Role.POLICY] not in caplog.text
