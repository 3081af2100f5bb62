/**
 * Tables are STRICT and name their closed vocabularies: rows from the log are written without a schema parse each
 * (12 µs an event, more than writing it), so the database itself refuses what has the wrong shape.
 *
 * `quotes` holds what is shown (confirmed ⊕ pending). Derived columns: `stage` (workflow order of the status),
 * `expires_at_ms`, `incomplete`, and the names, so that every sort is one index.
 */
export const initialSchema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE streams (
  stream TEXT PRIMARY KEY,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE quotes (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  quote_id INTEGER,
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'sent', 'negotiation', 'closed')),
  outcome TEXT CHECK (outcome IN ('won', 'lost', 'expired', 'withdrawn', 'superseded')),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  expires_at_ms INTEGER,
  incomplete INTEGER NOT NULL,
  team_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  customer_id TEXT,
  customer_name TEXT,
  owner_name TEXT,
  team_name TEXT,
  title TEXT NOT NULL,
  expires_on TEXT,
  time_zone TEXT NOT NULL,
  updated_at TEXT NOT NULL CHECK (length(updated_at) = 24),
  reason TEXT,
  sent_at TEXT,
  closed_at TEXT,
  created_at TEXT NOT NULL CHECK (length(created_at) = 24),
  lines TEXT NOT NULL
) STRICT;
CREATE INDEX quotes_by_number ON quotes (quote_id);
CREATE INDEX quotes_by_customer_name ON quotes (customer_name COLLATE NOCASE);
CREATE INDEX quotes_by_title ON quotes (title COLLATE NOCASE);
CREATE INDEX quotes_by_stage ON quotes (stage);
CREATE INDEX quotes_by_value ON quotes (currency, value_minor);
CREATE INDEX quotes_by_expiry ON quotes (expires_at_ms);
CREATE INDEX quotes_by_owner_name ON quotes (owner_name COLLATE NOCASE);
CREATE INDEX quotes_by_team_name ON quotes (team_name COLLATE NOCASE);
CREATE INDEX quotes_by_update ON quotes (updated_at);
CREATE INDEX quotes_by_customer ON quotes (customer_id);
CREATE INDEX quotes_won ON quotes (closed_at, currency, value_minor) WHERE outcome = 'won';
-- All that a filter asks for, narrow: a filter without a better index scans this instead of the wide table.
CREATE INDEX quotes_filter ON quotes (
  stage, expires_at_ms, outcome, currency, value_minor, incomplete, owner_id, team_id, customer_id
);

-- Quotes added up by status, kept by every transaction that changes one: the pipeline header asks at every change.
-- Not by triggers: those make SQLite keep a statement journal, which doubles the time of every insert.
CREATE TABLE sums (
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  count INTEGER NOT NULL,
  value_minor INTEGER NOT NULL,
  PRIMARY KEY (status, currency)
) STRICT, WITHOUT ROWID;

-- The server's word on a quote that has pending changes; the shown row is made from it again at every event.
CREATE TABLE quote_confirmed (
  id TEXT PRIMARY KEY,
  stream TEXT NOT NULL,
  quote TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  quote TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  from_status TEXT,
  to_status TEXT NOT NULL,
  outcome TEXT,
  reason TEXT,
  actor_id TEXT,
  at TEXT NOT NULL CHECK (length(at) = 24),
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (quote, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sector TEXT,
  country TEXT,
  contact_name TEXT,
  contact_email TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX customers_by_name ON customers (name COLLATE NOCASE);

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  active INTEGER NOT NULL,
  memberships TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE teams (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE workspace (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  stage_probabilities TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- entry: this machine's name for the change. mutation_id: its place in what the server is told, dense, given when first
-- sent, so that taking back an unsent change leaves no gap.
CREATE TABLE outbox (
  entry INTEGER PRIMARY KEY AUTOINCREMENT,
  mutation_id INTEGER UNIQUE,
  quote TEXT NOT NULL,
  quote_label TEXT NOT NULL,
  customer_name TEXT,
  base_version INTEGER NOT NULL,
  to_status TEXT NOT NULL,
  outcome TEXT,
  reason TEXT,
  queued_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'acknowledged', 'refused')),
  code TEXT,
  message TEXT,
  ack_stream TEXT,
  ack_epoch TEXT,
  ack_seq INTEGER
) STRICT;
CREATE INDEX outbox_by_quote ON outbox (quote);

CREATE TABLE alerts (
  quote TEXT NOT NULL,
  rule INTEGER NOT NULL,
  expires_on TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'shown', 'cancelled')),
  due_at TEXT NOT NULL,
  release_at TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (quote, rule, expires_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_held ON alerts (release_at) WHERE state = 'held';
-- What of a person's quotes runs out next; the alert tick reads a few days of it.
CREATE INDEX quotes_alerting ON quotes (owner_id, expires_at_ms) WHERE stage BETWEEN 1 AND 3;

CREATE VIRTUAL TABLE search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2"
);
`
