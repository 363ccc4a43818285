-- Schema 10. What was paid for: an intent before each request that costs money, its outcome after it.

CREATE TABLE IF NOT EXISTS purchases (
  -- what is bought, such as openalex:W123:pdf: the same thing has one row, whichever job wants it
  item TEXT PRIMARY KEY,
  work_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  -- millionths of a dollar
  price_micros INTEGER NOT NULL,
  started_at REAL NOT NULL,
  finished_at REAL,
  -- null: sent, and not known what came of it
  outcome TEXT,
  billed_micros INTEGER
);
CREATE INDEX IF NOT EXISTS purchases_by_time ON purchases (started_at);
