"""Public posts that name us: stored for the press contact, counted apart from coverage, deleted with their original."""
