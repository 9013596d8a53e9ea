"""Where everything is kept: one port, one SQL text, SQLite behind it."""
