"""What people change from chat: watches and sources, laid over feeds.yml."""
