"""Where words become a document, or a document words: in a process of its own (`child.py`), asked by `apart.py`."""
