"""People: who may act for the coalition, with which accounts and in which roles, and what they changed."""
