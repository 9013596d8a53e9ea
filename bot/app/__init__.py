"""The composition root, the supervised loops, and objects that are built once per process."""
