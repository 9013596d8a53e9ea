"""Newsrooms that have no feed, or a better road than theirs: the Justice Department's API, and pages of headlines."""
