"""Cards as the bot makes them, of real events; what tests and pictures show."""

from __future__ import annotations

from datetime import date

from bot.card import Card, Due, Line, Link, Mark, Section

FR = "https://www.federalregister.gov/d/"

ALERT = Card(
    mark=Mark.ALERT,
    head="CBP finds forced labor in disposable gloves from Malaysia (Top Glove Corporation Bhd)",
    badge="Ask 4",
    byline="U.S. Customs and Border Protection · Notice of finding · published Mon 29 Mar 2021",
    why=('"Convict, Forced or Indentured Labor" in the title; agency CBP → Ask 4, enforce § 307 of the Tariff Act',),
    lines=(Line("No comment period. Goods may be seized on entry from publication."),),
    links=(
        Link("Federal Register 2021-06393", f"{FR}2021-06393"),
        Link("PDF", "https://www.govinfo.gov/content/pkg/FR-2021-03-29/pdf/2021-06393.pdf"),
    ),
    foot="Source: Federal Register, as of Mon 29 Mar 2021 08:47 ET",
)
FILING = Card(
    mark=Mark.FILING,
    head="On public inspection: eligibility for T nonimmigrant status, proposed rule",
    badge="Ask 3",
    byline="U.S. Citizenship and Immigration Services · Proposed rule · filed Tue 24 Nov 2026 08:45",
    why=('"T nonimmigrant status" in the title → Ask 3, Continued Presence within 72 hours',),
    dues=(Due("Publishes", date(2026, 11, 25)),),
    links=(Link("Public inspection 2026-23817", f"{FR}2026-23817"),),
    foot="Source: Federal Register, public inspection",
)
PUBLICATION = Card(
    mark=Mark.FILING,
    head="Published as filed: eligibility for T nonimmigrant status, proposed rule",
    badge="Ask 3",
    byline="U.S. Citizenship and Immigration Services · Proposed rule · published Wed 25 Nov 2026",
    lines=(Line("regulations.gov says Tue 26 Jan 2027: the earlier date is used."),),
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
    byline="Signed Fri 23 Jan 2026",
    lines=(
        Line(
            'You follow its family as "S.3240 (116th)", which was introduced in the 116th Congress and '
            "ended with it before it passed."
        ),
    ),
    why=("H.R. 4323 is a bill you follow → Ask 8, support the federal vacatur bill",),
    links=(
        Link("H.R. 4323", "https://www.congress.gov/bill/119th-congress/house-bill/4323"),
        Link("Public Law 119-73", "https://www.govinfo.gov/app/details/PLAW-119publ73"),
    ),
    foot="Source: GovInfo BILLSTATUS, as of Tue 27 Jan 2026 03:12",
)
GROUP = Card(
    mark=Mark.ALERT,
    head="3 notices on forced labor from CBP",
    badge="Ask 4",
    byline="U.S. Customs and Border Protection · published Mon 29 Mar 2021",
    why=('"forced labor" in each title; agency CBP → Ask 4, enforce § 307 of the Tariff Act',),
    sections=(
        Section(
            "Notices",
            (
                Line("Finding: disposable gloves from Malaysia (Top Glove Corporation Bhd)", f"{FR}2021-06393"),
                Line("Information collection: forced labor allegations", f"{FR}2021-06401"),
                Line("Meeting of the Commercial Customs Operations Advisory Committee", f"{FR}2021-06417"),
            ),
        ),
    ),
)
NEWS = Card(
    mark=Mark.NEWS,
    head="AP: Survivors press Justice Department on trafficking task force grants",
    badge="Ask 1",
    byline="Associated Press · Tue 24 Nov 2026 07:12",
    why=('"trafficking" near "task force", "grants" in the title → Ask 1, grants without joint applications',),
    links=(Link("Read at AP", "https://apnews.com/article/trafficking-grants-0a1b2c"),),
)
DIGEST = Card(
    mark=Mark.DIGEST,
    head="Monday digest · since Fri 17:00 · 31 sources checked, last at 08:28 · 1 needs attention",
    sections=(
        Section("Ask 1 · Grants without joint applications", (Line("nothing new"),)),
        Section("Ask 2 · No letter of support from law enforcement", (Line("nothing new"),)),
        Section("Ask 3 · Continued Presence within 72 hours", (Line("nothing new; 1 alert since Friday"),)),
        Section(
            "Ask 4 · Businesses accountable, § 307 enforced",
            (
                Line("CBP: withhold release order modified, disposable gloves from Malaysia", f"{FR}2021-19213"),
                Line("Labor: list of goods produced by child labor or forced labor, update", f"{FR}2020-21782"),
            ),
        ),
        Section("Ask 5 · OJP guidance on task force funds", (Line("nothing new"),)),
        Section("Ask 6 · No stings reported as anti-trafficking", (Line("nothing new"),)),
        Section("Ask 7 · Outreach money to DOL or HHS", (Line("nothing new"),)),
        Section(
            "Ask 8 · Federal vacatur",
            (
                Line(
                    "H.R. 4323: 2 cosponsors joined (now 19)",
                    "https://www.congress.gov/bill/119th-congress/house-bill/4323",
                ),
            ),
        ),
        Section("Ask 9 · Listening to survivors", (Line("nothing new"),)),
        Section(
            "Policy",
            (
                Line("State: request for information for the Trafficking in Persons Report", f"{FR}2026-24006"),
                Line("GAO: human trafficking, agencies' use of indicators", "https://www.gao.gov/products/gao-26-107"),
            ),
        ),
    ),
    dues=(Due("Comments on the Trafficking in Persons Report close", date(2026, 12, 3)),),
    foot="Quiet asks are named too. Change what is watched in feeds.yml.",
)
QUIET = Card(
    mark=Mark.DIGEST,
    head="Tuesday digest · nothing new since Mon 08:30",
    byline="31 sources checked, last at 08:28; all are well.",
    sections=(Section("Asks 1 to 9", (Line("nothing new"),)),),
)
HELLO = Card(
    mark=Mark.HELLO,
    head="Watching for you: 31 sources, 14 watches, 9 asks",
    lines=(
        Line("Newest item seen: 08:45 today."),
        Line("The last 30 days would have raised 1 alert and 6 digest lines."),
        Line("A quiet channel means that nothing happened; I say so every Monday."),
    ),
)
HEALTH = Card(
    mark=Mark.HEALTH,
    head='"DHS newsroom" sends a web page where its feed was, since Tue 17 Nov 2026',
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
        Line("x" * 10_000),
        Line("👩‍👩‍👧‍👦" * 500),
    ),
    why=(
        "# heading",
        "> quote",
        "- item\n- item\r\n\x1b[31mred",
        "||spoiler|| ~~gone~~ __under__ **bold**",
        "five",
        "six",
    ),
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
    "group": (GROUP, date(2021, 3, 29)),
    "news": (NEWS, TODAY),
    "digest": (DIGEST, date(2026, 11, 30)),
    "quiet-digest": (QUIET, TODAY),
    "hello": (HELLO, TODAY),
    "health": (HEALTH, TODAY),
    "hostile": (HOSTILE, TODAY),
}
