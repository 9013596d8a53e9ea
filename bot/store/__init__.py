"""Where all data is stored: one port, one SQL text, two engines (SQLite and PostgreSQL)."""
