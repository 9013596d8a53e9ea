"""An administrator's and a policy director's day by commands, buttons and forms, in a third-party Discord simulator."""

from __future__ import annotations

import pytest

from bot.commands.model import Role
from tests.peers.feedserver import rss, serving
from tests.scenario.letter_journey import bring
from tests.scenario.test_letter_simcord import staged

pytestmark = pytest.mark.peer("simcord")

ITEMS = [{"title": "A story", "link": "https://example.gov/1", "pubDate": "Mon, 23 Nov 2026 15:01:00 GMT"}]


def words(done) -> str:
    embeds = [embed.description or "" for embed in done.response.embeds]
    feet = [embed.footer.text or "" for embed in done.response.embeds]
    return "\n".join([done.response.content, *embeds, *feet])


async def test_an_administrator_sets_up_adds_a_source_asks_why_pauses_and_reads_the_audit(tmp_path):
    async with staged(tmp_path) as stage, serving() as feeds:
        ada = stage.person("Ada", Role.ADMINISTRATOR)
        bring(stage.app)

        async def ask(command: str, **options):
            return await ada.slash(stage.channel, command, **options)

        card = await ask("campaign setup", step="channels")
        for label in ("Next: routes", "Next: people", "Next: watching", "Next: digest"):
            card = await ada.click(card.response, label=label)
        assert "A preview for “policy”" in words(card)

        assert "0 sources" in words(await ask("feeds list"))
        card = await ask("feeds add", url=feeds.say("/news", rss(*ITEMS)), name="Example newsroom")
        card = await ada.click(card.response, label="Save")
        assert "Saved: “Example newsroom”" in words(card)
        assert "on the last 90 days" in words(await ask("watch test", name='"forced labor"'))
        assert "Matched" in words(await ask("find", words="2026-00001"))

        card = await ask("campaign pause", until="2h")
        assert "Posting is paused everywhere" in words(card)
        await ada.click(card.response, label="Resume")
        audit = await ask("campaign audit")
        assert "3 changes since" in words(audit)
        assert [file.filename for file in audit.response.attachments] == ["audit.csv"]


async def test_a_policy_director_reads_the_whole_and_says_what_was_not_wanted(tmp_path):
    async with staged(tmp_path) as stage:
        pol = stage.person("Pol", Role.POLICY)
        bring(stage.app)
        await stage.go_on()
        alert = stage.posted("Finding: Gloves")

        assert "Matched" in words(await pol.click(alert, label="Why"))
        assert "Finding: Gloves" in words(await pol.slash(stage.channel, "find", words="2026-00001"))

        opened = await pol.click(alert, label="Not relevant")
        done = await pol.submit_modal(opened, {"reason": ["noise"], "note": "An old one"})
        assert "Noted: " in words(done)
        await stage.go_on()
        assert "noise by Pol" in str(stage.posted("Finding: Gloves").embeds[0].to_dict())
        assert "noise by Pol" in words(await pol.click(alert, label="Not relevant"))
