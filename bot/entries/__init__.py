"""Stored entries: identity, keys, sightings and matches. Other rooms read stored entries through this room."""
