"""A story that may name a minor or someone harmed is shown as source, day and "Headline withheld" everywhere.

No answer, message, report or export on any platform has more of it, except for the person who decides about it.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts import baseline, digest, direct
from bot.alerts.plan import fits
from bot.chat import typed
from bot.chat.console import sender as console
from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.chat.slack.incoming import Back
from bot.commands.model import Reply, Role
from bot.entries.records import by_ids, seen_since, sightings
from bot.media.news import commands as mentions
from bot.media.news import removal
from bot.ops.export import export
from bot.outbox.messages import place, post
from bot.outbox.model import from_json
from bot.outbox.notices import DeadLetter, dead_letters_card
from bot.people import audit
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.entry import HEADLINE_WITHHELD, Entry, Kind, Quote
from tests.kit.board import CONFIG, SOURCE, TUESDAY, Board, every_command, press, words
from tests.peers.need import need

COMMANDS = [command for command in every_command() if not command.fetch]
DECIDES = "mentions release"  # the press contact reads the story to decide whether it may be shown
NEWS = (
    "Polaris, which fights trafficking, said on federal policy that the National Human Trafficking Hotline was called, "
    "and Congress looks on."
)


def entry(outlet, title, summary, slug, **more):
    url = f"https://{outlet.lower()}.example/2026/{slug}"
    return Entry(
        source="wire", kind=Kind.NEWS, identity=(f"url:{url[8:]}",), thread=f"url:{url[8:]}", title=title, url=url,
        summary=summary, published=TUESDAY - timedelta(hours=1), outlet=outlet, **more,
    )  # fmt: skip


# Where the name is → the story, and what may be read of it nowhere.
STORIES = {
    "headline": (
        entry("Wire", "Polaris helps find Zorabel Quill, 15, after a case of human trafficking", NEWS, "zorabel-back"),
        ("Zorabel", "Quill", "zorabel-b"),
    ),
    "summary": (
        entry("Herald", "16-year-old girl identified as victim in human trafficking sting", f"{NEWS} Police named "
              "Ynestra Moss, 16, of Ashgrove as the one who called.", "girl-identified-as-victim"),
        ("Ynestra", "Moss", "Ashgrove", "girl-identified", "16-year-old"),
    ),
    "address": (
        entry("Gazette", "Teen rescued from traffickers at a motel, Polaris says", NEWS, "odaline-ferrow-rescued"),
        ("odaline", "ferrow", "at a motel"),
    ),
    "excerpt": (
        entry("Tribune", "Teen rescued after call to hotline of Polaris", f"{'It was a long week in the town. ' * 12}"
              f"{NEWS} Brisela Thornby, 15, was found by deputies. {'Nobody else was there that night. ' * 12}",
              "teen-rescued-after-call"),
        ("Brisela", "Thornby", "deputies", "rescued-after"),
    ),
    "text of a story about others": (
        entry("Courier", "Five men are held for human trafficking after a raid", f"{NEWS} Among the people found was "
              "Calisto Wexham, who is 14.", "five-men-held"),
        ("Calisto", "Wexham", "five-men", "Five men"),
    ),
    "outlet": (
        replace(entry("Ledger", "Polaris speaks to Congress on human trafficking policy for next year", NEWS, "speaks"),
                outlet="Fenella Rask, 13, sold by her father"),
        ("Fenella", "Rask", "her father", "speaks to Congress"),
    ),
    "credit": (
        entry("Argus", "Polaris answers questions of Congress on trafficking in the town of Elm",
              f"ELM, Fla. (Odile Varn, 13) — {NEWS}", "answers"),
        ("Odile", "Varn", "answers questions"),
    ),
}  # fmt: skip
SIGNS = tuple(sign for _, signs in STORIES.values() for sign in signs)


class Newsroom(Board):
    """All these stories, read after a silent baseline, posted to channels and assigned to a person.

    `speaks` has no role but for a member.
    """

    def __init__(self, folder):
        super().__init__(folder)
        self.all_roles = self.add("Everything", *Role, organisation="cast")
        self.speaks = self.add("Somebody", Role.REPRESENTATIVE, organisation="cast")
        self.kept = self.bring(*(story for story, _ in STORIES.values()))
        for item in self.kept:
            self.card(self.all_roles, "alerts assign", entry=item.id, to="me")

    def compose(self):
        """A day and a half goes by with everything that the bot posts by itself."""
        baseline.greet(self.job)
        for _ in range(2):
            self.now += timedelta(hours=18)
            direct.compose(self.job, started_at=TUESDAY)
            digest.compose(self.job, started_at=TUESDAY)
            mentions.compose(self.job)

    def cards(self):
        return [from_json(row["card"]) for row in self.db.read("SELECT card FROM delivery")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Newsroom(tmp_path_factory.mktemp("withheld"))


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    return Newsroom(tmp_path_factory.mktemp("reported"))


def signs(*notices):
    """The signs that are in what was shown, in upper or lower case; a byte of a picture may be ß, and is no "ss"."""
    text = " ".join(each if isinstance(each, str) else repr(each) for each in notices).lower()
    return [sign for sign in SIGNS if sign.lower() in text]


def faces(card):
    """A card as Slack, Discord and the console send it."""
    today = TUESDAY.date()
    return (
        json.dumps(slack.message(card, today), ensure_ascii=False),
        json.dumps(discord.message(card, today), ensure_ascii=False),
        console.plain(card, today),
    )


def whole(answer):
    """An answer as all three faces send it: words, links, forms, and the text of its file."""
    if not isinstance(answer, Reply):
        return repr(answer)
    notices = [repr(answer)]
    if answer.card:
        notices += faces(answer.card)
    if answer.form:
        notices += [repr(slack.modal(answer.form, Back())), repr(discord.modal(answer.form, "x"))]
    if answer.file:
        notices.append(text_of(answer.file.name, answer.file.data))
    return "\n".join(notices)


def text_of(name, data):
    if name.endswith(".pdf"):
        run = subprocess.run([need("pdftotext"), "-raw", "-", "-"], input=data, capture_output=True, check=True)
        unpacked = re.sub(rb"(?s)/FlateDecode.{,500}?stream\n.*?endstream", b"", data)  # "moSS" is in some, by chance
        return run.stdout.decode() + unpacked.decode("latin-1")
    if name.endswith((".docx", ".zip")):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [(part, packed.read(part)) for part in packed.namelist() if not part.endswith(".db")]
        return "\n".join(f"{part}\n{text_of(part, inner)}" for part, inner in parts)
    return data.decode("utf-8", "replace")


def calls(command, saved):
    """As its example has it; and each entry, or its story, for whatever is not to be chosen from a list."""
    parsed = typed.read(command.example, COMMANDS)
    example = parsed.args if isinstance(parsed, typed.Typed) else {}
    free = [param.name for param in command.params if not param.choices]
    values = [value for n, item in enumerate(saved, 1) for value in (item.id, f"S-{n}")]
    values += [item.entry.url for item in saved if {"words", "story", "id"} & {*free[:1]}]
    examples = [{**example, **dict.fromkeys(free[:1], value)} for value in values if free]
    return [example, {}, *examples, {**example, **dict.fromkeys(free, "S-1")}]


def test_each_is_withheld_and_a_separate_story(desk):
    assert [item.entry.title for item in desk.kept] == [HEADLINE_WITHHELD] * len(STORIES)
    assert [item.entry.summary for item in desk.kept] == [None] * len(STORIES)
    for n in range(1, len(STORIES) + 1):
        assert f"S-{n}" in words(desk.card(desk.all_roles, "mentions list"))


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
def test_no_command_reveals_it(desk, command):
    for person in (desk.all_roles, desk.speaks):
        for args in calls(command, desk.kept):
            notices = desk.ask(person, command.path, "", **{f"{name}_": value for name, value in args.items()})
            asked = whole(notices).replace(repr(args), "")
            for value in args.values():  # only the person who typed it sees it again
                asked = asked.replace(value, "").replace(value[:79], "")
            assert signs(asked) == [] or command.path == DECIDES, (person.name, args)


@pytest.mark.long
@pytest.mark.parametrize("command", [command for command in COMMANDS if command.group == "clips"], ids=lambda c: c.path)
@pytest.mark.parametrize("as_", ["docx", "pdf", "csv", "png"])
def test_no_report_has_it(reported, command, as_):
    time = {"since": "2026-11-01"} if command.verb == "funder" else {"of": "this"}
    notices = reported.ask(reported.all_roles, command.path, "", as_=as_, **time)
    assert isinstance(notices, Reply), notices
    assert notices.file
    assert signs(whole(notices)) == []
    if as_ in ("docx", "pdf", "csv"):
        assert HEADLINE_WITHHELD in text_of(notices.file.name, notices.file.data)


def test_no_message_of_any_front_end_contains_it(tmp_path):
    desk = Newsroom(tmp_path)
    for n in range(1, len(STORIES) + 1):
        desk.card(desk.all_roles, "mentions follow-up", story=f"S-{n}", on="1d")
    desk.compose()
    notices = [face for card in desk.cards() for face in faces(card)]
    assert len(notices) > 3 * len(STORIES)
    assert sum(HEADLINE_WITHHELD in text for text in notices) > 3 * len(STORIES)
    assert signs(*notices) == []


def test_no_table_of_an_export_has_it(desk, tmp_path):
    files = {name: desk.config.folder / name for name in ("feeds.yml", "coalition.yml")}
    export(desk.db, desk.config, files, tmp_path / "out.zip", "2026-11-24")
    notices = text_of("out.zip", (tmp_path / "out.zip").read_bytes())
    assert HEADLINE_WITHHELD in notices
    assert signs(notices) == []


def test_no_completion_offers_it(desk):
    for command in COMMANDS:
        for param in command.params:
            call = desk.call(desk.all_roles, command.path)
            assert signs(asyncio.run(desk.dispatcher.complete(call, param.name, ""))) == [], command.path


def test_the_audit_does_not_name_it(desk):
    assert signs(*desk.changes()) == []


def test_what_a_watch_would_have_raised_does_not_tell_it(desk):
    raised = desk.ask(desk.admin, "watch test", name='"human trafficking"')
    assert HEADLINE_WITHHELD in repr(raised)
    assert signs(whole(raised)) == []


def test_a_watch_that_looks_for_the_name_does_not_quote_it(reported):
    parsed = reported.ask(reported.admin, "watch test", name='polaris NEAR/30 "human trafficking"')
    assert HEADLINE_WITHHELD in repr(parsed)
    assert signs(whole(parsed)) == []


def test_a_person_who_took_a_task_and_leaves_gets_no_message_of_it(desk):
    helper = desk.add("Helper", Role.POLICY)
    given = desk.ask(desk.admin, "alerts assign", entry=desk.kept[0].id, to=helper.id, instead="yes")
    waits = desk.ask(helper, "campaign me")
    left = desk.ask(desk.admin, "people leave", person=helper.id, sure="yes")

    assert HEADLINE_WITHHELD in repr(given)
    assert HEADLINE_WITHHELD in repr(waits)
    assert signs(whole(given), whole(waits), whole(left)) == []


# --- who decides ----------------------------------------------------------------------------------------------------


def test_the_press_contact_reads_it_alone_with_its_link_and_a_warning(tmp_path):
    desk = Newsroom(tmp_path)
    notices = desk.ask(desk.all_roles, DECIDES, story="S-2")
    assert isinstance(notices, Reply)
    assert not notices.public
    assert "Only you see this" in words(notices.card)
    assert [line.url for line in notices.card.lines if line.url] == [STORIES["summary"][0].url]
    assert "no such command" in desk.refused(desk.speaks, DECIDES, story="S-2").what
    assert signs(*desk.cards()) == []


BEFORE = entry("Wire", "Zorabel Quill found", "Polaris was called on human trafficking policy in Congress.", "found")
UPDATED = replace(
    BEFORE, title="Polaris: 15-year-old was trafficked, and is safe now",
    summary="She was found in a motel on human trafficking policy in Congress.",
)  # fmt: skip


NEUTRAL = replace(BEFORE, title="Polaris: missing teenager is found")


@pytest.mark.parametrize(
    "versions",
    [(BEFORE, UPDATED), (BEFORE, NEUTRAL, UPDATED), (UPDATED, NEUTRAL, BEFORE)],
)
def test_versions_of_a_story_do_not_say_together_what_happened_to_whom(tmp_path, versions):
    desk = Board(tmp_path)
    everything = desk.add("Everything", *Role, organisation="cast")
    desk.bring(versions[0])
    assert versions[0].title in repr(desk.card(everything, "mentions show", story="S-1"))
    for version in versions[1:]:
        desk.bring(version)

    shown = desk.card(everything, "mentions show", story="S-1")
    assert HEADLINE_WITHHELD in shown.head
    (item,) = seen_since(desk.db, TUESDAY)
    why = desk.card(everything, "alerts why", entry=item.id)
    assert signs(repr(shown), repr(why), *map(repr, latest(desk))) == []


def test_another_site_s_words_over_an_address_hide_no_headline_of_its_publisher(tmp_path):
    desk = Board(tmp_path)
    site = next(id_ for id_, source in desk.config.feeds.sources.items() if source.host == "justice.gov")
    at = {"url": "https://justice.gov/found", "identity": ("url:justice.gov/found",), "thread": "url:justice.gov/found"}
    desk.bring(replace(UPDATED, **at))

    for entries in ((), (replace(BEFORE, **at, source=site),)):
        memory = Memory(first_success_at=desk.now)
        desk.take(site, Fetched(entries=entries, memory=memory, health=Health.OK, detail=""))

    assert [item.entry.title for item in seen_since(desk.db, TUESDAY)] == [BEFORE.title]


def test_what_is_released_is_shown_to_all(tmp_path):
    desk = Newsroom(tmp_path)
    press(desk, desk.all_roles, desk.card(desk.all_roles, DECIDES, story="S-2"), "Show it to everyone")
    notices = desk.card(desk.all_roles, "mentions show", story="S-2")
    assert "16-year-old girl identified as victim" in notices.head
    assert signs(desk.card(desk.all_roles, "mentions show", story="S-1")) == []


def test_a_release_does_not_cover_a_headline_that_comes_later(tmp_path):
    desk = Board(tmp_path)
    press_contact = desk.add("Press", Role.PRESS, Role.ADMINISTRATOR)
    story, _ = STORIES["summary"]
    desk.bring(story)
    press(desk, press_contact, desk.card(press_contact, DECIDES, story="S-1"), "Show it to everyone")
    copy = entry("Courier", story.title, NEWS, "girl-identified-as-victim")  # names nobody yet
    desk.bring(copy)
    shown = desk.card(press_contact, "mentions show", story="S-1")
    assert "identified as victim" in shown.head
    assert "Courier" in repr(shown)

    desk.bring(replace(copy, title="Zorabel Quill, 16, identified as victim in human trafficking sting"))

    notices = [repr(desk.card(press_contact, "mentions show", story="S-1")), *map(repr, latest(desk))]
    assert HEADLINE_WITHHELD in notices[0]
    assert [each for each in notices if "Zorabel" in each] == []


def test_a_release_does_not_cover_an_address_that_nobody_read(tmp_path):
    desk = Board(tmp_path)
    press_contact = desk.add("Press", Role.PRESS, Role.ADMINISTRATOR)
    story, _ = STORIES["address"]
    desk.bring(story)
    press(desk, press_contact, desk.card(press_contact, DECIDES, story="S-1"), "Show it to everyone")
    desk.bring(entry("Courier", story.title, f"{NEWS} Zorabel Quill, 15, was there.", "teen-rescued-from-motel"))
    assert HEADLINE_WITHHELD not in desk.card(press_contact, "mentions show", story="S-1").head

    desk.bring(entry("Herald", story.title, f"{NEWS} Zorabel Quill, 15, was there.", "zorabel-quill-rescued"))

    assert HEADLINE_WITHHELD in desk.card(press_contact, "mentions show", story="S-1").head
    assert "zorabel" not in repr(desk.card(press_contact, "mentions show", story="S-1")).casefold()


def test_nothing_is_released_that_was_not_read(tmp_path):
    desk = Board(tmp_path)
    press_contact = desk.add("Press", Role.PRESS, Role.ADMINISTRATOR)
    story, _ = STORIES["summary"]
    copies = [entry(f"Outlet{n}", story.title, story.summary, "s") for n in range(40)]
    desk.bring(*copies)

    def read_to_the_end():
        pages = [desk.card(press_contact, DECIDES, story="S-1")]
        while pages[-1].buttons[0].label != "Show it to everyone":
            pages.append(press(desk, press_contact, pages[-1], pages[-1].buttons[0].label).card)
        assert all(map(fits, pages))
        return pages

    pages = read_to_the_end()
    assert sorted(line.url for page in pages for line in page.lines if line.url) == sorted(it.url for it in copies)
    late = entry("Tabloid", "Zorabel Quill, 16, identified as victim in human trafficking sting", NEWS, "zorabel")
    desk.bring(late)
    desk.card(press_contact, "mentions merge", story="S-2", into="S-1")

    again = press(desk, press_contact, pages[-1], "Show it to everyone").card

    assert HEADLINE_WITHHELD in repr(desk.card(press_contact, "mentions show", story="S-1"))
    assert again.lines == desk.card(press_contact, DECIDES, story="S-1").lines
    assert any("Zorabel" in repr(page) for page in read_to_the_end())


def test_a_story_that_joins_a_released_one_is_not_released_with_it(tmp_path):
    desk = Newsroom(tmp_path)
    press(desk, desk.all_roles, desk.card(desk.all_roles, DECIDES, story="S-2"), "Show it to everyone")

    notices = desk.card(desk.all_roles, "mentions merge", story="S-1", into="S-2")

    notices = [notices, desk.card(desk.all_roles, "mentions show", story="S-2"), *map(from_json, latest(desk))]
    assert HEADLINE_WITHHELD in repr(notices[1])
    assert [sign for sign in ("Zorabel", "zorabel-b") if sign in repr(notices)] == []


# --- what was shown before ------------------------------------------------------------------------------------------

OPEN = entry(
    "Wire", "Polaris said to Congress that its hotline takes a call on human trafficking", NEWS, "a-call-at-night"
)
NAMED = replace(OPEN, summary=f"{NEWS} It was Zorabel Quill, 15, who called.")


def test_a_story_that_named_nobody_at_first_is_withheld_where_it_was_posted_too(tmp_path):
    desk = Board(tmp_path)
    (saved,) = desk.bring(OPEN)
    before = [from_json(row["card"]) for row in desk.db.read("SELECT card FROM delivery")]
    assert any("a-call-at-night" in repr(card) for card in before)

    desk.bring(NAMED)

    after = [face for row in latest(desk) for face in faces(from_json(row))]
    assert after
    assert "a-call-at-night" not in " ".join(after)
    assert "takes a call" not in " ".join(after)
    for path, args in (("find", {"words": saved.id}),):
        notices = whole(desk.ask(desk.admin, path, **args))
        assert HEADLINE_WITHHELD in notices
        assert [sign for sign in ("Zorabel", "takes a call", "a-call-at-night") if sign in notices] == []


def test_what_was_recorded_or_failed_before_does_not_keep_its_headline(tmp_path):
    desk = Board(tmp_path)
    (saved,) = desk.bring(OPEN)
    press_contact = desk.add("Press", Role.PRESS)
    desk.card(press_contact, "mentions claim", story="S-1")
    desk.card(desk.admin, "alerts relevant", entry=saved.id)
    with desk.job.write() as work:
        failed = work.tx.read("SELECT id FROM delivery ORDER BY seq")[0]["id"]
        letter = DeadLetter(failed, "policy", f"Update: {OPEN.title}", "invalid_blocks")
        post(work, place("admin", desk.config.feeds), "x", dead_letters_card([letter]), kind="health")
        work.tx.execute("UPDATE delivery SET key = 'outbox:1' WHERE key = 'admin/x'")
    assert OPEN.title[:40] in str(audit.since(desk.db, desk.now - timedelta(days=1)))

    desk.bring(NAMED)

    recorded = str(audit.since(desk.db, desk.now - timedelta(days=1)))
    cards = " ".join(row["card"] for row in desk.db.read("SELECT card FROM delivery WHERE key = 'outbox:1'"))
    assert HEADLINE_WITHHELD in recorded
    assert HEADLINE_WITHHELD in cards
    assert "takes a call" not in recorded + cards


@pytest.mark.parametrize("headline", ["a", "L-1", "Somebody", "claimed by Press"])
def test_an_item_with_any_headline_leaves_the_rest_of_the_audit_as_it_was(tmp_path, headline):
    desk = Board(tmp_path)
    short = entry("Blog", headline, "A short note.", "short")
    stored, other = desk.bring(short, OPEN)
    for item in (stored, other):
        desk.card(desk.admin, "alerts assign", entry=item.id, to="me")
    before = desk.changes()

    desk.bring(replace(short, summary=NAMED.summary))

    after = desk.changes()
    assert [one.subject for one in after if one.subject == HEADLINE_WITHHELD] == [HEADLINE_WITHHELD]
    assert [one for one in after if one not in before] == [replace(before[0], subject=HEADLINE_WITHHELD)]


def test_once_withheld_it_stays_so_when_the_name_is_taken_out(tmp_path):
    desk = Board(tmp_path)
    for story in (NAMED, OPEN):
        (saved,) = desk.bring(story)
    assert saved.entry.title == HEADLINE_WITHHELD
    assert saved.entry.summary is None


def test_a_second_source_that_names_a_person_withholds_what_the_first_brought(tmp_path):
    desk = Board(tmp_path)
    (saved,) = desk.bring(OPEN)
    other = next(name for name in desk.config.feeds.sources if name != SOURCE)
    answer = Fetched(entries=(replace(NAMED, source=other),), memory=Memory(first_success_at=desk.now))
    desk.take(other, answer)
    (saved,) = by_ids(desk.db, [saved.id])
    assert {source for source, _, _ in sightings(desk.db, saved.id)} == {SOURCE, other}
    assert saved.entry.title == HEADLINE_WITHHELD


def test_a_copy_that_names_a_person_withholds_its_whole_story(tmp_path):
    desk = Board(tmp_path)
    body = " ".join(f"word{n}" for n in range(40))
    first = replace(OPEN, summary=f"{NEWS} {body}")
    copy = entry("Herald", OPEN.title, f"{NEWS} {body} Zorabel Quill, 15, called.", "the-call")
    (saved,) = desk.bring(first)
    desk.bring(copy)
    reader = desk.add("Reader", Role.POLICY)

    notices = [words(desk.card(reader, "mentions list")), *map(repr, latest(desk))]
    notices += [
        whole(desk.ask(reader, "find", id_=saved.id)),
        whole(desk.ask(reader, "mentions show", story="S-1")),
    ]
    assert "S-2" not in notices[0]
    assert [
        sign for sign in ("Zorabel", "takes a call", "a-call-at-night", "the-call") if sign in " ".join(notices)
    ] == []


def test_what_was_stored_by_other_rules_is_withheld_when_they_change(tmp_path):
    lax = CONFIG.coalition.model_copy(update={"speakers": ("Zorabel Quill",)})
    desk = Board(tmp_path, config=replace(CONFIG, coalition=lax))
    named = replace(NAMED, title=OPEN.title)
    (saved,) = desk.bring(named)
    assert saved.entry.title == OPEN.title
    assert "a-call-at-night" in " ".join(latest(desk))

    desk.config = CONFIG
    for _ in range(2):
        removal.compose(desk.job)

    (saved,) = by_ids(desk.db, [saved.id])
    reader = desk.add("Reader", Role.POLICY)
    notices = [whole(desk.ask(reader, "find", id_=saved.id)), whole(desk.ask(reader, "mentions list"))]
    notices += latest(desk)
    assert saved.entry.title == HEADLINE_WITHHELD
    assert [sign for sign in ("Zorabel", "takes a call", "a-call-at-night") if sign in " ".join(notices)] == []


def test_a_changed_page_stored_by_other_rules_is_looked_at_again(tmp_path):
    lax = CONFIG.coalition.model_copy(update={"speakers": ("Zorabel Quill",)})
    desk = Board(tmp_path, config=replace(CONFIG, coalition=lax))
    lines = ("Human trafficking: the new rule of the Hotline", "Trafficked at 16: the story of Zorabel Quill")
    named, harmless = (
        Entry(source="wire", kind=Kind.REVISION, identity=(f"page:{n}",), thread=f"page:{n}", title="Findings",
              url=f"https://a.example/{n}", quotes=tuple(map(Quote, shown)))
        for n, shown in enumerate((lines, lines[:1]))
    )  # fmt: skip
    ids = [saved.id for saved in desk.bring(named, harmless)]
    assert "Zorabel" in repr(by_ids(desk.db, ids))

    desk.config = CONFIG
    removal.compose(desk.job)

    assert {saved.id: saved.entry.title for saved in by_ids(desk.db, ids)} == {
        ids[0]: HEADLINE_WITHHELD, ids[1]: "Findings"
    }  # fmt: skip
    assert "Zorabel" not in " ".join(latest(desk))


def test_what_was_stored_is_read_again_by_newly_learned_models(tmp_path, monkeypatch):
    desk = Board(tmp_path)
    db = CountsWrites(desk.db)
    for weights in (None, None, "{}", "[]"):
        if weights:
            removal._models.cache_clear()
            monkeypatch.setattr(removal, "name_weights_text", lambda weights=weights: weights)
        removal.compose(replace(desk.job, db=db))
    removal._models.cache_clear()
    assert db.writes == 3


def test_many_stored_entries_are_withheld_in_several_transactions_so_that_others_can_write(tmp_path):
    lax = CONFIG.coalition.model_copy(update={"speakers": ("Zorabel Quill",)})
    desk = Board(tmp_path, config=replace(CONFIG, coalition=lax))
    pages = [entry("Wire", OPEN.title, NAMED.summary, f"a-call-at-night-{number}") for number in range(60)]
    assert {stored.entry.title for stored in desk.bring(*pages)} == {OPEN.title}

    desk.config = CONFIG
    db = CountsWrites(desk.db)
    removal.compose(replace(desk.job, db=db))

    assert {stored.entry.title for stored in seen_since(desk.db, desk.now)} == {HEADLINE_WITHHELD}
    assert db.writes == 3  # 50 entries, 10 entries, and that it is done


class CountsWrites:
    """The store, and how many transactions wrote to it."""

    def __init__(self, db):
        self._db, self.writes = db, 0

    def __getattr__(self, name):
        return getattr(self._db, name)

    def write(self, **how):
        self.writes += 1
        return self._db.write(**how)


def latest(desk):
    """Every message as it shows now, as JSON."""
    sql = """
        SELECT COALESCE(e.card, d.card) AS card FROM delivery AS d LEFT JOIN delivery AS e ON e.edits = d.id
        WHERE d.edits IS NULL ORDER BY d.seq
    """
    return [row["card"] for row in desk.db.read(sql)]
