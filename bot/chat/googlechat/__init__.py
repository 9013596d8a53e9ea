"""Google Chat: cards posted to a space's webhook."""
