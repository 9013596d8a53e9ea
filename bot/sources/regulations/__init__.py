"""regulations.gov: dockets, their documents, and comments."""
