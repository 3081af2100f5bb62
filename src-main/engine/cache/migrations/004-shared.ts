/**
 * What the devices of a person share, as the server confirmed it, in its JSON: `shared_alerts`, and in `saved_settings` the
 * person's own settings and the workspace's policy. `alert_told` names the alerts of which something came that was not
 * looked at yet. The outbox takes what is about no quote from here on: marks of alerts, settings, the policy.
 */
export const sharedSchema = `
CREATE TABLE shared_alerts (
  key TEXT PRIMARY KEY,
  alert TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_told (
  key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_settings (
  kind TEXT PRIMARY KEY CHECK (kind IN ('settings', 'policy')),
  saved TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_of_all (
  entry INTEGER PRIMARY KEY AUTOINCREMENT,
  mutation_id INTEGER UNIQUE,
  quote TEXT,
  quote_label TEXT NOT NULL,
  customer_name TEXT,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  base TEXT NOT NULL,
  queued_at TEXT NOT NULL CHECK (length(queued_at) = 24),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'acknowledged', 'refused')),
  code TEXT,
  message TEXT,
  conflicts TEXT NOT NULL DEFAULT '[]',
  ack_stream TEXT,
  ack_epoch TEXT,
  ack_seq INTEGER,
  CHECK (state <> 'refused' OR (code IS NOT NULL AND message IS NOT NULL)),
  CHECK (state <> 'acknowledged' OR (ack_stream IS NOT NULL AND ack_epoch IS NOT NULL AND ack_seq IS NOT NULL)),
  CHECK ((quote IS NULL) = (name IN ('alert.mark', 'settings.save', 'policy.save')))
) STRICT;

INSERT INTO outbox_of_all SELECT * FROM outbox ORDER BY entry;
-- Names that were given once are not given again, also when nothing waits now.
DELETE FROM sqlite_sequence WHERE name = 'outbox_of_all';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_of_all', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_of_all RENAME TO outbox;

CREATE INDEX outbox_by_quote ON outbox (quote) WHERE quote IS NOT NULL;
-- What is about no quote is read by itself: settings as they are to be, and how many changes of a person wait.
CREATE INDEX outbox_own ON outbox (name) WHERE name IN ('settings.save', 'policy.save');
-- Acknowledged under an earlier client id: found by their place in the log.
CREATE INDEX outbox_by_place ON outbox (ack_stream, ack_seq) WHERE state = 'acknowledged' AND mutation_id IS NULL;
`
