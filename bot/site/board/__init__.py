"""The board's pages: what the campaign has, as people read it each day."""
