//! What is written of a run and of a comparison, and the statements that write it.

use std::fmt::Write as _;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::grade::comparison::ComparisonSummary;
use crate::run::facts::{Attempt, RunFacts, RunSource};

/// A run at the moment it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRun {
    /// What is known so far: at least `id`, `repeat`, `model` and `started_at` (now, where it is None).
    pub facts: RunFacts,
    pub request_name: Option<String>,
    /// Its place, where it is part of a comparison.
    pub lane: Option<Lane>,
    pub source: RunSource,
    /// Such as `responses`.
    pub endpoint: String,
    /// The host of the base URL, with its port. Neither path nor query: they might hold a key.
    pub host: String,
    /// The body as sent, byte for byte. Equal bodies are stored once.
    pub body: Bytes,
}

/// A run's place in a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub comparison_id: String,
    /// From 0: `effort x repeats + repeat`.
    pub index: u32,
}

/// A comparison at the moment it starts.
#[derive(Debug, Clone, PartialEq)]
pub struct NewComparison {
    /// UUID v7.
    pub id: String,
    pub request_id: String,
    pub request_name: String,
    /// ms since the epoch, UTC.
    pub started_at: i64,
    pub efforts: Vec<String>,
    /// Runs per level.
    pub repeats: u32,
    /// The request as it stands, to restore it.
    pub request: Value,
}

/// Writes a run, or finds it where an earlier try got through. Returns its key.
pub fn begin_run(
    connection: &Connection,
    session: &str,
    run: &NewRun,
    now: i64,
) -> rusqlite::Result<i64> {
    let facts = &run.facts;
    let hash = body_hash(&run.body);
    connection
        .prepare_cached("INSERT INTO body (hash, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![hash, run.body.as_ref()])?;
    connection
        .prepare_cached(
            "INSERT INTO run (id, session_id, request_id, request_name, comparison_id, lane, repeat,
                 model, effort_sent, endpoint, host, sample, body_hash, started_at, status, facts,
                 source)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'running', ?15,
                 ?16)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            facts.id,
            session,
            facts.request_id,
            run.request_name,
            run.lane.as_ref().map(|lane| &lane.comparison_id),
            run.lane.as_ref().map(|lane| lane.index),
            facts.repeat,
            facts.model,
            facts.effort_sent,
            run.endpoint,
            run.host,
            facts.sample.map(word),
            hash,
            facts.started_at.unwrap_or(now),
            json(facts)?,
            word(run.source),
        ])?;
    connection
        .prepare_cached("SELECT key FROM run WHERE id = ?1")?
        .query_row([&facts.id], |row| row.get(0))
}

/// The key of the run called `id`.
pub fn run_key(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT key FROM run WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// Brings a run's row to what `facts` say.
pub fn write_facts(connection: &Connection, key: i64, facts: &RunFacts) -> rusqlite::Result<()> {
    let usage = facts.usage.as_ref();
    let bill = facts.bill.as_ref();
    connection
        .prepare_cached(
            "UPDATE run SET effort_reported = ?2, status = ?3, first_event_ms = ?4,
                 first_output_ms = ?5, total_ms = ?6, input_tokens = ?7, cached_tokens = ?8,
                 cache_write_tokens = ?9, output_tokens = ?10, reasoning_tokens = ?11,
                 web_searches = ?12, file_searches = ?13, cost_nanos = ?14, bill = ?15,
                 price_date = ?16, service_tier = ?17, facts = ?18, sample = ?19
             WHERE key = ?1",
        )?
        .execute(params![
            key,
            facts.effort_reported,
            word(facts.status),
            facts.first_event_ms,
            facts.first_output_ms,
            facts.total_ms,
            usage.map(|usage| integer(usage.input_tokens)),
            usage.map(|usage| integer(usage.cached_tokens)),
            usage.map(|usage| integer(usage.cache_write_tokens)),
            usage.map(|usage| integer(usage.output_tokens)),
            usage.map(|usage| integer(usage.reasoning_tokens)),
            usage.map(|usage| integer(usage.web_searches)),
            usage.map(|usage| integer(usage.file_searches)),
            bill.and_then(|bill| bill.total).map(integer),
            bill.map(json).transpose()?,
            bill.map(|bill| &bill.price_date),
            facts.service_tier,
            json(facts)?,
            facts.sample.map(word),
        ])?;
    Ok(())
}

/// Writes an event. False where another one stands in its place already.
pub fn write_event(
    connection: &Connection,
    key: i64,
    index: u32,
    at_us: u64,
    raw: &str,
) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached(
            "INSERT INTO event (run, idx, at_us, raw) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![key, index, integer(at_us), raw])?;
    if written == 1 {
        return Ok(true);
    }
    // A commit may report failure and have gone through all the same: then the retry meets itself.
    connection
        .prepare_cached("SELECT raw = ?3 FROM event WHERE run = ?1 AND idx = ?2")?
        .query_row(params![key, index, raw], |row| row.get(0))
}

/// Writes an attempt, or what is now known of it.
pub fn write_attempt(connection: &Connection, key: i64, attempt: &Attempt) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO attempt (run, number, started_at, http_status, request_id, facts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            key,
            attempt.number,
            attempt.started_at,
            attempt.http_status,
            attempt.request_id,
            json(attempt)?,
        ])?;
    Ok(())
}

/// Writes the words that a run is found by, in place of those it had.
pub fn write_words(connection: &Connection, key: i64, words: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO run_words (rowid, words) VALUES (?1, ?2)")?
        .execute(params![key, words])?;
    Ok(())
}

/// Writes a comparison, or finds it where an earlier try got through.
pub fn begin_comparison(
    connection: &Connection,
    session: &str,
    comparison: &NewComparison,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO comparison (id, request_id, request_name, started_at, efforts, repeats,
                 request, session_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            comparison.id,
            comparison.request_id,
            comparison.request_name,
            comparison.started_at,
            json(&comparison.efforts)?,
            comparison.repeats,
            json(&comparison.request)?,
            session,
        ])?;
    Ok(())
}

/// Keeps what a comparison came to. False where it is unknown.
pub fn finish_comparison(
    connection: &Connection,
    id: &str,
    summary: &ComparisonSummary,
) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached("UPDATE comparison SET summary = ?2 WHERE id = ?1")?
        .execute(params![id, json(summary)?])?;
    Ok(written == 1)
}

/// The address of a body: its hash, with the algorithm's name.
fn body_hash(bytes: &[u8]) -> String {
    let mut hash = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// The contract's word for a plain enum, such as `completed`.
pub(super) fn word(value: impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Some(word),
        _ => None,
    }
}

fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// SQLite's integers end at 2^63: more tokens or nano-dollars than that stand for the most.
fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_body_is_addressed_by_its_sha_256() {
        assert_eq!(
            super::body_hash(b"abc"),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
