"""Create a folder for a new coalition: `coalition-bot new`."""
