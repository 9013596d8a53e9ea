"""Slack, Discord and the console: the same messages and commands on each."""
