"""The two lists of committee meetings as their publishers write them, with invented meetings."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

PLACEHOLDER = (
    "<meeting><cmte_code/><committee/><type/><date>25-JUL-2026</date><date_iso_8601>2026-07-25</date_iso_8601>"
    "<day_of_week>Today</day_of_week><time>14:00:00</time><room/><matter>No committee hearings scheduled</matter>"
    "<video_url/><senate_cable_channel/></meeting>"
)
NOT_FOUND = "<!DOCTYPE html>\n<html><head><title>File Not Found</title></head><body>File Not Found</body></html>"
DENIED = (
    "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n \n"
    'You don\'t have permission to access "http&#58;&#47;&#47;www&#46;example" on this server.<P>\n</BODY>\n</HTML>\n'
)


def row(
    number: int = 338001,
    *,
    code: str = "SSJU00",
    committee: str = "Judiciary",
    kind: str = "Open Hearing",
    on: str = "2026-07-29",
    time: str = "10:00 AM",
    room: str = "SD-226",
    matter: str = "Hearings to examine relief for survivors.",
    bills: Sequence[tuple[str, int]] = (),
    updated: str = "07-24-2026 09:00:29 PM",
    video: str = "https://www.senate.gov/isvp/?comm=judiciary&filename=judiciary072926",
) -> str:
    """One meeting of the Senate's list; `bills` are (prefix, number)."""
    documents = "".join(
        f'<AssociatedDocument congress="119" document_description={quoteattr(f"A bill to do the {n}th thing.")} '
        f'document_num="{n}" document_prefix="{prefix}"/>'
        for prefix, n in bills
    )
    return (
        f"<meeting><identifier>{number}</identifier><last_update>{updated}</last_update>"
        "<last_update_iso_8601>2026-07-24T21:00:29.000000Z-04:00</last_update_iso_8601>"
        f"<cmte_code>{code}</cmte_code><committee>{committee}</committee><type>{kind}</type>"
        f"<date>29-JUL-2026 {time}</date><date_iso_8601>{on}</date_iso_8601><day_of_week>Wednesday</day_of_week>"
        f"<time>{time}</time><room>{room}</room><video_url>{escape(video)}</video_url>"
        f"<senate_cable_channel>\n    </senate_cable_channel><Documents>{documents}</Documents>"
        f"<matter>{escape(matter)}</matter></meeting>"
    )


def senate(*rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><css_meetings_scheduled>{"".join(rows)}</css_meetings_scheduled>'


def item(number: int = 119001, on: str = "20260729", *, code: str = "JU00", kind: str = "HMKP", note: str = "") -> str:
    """One meeting of a House committee's feed."""
    return (
        f"<item><guid>{number}</guid><title>Markup</title><description>Committee&lt;br /&gt;{note}&amp;nbsp;"
        f"</description><pubDate>Wed, 22 Jul 2026 14:37:21 GMT</pubDate>"
        f"<link>http://docs.house.gov/Committee/Calendar/ByEvent.aspx?EventID={number}</link>"
        f'<enclosure url="http://docs.house.gov/Meetings/{code[:2]}/{code}/{on}/{number}/{kind}-119-{code}-{on}.xml" '
        'type="text/xml" /></item>'
    )


STUB = "<item><guid>0</guid><title></title><description></description></item>"


def feed(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Meetings</title>{"".join(items)}</channel></rss>'


def path(number: int = 119001, on: str = "20260729", *, code: str = "JU00", kind: str = "HMKP") -> str:
    return f"/Meetings/{code[:2]}/{code}/{on}/{number}/{kind}-119-{code}-{on}.xml"


def document(
    number: str, description: str, *, kind: str = "BR", removed: str = "", metadata: str = "", file: str = ""
) -> str:
    """A document of a House meeting; `number` and `metadata` as committees write them, "" for a draft."""
    legis, named = (f"<legis-num>{text}</legis-num>" if text else "" for text in (number, metadata))
    url = f"http://docs.house.gov/meetings/JU/JU00/20260729/119001/{file}"
    return (
        f'<meeting-document type="{kind}" add-date="2026-07-20T16:26:15.840" remove-date="{removed}">'
        f"<description>{escape(description)}</description>{legis}"
        f"<filename-metadata>{named}<legis-stage>ih</legis-stage></filename-metadata>"
        f'<files><file doc-url="{url}" doc-type="PDF" /></files></meeting-document>'
    )


def meeting(
    number: int = 119001,
    *documents: str,
    kind: str = "HMKP",
    status: str = "S",
    code: str = "JU00",
    name: str = "Committee on the Judiciary",
    parent: str = "",
    on: str = "2026-07-29",
    starts: str = "10:00:00",
    room: str = "2141",
    title: str = "Markup of bills on relief for survivors",
    updated: str = "2026-07-22T10:37:21.360",
) -> str:
    """The file of a House meeting; a subcommittee's names its `parent`."""
    bodies = "subcommittees" if parent else "committees"
    parents = f' parent-id="{code[:2]}00" parent-name="{parent}"' if parent else ""
    return (
        "<?xml-stylesheet type='text/xsl' href='/xslt/cr-public.xslt'?>\r\n"
        f'<committee-meeting congress-num="119" session-num="2" meeting-id="{kind}{number}" meeting-type="{kind}" '
        f'update-date="{updated}"><current-status>{status}</current-status><meeting-details>'
        f'<{bodies}><committee-name id="{code}"{parents}>{name}</committee-name></{bodies}>\r\n'
        f"<meeting-date><calendar-date>{on}</calendar-date><start-time>{starts}</start-time>"
        "<end-time>12:30:00</end-time></meeting-date><meeting-location><capitol-complex>"
        f"<room>{room}</room><building>RHOB</building></capitol-complex></meeting-location>"
        f"<meeting-title>{escape(title)}</meeting-title></meeting-details>"
        f"<meeting-documents>{''.join(documents)}</meeting-documents></committee-meeting>"
    )
