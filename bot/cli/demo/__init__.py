"""The demo: a shipped week of sources, a loopback server that replays it, and a narrated run of the real program."""
