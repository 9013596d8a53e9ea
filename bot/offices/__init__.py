"""The offices that the coalition works with: who it knows there, and its meetings."""
