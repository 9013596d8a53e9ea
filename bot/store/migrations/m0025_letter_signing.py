"""Signing: which texts were opened to the members, how a recorded signature is known, the members' legal names."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # When a text was opened for sign-on, or locked: members see no other. Of the texts that are here already, those
    # that somebody decided on, and the last of each letter that is open or was locked.
    "ALTER TABLE letter_version ADD COLUMN opened_at TEXT",
    """
    UPDATE letter_version SET opened_at = written_at
    WHERE EXISTS (SELECT 1 FROM signature AS s
                  WHERE s.letter_id = letter_version.letter_id AND s.digest = letter_version.digest)
       OR (version = (SELECT MAX(last.version) FROM letter_version AS last
                      WHERE last.letter_id = letter_version.letter_id)
           AND EXISTS (SELECT 1 FROM letter AS l WHERE l.id = letter_version.letter_id
                       AND l.state IN ('open for sign-on', 'locked', 'sent', 'answered', 'closed')))
    """,
    # "e-mail", "letter", "form", "spoken"; "" for what a representative decided in chat. Nobody asked for it before.
    "ALTER TABLE signature ADD COLUMN evidence_kind TEXT NOT NULL DEFAULT ''",
    "UPDATE signature SET evidence_kind = 'not stated' WHERE evidence <> ''",
    # Representatives could type any name. What is not locked yet goes out under the name that the coalition knows: an
    # empty name stands for that.
    """
    UPDATE signature SET legal_name = ''
    WHERE substr(organisation, 1, 5) <> 'ally:'
      AND EXISTS (SELECT 1 FROM letter AS l WHERE l.id = signature.letter_id AND l.locked_at IS NULL)
    """,
    # The legal name that an administrator set in chat; it comes before the one in coalition.yml.
    """
    CREATE TABLE member_name (
        member TEXT NOT NULL,
        legal_name TEXT NOT NULL,
        set_by TEXT NOT NULL REFERENCES person (id),
        set_at TEXT NOT NULL,
        PRIMARY KEY (member)
    )
    """,
)
