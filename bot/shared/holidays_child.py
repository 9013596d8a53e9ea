"""The child process that lists the federal holidays; `calendar.py` starts it.

It is a separate process because the library imports the calendars of all countries, 17 MB that a bot would keep.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date

from holidays import country_holidays


def federal_holidays() -> Iterable[date]:
    """Return those of all years that the library knows, and the days on which they are observed."""
    us = country_holidays("US")
    return country_holidays("US", years=range(us.start_year, us.end_year + 1))


if __name__ == "__main__":
    sys.stdout.writelines(f"{on}\n" for on in federal_holidays())
