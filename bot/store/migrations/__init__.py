"""One file a migration. None is edited once it is released."""
