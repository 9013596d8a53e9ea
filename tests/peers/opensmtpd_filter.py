"""A filter of OpenSMTPD (smtpd-filters(7)) that fails as a file next to it says, or greylists as Postgrey does.

The file has one line: phase|answer|times. The answer "hang" is none at all, and makes a file "mail/hung"; "grey"
refuses each pair of sender and recipient once.
"""

from __future__ import annotations

import sys
from pathlib import Path

PHASES = ("rcpt-to", "commit")


def main() -> None:
    wish = Path(sys.argv[1])
    used: dict[str, int] = {}
    seen: set[str] = set()
    sender: dict[str, str] = {}
    for line in sys.stdin:
        fields = line.rstrip("\n").split("|")
        if fields == ["config", "ready"]:
            for phase in (*PHASES, "mail-from"):
                sys.stdout.write(f"register|filter|smtp-in|{phase}" + "\n")
                sys.stdout.flush()
            sys.stdout.write("register|ready" + "\n")
            sys.stdout.flush()
        if fields[0] != "filter":
            continue
        phase, session, token, rest = fields[4], fields[5], fields[6], "|".join(fields[7:])
        if phase == "mail-from":
            sender[session] = rest
        answer = "proceed"
        text = wish.read_text(encoding="utf-8").strip() if wish.exists() else ""
        at, _, parts = text.partition("|")
        what, _, times = parts.rpartition("|")
        if at == phase and what == "grey":
            pair = f"{sender.get(session)} {rest}"
            answer = "proceed" if pair in seen else "reject|451 4.7.1 Greylisted, come back later"
            seen.add(pair)
        elif at == phase and used.get(text, 0) < int(times):
            used[text] = used.get(text, 0) + 1
            if what == "hang":
                (wish.parent / "mail" / "hung").touch()
                continue
            answer = f"reject|{what}"
        sys.stdout.write(f"filter-result|{session}|{token}|{answer}" + "\n")
        sys.stdout.flush()


main()
