"""From an ask to a letter that can be sent."""
