"""What a text states: citations, figures, quotations, claims; and whether each has a source."""
