-- Schema 11. History is joined by keys: a row of `attempts` and an event name the op, and which attempt of it, that
-- they belong to. Null: it belongs to none, or an earlier version wrote it (src/main/engine/rows-without-keys.ts).

ALTER TABLE attempts ADD COLUMN op_key TEXT;
ALTER TABLE attempts ADD COLUMN op_attempt INTEGER;
ALTER TABLE job_events ADD COLUMN op_key TEXT;
ALTER TABLE job_events ADD COLUMN op_attempt INTEGER
