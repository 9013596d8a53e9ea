"""Press inquiries: who asked what, by when, and who answers."""
