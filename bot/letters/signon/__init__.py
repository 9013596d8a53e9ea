"""Sign-on: opening a letter, signatures, and the lobbying reminder."""
