/**
 * Alerts of every kind of rule, with what the person did about them; each decision in a log; and what comes due next, so
 * that a tick reads only that. `alert_due` holds one row a quote: when to look at it again. `alert_news`: changes that a
 * rule may be about, until they were looked at.
 */
export const alertsSchema = `
CREATE TABLE alerts_of_rules (
  n INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE CHECK (length(key) <= 64),
  quote TEXT,
  rule TEXT NOT NULL,
  kind TEXT NOT NULL,
  occasion TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'critical', 'emergency')),
  state TEXT NOT NULL CHECK (state IN ('held', 'snoozed', 'shown', 'cancelled', 'expired')),
  due_at TEXT NOT NULL CHECK (length(due_at) = 24),
  release_at TEXT NOT NULL CHECK (length(release_at) = 24),
  decided_at TEXT NOT NULL CHECK (length(decided_at) = 24),
  reason TEXT NOT NULL,
  toast TEXT,
  title TEXT,
  body TEXT,
  shown_at TEXT,
  read_at TEXT,
  acknowledged_at TEXT,
  resolved_at TEXT,
  note TEXT,
  dismissed_at TEXT
) STRICT;

INSERT INTO alerts_of_rules (key, quote, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason, shown_at)
SELECT quote || ':expires-' || rule || ':' || expires_on, quote, 'expires-' || rule, 'expires_in', expires_on, 'normal',
  state, due_at, release_at, decided_at, reason, CASE state WHEN 'shown' THEN decided_at END
FROM alerts;

CREATE TABLE alert_log (
  n INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  quote TEXT,
  rule TEXT NOT NULL,
  at TEXT NOT NULL CHECK (length(at) = 24),
  time_zone TEXT NOT NULL,
  opening_at TEXT,
  decision TEXT NOT NULL
    CHECK (decision IN ('held', 'handed_over', 'failed', 'shown', 'snoozed', 'cancelled', 'expired', 'marked')),
  reason TEXT NOT NULL
) STRICT;

INSERT INTO alert_log (key, quote, rule, at, time_zone, decision, reason)
SELECT key, quote, rule, decided_at, 'UTC', state, reason FROM alerts_of_rules ORDER BY decided_at;

DROP TABLE alerts;
ALTER TABLE alerts_of_rules RENAME TO alerts;
CREATE INDEX alerts_waiting ON alerts (release_at) WHERE state IN ('held', 'snoozed');
CREATE INDEX alerts_by_quote ON alerts (quote);
-- The centre: what was shown, latest first; and its badge.
CREATE INDEX alerts_shown ON alerts (shown_at) WHERE shown_at IS NOT NULL;
CREATE INDEX alerts_unread ON alerts (shown_at) WHERE shown_at IS NOT NULL AND read_at IS NULL AND dismissed_at IS NULL;
CREATE INDEX alert_log_by_quote ON alert_log (quote);

CREATE TABLE alert_due (
  quote TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  due_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_due_next ON alert_due (due_ms);

CREATE TABLE alert_news (
  quote TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (quote, version)
) STRICT, WITHOUT ROWID;
`
