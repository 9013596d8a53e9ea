"""Approval, and the fresh draft of a letter that is out of date."""
