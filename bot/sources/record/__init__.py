"""What Congress prints: its Record, and the reports of its committees."""
