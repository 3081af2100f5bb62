/**
 * The outbox takes every edit of a quote: `body` is the mutation as the server will be told it, without its number;
 * `base` the values that the person saw in what it changes. What waited under the first shape, changes of status, goes on
 * waiting under the same names. `quote_confirmed.quote` may be JSON null from here on: the quote exists only here.
 */
export const editsSchema = `
ALTER TABLE history ADD COLUMN note TEXT;
ALTER TABLE history ADD COLUMN before TEXT;
ALTER TABLE history ADD COLUMN after TEXT;

CREATE TABLE outbox_of_edits (
  entry INTEGER PRIMARY KEY AUTOINCREMENT,
  mutation_id INTEGER UNIQUE,
  quote TEXT NOT NULL,
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
  CHECK (state <> 'acknowledged' OR (ack_stream IS NOT NULL AND ack_epoch IS NOT NULL AND ack_seq IS NOT NULL))
) STRICT;

INSERT INTO outbox_of_edits
SELECT
  entry, mutation_id, outbox.quote, quote_label, outbox.customer_name,
  -- XXX is ISO 4217 for "no currency": the quote is out of sight.
  coalesce(quotes.currency, 'XXX'),
  'quote.change_status',
  json_object(
    'name', 'quote.change_status', 'quote', outbox.quote, 'base_version', base_version,
    'to', to_status, 'outcome', outbox.outcome, 'reason', outbox.reason
  ),
  CASE
    WHEN quote_confirmed.quote IS NOT NULL THEN json_object(
      'status', json_extract(quote_confirmed.quote, '$.status'),
      'outcome', json_extract(quote_confirmed.quote, '$.outcome'),
      'reason', json_extract(quote_confirmed.quote, '$.reason')
    )
    WHEN quotes.id IS NOT NULL THEN json_object(
      'status', quotes.status, 'outcome', quotes.outcome, 'reason', quotes.reason
    )
    ELSE '{}'
  END,
  queued_at, state, code, message, '[]', ack_stream, ack_epoch, ack_seq
FROM outbox
LEFT JOIN quotes ON quotes.id = outbox.quote
LEFT JOIN quote_confirmed ON quote_confirmed.id = outbox.quote
ORDER BY entry;

-- Names that were given once are not given again, also when nothing waits now.
DELETE FROM sqlite_sequence WHERE name = 'outbox_of_edits';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_of_edits', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_of_edits RENAME TO outbox;

CREATE INDEX outbox_by_quote ON outbox (quote);
-- Acknowledged under an earlier client id: found by their place in the log.
CREATE INDEX outbox_by_place ON outbox (ack_stream, ack_seq) WHERE state = 'acknowledged' AND mutation_id IS NULL;
`
