"""Why there is no connection to a PostgreSQL server, in our own words: the driver's may repeat parts of the address.

libpq gives a failed connection no code, so its English message is read.
"""

from __future__ import annotations

import re
from typing import Final

_NO_ANSWER: Final = {
    "Connection refused": "nothing is listening there",
    "No such file or directory": "there is no socket",
    "translate host name": "its host name was not found",
    "resolve host": "its host name was not found",
    "Name or service not known": "its host name was not found",
    "timeout expired": "it does not answer",
    "timed out": "it does not answer",
    "unreachable": "there is no network route",
}
_REFUSED: Final = {
    r'database ".*" does not exist': "names a database that does not exist on the server: create it (createdb NAME), "
    "or correct the name.",
    r'role ".*" (does not exist|is not permitted to log in)|authentication failed|no password supplied': "has a user "
    "or a password that the server does not accept: correct them, or create the user (createuser NAME).",
    r"pg_hba\.conf": "has a user or a database that the server's pg_hba.conf does not allow from this machine: add a "
    "line for them there and reload it, or correct them.",
    r"permission denied for database": "names a database that its user may not connect to: GRANT CONNECT ON DATABASE "
    "NAME TO USER.",
}


def no_answer(message: str) -> str:
    """Return why the server does not answer, "" if the message does not say."""
    return next((words for sign, words in _NO_ANSWER.items() if sign in message), "")


def refusal(message: str) -> str:
    """Return what is wrong with DATABASE_URL, to be continued after that word; "" if the server refused nothing."""
    return next((words for sign, words in _REFUSED.items() if re.search(sign, message)), "")
