"""Campaign: the commands about the campaign itself: its people, its status, what one person follows."""
