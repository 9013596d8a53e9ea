"""The web site: the board in a browser, Slack's HTTP mode, the calendar and the host's health check."""
