"""Settings, watches and sources changed in chat, applied over feeds.yml and coalition.yml."""
