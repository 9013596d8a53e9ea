"""A week replayed through the program: minutes from publication to the post, with what the recorded Register published.

The clock goes from one moment at which the program has something to do to the next. The issues are recorded; steps of a
bill and meetings are invented, at moments spread over days and nights.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.shared.calendar import business_day
from bot.shared.plain_text import EASTERN
from tests.peers.feedserver import serving
from tests.peers.govinfo import Bill, GovInfoPeer
from tests.peers.hearings import feed, item, meeting, path, row, senate
from tests.peers.register import RegisterPeer
from tests.scenario.kit import Clock, Program, shipped

START = datetime(2023, 6, 10, 16, tzinfo=UTC)
END = datetime(2023, 6, 17, 16, tzinfo=UTC)
DAYS = [date(2023, 6, day) for day in range(12, 17)]
OUT = time(6)  # in Washington: by then an issue is out
EVERY = timedelta(hours=3, minutes=37)  # so that the invented ones come at ever other minutes
LIMITS = {  # the source's name on the page, and minutes: of the Register from 6:00 to twenty after its look at 6:10
    "register": ("Federal Register", 30),
    "bill-status": ("GovInfo bill status", 60),
    "senate-hearings": ("Senate committee hearings", 120),
    "house-hearings": ("House committee meetings", 120),
}
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
WATCH = {"name": "All", "level": "alert", "query": '"advisory committee" OR airworthiness OR example'}


class Capital:
    """The publishers of a week, what each published when, and the program that reads them."""

    def __init__(self, register, govinfo, congress, documents):
        self.register, self.govinfo, self.congress = register, govinfo, congress
        self.published = {}  # by title: its source and when
        self.documents, self.actions, self.rows, self.items = documents, [], [], []
        about = {"congress": 119, "type": "HR", "number": "4323", "title": "Trafficking Survivors Relief Act"}
        self.bill = Bill(about, self.actions)
        govinfo.bills = {self.bill.package: self.bill}
        self.step(START)
        self.meets(START)
        self.convenes(START)
        self.published.clear()

    def events(self):
        """(when, what happens), in order."""
        issues = [(datetime.combine(day, OUT, EASTERN).astimezone(UTC), self.issue) for day in DAYS]
        moments = [START + EVERY * (n + 1) for n in range((END - START) // EVERY - 1)]
        others = [(at, (self.step, self.meets, self.convenes)[n % 3]) for n, at in enumerate(moments)]
        return sorted(issues + others, key=lambda event: event[0])

    def issue(self, at):
        self.register.published_until = at.astimezone(EASTERN).date()
        for document in self.documents[str(self.register.published_until)]:
            self.published[document["title"]] = "register", at

    def step(self, at):
        text = f"Reported by the Committee on Example Number {len(self.actions)}."
        action = {"actionDate": f"{at:%F}", "text": text, "type": "Committee"}
        self.actions.append(action | {"sourceSystem": {"code": "9", "name": "Congress"}})
        self.bill.updated = f"{at:%FT%TZ}"
        other = self.bill.bill | {"number": str(9000 + len(self.actions))}  # no two batches list the same bills
        self.govinfo.written = [self.bill, Bill(other, [])]
        self.published[text] = "bill-status", at

    def meets(self, at):
        matter = f"Hearings to examine example {len(self.rows)}."
        self.rows.append(row(338001 + len(self.rows), on="2023-07-29", matter=matter))
        self.congress.say("/senate.xml", senate(*self.rows), content_type="text/xml")
        self.published[matter] = "senate-hearings", at

    def convenes(self, at):
        number, title = 119001 + len(self.items), f"Markup of example {len(self.items)}"
        self.items.append(item(number, on="20230729"))
        self.congress.say("/house?JU00", feed(*self.items))
        self.congress.say(path(number, on="20230729"), meeting(number, on="2023-07-29", title=title))
        self.published[title] = "house-hearings", at


async def replay(program, capital):
    """Live through the week; the id and title of each entry with the moment at which its message was posted."""
    events = capital.events()
    with program.started() as app:
        while program.clock.at < END:
            due = await app.poll_due()
            await app.deliver_once()
            ahead = [event[0] for event in events[:1]] + ([due] if due else [])
            program.clock.at = max(min([*ahead, END]), program.clock.at + timedelta(seconds=1))
            while events and events[0][0] <= program.clock.at:
                at, happen = events.pop(0)
                happen(at)
        posted = app.db.read(
            """
            SELECT entry.id, entry.title, d.sent_at FROM delivery AS d
            JOIN delivery_entry AS e ON e.delivery_id = d.id JOIN entry ON entry.id = e.entry_id
            WHERE d.channel = 'policy' AND d.sent_at IS NOT NULL
            """
        )
        await app.close()
    return [(row["id"], row["title"], datetime.fromisoformat(row["sent_at"]).replace(tzinfo=UTC)) for row in posted]


@pytest.mark.long
async def test_a_week_s_news_is_posted_in_time_each_once_and_the_page_says_how_soon(tmp_path, corpus):
    week = (corpus / "federal_register/week_2023-06-12_documents.jsonl").read_text(encoding="utf-8").splitlines()
    documents = defaultdict(list)
    for document in map(json.loads, week):
        documents[document["publication_date"]].append(document)
    assert [str(day) for day in DAYS if business_day(day)] == sorted(documents)
    async with RegisterPeer(map(json.loads, week)) as register, GovInfoPeer([]) as govinfo, serving() as congress:
        register.published_until = START.date()
        capital = Capital(register, govinfo, congress, documents)
        sources = {
            "register": register.documents_url,
            "bill-status": govinfo.files_url,
            "senate-hearings": congress.url("/senate.xml"),
            "house-hearings": congress.url("/house?{committee}"),
        }
        config = shipped(tmp_path, sources, {"policy": "console:policy"}, replace={"watches": {"all": WATCH}})
        posted = await replay(Program(tmp_path, config, Clock(START)), capital)

    delays = defaultdict(list)
    for _, title, at in posted:
        source, since = capital.published[title]
        delays[source].append((at - since) / timedelta(minutes=1))
    page = PAGE.read_text(encoding="utf-8")
    for source, (name, limit) in LIMITS.items():
        times = sorted(delays[source])
        median, late, most = (round(times[int((len(times) - 1) * share)]) for share in (0.5, 0.95, 1))
        assert most <= limit
        assert f"| {name} | {len(times)} | {median} | {late} | {most} | {limit} |" in page
    assert len(posted) == len({id_ for id_, _, _ in posted})
    invented = {title for title, (source, _) in capital.published.items() if source != "register"}
    assert {title for _, title, _ in posted} >= invented
