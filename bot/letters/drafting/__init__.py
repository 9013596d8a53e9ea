"""Drafts: the facts a letter is filled with, editing, and files that come back."""
