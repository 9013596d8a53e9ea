"""Watches and sources changed in chat, applied over feeds.yml."""
