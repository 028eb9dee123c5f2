//! What the record says: runs, their events, comparisons, figures and sums. Every read blocks.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{History, fault, fold_events};
use crate::error::Result;
use crate::grade::comparison::ComparisonSummary;
use crate::ops::list_events::EventRow;
use crate::run::facts::{Attempt, Phase, RunFacts, RunSource, RunStatus};

/// Runs per level that count for its figures.
const RECENT: u32 = 20;

/// A run as recorded. Its texts are not stored: they fold from its events.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// Of a run that is still streaming, in this process or another: what is known so far.
    pub facts: RunFacts,
    pub request_name: Option<String>,
    pub comparison_id: Option<String>,
    /// Place in its comparison, from 0: `effort x repeats + repeat`.
    pub lane: Option<u32>,
    pub endpoint: String,
    /// The host that it was sent to.
    pub host: String,
    /// `sha256:` and the hash of the body as sent, in hex.
    pub body_hash: String,
    pub source: RunSource,
    /// Raw events in the record. Fewer than `facts.events` where the disk fell too far behind.
    pub events_kept: u32,
}

/// A raw event as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// From 0.
    pub index: u32,
    /// Microseconds since the send, on the monotonic clock.
    pub at_us: u64,
    /// The event's data, byte for byte.
    pub raw: String,
}

/// A comparison as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredComparison {
    pub id: String,
    pub request_id: String,
    pub request_name: String,
    /// ms since the epoch, UTC.
    pub started_at: i64,
    pub efforts: Vec<String>,
    /// Runs per level.
    pub repeats: u32,
    /// The request as it stood.
    pub request: Value,
    /// None where it did not get to its end.
    pub summary: Option<ComparisonSummary>,
    /// By lane. Lanes that were never sent are absent.
    pub runs: Vec<StoredRun>,
}

/// One completed run, for figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunFigure {
    /// Nano-dollars; None where no price is known.
    pub cost: Option<u64>,
    pub total_ms: Option<f64>,
    /// Reasoning and visible output together.
    pub output_tokens: Option<u64>,
}

/// The latest completed runs of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct EffortRecord {
    /// As sent, or as reported where the body left it to the model's default.
    pub effort: String,
    /// At most 20, newest first.
    pub runs: Vec<RunFigure>,
}

impl History {
    /// The latest run of a request that was sent on its own, outside comparisons. Latest by
    /// insertion: the clock may have jumped.
    ///
    /// # Errors
    /// What the file fails with; so for every read below.
    pub fn last_run(&self, request_id: &str) -> Result<Option<StoredRun>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT key FROM run WHERE request_id = ?1 AND comparison_id IS NULL
                     ORDER BY key DESC LIMIT 1",
                )?
                .query_row([request_id], |row| row.get(0))
                .optional()?
                .map(|key| run_at(connection, key))
                .transpose()
        })
    }

    /// The run called `id`.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn run(&self, id: &str) -> Result<Option<StoredRun>> {
        self.read(|connection| {
            super::rows::run_key(connection, id)?
                .map(|key| run_at(connection, key))
                .transpose()
        })
    }

    /// The body of a run, as sent.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn run_body(&self, id: &str) -> Result<Option<Vec<u8>>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT bytes FROM run JOIN body ON hash = body_hash WHERE run.id = ?1",
                )?
                .query_row([id], |row| row.get(0))
                .optional()
        })
    }

    /// Up to `limit` events of a run, in order, from the index `from` on.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn run_events(&self, id: &str, from: u32, limit: u32) -> Result<Vec<StoredEvent>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT idx, at_us, raw FROM event
                     WHERE run = (SELECT key FROM run WHERE id = ?1) AND idx >= ?2
                     ORDER BY idx LIMIT ?3",
                )?
                .query_map(params![id, from, limit], event)?
                .collect()
        })
    }

    /// One event of a run.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn event(&self, run_id: &str, index: u32) -> Result<Option<StoredEvent>> {
        let events = self.run_events(run_id, index, 1)?;
        Ok(events.into_iter().find(|event| event.index == index))
    }

    /// How many events of a run are recorded.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn event_count(&self, run_id: &str) -> Result<u32> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT count(*) FROM event WHERE run = (SELECT key FROM run WHERE id = ?1)",
                )?
                .query_row([run_id], |row| row.get(0))
        })
    }

    /// The events of a run as rows, runs of deltas folded to one.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn event_rows(&self, run_id: &str) -> Result<Vec<EventRow>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT idx, at_us, raw FROM event
                 WHERE run = (SELECT key FROM run WHERE id = ?1) ORDER BY idx",
            )?;
            let mut failure = None;
            let events = statement.query_map([run_id], event)?.map_while(|event| {
                event
                    .map(|event| (event.index, event.at_us, event.raw))
                    .map_err(|error| failure = Some(error))
                    .ok()
            });
            let rows = fold_events(events);
            failure.map_or(Ok(rows), Err)
        })
    }

    /// The latest comparison of a request, with its runs.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn latest_comparison(&self, request_id: &str) -> Result<Option<StoredComparison>> {
        self.read(|connection| {
            let Some(mut comparison) = connection
                .prepare_cached(
                    "SELECT id, request_id, request_name, started_at, efforts, repeats, request,
                         summary
                     FROM comparison WHERE request_id = ?1 ORDER BY key DESC LIMIT 1",
                )?
                .query_row([request_id], comparison)
                .optional()?
            else {
                return Ok(None);
            };
            let keys: Vec<i64> = connection
                .prepare_cached("SELECT key FROM run WHERE comparison_id = ?1 ORDER BY lane, key")?
                .query_map([&comparison.id], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for key in keys {
                comparison.runs.push(run_at(connection, key)?);
            }
            Ok(Some(comparison))
        })
    }

    /// The last 20 completed runs of each effort of a request, for one model. Samples and live
    /// answers never mix; a run that only goes on with a turn is no run of the request as it stands. Efforts in no particular order; those without runs are absent.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn figures(
        &self,
        request_id: &str,
        model: &str,
        sample: bool,
    ) -> Result<Vec<EffortRecord>> {
        // The index leads from one effort to the next: thousands of runs cost no more than twenty.
        const OF: &str = "FROM run WHERE status = 'completed' AND request_id = ?1 AND model = ?2
                          AND live = ?3 AND facts ->> '$.continues' IS NULL";
        self.read(|connection| {
            let mut next_effort = connection.prepare_cached(&format!(
                "SELECT effort {OF} AND effort > ?4 ORDER BY effort LIMIT 1"
            ))?;
            let mut recent = connection.prepare_cached(&format!(
                "SELECT cost_nanos, total_ms, output_tokens {OF} AND effort = ?4
                 ORDER BY key DESC LIMIT {RECENT}"
            ))?;
            let mut records: Vec<EffortRecord> = Vec::new();
            loop {
                let after = records.last().map_or("", |record| record.effort.as_str());
                let effort: Option<String> = next_effort
                    .query_row(params![request_id, model, !sample, after], |row| row.get(0))
                    .optional()?;
                let Some(effort) = effort else {
                    return Ok(records);
                };
                let runs = recent
                    .query_map(params![request_id, model, !sample, effort], |row| {
                        Ok(RunFigure {
                            cost: count(row, 0)?,
                            total_ms: row.get(1)?,
                            output_tokens: count(row, 2)?,
                        })
                    })?
                    .collect::<rusqlite::Result<_>>()?;
                records.push(EffortRecord { effort, runs });
            }
        })
    }

    /// The ids of the last 20 completed runs of each effort, newest first; else as [`History::figures`].
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn recent_runs(
        &self,
        request_id: &str,
        model: &str,
        sample: bool,
    ) -> Result<Vec<(String, Vec<String>)>> {
        const OF: &str = "FROM run WHERE status = 'completed' AND request_id = ?1 AND model = ?2
                          AND live = ?3";
        self.read(|connection| {
            let mut next_effort = connection.prepare_cached(&format!(
                "SELECT effort {OF} AND effort > ?4 ORDER BY effort LIMIT 1"
            ))?;
            let mut recent = connection.prepare_cached(&format!(
                "SELECT id {OF} AND effort = ?4 ORDER BY key DESC LIMIT {RECENT}"
            ))?;
            let mut efforts: Vec<(String, Vec<String>)> = Vec::new();
            loop {
                let after = efforts.last().map_or("", |(effort, _)| effort.as_str());
                let effort: Option<String> = next_effort
                    .query_row(params![request_id, model, !sample, after], |row| row.get(0))
                    .optional()?;
                let Some(effort) = effort else {
                    return Ok(efforts);
                };
                let ids = recent
                    .query_map(params![request_id, model, !sample, effort], |row| {
                        row.get(0)
                    })?
                    .collect::<rusqlite::Result<_>>()?;
                efforts.push((effort, ids));
            }
        })
    }

    /// The input of the last 20 completed runs of a request with one model, in tokens, newest first. Runs whose usage is
    /// not known are passed over.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn recent_inputs(&self, request_id: &str, model: &str, sample: bool) -> Result<Vec<u64>> {
        self.read(|connection| {
            let mut recent = connection.prepare_cached(&format!(
                "SELECT input_tokens FROM run WHERE status = 'completed' AND request_id = ?1 AND model = ?2
                 AND live = ?3 AND input_tokens IS NOT NULL ORDER BY key DESC LIMIT {RECENT}"
            ))?;
            let found = recent.query_map(params![request_id, model, !sample], |row| {
                Ok(count(row, 0)?.unwrap_or_default())
            })?;
            found.collect()
        })
    }

    /// The newest whole live answer to each of the last `limit` different bodies: its run's id, the body's hash and the
    /// endpoint, newest first.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn live_answers(&self, limit: u32) -> Result<Vec<(String, String, String)>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT id, body_hash, endpoint FROM run WHERE key IN (
                         SELECT max(key) FROM run
                         WHERE status = 'completed' AND live
                         GROUP BY body_hash, endpoint ORDER BY max(key) DESC LIMIT ?1)
                     ORDER BY key DESC",
                )?
                .query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        })
    }

    /// Billed for live runs that were sent within `range` (ms since the epoch, UTC), in nano-dollars.
    /// Samples cost nothing; runs without a price are not in it.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn spent_on(&self, range: Range<i64>) -> Result<u64> {
        self.spent_in(range, None)
    }

    /// As [`History::spent_on`], of the runs that were sent in the environment of this id.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn spent_in(&self, range: Range<i64>, environment: Option<&str>) -> Result<u64> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT sum(cost_nanos) FROM run
                     WHERE started_at >= ?1 AND started_at < ?2
                         AND sample IS NULL AND cost_nanos IS NOT NULL
                         AND (?3 IS NULL OR facts ->> '$.environment.id' = ?3)",
                )?
                .query_row(params![range.start, range.end, environment], |row| {
                    count(row, 0)
                })
                .map(Option::unwrap_or_default)
        })
    }

    /// No run was ever recorded.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn is_empty(&self) -> Result<bool> {
        self.read(|connection| {
            connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM run)", [], |row| {
                row.get(0)
            })
        })
    }

    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        read(&self.reader.lock()).map_err(|error| fault::explain(&error, self.file.as_deref()))
    }
}

/// The run with the row key `key`.
pub(super) fn run_at(connection: &Connection, key: i64) -> rusqlite::Result<StoredRun> {
    let mut run = connection
        .prepare_cached(
            "SELECT run.*, (SELECT count(*) FROM event WHERE event.run = run.key) AS events_kept
             FROM run WHERE key = ?1",
        )?
        .query_row([key], stored_run)?;
    if !run.facts.status.is_over() {
        run.facts.attempts = attempts(connection, key)?;
        run.facts.events = run.events_kept;
    }
    Ok(run)
}

fn stored_run(row: &Row) -> rusqlite::Result<StoredRun> {
    let text: String = row.get("facts")?;
    let mut facts = match facts_from_json(&text) {
        Some(facts) => facts,
        None => facts_from_columns(row)?,
    };
    // The row is the record of these: the JSON of a run that has begun says less.
    facts.started_at = Some(row.get("started_at")?);
    if row.get::<_, String>("status")? == "running" {
        facts.status = RunStatus::Running;
        if facts.phase == Phase::Waiting {
            facts.phase = Phase::Sending;
        }
    }
    Ok(StoredRun {
        facts,
        request_name: row.get("request_name")?,
        comparison_id: row.get("comparison_id")?,
        lane: row.get("lane")?,
        endpoint: row.get("endpoint")?,
        host: row.get("host")?,
        body_hash: row.get("body_hash")?,
        // A source in a newer Rheostat's words is at least a face of it.
        source: from_word(&row.get::<_, String>("origin")?).unwrap_or_default(),
        events_kept: row.get("events_kept")?,
    })
}

/// Reads facts that an older Rheostat wrote too: a field that it did not know has its default.
fn facts_from_json(text: &str) -> Option<RunFacts> {
    let Value::Object(known) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let mut facts = serde_json::to_value(RunFacts::default()).ok()?;
    facts.as_object_mut()?.extend(known);
    serde_json::from_value(facts).ok()
}

/// What the columns say, where a newer Rheostat wrote facts in words that this one does not know.
fn facts_from_columns(row: &Row) -> rusqlite::Result<RunFacts> {
    use crate::openai::usage::Usage;
    let total_ms: Option<f64> = row.get("total_ms")?;
    let usage = match (
        count_of(row, "input_tokens")?,
        count_of(row, "output_tokens")?,
    ) {
        (Some(input_tokens), Some(output_tokens)) => Some(Usage {
            input_tokens,
            output_tokens,
            cached_tokens: count_of(row, "cached_tokens")?.unwrap_or_default(),
            cache_write_tokens: count_of(row, "cache_write_tokens")?.unwrap_or_default(),
            reasoning_tokens: count_of(row, "reasoning_tokens")?.unwrap_or_default(),
            web_searches: count_of(row, "web_searches")?.unwrap_or_default(),
            file_searches: count_of(row, "file_searches")?.unwrap_or_default(),
        }),
        _ => None,
    };
    let bill: Option<String> = row.get("bill")?;
    let sample: Option<String> = row.get("sample")?;
    let status: String = row.get("status")?;
    Ok(RunFacts {
        id: row.get("id")?,
        request_id: row.get("request_id")?,
        repeat: row.get("repeat")?,
        model: row.get("model")?,
        effort_sent: row.get("effort_sent")?,
        effort_reported: row.get("effort_reported")?,
        // A sample of a kind unknown here is a sample all the same.
        sample: sample
            .map(|kind| from_word(&kind).unwrap_or(crate::run::facts::SampleKind::Composed)),
        status: from_word(&status).unwrap_or(RunStatus::Failed),
        phase: Phase::Done,
        started_at: row.get("started_at")?,
        elapsed_ms: total_ms.unwrap_or_default(),
        first_event_ms: row.get("first_event_ms")?,
        first_output_ms: row.get("first_output_ms")?,
        total_ms,
        events: row.get("events_kept")?,
        usage,
        bill: bill.and_then(|bill| serde_json::from_str(&bill).ok()),
        service_tier: row.get("service_tier")?,
        oddities: vec!["Recorded by a newer Rheostat: some of it can't be shown here.".to_owned()],
        ..RunFacts::default()
    })
}

fn attempts(connection: &Connection, key: i64) -> rusqlite::Result<Vec<Attempt>> {
    let texts = connection
        .prepare_cached("SELECT facts FROM attempt WHERE run = ?1 ORDER BY number")?
        .query_map([key], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(texts
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect())
}

fn comparison(row: &Row) -> rusqlite::Result<StoredComparison> {
    let summary: Option<String> = row.get("summary")?;
    Ok(StoredComparison {
        id: row.get("id")?,
        request_id: row.get("request_id")?,
        request_name: row.get("request_name")?,
        started_at: row.get("started_at")?,
        efforts: json(row, "efforts")?,
        repeats: row.get("repeats")?,
        request: json(row, "request")?,
        // A summary in a newer Rheostat's words is made anew from the runs by the caller.
        summary: summary.and_then(|summary| serde_json::from_str(&summary).ok()),
        runs: Vec::new(),
    })
}

fn event(row: &Row) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent {
        index: row.get(0)?,
        at_us: count(row, 1)?.unwrap_or_default(),
        raw: row.get(2)?,
    })
}

fn json<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

/// An integer that is never below 0.
fn count(row: &Row, column: usize) -> rusqlite::Result<Option<u64>> {
    let value: Option<i64> = row.get(column)?;
    Ok(value.map(|value| u64::try_from(value).unwrap_or_default()))
}

fn count_of(row: &Row, column: &str) -> rusqlite::Result<Option<u64>> {
    count(row, row.as_ref().column_index(column)?)
}
