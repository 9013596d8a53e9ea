-- Contacts in offices: staff of members and committees, and of the offices of the settings.

-- `office`: an addressee's id, "member:G000555". `office_name` as it was when the row was saved: one who left
-- is not in the directory. `asks`: numbers, as JSON. `seats`: the member's committees when the contact was
-- verified. `doubt`: why the row is to be verified, since `doubted_at`.
CREATE TABLE office_contact (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    office TEXT NOT NULL,
    office_name TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    asks TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    notes TEXT NOT NULL,
    source TEXT NOT NULL,
    basis TEXT NOT NULL,
    verified_on TEXT,
    verified_by TEXT REFERENCES person (id),
    seats TEXT NOT NULL,
    doubt TEXT NOT NULL,
    doubted_at TEXT,
    left_on TEXT,
    opted_out_at TEXT,
    added_at TEXT NOT NULL
);
CREATE INDEX office_contact_office ON office_contact (office);

-- A table that a person is asked about before it is imported; kept a day.
CREATE TABLE office_import (
    id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id)
);
