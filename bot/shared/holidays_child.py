"""The child process that lists the federal holidays; `calendar.py` starts it.

It is a separate process because the library imports the calendars of all countries, 17 MB that a bot would keep.
"""

from __future__ import annotations

import sys

from holidays import country_holidays

if __name__ == "__main__":
    us = country_holidays("US")
    listed = country_holidays("US", years=range(us.start_year, us.end_year + 1))
    sys.stdout.writelines(f"{on}\n" for on in listed)
