"""Values and helpers that every room may use. They know no room."""
