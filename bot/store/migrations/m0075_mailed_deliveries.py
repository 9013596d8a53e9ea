"""An index of sent emails by time, for a coalition's limit of email an hour."""

STATEMENTS = ("CREATE INDEX delivery_mailed ON delivery (sent_at) WHERE platform = 'mail' AND edits IS NULL",)
