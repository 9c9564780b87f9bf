-- The tables of format 3, as a store of that time has them.
CREATE TABLE journal (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE snapshots (seq INTEGER PRIMARY KEY, state BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), journal BLOB NOT NULL) STRICT;

CREATE TABLE floor (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL) STRICT;
CREATE TABLE accounts (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (
    fingerprint BLOB PRIMARY KEY,
    account TEXT NOT NULL,
    account_fingerprint BLOB NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE contacts (id TEXT PRIMARY KEY, folded_name TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX contacts_by_name ON contacts (folded_name, id);
CREATE TABLE contact_numbers (
    reversed TEXT NOT NULL,
    contact TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (reversed, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX numbers_of_contact ON contact_numbers (contact);

CREATE TABLE interactions (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    linkage BLOB NOT NULL,
    agent TEXT NOT NULL,
    contact TEXT,
    customer_digits TEXT,
    opened_at INTEGER NOT NULL,
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX interactions_by_linkage ON interactions (linkage);
CREATE INDEX interactions_by_agent ON interactions (agent);
CREATE INDEX interactions_by_contact ON interactions (contact) WHERE contact IS NOT NULL;
CREATE INDEX interactions_by_digits ON interactions (customer_digits) WHERE customer_digits IS NOT NULL;
CREATE INDEX interactions_by_time ON interactions (opened_at);

CREATE TABLE agent_times (
    seq INTEGER PRIMARY KEY,
    agent TEXT NOT NULL,
    state TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agent_times_by_agent ON agent_times (agent, ended_at);
CREATE INDEX agent_times_by_time ON agent_times (ended_at);

CREATE TABLE waits (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    at INTEGER NOT NULL,
    waited_ms INTEGER NOT NULL,
    answered_by TEXT,
    detail TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX waits_by_queue ON waits (queue, at);
CREATE INDEX waits_by_time ON waits (at);

INSERT INTO identity (one, journal) VALUES (1, x'01900000000070008000000000000003');
PRAGMA user_version = 3;
