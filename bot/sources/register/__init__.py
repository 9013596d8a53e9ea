"""The Federal Register."""
