"""How long everything is kept, who is taken out of it, and how it leaves the house."""
