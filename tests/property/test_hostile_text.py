"""Ten thousand hostile strings, in every place of a card, on every platform."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.chat.console import sender as console
from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.shared.card import Card, Due, Line, Link, Mark, Section
from tests.kit.payloads import check_console, check_discord, check_slack

CARDS = 225  # of 45 strings each: 29 texts and 16 addresses

NASTY = (
    "<!channel>", "<!here|x>", "<@U024BE7LH>", "<#C024BE7LR|g>", "<!subteam^S1|x>", "@everyone", "@here", "<@&11>",
    "[good](https://evil.example)", "[a](https://b.example) [c](https://d.example)", "](https://evil.example)",
    "<t:1>", "<https://evil.example|https://good.example>", "|", ">", "<", "&", "&amp;", "&lt;!channel&gt;", "`",
    "```", "\\", "**", "__", "~~", "||", "\n# ", "\n> ", "\n- ", "-# ", "://", "discord.gg/x", "\u202e", "\u2066",
    "\u200b", "\u200d", "\ufeff", "\u0301" * 40, "\x1b[31m", "\x00", "\ud800", "👩‍👩‍👧‍👦", "🇺🇸", "🏛️", "\ufe0f",
    "www.justice.gov", "xn--", "@", ".",
)  # fmt: skip
URLS = (
    "https://evil.example/", "https://evil.example/a|b<c>(d) e", "https://аррӏе.com/", "javascript:alert(2)",
    "data:,x", "1", "https://www.justice.gov@evil.example/", "https://evil.example/\u202e\n\t", "//evil.example",
    "https://[::1", "https://",
)  # fmt: skip
# Each of these characters, two fifths of those that are drawn, stands for one of them: one text is drawn in a third of
# the time of a list of texts.
_STANDS_FOR = {code: NASTY[code % len(NASTY)] for code in range(0x80, 0x100)}
text = (st.text(max_size=12) | st.text(min_size=6, max_size=24)).map(lambda drawn: drawn.translate(_STANDS_FOR)) | (
    st.builds(lambda nasty, times: nasty * times, st.sampled_from(NASTY), st.sampled_from((1, 75, 3_000)))
)
url = st.sampled_from(URLS) | st.builds("https://{}".format, text)
line = st.builds(Line, text, url | st.just(""))
lines = st.lists(line, min_size=2, max_size=2).map(tuple)

cards = st.builds(
    Card,
    mark=st.sampled_from(Mark),
    head=text,
    badge=text,
    byline=text,
    updated=text,
    foot=text,
    lines=st.lists(line, min_size=4, max_size=4).map(tuple),
    why=st.lists(text, min_size=5, max_size=5).map(tuple),
    dues=st.lists(st.builds(Due, text, st.dates()), max_size=2).map(tuple),
    links=st.lists(st.builds(Link, text, url), min_size=4, max_size=4).map(tuple),
    sections=st.lists(st.builds(Section, text, lines), min_size=4, max_size=4).map(tuple),
)


@pytest.mark.long
@settings(
    max_examples=CARDS,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(card=cards, short=st.booleans(), may_repeat=st.booleans())
def test_no_words_of_a_stranger_become_markup_mention_link_or_too_much(card, short, may_repeat):
    today = date(2026, 11, 24)

    check_slack(slack.message(card, today, short=short, may_repeat=may_repeat))
    check_discord(discord.message(card, today, short=short, may_repeat=may_repeat))
    check_console(console.plain(card, today, 80))
