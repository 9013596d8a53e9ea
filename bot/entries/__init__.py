"""Stored entries: identity, keys, sightings and matches. Every room that reads what came in reads it here."""
