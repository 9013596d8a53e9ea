"""Running an installation: diagnosis, backup, restore, export, erasure, retention."""
