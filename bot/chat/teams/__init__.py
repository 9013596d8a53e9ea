"""Microsoft Teams: cards posted to a workflow's address."""
