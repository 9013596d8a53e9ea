"""What is checked of a template before any letter is drafted from it."""
