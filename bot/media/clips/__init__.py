"""Clip reports: coverage of a period as a message, a document or a table."""
