"""Mattermost: cards posted to an incoming webhook."""
