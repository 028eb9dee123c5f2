//! The list of runs: one page after another from the newest on, by what they are and by the words in them.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::read::{StoredRun, run_at};
use super::rows::{run_key, word};
use super::{History, words};
use crate::error::Result;
use crate::run::facts::{RunSource, RunStatus, SampleKind};

/// Which runs. Nothing set: all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Words of the request's name, the model, the prompt and the answer; each has to be there.
    pub text: String,
    /// One of these: as sent, or as reported where the body left it to the model.
    pub efforts: Vec<String>,
    pub statuses: Vec<RunStatus>,
    pub sources: Vec<RunSource>,
    /// One of these, where None is a live answer.
    pub samples: Vec<Option<SampleKind>>,
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Newest first, by the order in which they were sent.
    pub runs: Vec<StoredRun>,
    /// Older ones follow.
    pub more: bool,
}

/// The whole of what a filter leaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub runs: u64,
    /// Billed for the live ones, in nano-dollars. What was served again or made up costs nothing new.
    pub spent: u64,
    /// Live runs that used tokens for which no price is known: they are not in `spent`.
    pub unpriced: u64,
}

/// What another value of tells that a run began or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    latest: Option<i64>,
    /// Runs that are going on.
    pub running: u32,
}

impl History {
    /// How the list stands.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn pulse(&self) -> Result<Pulse> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT (SELECT max(key) FROM run),
                         (SELECT count(*) FROM run WHERE status = 'running')",
                )?
                .query_row([], |row| {
                    Ok(Pulse {
                        latest: row.get(0)?,
                        running: row.get(1)?,
                    })
                })
        })
    }

    /// Up to `limit` runs that were begun before the run called `before`, or the latest.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn page(&self, filter: &Filter, before: Option<&str>, limit: u32) -> Result<Page> {
        let mut condition = Condition::of(filter);
        self.read(|connection| {
            if let Some(before) = before {
                // A run that is not there has nothing before it.
                let key = run_key(connection, before)?.unwrap_or_default();
                condition.add("key < ?", [Value::from(key)]);
            }
            let keys = condition.query(
                connection,
                "SELECT key FROM run",
                &format!("ORDER BY key DESC LIMIT {}", u64::from(limit) + 1),
            )?;
            let more = keys.len() > limit as usize;
            let runs = keys
                .into_iter()
                .take(limit as usize)
                .map(|key| run_at(connection, key))
                .collect::<rusqlite::Result<_>>()?;
            Ok(Page { runs, more })
        })
    }

    /// How many runs there are of a kind, and what they cost.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn totals(&self, filter: &Filter) -> Result<Totals> {
        let condition = Condition::of(filter);
        self.read(|connection| {
            let sql = format!(
                "SELECT count(*), coalesce(sum(cost_nanos) FILTER (WHERE sample IS NULL), 0),
                     count(*) FILTER (WHERE sample IS NULL AND cost_nanos IS NULL
                         AND input_tokens IS NOT NULL)
                 FROM run {}",
                condition.sql()
            );
            connection.prepare_cached(&sql)?.query_row(
                params_from_iter(condition.values.iter()),
                |row| {
                    let count = |column: usize| -> rusqlite::Result<u64> {
                        let value: i64 = row.get(column)?;
                        Ok(u64::try_from(value).unwrap_or_default())
                    };
                    Ok(Totals {
                        runs: count(0)?,
                        spent: count(1)?,
                        unpriced: count(2)?,
                    })
                },
            )
        })
    }

    /// Up to `limit` runs that are over and can't be found by their words yet, newest first, each with its place in the
    /// history; from before the place `before`.
    ///
    /// # Errors
    /// As [`History::last_run`].
    pub fn runs_without_words(&self, before: i64, limit: u32) -> Result<Vec<(i64, String)>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT key, id FROM run
                     WHERE key < ?1 AND status NOT IN ('waiting', 'running')
                         AND NOT EXISTS (SELECT 1 FROM run_words WHERE rowid = key)
                     ORDER BY key DESC LIMIT ?2",
                )?
                .query_map([before, i64::from(limit)], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect()
        })
    }
}

/// What follows WHERE, and its values.
#[derive(Default)]
struct Condition {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Condition {
    fn of(filter: &Filter) -> Self {
        let mut all = Self::default();
        match words::query(&filter.text) {
            Some(query) => all.add(
                "key IN (SELECT rowid FROM run_words WHERE run_words MATCH ?)",
                [Value::from(query)],
            ),
            None if filter.text.trim().is_empty() => {}
            // Signs alone stand in no index.
            None => all.add("0", []),
        }
        all.one_of("effort", filter.efforts.iter().cloned());
        all.one_of("status", filter.statuses.iter().filter_map(word));
        all.one_of("origin", filter.sources.iter().filter_map(word));
        let kinds = filter.samples.iter();
        all.one_of(
            "coalesce(sample, 'live')",
            kinds.map(|kind| kind.and_then(word).unwrap_or_else(|| "live".to_owned())),
        );
        all
    }

    fn add(&mut self, part: &str, values: impl IntoIterator<Item = Value>) {
        self.parts.push(part.to_owned());
        self.values.extend(values);
    }

    fn one_of(&mut self, column: &str, values: impl Iterator<Item = String>) {
        let values: Vec<Value> = values.map(Value::from).collect();
        if !values.is_empty() {
            let marks = vec!["?"; values.len()].join(", ");
            self.add(&format!("{column} IN ({marks})"), values);
        }
    }

    fn sql(&self) -> String {
        if self.parts.is_empty() {
            return String::new();
        }
        format!("WHERE {}", self.parts.join(" AND "))
    }

    fn query(
        &self,
        connection: &Connection,
        select: &str,
        order: &str,
    ) -> rusqlite::Result<Vec<i64>> {
        connection
            .prepare_cached(&format!("{select} {} {order}", self.sql()))?
            .query_map(params_from_iter(self.values.iter()), |row| row.get(0))?
            .collect()
    }
}
