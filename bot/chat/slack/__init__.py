"""Slack: the only place that knows slack_sdk and Bolt."""
