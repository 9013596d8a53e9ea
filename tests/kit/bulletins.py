"""Sixty bulletins as agencies, committees and members of Congress lay them out, with what each announces. Invented."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote

FOOT = """<div class="bottom-body"><p>Stay Connected with {agency}:</p>
<p><a href="https://www.facebook.com/agency"><img src="https://content.govdelivery.com/fb.png" alt="Facebook"></a>
<a href="https://twitter.com/agency">Twitter</a></p>
<p>SUBSCRIBER SERVICES:<br><a href="https://public.govdelivery.com/accounts/{code}/subscriber/edit?preferences=true">Manage
Preferences</a> | <a href="https://public.govdelivery.com/accounts/{code}/subscriber/one_click_unsubscribe?verification=5.
b68">Unsubscribe</a> | <a href="https://subscriberhelp.granicus.com/">Help</a></p>
<p>This email was sent to inbox+s-secret@coalition.test using GovDelivery Communications Cloud on behalf of: {agency}</p>
<img src="https://links-2.govdelivery.com/CI0/0100/pixel.gif" width="1" height="1"></div>"""
TEXT_FOOT = """
________________________________________________________________________

Manage your Subscriptions [ https://public.govdelivery.com/accounts/{code}/subscriber/new?preferences=true ]

This email was sent to inbox+s-secret@coalition.test using GovDelivery, on behalf of: {agency}
"""
SENT = "Wed, 18 Nov 2026 21:16:55 +0000"
DAY = "2026-11-18"


@dataclass(frozen=True)
class Bulletin:
    """`items`: the title, the page and the day (UTC) of each, in order."""

    name: str
    subject: str
    items: tuple[tuple[str, str, str], ...]
    html: str = ""
    text: str = ""
    sender: str = "news@public.govdelivery.com"
    charset: str = "utf-8"
    cte: str = "quoted-printable"


def cl0(url: str) -> str:
    return f"https://links-2.govdelivery.com/CL0/{quote(url, safe=':')}/1/0101018f/Qw3zXy_s=="


def jwt(url: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"bulletin_link_id": 103, "uri": "bp2:click", "url": url}).encode())
    return f"https://lnks.gd/l/eyJhbGciOiJIUzI1NiJ9.{payload.decode().rstrip('=')}.sgn-a_b/s/77/br/19-l"


def track(url: str) -> str:
    return f"https://links.govdelivery.com/track?type=click&enid=ZWFzPTEmbXNpZD0m&&&100&&&{url}"


def mailchimp(page: str) -> str:
    return f"https://house.us2.list-manage.com/track/click?u=7e1&id={page}&e=5a12bc"


def iqclick(url: str) -> str:
    return f"https://outreach.senate.gov/iqextranet/iqClickTrk.aspx?&cid=sen_x&crop=1.2.3&redirect={quote(url, safe='')}&r=1"


def page(body: str, agency: str = "Agency", code: str = "USAGENCY") -> str:
    head = '<html><head><style>.gd_p{margin:0}</style><title>Bulletin</title></head><body bgcolor="#eee">'
    view = f'<p style="font-size:11px">Having trouble viewing this email? <a href="https://content.govdelivery.com/accounts/{code}/bulletins/3e49516">View it as a Web page</a>.</p>'
    return f"{head}{view}{body}{FOOT.format(agency=agency, code=code)}</body></html>"


def permalink(code: str = "USAGENCY") -> str:
    return f"https://content.govdelivery.com/accounts/{code}/bulletins/3e49516"


def on(*items: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((item[0], item[1], item[2] if len(item) > 2 else DAY) for item in items)


_A = ("Virginia Man Sentenced for Sex Trafficking", "https://www.justice.gov/usao-edva/pr/virginia-man")
_B = ("Texas Company Owner Pleads Guilty to Forced Labor", "https://www.justice.gov/usao-sdtx/pr/texas-owner")
_C = ("Ohio Couple Charged in Labor Scheme", "https://www.justice.gov/usao-ndoh/pr/ohio-couple?x=1")
_THREE = (_A, _B, _C)
_SUM = "The defendant, age 36, was sentenced today after pleading guilty in July. Read the <a href='https://www.justice.gov/x/indictment'>indictment</a>, filed in March."


def _rss(items, wrap, dated="11/17/2026 08:00 AM EST"):
    return "".join(
        f'<div class="rss_item" style="margin-bottom: 2em;"><div class="rss_title" style="font-weight: bold;"><a href="{wrap(link)}">{title}</a></div>'
        f'<div class="rss_pub_date">{dated}</div><br><div class="rss_description">{_SUM}</div></div>'
        for title, link in items
    )


def _cards(items, wrap, call="Read more &raquo;"):
    return "".join(
        f'<table class="gd_combo_table" width="100%"><tr><td><img src="https://x/y.png"></td><td><h2 class="sub-headline-body">{title}</h2>'
        f'<p class="gd_p">{_SUM}</p><p><a style="background:#036" href="{wrap(link)}">{call}</a></p></td></tr></table>'
        for title, link in items
    )


_RELEASE = """<h1 class="main-headline">{title}</h1><p class="gd_p">WASHINGTON – The agency today announced a rule. It follows
<a href="{cite1}">the statute</a> and <a href="{cite2}">last year's notice of proposed rulemaking</a>.</p>
<h3>Background</h3><p>The <a href="{cite1}">Trafficking Victims Protection Act of 2000</a> created the visa.</p>{more}"""
_CITES = {
    "cite1": cl0("https://www.congress.gov/bill/106th-congress/house-bill/3244"),
    "cite2": cl0("https://www.federalregister.gov/d/2025-1"),
}

BULLETINS = [
    Bulletin(
        "GovDelivery digest, rss items",
        "U.S. Attorneys News News Update",
        on(*((*it, "2026-11-17") for it in _THREE)),
        page(_rss(_THREE, cl0)),
    ),
    Bulletin(
        "the same with tokens",
        "U.S. Attorneys News News Update",
        on(*((*it, "2026-11-17") for it in _THREE)),
        page(_rss(_THREE, jwt)),
    ),
    Bulletin(
        "the same with the old tracker",
        "Justice News Update",
        on(*((*it, "2026-11-17") for it in _THREE)),
        page(_rss(_THREE, track)),
    ),
    Bulletin(
        "a digest of one item", "Office of Public Affairs Update", on((*_A, "2026-11-17")), page(_rss(_THREE[:1], cl0))
    ),
    Bulletin(
        "a digest with title, break and date in one paragraph",
        "Justice Department Daily Digest",
        on((*_A, "2026-11-18"), (*_B, "2026-11-18")),
        page("".join(f'<p><a href="{cl0(u)}">{t}</a><br/>11/18/2026 09:30 AM EST<br/>{_SUM}</p>' for t, u in (_A, _B))),
    ),
    Bulletin(
        "cards with a button",
        "OVC News: This Month for Victim Service Providers",
        on(*_THREE),
        page(_cards(_THREE, cl0)),
    ),
    Bulletin(
        "cards with a linked heading",
        "Labor Department News Brief",
        on(*_THREE),
        page("".join(f'<h3><a href="{cl0(u)}">{t}</a></h3><p>{_SUM}</p>' for t, u in _THREE)),
    ),
    Bulletin(
        "a list of headlines without summaries",
        "OJP Weekly: What's New",
        on(*_THREE),
        page(
            "<p>New this week:</p><ul>" + "".join(f'<li><a href="{cl0(u)}">{t}</a></li>' for t, u in _THREE) + "</ul>"
        ),
    ),
    Bulletin(
        "headlines with their office in brackets",
        "Treasury Press Center",
        on(*_THREE),
        page(
            "<ol>"
            + "".join(f'<li><a href="{cl0(u)}">{t}</a> (Civil Rights Division)</li>' for t, u in _THREE)
            + "</ol>"
        ),
    ),
    Bulletin(
        "links in a row without anything around them",
        "U.S. Attorneys News News Update",
        on(_A, _B),
        page("".join(f'<a href="{cl0(u)}">{t}</a>\n' for t, u in (_A, _B))),
    ),
    Bulletin(
        "a release whose heading is its link",
        _A[0],
        on(_A),
        page(
            f'<h1><a href="{cl0(_A[1])}">{_A[0]}</a></h1><p>{_SUM}</p><p>The case was investigated by <a href="{cl0("https://www.ice.gov/hsi")}">Homeland Security Investigations</a>.</p>'
        ),
    ),
    Bulletin(
        "a release with citations only",
        "USCIS Updates Policy Guidance on T Nonimmigrant Status",
        on(("USCIS Updates Policy Guidance on T Nonimmigrant Status", permalink("USDHSCIS"))),
        page(
            _RELEASE.format(title="USCIS Updates Policy Guidance on T Nonimmigrant Status", more="", **_CITES),
            "USCIS",
            "USDHSCIS",
        ),
        sender="uscis@messages.dhs.gov",
    ),
    Bulletin(
        "a release with a call to read it",
        "USCIS Policy Alert: T Visa Bona Fide Determinations",
        on(
            (
                "USCIS Policy Alert: T Visa Bona Fide Determinations",
                "https://www.uscis.gov/sites/default/files/alert.pdf",
            )
        ),
        page(
            _RELEASE.format(
                title="USCIS Policy Alert: T Visa Bona Fide Determinations",
                more=f'<p><a href="{cl0("https://www.uscis.gov/sites/default/files/alert.pdf")}">Read the policy alert (PDF)</a></p>',
                **_CITES,
            ),
            "USCIS",
            "USDHSCIS",
        ),
        sender="uscis@messages.dhs.gov",
    ),
    Bulletin(
        "a release with a list of related links",
        "Secretary Announces Grants to Combat Trafficking",
        on(("Secretary Announces Grants to Combat Trafficking", "https://www.dol.gov/newsroom/releases/osec/1")),
        page(
            f'<p class="main-headline"><b>Secretary Announces Grants to Combat Trafficking</b></p><p>{_SUM}</p><p>Read the full release <a href="{cl0("https://www.dol.gov/newsroom/releases/osec/1?utm_source=govdelivery&utm_medium=email")}">here</a>.</p>'
            f'<p>Related:</p><ul><li><a href="{cl0("https://www.dol.gov/agencies/ilab/reports/child-labor/findings")}">Findings on the Worst Forms of Child Labor</a></li><li><a href="{cl0("https://www.dol.gov/general/contact")}">Contact the Department of Labor press office</a></li></ul>',
            "DOL",
            "USDOL",
        ),
    ),
    Bulletin(
        "a release of one line",
        "OIG Audit Assesses the Vetting Process",
        on(("OIG Audit Assesses the Vetting Process", "https://www.uspsoig.gov/reports/audit-reports/vetting")),
        page(
            f'<a href="{cl0("https://www.uspsoig.gov/reports/audit-reports/vetting")}">OIG Audit Assesses the Vetting Process</a>'
        ),
    ),
    Bulletin(
        "a committee's notice of a hearing",
        "NOTICE: Full Committee Hearing on Forced Labor in Supply Chains",
        on(
            (
                "NOTICE: Full Committee Hearing on Forced Labor in Supply Chains",
                "https://waysandmeans.house.gov/event/forced-labor/",
            )
        ),
        '<html><body><p><b>NOTICE OF HEARING</b></p><p>The Committee will hold a hearing on Wednesday, December 2, 2026 at 10:00 AM in 1100 Longworth. <a href="https://waysandmeans.house.gov/event/forced-labor/?utm_campaign=1">Click here for details</a>.</p><p>The hearing will be <a href="https://www.youtube.com/watch?v=1">streamed</a>.</p></body></html>',
        sender="press@mail.house.gov",
    ),
    Bulletin(
        "a committee's schedule",
        "The Week Ahead at House Judiciary",
        on(
            ("Markup of H.R. 5856, the Frederick Douglass Act", "https://judiciary.house.gov/markup-1"),
            ("Subcommittee Hearing on Visa Backlogs", "https://judiciary.house.gov/hearing-2"),
        ),
        '<html><body><h2>Tuesday</h2><p><a href="https://judiciary.house.gov/markup-1">Markup of H.R. 5856, the Frederick Douglass Act</a></p><p>10:00 AM, 2141 Rayburn</p><h2>Wednesday</h2><p><a href="https://judiciary.house.gov/hearing-2">Subcommittee Hearing on Visa Backlogs</a></p><p>2:00 PM, 2237 Rayburn</p></body></html>',
        sender="schedule@mail.house.gov",
    ),
    Bulletin(
        "a member's newsletter by Mailchimp",
        "ICYMI: My week in Washington",
        on(
            ("Rep. Doe Introduces Bill to Protect Survivors", "https://us2.campaign-archive.com/?u=7e1&id=c9"),
            ("Town Hall on Housing in Duluth", "https://us2.campaign-archive.com/?u=7e1&id=c9"),
        ),
        f'<html><body><span style="display:none">Preview text of the mail</span><table><tr><td><a href="https://us2.campaign-archive.com/?u=7e1&id=c9&e=5a12bc">View this email in your browser</a></td></tr></table>'
        f'<table><tr><td class="mcnTextContent"><h1>Dear friends,</h1><p>It was a busy week.</p><h3>Rep. Doe Introduces Bill to Protect Survivors</h3><p>{_SUM}</p><a class="mcnButton" href="{mailchimp("aa1")}">Read the bill</a><h3>Town Hall on Housing in Duluth</h3><p>Join me on Monday.</p><a href="{mailchimp("bb2")}">RSVP</a></td></tr></table>'
        '<p><em>Copyright © 2026 Office of Rep. Doe, All rights reserved.</em><br>Our mailing address is: 1 Longworth<br>Want to change how you receive these emails?<br>You can <a href="https://house.us2.list-manage.com/profile?u=7e1&e=5a12bc">update your preferences</a> or <a href="https://house.us2.list-manage.com/unsubscribe?u=7e1&e=5a12bc">unsubscribe from this list</a>.</p></body></html>',
        sender="rep.doe@mail.house.gov",
    ),
    Bulletin(
        "a senator's newsletter by iConstituent",
        "Senator Roe's Weekly Update",
        on(
            ("Roe, Poe Urge CBP to Enforce Import Ban", "https://www.roe.senate.gov/news/cbp"),
            ("Roe Statement on the Farm Bill Vote", "https://www.roe.senate.gov/news/farm"),
        ),
        f'<html><body><table><tr><td><strong>Roe, Poe Urge CBP to Enforce Import Ban</strong></td></tr><tr><td>{_SUM} <a href="{iqclick("https://www.roe.senate.gov/news/cbp")}">Read more here.</a></td></tr><tr><td><strong>Roe Statement on the Farm Bill Vote</strong></td></tr><tr><td>The Senate voted on Tuesday. <a href="{iqclick("https://www.roe.senate.gov/news/farm")}">Full statement</a></td></tr></table><p><a href="https://outreach.senate.gov/iqextranet/unsubscribe?email=inbox%40coalition.test">Click here to unsubscribe</a></p></body></html>',
        sender="senator@outreach.senate.gov",
    ),
    Bulletin(
        "a newsletter whose first story is its subject",
        "Help for Survivors of Trafficking Expands",
        on(
            ("Help for Survivors of Trafficking Expands", "https://ovc.ojp.gov/news/help"),
            ("Funding Opens for Victim Service Providers", "https://ovc.ojp.gov/funding/open"),
        ),
        page(
            _cards(
                (
                    ("Help for Survivors of Trafficking Expands", "https://ovc.ojp.gov/news/help"),
                    ("Funding Opens for Victim Service Providers", "https://ovc.ojp.gov/funding/open"),
                ),
                jwt,
                "Learn More",
            ),
            "OVC",
            "USDOJOJP_COMMS",
        ),
    ),
    Bulletin(
        "a letter of prose without a link",
        "A message from the Director",
        on(("A message from the Director", permalink())),
        page("<p>Dear colleagues,</p><p>January is Human Trafficking Prevention Month. Thank you for what you do.</p>"),
    ),
    Bulletin(
        "a digest in Latin-1",
        "Actualización de noticias de USCIS",
        on(
            ("Nueva guía para víctimas de la trata", "https://www.uscis.gov/es/noticias/guia"),
            ("Cambios en el formulario I-914", "https://www.uscis.gov/es/i-914"),
        ),
        page(
            "".join(
                f'<h3><a href="{cl0(u)}">{t}</a></h3><p>La agencia publicó hoy una guía en español.</p>'
                for t, u in (
                    ("Nueva guía para víctimas de la trata", "https://www.uscis.gov/es/noticias/guia"),
                    ("Cambios en el formulario I-914", "https://www.uscis.gov/es/i-914"),
                )
            )
        ),
        charset="iso-8859-1",
        sender="uscis@messages.dhs.gov",
    ),
    Bulletin(
        "Spanish, cards with Leer más",
        "Boletín del Departamento de Trabajo",
        on(
            ("Derechos de los trabajadores agrícolas", "https://www.dol.gov/es/1"),
            ("Taller sobre salarios robados", "https://www.dol.gov/es/2"),
        ),
        page(
            _cards(
                (
                    ("Derechos de los trabajadores agrícolas", "https://www.dol.gov/es/1"),
                    ("Taller sobre salarios robados", "https://www.dol.gov/es/2"),
                ),
                cl0,
                "Leer más",
            )
        ),
    ),
    Bulletin(
        "Spanish, one release",
        "Anuncian ayuda para sobrevivientes",
        on(("Anuncian ayuda para sobrevivientes", "https://www.hhs.gov/es/ayuda")),
        page(
            f'<h2>Anuncian ayuda para sobrevivientes</h2><p>El departamento anunció hoy ayuda.</p><p><a href="{cl0("https://www.hhs.gov/es/ayuda")}">Lea el comunicado completo</a></p>'
        ),
    ),
    Bulletin(
        "base64, with an emoji in the subject",
        "=?utf-8?q?=F0=9F=93=A2_Grants_Update?=",
        on(*_THREE),
        page(_cards(_THREE, cl0)),
        cte="base64",
    ),
    Bulletin(
        "text of a digest, run together",
        "U.S. Attorneys News News Update",
        on((_A[0], _A[1], "2026-11-17"), (_B[0], _B[1], "2026-11-18")),
        text=f"You are subscribed to U.S. Attorneys News news updates.\n\n{_A[0]} [ {_A[1]} ] 11/17/2026 08:00 AM EST\nPhillip Doe, 40, was sentenced to nineteen years and seven months in prison for distribution of unlawful material. {_B[0]} [ {_B[1]} ] 11/18/2026 09:30 AM EST\nELDER ROE, age 36, a resident of Texas, was sentenced.\n"
        + TEXT_FOOT.format(agency="USAO", code="USDOJUSAO"),
    ),
    Bulletin(
        "text of one release",
        "OIG Audit Assesses the Vetting Process",
        on(("OIG Audit Assesses the Vetting Process", "https://www.uspsoig.gov/reports/vetting")),
        text="GovDel Header\n\nOIG Audit Assesses the Vetting Process [ https://www.uspsoig.gov/reports/vetting ]\n\nFrom fiscal years 2023 through 2025 the Postal Service hired 371,937 employees nationwide. Our latest audit\nassesses the background screening process.\n"
        + TEXT_FOOT.format(agency="OIG", code="USPSOIG"),
    ),
    Bulletin(
        "text of a notice, address on its own line",
        "Hearing Notice: Oversight of the Trafficking in Persons Office",
        on(
            (
                "Hearing Notice: Oversight of the Trafficking in Persons Office",
                "https://foreignaffairs.house.gov/hearing/tip-office",
            )
        ),
        text="The Committee on Foreign Affairs will hold a hearing on Thursday, December 3, 2026, at 10:00 a.m.\nin room 2172 of the Rayburn House Office Building.\n\nhttps://foreignaffairs.house.gov/hearing/tip-office\n\nMedia must be credentialed by the galleries.\n",
        sender="notices@mail.house.gov",
    ),
    Bulletin(
        "text with headings and Read more",
        "Weekly Digest",
        on(
            ("Senate Passes Child Labor Bill", "https://www.example.gov/a"),
            ("New Report on Farm Wages", "https://www.example.gov/b"),
        ),
        text="Senate Passes Child Labor Bill\n------------------------------\n\nThe bill now goes to the House, where a companion bill waits for a vote this year.\nRead more: https://www.example.gov/a\n\nNew Report on Farm Wages\n------------------------\n\nWages fell in 2025, the report finds.\nRead more: https://www.example.gov/b\n",
    ),
    Bulletin(
        "text with addresses in angle brackets",
        "Library Updates",
        on(
            ("CRS Report on Section 307 Enforcement", "https://www.congress.gov/crs/1"),
            ("CRS Report on T and U Visas", "https://www.congress.gov/crs/2"),
        ),
        text="CRS Report on Section 307 Enforcement <https://www.congress.gov/crs/1>\nSummary of the import ban and its history in Congress.\n\nCRS Report on T and U Visas <https://www.congress.gov/crs/2>\nWho may apply, and how long it takes.\n",
    ),
    Bulletin(
        "long month names and a.m.",
        "FDA Daily Digest",
        on((_A[0], _A[1], "2026-11-17"), (_B[0], _B[1], "2026-11-16")),
        page(
            f'<p><a href="{cl0(_A[1])}">{_A[0]}</a> – November 17, 2026</p><p>{_SUM}</p><p><a href="{cl0(_B[1])}">{_B[0]}</a> – Nov. 16, 2026</p><p>{_SUM}</p>'
        ),
    ),
    Bulletin(
        "items dated by the day below the title",
        "Federal Reserve of News",
        on((_A[0], _A[1], "2026-11-17"), (_B[0], _B[1], "2026-11-18")),
        page(
            f'<div><a href="{cl0(_A[1])}">{_A[0]}</a></div><div>11/17/2026</div><div>{_SUM}</div><div><a href="{cl0(_B[1])}">{_B[0]}</a></div><div>11/18/2026</div><div>{_SUM}</div>'
        ),
    ),
    Bulletin(
        "deeply nested tables",
        "HHS Newsroom Roundup",
        on(*_THREE),
        page(
            "<table><tr><td>" * 15
            + "".join(
                f'<table><tr><td><table><tr><td><a href="{cl0(u)}"><strong><span>{t}</span></strong></a></td></tr><tr><td>{_SUM}</td></tr></table></td></tr></table>'
                for t, u in _THREE
            )
            + "</td></tr></table>" * 15
        ),
    ),
    Bulletin(
        "the same story twice, image and title",
        "State Department News",
        on(_A, _B),
        page(
            "".join(
                f'<a href="{cl0(u)}"><img src="https://x/1.jpg" alt="photo"></a><p><a href="{cl0(u)}">{t}</a></p><p>{_SUM}</p><p><a href="{cl0(u)}">Read more</a></p>'
                for t, u in (_A, _B)
            )
        ),
    ),
    Bulletin(
        "sections with several stories each",
        "DHS Blue Campaign Monthly",
        on(*_THREE),
        page(
            "<h2>Press Releases</h2>"
            + "".join(f'<p><a href="{cl0(u)}">{t}</a></p><p>{_SUM}</p>' for t, u in _THREE[:2])
            + "<h2>In the Field</h2>"
            + "".join(f'<p><a href="{cl0(u)}">{t}</a></p><p>{_SUM}</p>' for t, u in _THREE[2:])
        ),
    ),
    Bulletin(
        "bold headings, link in the last words",
        "Civil Rights Division Update",
        on(*_THREE),
        page(
            "".join(
                f'<p><b>{t}</b><br>The court ruled on Monday. You can read the decision <a href="{cl0(u)}">here</a>.</p>'
                for t, u in _THREE
            )
        ),
    ),
    Bulletin(
        "a fact sheet in a message with unsafe links",
        "Fact Sheet: The Uyghur Forced Labor Prevention Act",
        on(("Fact Sheet: The Uyghur Forced Labor Prevention Act", "https://www.cbp.gov/trade/uflpa")),
        page(
            f'<h2>Fact Sheet: The Uyghur Forced Labor Prevention Act</h2><p><a href="javascript:alert(1)">Click here to win</a></p><p>The act is in force.</p><p><a href="{cl0("https://www.cbp.gov/trade/uflpa")}">Learn more</a></p>'
        ),
    ),
    Bulletin(
        "a short link that hides its page",
        "Rep. Roe Reports",
        on(("Rep. Roe Reports", "")),
        '<html><body><p>Dear neighbor, the House passed our bill on Tuesday.</p><p><a href="https://lnks.gd/2/abc123">Read my full statement</a></p></body></html>',
        sender="rep.roe@mail.house.gov",
    ),
    Bulletin(
        "tracking in the page's own address",
        "GAO Reports",
        on(
            ("Human Trafficking: Agencies Should Improve Data", "https://www.gao.gov/products/gao-27-1"),
            ("Forced Labor: CBP Could Do More", "https://www.gao.gov/products/gao-27-2?id=7"),
        ),
        '<html><body><h3><a href="https://www.gao.gov/products/gao-27-1?utm_campaign=usgao_email&utm_content=daybook&utm_medium=email">Human Trafficking: Agencies Should Improve Data</a></h3><p>What GAO found.</p><h3><a href="https://www.gao.gov/products/gao-27-2?id=7&mc_eid=99">Forced Labor: CBP Could Do More</a></h3><p>What GAO found.</p></body></html>',
        sender="gao@public.govdelivery.com",
    ),
    Bulletin(
        "grants with their deadlines",
        "OJP Funding News",
        on(
            ("Enhanced Collaborative Model Task Force to Combat Human Trafficking", "https://ovc.ojp.gov/funding/ecm"),
            ("Improving Outcomes for Child Victims of Trafficking", "https://ovc.ojp.gov/funding/child"),
        ),
        page(
            "".join(
                f'<p><strong><a href="{cl0(u)}">{t}</a></strong><br>Grants.gov deadline: January 20, 2027; JustGrants deadline: January 27, 2027</p>'
                for t, u in (
                    (
                        "Enhanced Collaborative Model Task Force to Combat Human Trafficking",
                        "https://ovc.ojp.gov/funding/ecm",
                    ),
                    ("Improving Outcomes for Child Victims of Trafficking", "https://ovc.ojp.gov/funding/child"),
                )
            ),
            "OJP",
            "USDOJOJP_COMMS",
        ),
        sender="fundingnews@public.govdelivery.com",
    ),
    Bulletin(
        "FTC single w/ h1 link & 2 para & related",
        "FTC Takes Action Against Subscription Traps",
        (("FTC Takes Action Against Subscription Traps", "https://www.ftc.gov/news/press/1", "2026-11-18"),),
        html='<body><table><tr><td><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.ftc.gov/1/01/x="><img alt="FTC"></a></p></td></tr><tr><td><h2><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.ftc.gov%2Fnews%2Fpress%2F1/1/01/x=">FTC Takes Action Against Subscription Traps</a></h2><p>For Release: November 18, 2026</p><p>The Federal Trade Commission sued <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.ftc.gov%2Flegal%2Fcomplaint.pdf/1/01/x=">Acme</a> today.</p><p>The Commission vote was 3-0.</p><p>Media contact: <a href="mailto:press@ftc.gov">Press office</a></p></td></tr></table></body>',
    ),
    Bulletin(
        "GAO daybook style: number then title",
        "GAO Reports and Testimonies, November 18, 2026",
        (
            (
                "Forced Labor: Actions Needed to Improve Import Reviews",
                "https://www.gao.gov/products/gao-27-100",
                "2026-11-18",
            ),
            ("Visas: Backlog Persists at Service Centers", "https://www.gao.gov/products/gao-27-101", "2026-11-18"),
        ),
        html='<body><p>Reports</p><p><b>Forced Labor: Actions Needed to Improve Import Reviews.</b> GAO-27-100.<br><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.gao.gov%2Fproducts%2Fgao-27-100/1/01/x=">https://www.gao.gov/products/gao-27-100</a></p><p><b>Visas: Backlog Persists at Service Centers.</b> GAO-27-101.<br><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.gao.gov%2Fproducts%2Fgao-27-101/1/01/x=">https://www.gao.gov/products/gao-27-101</a></p></body>',
    ),
    Bulletin(
        "State dept readout single no link",
        "Secretary's Call with Foreign Minister of Ghana",
        (("Secretary's Call with Foreign Minister of Ghana", "https://www.state.gov/call-ghana", "2026-11-18"),),
        html='<body><p>You are subscribed to Press Releases for U.S. Department of State. This information has recently been updated, and is now available.</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.state.gov%2Fcall-ghana/1/01/x=">Secretary\'s Call with Foreign Minister of Ghana</a><br>11/18/2026 04:05 PM EST</p><p>Tommy Pigott, Spokesperson</p><p>The below is attributable to the spokesperson: they discussed trafficking in persons.</p></body>',
    ),
    Bulletin(
        "DOL releases 2-col, read more text",
        "DOL News Brief – Nov. 18",
        (
            ("Protecting Young Workers", "https://www.dol.gov/newsroom/releases/whd/1", "2026-11-18"),
            ("Recovering Wages for Farmworkers", "https://www.dol.gov/newsroom/releases/whd/2", "2026-11-18"),
        ),
        html='<body><h1>News Brief</h1><table><tr><td width=50%><h4>Protecting Young Workers</h4><p>An investigation found 13 children on night shifts.</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.dol.gov%2Fnewsroom%2Freleases%2Fwhd%2F1/1/01/x=">Learn about the case</a></p></td><td width=50%><h4>Recovering Wages for Farmworkers</h4><p>$400,000 recovered.</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.dol.gov%2Fnewsroom%2Freleases%2Fwhd%2F2/1/01/x=">See the news release</a></p></td></tr></table><h4>What We\'re Reading</h4></body>',
    ),
    Bulletin(
        "HSGAC plain html hearing list with date paragraphs",
        "HSGAC Hearing Announcement",
        (("HSGAC Hearing Announcement", "https://www.hsgac.senate.gov/hearings/examining-uac/", "2026-11-18"),),
        html='<body><p>WASHINGTON, D.C. — The Committee will hold the following hearing:</p><p><strong>“Examining the Unaccompanied Children Program”</strong></p><p>Date: Wednesday, December 2, 2026<br>Time: 10:00 a.m.<br>Location: SD-342</p><p>Witness list and livestream: <a href="https://www.hsgac.senate.gov/hearings/examining-uac/">https://www.hsgac.senate.gov/hearings/examining-uac/</a></p></body>',
    ),
    Bulletin(
        "Constant contact newsletter",
        "Coalition Partner Digest",
        (
            ("Survivor Council Applications Open", "", "2026-11-18"),
            ("Webinar: Labor Trafficking Basics", "", "2026-11-18"),
        ),
        html='<body><table><tr><td><h2>Survivor Council Applications Open</h2><p>Apply by December 20.</p><a href="https://r20.rs6.net/tn.jsp?f=001abc">Apply today</a></td></tr><tr><td><h2>Webinar: Labor Trafficking Basics</h2><p>Thursday at 2pm ET.</p><a href="https://r20.rs6.net/tn.jsp?f=001abd">Register</a></td></tr></table><p>Agency | 1 Main St | <a href="https://visitor.constantcontact.com/do?p=un">Unsubscribe inbox@x.test</a></p></body>',
    ),
    Bulletin(
        "bullets with bold title link then dash summary",
        "ICE Newsroom Weekly",
        (
            ("HSI Rescues 12 in Houston Operation", "https://www.ice.gov/news/1", "2026-11-18"),
            ("ICE Launches Blue Lightning Training", "https://www.ice.gov/news/2", "2026-11-18"),
        ),
        html='<body><ul><li><strong><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.ice.gov%2Fnews%2F1/1/01/x=">HSI Rescues 12 in Houston Operation</a></strong> – Agents found the victims in a motel on Friday, and three people were charged in federal court.</li><li><strong><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.ice.gov%2Fnews%2F2/1/01/x=">ICE Launches Blue Lightning Training</a></strong> – Airline workers learn the signs of trafficking.</li></ul></body>',
    ),
    Bulletin(
        "text committee digest numbered",
        "Weekly Committee Notice",
        (
            ("Hearing on Seafood Import Enforcement", "https://naturalresources.house.gov/e1", "2026-11-18"),
            ("Markup of the FISH Act", "https://naturalresources.house.gov/e2", "2026-11-18"),
        ),
        text="House Committee on Natural Resources\n\n1. Hearing on Seafood Import Enforcement\nTuesday, December 1, 10:00 AM, 1324 Longworth\nhttps://naturalresources.house.gov/e1\n\n2. Markup of the FISH Act\nWednesday, December 2, 2:00 PM, 1324 Longworth\nhttps://naturalresources.house.gov/e2\n\nTo unsubscribe, reply to this email.\n",
    ),
    Bulletin(
        "Mailchimp press release single",
        "ICYMI: Doe op-ed in the Star Tribune",
        (("ICYMI: Doe op-ed in the Star Tribune", "", "2026-11-18"),),
        html='<body><div style="display:none;max-height:0">Preheader</div><table><tr><td><h1>ICYMI: Doe op-ed in the Star Tribune</h1><p>Survivors deserve a vote, Rep. Doe writes.</p><p>Read the op-ed <a href="https://house.us2.list-manage.com/track/click?u=1&id=2&e=3">here</a> or below.</p><p>Every year, ...</p></td></tr></table><p><a href="https://house.us2.list-manage.com/unsubscribe?u=1&e=3">unsubscribe</a></p></body>',
    ),
    Bulletin(
        "HHS grants digest, linked title then date in parens and agency line",
        "Grants.gov: New Opportunities",
        (
            (
                "Domestic Victims of Human Trafficking Program",
                "https://www.grants.gov/search-results-detail/1",
                "2026-11-18",
            ),
            (
                "Services for Survivors of Labor Trafficking",
                "https://www.grants.gov/search-results-detail/2",
                "2026-11-18",
            ),
        ),
        html='<body><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.grants.gov%2Fsearch-results-detail%2F1/1/01/x=">Domestic Victims of Human Trafficking Program</a> (HHS-2027-ACF-OTIP-1)</p><p>Administration for Children and Families</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.grants.gov%2Fsearch-results-detail%2F2/1/01/x=">Services for Survivors of Labor Trafficking</a> (O-OVC-2027-2)</p><p>Office for Victims of Crime</p></body>',
    ),
    Bulletin(
        "USCIS single policy alert with sections",
        "USCIS Clarifies Evidence for U Visa Petitions",
        (("USCIS Clarifies Evidence for U Visa Petitions", "https://www.uscis.gov/policy-manual", "2026-11-18"),),
        html='<body><p><img alt="USCIS"></p><h2>USCIS Clarifies Evidence for U Visa Petitions</h2><p>USCIS is issuing policy guidance in the <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.uscis.gov%2Fpolicy-manual/1/01/x=">USCIS Policy Manual</a>. See the <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.uscis.gov%2Falert-u.pdf/1/01/x=">policy alert</a>.</p><h3>What the Guidance Does</h3><ul><li>Explains evidence;</li><li>Adds examples.</li></ul><h3>For More Information</h3><p>Visit the <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.uscis.gov%2Fpolicy-manual%2Fupdates/1/01/x=">Policy Manual updates page</a> and our <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.uscis.gov%2Fhumanitarian%2Fvictims/1/01/x=">U visa page</a>.</p></body>',
    ),
    Bulletin(
        "Treasury/OFAC",
        "Recent Actions: Counter Trafficking Designations",
        (
            (
                "Recent Actions: Counter Trafficking Designations",
                "https://ofac.treasury.gov/recent-actions/20261118",
                "2026-11-18",
            ),
        ),
        html='<body><p>The Office of Foreign Assets Control (OFAC) is publishing new names.</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fofac.treasury.gov%2Frecent-actions%2F20261118/1/01/x=">View the identifying information on these designations</a>.</p></body>',
    ),
    Bulletin(
        "White House style list, dates in separate cells",
        "Presidential Actions This Week",
        (
            ("National Slavery Prevention Month Proclamation", "https://www.whitehouse.gov/pa/1", "2026-11-17"),
            ("Order on Federal Contractor Labor Standards", "https://www.whitehouse.gov/pa/2", "2026-11-16"),
        ),
        html='<body><table><tr><td>November 17, 2026</td><td><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.whitehouse.gov%2Fpa%2F1/1/01/x=">National Slavery Prevention Month Proclamation</a></td></tr><tr><td>November 16, 2026</td><td><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.whitehouse.gov%2Fpa%2F2/1/01/x=">Order on Federal Contractor Labor Standards</a></td></tr></table></body>',
    ),
    Bulletin(
        "EEOC release with ALL CAPS heading",
        "EEOC Sues Farm for Harassment of Visa Workers",
        (("EEOC Sues Farm for Harassment of Visa Workers", "https://www.eeoc.gov/newsroom/farm", "2026-11-18"),),
        html='<body><p>FOR IMMEDIATE RELEASE</p><p><b>EEOC SUES FARM FOR HARASSMENT OF VISA WORKERS</b></p><p>FRESNO – A farm violated federal law, EEOC said in a <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.eeoc.gov%2Fsuit.pdf/1/01/x=">lawsuit</a>.</p><p>The full release is at <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.eeoc.gov%2Fnewsroom%2Ffarm/1/01/x=">https://www.eeoc.gov/newsroom/farm</a>.</p></body>',
    ),
    Bulletin(
        "CBP digest with h2 a, span date, p",
        "CBP Newsroom",
        (
            ("CBP Issues Withhold Release Order on Tea", "https://www.cbp.gov/n/1", "2026-11-17"),
            ("CBP Modifies Finding Against Glove Maker", "https://www.cbp.gov/n/2", "2026-11-18"),
        ),
        html='<body><div><h2><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.cbp.gov%2Fn%2F1/1/01/x="><span style="color:#036">CBP Issues Withhold Release Order on Tea</span></a></h2><span>Release Date: Tue, 11/17/2026</span><p>Text.</p></div><div><h2><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.cbp.gov%2Fn%2F2/1/01/x=">CBP Modifies Finding Against Glove Maker</a></h2><span>Release Date: Wed, 11/18/2026</span><p>Text.</p></div></body>',
    ),
    Bulletin(
        "text Mailchimp member newsletter with ** and urls in parens",
        "Doe's Digest",
        (
            ("Doe Introduces the Safe Harvest Act", "https://doe.house.gov/safe-harvest", "2026-11-18"),
            ("Mobile Office Hours in Hibbing", "https://doe.house.gov/hours", "2026-11-18"),
        ),
        text="** Doe Introduces the Safe Harvest Act\n------------------------------------------------------------\n\nThe bill would require growers to register recruiters of foreign workers. Read the text (https://doe.house.gov/safe-harvest)\n\n** Mobile Office Hours in Hibbing\n------------------------------------------------------------\n\nMy staff will be at the library on Friday. RSVP (https://doe.house.gov/hours)\n\n============================================================\nCopyright (C) 2026 Doe. All rights reserved.\n** unsubscribe (https://house.us2.list-manage.com/unsubscribe?u=1)\n",
    ),
    Bulletin(
        "Senate committee GovDelivery text only markup notice",
        "MARKUP NOTICE: Executive Business Meeting",
        (
            (
                "MARKUP NOTICE: Executive Business Meeting",
                "https://www.judiciary.senate.gov/committee-activity/hearings/12/03/2026/executive-business-meeting",
                "2026-11-18",
            ),
        ),
        text="The Senate Committee on the Judiciary has scheduled an executive business meeting for Thursday, December 3, 2026 at 10:15 a.m., in Room 216.\n\nAgenda and webcast: https://www.judiciary.senate.gov/committee-activity/hearings/12/03/2026/executive-business-meeting\n\nBy order of the Chairman.\n",
    ),
    Bulletin(
        "OVC newsletter: intro links + 3 sections with In-text buttons",
        "News From OVC – November",
        (
            ("Funding Opportunity for Tribal Victim Services", "https://ovc.ojp.gov/f1", "2026-11-18"),
            ("Trafficking Task Force e-Guide Updated", "https://www.ovcttac.gov/eguide", "2026-11-18"),
        ),
        html='<body><p>Dear colleagues, see our <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fovc.ojp.gov%2Fcalendar/1/01/x=">calendar</a>.</p><h2>Funding Opportunity for Tribal Victim Services</h2><p>Apply by January.</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fovc.ojp.gov%2Ff1/1/01/x="><b>View the opportunity</b></a></p><h2>Trafficking Task Force e-Guide Updated</h2><p>New chapters.</p><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.ovcttac.gov%2Feguide/1/01/x="><b>Explore the e-Guide</b></a></p></body>',
    ),
    Bulletin(
        "Spanish IRS-ish single with title link & date",
        "Noticias del IRS",
        (("El IRS alerta sobre estafas a trabajadores temporales", "https://www.irs.gov/es/n1", "2026-11-18"),),
        html='<body><p><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fwww.irs.gov%2Fes%2Fn1/1/01/x=">El IRS alerta sobre estafas a trabajadores temporales</a></p><p>18 de noviembre de 2026</p><p>WASHINGTON — El Servicio advirtió hoy.</p></body>',
    ),
    Bulletin(
        "SSA table with image links only and title below",
        "Social Security Update",
        (
            ("T Visa Holders and Social Security Numbers", "https://blog.ssa.gov/t1", "2026-11-18"),
            ("Scam Alert for Crime Victims", "https://blog.ssa.gov/t2", "2026-11-18"),
        ),
        html='<body><table><tr><td><a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fblog.ssa.gov%2Ft1/1/01/x="><img alt="x"></a></td></tr><tr><td><p style="font-size:20px">T Visa Holders and Social Security Numbers</p><p>How to apply. <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fblog.ssa.gov%2Ft1/1/01/x=">Read more</a></p></td></tr><tr><td><p style="font-size:20px">Scam Alert for Crime Victims</p><p>What to watch. <a href="https://links-1.govdelivery.com/CL0/https:%2F%2Fblog.ssa.gov%2Ft2/1/01/x=">Read more</a></p></td></tr></table></body>',
    ),
]
