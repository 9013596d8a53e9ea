"""Where a letter becomes a document: in a process of its own (`child.py`), asked by `apart.py`."""
