"""Editions of the Unified Agenda as reginfo.gov writes them, with invented rules."""

from __future__ import annotations

from xml.sax.saxutils import escape

NOT_THERE = "<!DOCTYPE html>\n<html><head><title>Reginfo.gov</title></head><body>No file was found.</body></html>"
ROBOTS = "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body></body></html>"


def rule(
    rin: str = "1121-AA12",
    *steps: tuple[str, str],
    title: str = "Relief for Survivors of Trafficking",
    stage: str = "Proposed Rule Stage",
    agency: str = "Office for Victims of Crime",
    acronym: str = "OVC",
    abstract: str = "This rule would implement section 5 of the Relief Act.",
) -> str:
    """One rule; `steps` are (action, date) as the timetable writes them."""
    rows = "".join(
        f"<TIMETABLE><TTBL_ACTION>{escape(action)}</TTBL_ACTION><TTBL_DATE>{date}</TTBL_DATE></TIMETABLE>"
        for action, date in steps
    )
    return (
        f"<RIN_INFO><RIN>{rin}</RIN><AGENCY><CODE>1121</CODE><NAME>{escape(agency)}</NAME>"
        f"<ACRONYM>{acronym}</ACRONYM></AGENCY><PARENT_AGENCY><CODE>1100</CODE><NAME>Department of Justice</NAME>"
        f"<ACRONYM>DOJ</ACRONYM></PARENT_AGENCY><RULE_TITLE>{escape(title)}\n</RULE_TITLE><ABSTRACT><![CDATA[<!DOCTYPE "
        f"html>\n<html><body><p>{abstract}&nbsp;</p></body></html>]]></ABSTRACT><RULE_STAGE>{stage}</RULE_STAGE>"
        f"<TIMETABLE_LIST>{rows}</TIMETABLE_LIST></RIN_INFO>"
    )


def edition(*rules: str, run: str = "2026-07-03-04:00", root: str = "REGINFO_RIN_DATA") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<{root} RUN_DATE="{run}">{"".join(rules)}</{root}>'
    )


def review(
    rin: str = "1121-AA12",
    *,
    title: str = "Relief for Survivors of Trafficking",
    stage: str = "Proposed Rule",
    received: str = "2026-10-01",
    completed: str = "",
    decision: str = "Consistent with Change",
) -> str:
    """A rule that OMB has received, or whose review it has concluded."""
    ended = f"<DATE_COMPLETED>{completed}</DATE_COMPLETED><DECISION>{decision}</DECISION>" if completed else ""
    return (
        f"<REGACT><AGENCY_CODE>{rin[:4]}</AGENCY_CODE><RIN>{rin}</RIN><TITLE>{escape(title)}</TITLE>"
        f"<STAGE>{stage}</STAGE><ECONOMICALLY_SIGNIFICANT>No</ECONOMICALLY_SIGNIFICANT>"
        f"<DATE_RECEIVED>{received}</DATE_RECEIVED><LEGAL_DEADLINE>None</LEGAL_DEADLINE>{ended}</REGACT>"
    )


def reviews(*rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<OIRA_DATA RUNDATE="2026-10-02">{"".join(rows)}</OIRA_DATA>'
