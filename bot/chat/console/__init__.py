"""The console: what the other two say, on a terminal."""
