"""Letter templates, and rendering them in a limited process."""
