"""A letter as DOCX and PDF, one or many, and sending it."""
