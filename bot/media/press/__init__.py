"""The press list: reporters, pitches, embargoes and inquiries."""
