"""Render documents from text, and read text from documents: in a separate process (`child.py`), called by `host.py`."""
