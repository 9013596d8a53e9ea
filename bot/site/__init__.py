"""Pages of the web site: the board for people who are logged in, and those without an account."""
