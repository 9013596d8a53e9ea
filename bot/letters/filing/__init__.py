"""File a public comment on regulations.gov: shown in full, filed by a second person, never twice."""
