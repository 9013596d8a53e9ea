"""How fast and how small it is, each figure against a rival or a limit in the same run: `make bench`."""
