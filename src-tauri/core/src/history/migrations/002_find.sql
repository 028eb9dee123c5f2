-- Who had each run made, and the words that runs are found by.

-- NULL where a Rheostat that did not ask recorded it. Additive, as all of this file is: an older one goes on
-- writing runs, and what it leaves out is worked out or made up for later.
ALTER TABLE run ADD COLUMN source TEXT;
ALTER TABLE run ADD COLUMN origin TEXT GENERATED ALWAYS AS (coalesce(source, CASE
    WHEN comparison_id IS NOT NULL THEN 'compare'
    WHEN request_id IS NULL THEN 'stand_in'
    ELSE 'window' END)) VIRTUAL;

-- All that the list filters and counts by, so that neither reads the runs themselves.
CREATE INDEX run_list ON run (status, effort, origin, sample, cost_nanos, input_tokens);

-- Name, model, prompt and answer of each run that is over, by its key. Only the index: the texts stand elsewhere.
CREATE VIRTUAL TABLE run_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
