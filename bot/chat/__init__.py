"""The outbound edge: three faces that say the same thing."""
