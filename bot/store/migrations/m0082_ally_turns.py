"""Requests to sign from the public: in which order their links are mailed, and how many were."""

STATEMENTS = (
    # How many requests its network had made that day, itself included: where many wait, the first of each go first.
    "ALTER TABLE ally_request ADD COLUMN turn INTEGER NOT NULL DEFAULT 1",
    "CREATE INDEX ally_link_made ON ally_link (made_at)",
)
