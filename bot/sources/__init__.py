"""The inbound edge: fetch politely, read what came, hand on entries."""
