"""Render documents from text, and read text from documents: `child.py`, the process that `documents.py` calls."""
