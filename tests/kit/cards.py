"""Cards as the bot makes them. Alert, bill, group and digest tell real events; the others are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.shared.card import Button, Card, Due, Line, Link, Mark, Section

FR = "https://www.federalregister.gov/d/"
CONGRESS = "https://www.congress.gov/bill/119th-congress/house-bill"

ALERT = Card(
    mark=Mark.ALERT,
    head="CBP finds forced labor in disposable gloves from Malaysia (Top Glove Corporation Bhd)",
    badge="Ask 4",
    byline="U.S. Customs and Border Protection · Notice of finding · published Mon Mar 29, 2021",
    why=('"Convict, Forced or Indentured Labor" in the title; agency CBP → Ask 4, enforce § 307 of the Tariff Act',),
    lines=(
        Line(
            "This document notifies the public that U.S. Customs and Border Protection (CBP), with the approval of the "
            "Secretary of Homeland Security, has determined that certain disposable gloves, have been mined, produced, "
            "or manufactured in Malaysia by Top Glove Corporation Bhd with the…"
        ),
        Line("No comment period. Goods may be seized on entry from publication."),
    ),
    links=(
        Link("Federal Register 2021-06393", f"{FR}2021-06393"),
        Link("PDF", "https://www.govinfo.gov/content/pkg/FR-2021-03-29/pdf/2021-06393.pdf"),
    ),
    foot="Source: Federal Register, as of Mon Mar 29, 2021, 8:47 a.m. ET",
)
FILING = Card(
    mark=Mark.FILING,
    head="On public inspection: eligibility for T nonimmigrant status, proposed rule",
    badge="Ask 3",
    byline="U.S. Citizenship and Immigration Services · Proposed rule · filed Tue Nov 24, 2026, 8:45 a.m.",
    why=('"T nonimmigrant status" in the title → Ask 3, Continued Presence within 72 hours',),
    dues=(Due("Publishes", date(2026, 11, 25)),),
    links=(Link("Public inspection 2026-23817", f"{FR}2026-23817"),),
    foot="Source: Federal Register, public inspection",
)
PUBLICATION = Card(
    mark=Mark.FILING,
    head="Published as filed: eligibility for T nonimmigrant status, proposed rule",
    badge="Ask 3",
    byline="U.S. Citizenship and Immigration Services · Proposed rule · published Wed Nov 25, 2026",
    lines=(Line("regulations.gov says Tue Jan 26, 2027: the earlier date is used."),),
    dues=(Due("Comments close", date(2027, 1, 25)), Due("Hearing held", date(2026, 11, 23))),
    links=(
        Link("Federal Register 2026-23817", f"{FR}2026-23817"),
        Link("Comment", "https://www.regulations.gov/docket/USCIS-2026-0041"),
    ),
)
BILL = Card(
    mark=Mark.BILL,
    head="Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Public Law 119-73",
    badge="Ask 8",
    byline="Signed Fri Jan 23, 2026",
    lines=(
        Line(
            'You follow its family as "S.3240 (116th)", which was introduced in the 116th Congress and '
            "ended with it before it passed."
        ),
    ),
    why=("H.R. 4323 is a bill you follow → Ask 8, support the federal vacatur bill",),
    links=(
        Link("H.R. 4323", f"{CONGRESS}/4323"),
        Link("Public Law 119-73", "https://www.govinfo.gov/app/details/PLAW-119publ73"),
    ),
    foot="Source: GovInfo BILLSTATUS, as of Tue Jan 27, 2026, 3:12 a.m.",
)
HEARING = Card(
    mark=Mark.HEARING,
    head=(
        "Business meeting moved to Thu Jul 30, 2026, 9:30 a.m. ET: S. 365 among 44 bills, "
        "Senate Energy and Natural Resources Committee"
    ),
    badge="Ask 8",
    lines=(
        Line("Moved from Wed Jul 29, 2026, 9:30 a.m. ET to Thu Jul 30, 2026, 9:30 a.m. ET."),
        Line("Business meeting to consider S.365 and H.R.1729."),
        Line("Senate Energy and Natural Resources Committee · SD-366"),
    ),
    why=("bill S. 365 (119th) → Ask 8, support the federal vacatur bill",),
    dues=(Due("Business meeting", date(2026, 7, 30), "at 9:30 a.m. ET"),),
    links=(Link("Schedule", "https://www.senate.gov/committees/hearings_meetings.htm"),),
    foot="Senate committee hearings · as of Mon Jul 27, 2026, 11 a.m.",
)
CORRECTED = replace(
    HEARING,
    head=HEARING.head.replace("moved to ", ""),
    lines=HEARING.lines[1:],
    updated=f"Updated Mon Jul 27, 2026: {HEARING.lines[0].text}",
)
GROUP = Card(
    mark=Mark.ALERT,
    head="2 alerts at once: Asks for comments: Methods To Prevent the Importation of Goods Made With Forced Labor…",
    badge="Ask 4",
    sections=(
        Section(
            "Asks for comments: Methods To Prevent the Importation of Goods Made With Forced Labor in China",
            (
                Line("Homeland Security Department · published Mon Jan 24, 2022", f"{FR}2022-01444"),
                Line("“Forced Labor” in the title → Ask 4, businesses accountable, § 307 enforced"),
            ),
        ),
        Section(
            "Finding: Certain Seafood Harvested by the Taiwanese Da Wang Fishing Vessel",
            (
                Line("U.S. Customs and Border Protection · published Fri Jan 28, 2022", f"{FR}2022-01778"),
                Line(
                    "“Convict, Forced or Indentured Labor” in the title → Ask 4, businesses accountable, § 307 enforced"
                ),
            ),
        ),
    ),
    dues=(Due("Asks for comments: comments close", date(2022, 3, 10)),),
)
NEWS = Card(
    mark=Mark.NEWS,
    head="Survivors press Justice Department on task force grants",
    badge="Ask 1",
    byline="Example Wire · Tue Nov 24, 2026, 7:12 a.m.",
    why=('"trafficking" near "task force", "grants" in the title → Ask 1, grants without joint applications',),
    links=(Link("Read", "https://wire.example.org/task-force-grants"),),
)
DIGEST = Card(
    mark=Mark.DIGEST,
    head="Monday digest: 3 items since Mon Jan 24, 8:30 a.m.",
    byline="31 sources checked, last at 8:28 a.m. · 1 needs attention",
    lines=(Line("1 alert was posted and is not repeated here."),),
    sections=(
        Section(
            "Ask 4, businesses accountable, § 307 enforced",
            (
                Line(
                    "DHS: Asks for comments: Methods To Prevent the Importation of Goods Made With Forced Labor in "
                    "China; comments close Thu Mar 10, 2022",
                    f"{FR}2022-01444",
                ),
                Line("CBP: Finding: Certain Seafood Harvested by the Da Wang Fishing Vessel", f"{FR}2022-01778"),
            ),
        ),
        Section(
            "Policy",
            (
                Line(
                    "HHS: Form up for renewal: Request for Certification of Adult Victims of Human Trafficking",
                    f"{FR}2022-01524",
                ),
            ),
        ),
        Section("Nothing new", (Line("Asks 1, 2, 3, 5, 6, 7, 8 and 9"),)),
        Section("Needs attention", (Line('"DHS newsroom", since Tuesday'),)),
        Section(
            "Perhaps missed: likeliest of the week, raised by no watch",
            tuple(
                Line(
                    f"{number}. 2022-0160{number} · OJP: Solicitation {number} for victim services",
                    f"{FR}2022-0160{number}",
                )
                for number in range(1, 6)
            ),
            numbered=True,
        ),
    ),
    line_buttons=tuple(
        Button(f"{number} {label}", path, (("entry", f"{number}" * 32), *more))
        for number in range(1, 6)
        for label, path, more in (
            ("Relevant", "alerts relevant", ()),
            ("Not relevant", "alerts not-relevant", (("reason", "noise"),)),
        )
    ),
    buttons=(Button("Judge the sample", "learn sample"),),
)
QUIET = Card(
    mark=Mark.DIGEST,
    head="Tuesday digest: nothing new since Mon 8:30 a.m.",
    byline="31 sources checked, last at 8:28 a.m.",
    sections=(Section("Nothing new", (Line("Asks 1, 2, 3, 4, 5, 6, 7, 8 and 9"),)),),
)
HELLO = Card(
    mark=Mark.HELLO,
    head="Watching for you: 31 sources, 14 watches, 9 asks",
    lines=(
        Line("Newest item seen: 08:45 today."),
        Line("In the last 30 days this channel would have had 1 alert and 6 digest lines."),
        Line("A quiet channel means that nothing happened; I say so every Monday."),
    ),
)
HEALTH = Card(
    mark=Mark.HEALTH,
    head='"DHS newsroom" sends a web page where its feed was, since Tue Nov 17, 2026',
    lines=(
        Line("It answers 200, but not with a feed. Nothing was lost from the other 30 sources."),
        Line("Try its newsroom page for a new feed address, or pause it in feeds.yml."),
    ),
    links=(Link("The address that was asked", "https://www.dhs.gov/rss.xml"),),
)
HOSTILE = Card(
    mark=Mark.ALERT,
    head="<!channel> @everyone [Win](https://evil.example) \u202egnp.exe\u202c *now* `rm` & <@U024BE7LH> discord.gg/x",
    badge="<!here> Ask 4",
    byline="<#C024BE7LR|general> · A\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 · pay\u200bpal\ufeff · @here",
    lines=(
        Line("approve letter 12 and post it <@&1100000000000000000>"),
        Line("https://www.justice.gov/opa", "https://evil.example/a|b<c>d e"),
        Line("аррӏе.com is well known", "https://аррӏе.com/"),
        Line("script", "javascript:alert(2)"),
        Line("number", "1"),
        Line("user name", "https://www.justice.gov@evil.example/"),
        Line("> quote"),
        Line("- item\n- item\r\n\x1b[31mred"),
        Line("||spoiler|| ~~gone~~ __under__ **bold**"),
        Line("x" * 10_000),
        Line("👩‍👩‍👧‍👦" * 500),
    ),
    why=("# heading",),
    dues=(Due("Comments close", date(2026, 11, 24)), Due("Effective", date(9999, 12, 31))),
    links=(Link("[good](https://justice.gov)", "https://evil.example/(x)"), Link("", "https://evil.example/")),
    sections=(Section("*T* <!subteam^S1>", tuple(Line(f"{n} " + "&<>" * 200, f"{FR}{n}") for n in range(60))),),
    foot="@everyone <https://evil|https://good>",
)

TODAY = date(2026, 11, 24)
CARDS: dict[str, tuple[Card, date]] = {
    "alert": (ALERT, date(2021, 3, 29)),
    "filing": (FILING, TODAY),
    "publication": (PUBLICATION, date(2026, 11, 25)),
    "bill": (BILL, date(2026, 1, 27)),
    "hearing": (HEARING, date(2026, 7, 27)),
    "corrected": (CORRECTED, date(2026, 7, 27)),
    "group": (GROUP, date(2022, 1, 28)),
    "news": (NEWS, TODAY),
    "digest": (DIGEST, date(2022, 1, 31)),
    "quiet-digest": (QUIET, TODAY),
    "hello": (HELLO, TODAY),
    "health": (HEALTH, TODAY),
    "hostile": (HOSTILE, TODAY),
}
