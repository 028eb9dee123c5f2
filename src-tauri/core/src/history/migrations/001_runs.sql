-- Runs, their raw events and attempts, comparisons, and the sessions that wrote them.
-- Shipped files are never edited: tests/fixtures/migrations.lock holds their hashes.

-- "RHEO": tells a history from any other SQLite file of the same name.
PRAGMA application_id = 0x5248454F;

-- An additive migration leaves oldest_reader alone, so that an older Rheostat keeps working on the
-- file. It is raised to the new schema version only where an older one would do harm.
CREATE TABLE compat (oldest_reader INTEGER NOT NULL);
INSERT INTO compat (oldest_reader) VALUES (1);

-- One start of a Rheostat process. While the process lives it holds sessions/<id>.lock.
CREATE TABLE session (
    id         TEXT PRIMARY KEY,
    pid        INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
) WITHOUT ROWID;
CREATE INDEX session_open ON session (id) WHERE ended_at IS NULL;

-- Bodies as sent, addressed by content: the repeats of a level share one row. The hash names its
-- algorithm, so that another one could stand beside it without a clash.
CREATE TABLE body (
    hash  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
);

CREATE TABLE comparison (
    key          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    request_id   TEXT NOT NULL,
    request_name TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    efforts      TEXT NOT NULL, -- JSON array
    repeats      INTEGER NOT NULL,
    request      TEXT NOT NULL, -- JSON, the request as it stood
    summary      TEXT,          -- JSON, once it is over
    session_id   TEXT NOT NULL
);
CREATE INDEX comparison_of_request ON comparison (request_id, key);

-- Times are ms, started_at since the epoch in UTC and the rest since the send. Amounts are
-- nano-dollars. Order is that of insertion (key), for the clock may jump back.
CREATE TABLE run (
    key                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT NOT NULL UNIQUE,
    session_id         TEXT NOT NULL,
    request_id         TEXT,
    request_name       TEXT,
    comparison_id      TEXT,
    lane               INTEGER,
    repeat             INTEGER NOT NULL,
    model              TEXT NOT NULL,
    effort_sent        TEXT,
    effort_reported    TEXT,
    -- What the run counts as: a body may leave the effort to the model's default.
    effort             TEXT GENERATED ALWAYS AS (coalesce(effort_sent, effort_reported)) VIRTUAL,
    endpoint           TEXT NOT NULL,
    host               TEXT NOT NULL,
    sample             TEXT,
    live               INTEGER GENERATED ALWAYS AS (sample IS NULL) VIRTUAL,
    body_hash          TEXT NOT NULL REFERENCES body (hash),
    started_at         INTEGER NOT NULL,
    status             TEXT NOT NULL,
    first_event_ms     REAL,
    first_output_ms    REAL,
    total_ms           REAL,
    input_tokens       INTEGER,
    cached_tokens      INTEGER,
    cache_write_tokens INTEGER,
    output_tokens      INTEGER,
    reasoning_tokens   INTEGER,
    web_searches       INTEGER,
    file_searches      INTEGER,
    cost_nanos         INTEGER, -- NULL where no price is known, never 0 for unknown
    bill               TEXT,    -- JSON
    price_date         TEXT,
    service_tier       TEXT,
    facts              TEXT NOT NULL -- JSON, all that is known of the run
);
CREATE INDEX run_figures ON run (request_id, model, live, effort, key) WHERE status = 'completed';
CREATE INDEX run_of_request ON run (request_id, key) WHERE comparison_id IS NULL;
CREATE INDEX run_of_comparison ON run (comparison_id, lane) WHERE comparison_id IS NOT NULL;
CREATE INDEX run_spend ON run (started_at, cost_nanos) WHERE sample IS NULL AND cost_nanos IS NOT NULL;
CREATE INDEX run_open ON run (session_id) WHERE status = 'running';

-- Raw events as they came. at_us counts from the send on the monotonic clock. A rowid table: six
-- lanes interleaved at 360-byte events are written 1.6 times as fast as WITHOUT ROWID, in no more
-- space, because every append lands at the end.
CREATE TABLE event (
    run   INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
    idx   INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    raw   TEXT NOT NULL,
    PRIMARY KEY (run, idx)
);

CREATE TABLE attempt (
    run         INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    http_status INTEGER,
    request_id  TEXT, -- OpenAI's x-request-id
    facts       TEXT NOT NULL, -- JSON
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
