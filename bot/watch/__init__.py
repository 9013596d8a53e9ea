"""Which entries matter, to which ask, and why. Pure."""
