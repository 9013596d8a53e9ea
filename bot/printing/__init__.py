"""Where words become a document, a letter or a report: in a process of its own (`child.py`), asked by `apart.py`."""
