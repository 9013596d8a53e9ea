-- The public campaign page, and who gets its news by email.

-- One item that everyone may see, until `hidden_at`. `name`: an ask's number, the id of a bill, letter or story.
-- `body`: an ask as the administrator saw it, or the id of a clip's article and its headline then. `digest`: of what the page shows.
CREATE TABLE public_item (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    shown_at TEXT NOT NULL,
    shown_by TEXT REFERENCES person (id),
    changed_at TEXT NOT NULL,
    hidden_at TEXT,
    PRIMARY KEY (kind, name)
);

-- An address, deleted when it unsubscribes. `mailed_at`: until when its reader has the news.
CREATE TABLE subscriber (
    id TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    asked_at TEXT NOT NULL,
    confirmed_at TEXT,
    mailed_at TEXT
);
