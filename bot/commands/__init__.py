"""What a person may ask for and what comes back: the command model that rooms and chat platforms share."""
