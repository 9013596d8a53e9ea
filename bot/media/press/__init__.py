"""Reporters, pitches, embargoes and inquiries."""
