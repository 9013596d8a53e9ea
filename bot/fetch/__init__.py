"""Fetching politely and safely: HTTP, address guard, pacing, limited child processes."""
