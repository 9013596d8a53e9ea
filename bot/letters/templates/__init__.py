"""Letter templates: rendering in a limited process, lint, rehearsal."""
