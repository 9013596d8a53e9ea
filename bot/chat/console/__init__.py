"""The console: the same messages and commands on a terminal."""
