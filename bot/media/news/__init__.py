"""News coverage: mentions, the stories they belong to, and what must be withheld."""
