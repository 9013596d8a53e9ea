"""News indexes and clippings from other services."""
