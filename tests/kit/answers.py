"""Answers and a form as commands make them, for every face to show."""

from __future__ import annotations

from datetime import date

from bot.commands.model import Choice, File, Form, FormField, Kind, Param, Reply
from bot.shared.card import Button, Card, Due, Line, Mark

TODAY = date(2026, 11, 24)

FORM = Form(
    title="/watch add",
    path="watch add",
    args={"level": "alert"},
    fields=(
        FormField(Param("name", "what people call it", longest=60), "Name", "T visas"),
        FormField(Param("query", "the words to look for", Kind.LONG, longest=4_000), "Query"),
        FormField(Param("asks", "the number of an ask", Kind.NUMBER, required=False), "Asks"),
        FormField(
            Param(
                "where",
                "the channel that is told",
                choices=(Choice("policy", "Policy alerts"), Choice("media", "Media")),
                required=False,
            ),
            "Where",
            "media",
        ),
        FormField(Param("quiet", "wait for the digest", Kind.YES_NO), "Quiet", "no"),
        FormField(Param("note", "why", required=False), "Note"),  # a sixth has no room
    ),
)
ANSWERS: dict[str, Reply] = {
    "head": Reply(
        card=Card(mark=Mark.ANSWER, head="Watch “T visas” is saved. It would have raised 3 alerts since May.")
    ),
    "buttons": Reply(
        card=Card(
            mark=Mark.ANSWER,
            head="3 alerts were alike in the last 90 days",
            lines=(Line("A narrower watch would have raised 1 of them."),),
            dues=(Due("Comments close", date(2027, 1, 25)),),
            buttons=(
                Button("Narrow it", "watch narrow", (("item", "4f2c81"), ("why", "noise & doubles")), "primary"),
                Button("Leave it", "watch keep", (("item", "4f2c81"),)),
                Button("Mute it", "watch mute", (("item", "4f2c81"),), "danger"),
                Button("Too long for Discord", "watch mute", (("item", "x" * 100),)),
                Button("A fifth", "watch list"),
            ),
        ),
        public=True,
    ),
    "letter": Reply(
        card=Card(
            mark=Mark.LETTER,
            head="Draft: end joint applications, to the Director",
            badge="Ask 1",
            foot="Only you see this draft.",
        ),
        file=File("letter.txt", "text/plain", b"Dear Director"),
    ),
    "file": Reply(file=File("people.csv", "text/csv", b"name\n")),
    "nothing": Reply(),
}
