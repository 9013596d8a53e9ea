"""Settings from the environment, and feeds.yml and coalition.yml as validated values."""
