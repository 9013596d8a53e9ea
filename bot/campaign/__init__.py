"""Campaign: the commands about the campaign itself: its people, how it stands, what one person follows."""
