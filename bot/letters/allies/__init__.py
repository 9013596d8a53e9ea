"""Allies: organizations outside the coalition that sign a letter on its public page."""
