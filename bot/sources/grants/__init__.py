"""Funding announcements at grants.gov, with their attachments."""
