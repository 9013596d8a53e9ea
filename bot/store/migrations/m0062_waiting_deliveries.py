"""An index of deliveries that have not been tried yet."""

# For each answer with a match, the messages that wait for the end of quiet hours are looked up. SQLite does not use
# `delivery_open` for that; it would read all deliveries ever made.
STATEMENTS = ("CREATE INDEX delivery_waiting ON delivery (due_at) WHERE state = 'pending'",)
