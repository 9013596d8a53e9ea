"""The composition root, the supervised loops, and everything that is built once per process."""
