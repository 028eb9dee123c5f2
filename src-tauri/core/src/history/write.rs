//! The one writer: a queue that never makes a stream wait, and a thread that empties it into SQLite.
//!
//! The thread drains what is queued into one transaction, commits, and drains again: a lone event is
//! committed at once, a burst batches by itself, and nothing waits for a clock. Where the disk is
//! slow or full, the queue grows instead of holding up the streams; what can't be written is tried
//! again, in order. Past [`QUEUE_LIMIT`] raw events are given up, counted and said, while runs,
//! attempts and comparisons, which are small, are always kept.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};

use super::rows::{self, NewComparison, NewRun};
use super::session::Session;
use super::{Shared, fault};
use crate::clock::Clock;
use crate::error::{Error, ErrorCode, Result};
use crate::grade::comparison::ComparisonSummary;
use crate::run::facts::{Attempt, RunFacts};

/// Raw events that may wait for the disk, in bytes: hours of a model's pace.
const QUEUE_LIMIT: usize = 256 << 20;

/// Operations per transaction: a few ms of work, so that a flood is committed as it comes.
const BATCH: usize = 1000;

/// How long one try waits for another process's transaction; the next try follows after a pause.
const BUSY_WAIT: Duration = Duration::from_secs(1);

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Hands to the writer what happens. Every method but the flushes returns at once; what it was given
/// is on its way, in order. Failures stand in [`Recorder::problem`]: a run goes on without its record.
#[derive(Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Op>,
    state: Arc<State>,
}

/// What the writer and the recorders share.
#[derive(Default)]
struct State {
    /// Bytes of raw events in the queue.
    waiting: AtomicUsize,
    /// Operations that were handed over and are neither committed nor given up; no flushes.
    under_way: AtomicUsize,
    problems: Mutex<Problems>,
}

#[derive(Default)]
struct Problems {
    /// Ends with the next commit that succeeds.
    passing: Option<Error>,
    /// Something is missing from the record for good.
    lasting: Option<Error>,
    /// Raw events given up for want of room.
    events_lost: u64,
}

type Answer = Box<dyn FnOnce(Result<()>) + Send>;

enum Op {
    BeginRun(Box<NewRun>),
    Attempt(String, Box<Attempt>),
    Event {
        run: String,
        index: u32,
        at: Duration,
        raw: Arc<str>,
    },
    Words(String, String),
    FinishRun(Box<RunFacts>),
    BeginComparison(Box<NewComparison>),
    FinishComparison(String, Box<ComparisonSummary>),
    Flush(Answer),
    Close,
}

impl Recorder {
    /// A run is being sent. Comes before anything else of the run.
    pub fn begin_run(&self, run: NewRun) {
        self.hand(Op::BeginRun(Box::new(run)));
    }

    /// An attempt started or was answered. The last word for a number wins.
    pub fn attempt(&self, run_id: &str, attempt: &Attempt) {
        self.hand(Op::Attempt(run_id.to_owned(), Box::new(attempt.clone())));
    }

    /// A raw event arrived, `at` after the send on the monotonic clock. `index` counts from 0.
    pub fn event(&self, run_id: &str, index: u32, at: Duration, raw: impl Into<Arc<str>>) {
        let raw = raw.into();
        let waiting = self.state.waiting.fetch_add(raw.len(), Ordering::Relaxed);
        if waiting + raw.len() > QUEUE_LIMIT {
            self.state.waiting.fetch_sub(raw.len(), Ordering::Relaxed);
            self.state.event_lost();
            return;
        }
        self.hand(Op::Event {
            run: run_id.to_owned(),
            index,
            at,
            raw,
        });
    }

    /// The words that a run is found by, once it is over: see [`super::words_of`].
    pub fn words(&self, run_id: &str, words: String) {
        self.hand(Op::Words(run_id.to_owned(), words));
    }

    /// A run is over, with all that is known of it; its checks may follow by finishing it again.
    pub fn finish_run(&self, facts: RunFacts) {
        self.hand(Op::FinishRun(Box::new(facts)));
    }

    /// A comparison starts. Comes before its runs.
    pub fn begin_comparison(&self, comparison: NewComparison) {
        self.hand(Op::BeginComparison(Box::new(comparison)));
    }

    /// A comparison is over.
    pub fn finish_comparison(&self, id: &str, summary: ComparisonSummary) {
        self.hand(Op::FinishComparison(id.to_owned(), Box::new(summary)));
    }

    /// Waits until all that was handed over before is committed.
    ///
    /// # Errors
    /// The problem that keeps it from being committed; what is queued stays queued.
    pub async fn flush(&self) -> Result<()> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.on_committed(move |result| {
            let _ = answer.send(result);
        });
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// [`Recorder::flush`] for code that may block its thread.
    ///
    /// # Errors
    /// Those of [`Recorder::flush`].
    pub fn flush_blocking(&self) -> Result<()> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.on_committed(move |result| {
            let _ = answer.send(result);
        });
        answered.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Calls `then` once all that was handed over before is committed, or could not be: at once where nothing is
    /// under way, and else from the writer's thread. It must not block.
    pub fn on_committed(&self, then: impl FnOnce(Result<()>) + Send + 'static) {
        if self.state.under_way.load(Ordering::SeqCst) == 0 {
            return then(self.state.complete());
        }
        self.hand(Op::Flush(Box::new(then)));
    }

    /// Why something could not be written. None while all is well, and again once a passing trouble
    /// is over and nothing was lost to it.
    pub fn problem(&self) -> Option<Error> {
        let problems = self.state.problems();
        problems
            .passing
            .clone()
            .or_else(|| problems.lasting.clone())
    }

    /// Lets the writer end once it has written what is queued. What comes later is refused.
    pub(super) fn close(&self) {
        let _ = self.queue.send(Op::Close);
    }

    fn hand(&self, op: Op) {
        if !matches!(op, Op::Flush(_)) {
            self.state.under_way.fetch_add(1, Ordering::SeqCst);
        }
        if let Err(mpsc::SendError(op)) = self.queue.send(op) {
            match op {
                Op::Flush(answer) => answer(Err(closed())),
                _ => {
                    self.state.lost(closed());
                    self.state.under_way.fetch_sub(1, Ordering::SeqCst);
                }
            }
        }
    }
}

impl State {
    fn problems(&self) -> MutexGuard<'_, Problems> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a flush answers once everything is committed: what the record lacks for good, it still lacks.
    fn complete(&self) -> Result<()> {
        self.problems().lasting.clone().map_or(Ok(()), Err)
    }

    fn lost(&self, error: Error) {
        tracing::error!(%error, "the history lacks something for good");
        self.problems().lasting = Some(error);
    }

    fn event_lost(&self) {
        let mut problems = self.problems();
        problems.events_lost += 1;
        let message = format!(
            "{} raw events are missing from the history: its disk fell too far behind",
            problems.events_lost
        );
        let hint = "The answers themselves are complete. Free the disk, or choose another folder with RHEOSTAT_DATA.";
        problems.lasting = Some(Error::new(ErrorCode::HistoryUnwritable, message).hint(hint));
    }
}

fn closed() -> Error {
    Error::new(
        ErrorCode::HistoryUnwritable,
        "The history was closed while a run was still going on",
    )
    .hint("Start Rheostat again.")
}

/// Starts the writer's thread. It holds `session` until it ends.
pub(super) fn start(
    connection: Shared,
    file: Option<PathBuf>,
    session: Session,
    clock: Arc<dyn Clock>,
) -> Result<(Recorder, JoinHandle<()>)> {
    let (queue, incoming) = mpsc::channel();
    let state = Arc::new(State::default());
    let mut writer = Writer {
        incoming,
        state: state.clone(),
        connection,
        file,
        session,
        clock,
        pending: VecDeque::new(),
        keys: HashMap::new(),
    };
    let thread = std::thread::Builder::new()
        .name("history".to_owned())
        .spawn(move || writer.run())
        .map_err(|error| Error::internal("The history's writer could not be started", error))?;
    Ok((Recorder { queue, state }, thread))
}

/// Why an operation was not written.
enum Refusal {
    Sqlite(rusqlite::Error),
    /// It contradicts what was written before.
    Misused(String),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Refusal {
    fn may_pass(&self) -> bool {
        match self {
            Self::Sqlite(error) => fault::may_pass(error),
            Self::Misused(_) => false,
        }
    }
}

struct Writer {
    incoming: mpsc::Receiver<Op>,
    state: Arc<State>,
    connection: Shared,
    file: Option<PathBuf>,
    session: Session,
    clock: Arc<dyn Clock>,
    /// What arrived and is not committed, oldest first.
    pending: VecDeque<Op>,
    /// Runs that are being written, and their row keys.
    keys: HashMap<String, i64>,
}

impl Writer {
    fn run(&mut self) {
        let _ = self.connection.lock().busy_timeout(BUSY_WAIT);
        let mut pause = None;
        loop {
            let open = self.take(pause);
            let written = self.write();
            pause = match (written, pause) {
                (true, _) => None,
                (false, None) => Some(FIRST_PAUSE),
                (false, Some(last)) => Some((last * 2).min(LONGEST_PAUSE)),
            };
            // Once closed, what the disk refuses now it may never take: the process can't wait.
            if !open && (self.pending.is_empty() || !written) {
                break;
            }
        }
        if !self.pending.is_empty() {
            tracing::error!(
                operations = self.pending.len(),
                "the history was closed before it could be written"
            );
        }
    }

    /// Takes from the queue what is there. Without a `pause` it waits for the first, unless some is
    /// left from before; with one it goes on collecting until the pause is over or somebody waits
    /// for an answer. False once the history is closed.
    fn take(&mut self, pause: Option<Duration>) -> bool {
        let until = pause.map(|pause| Instant::now() + pause);
        loop {
            let next = match until {
                Some(until) => self
                    .incoming
                    .recv_timeout(until.saturating_duration_since(Instant::now())),
                None if self.pending.is_empty() => self
                    .incoming
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                None => self.incoming.try_recv().map_err(|error| match error {
                    TryRecvError::Empty => RecvTimeoutError::Timeout,
                    TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
                }),
            };
            match next {
                Ok(Op::Close) | Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => return true,
                Ok(op) => {
                    let awaited = matches!(op, Op::Flush(_));
                    self.pending.push_back(op);
                    if (awaited && until.is_some()) || self.pending.len() == BATCH {
                        return true;
                    }
                }
            }
        }
    }

    /// Commits what is pending, a batch at a time. False where that failed and must be tried again.
    fn write(&mut self) -> bool {
        while !self.pending.is_empty() {
            let count = self.pending.len().min(BATCH);
            match self.commit(count) {
                Ok(()) => self.settle(count),
                Err(refusal) if refusal.may_pass() => {
                    self.fail(refusal);
                    return false;
                }
                // One operation is at fault: singly, the others get through.
                Err(_) => {
                    for _ in 0..count {
                        match self.commit(1) {
                            Ok(()) => self.settle(1),
                            Err(refusal) if refusal.may_pass() => {
                                self.fail(refusal);
                                return false;
                            }
                            Err(refusal) => {
                                let error = self.explain(refusal);
                                self.state.lost(error);
                                self.settle(1);
                            }
                        }
                    }
                }
            }
        }
        true
    }

    /// Drops the first `count` of what is pending and tells those who wait for it.
    fn settle(&mut self, count: usize) {
        self.state.problems().passing = None;
        for op in self.pending.drain(..count) {
            if let Op::Flush(answer) = op {
                answer(self.state.complete());
                continue;
            }
            if let Op::Event { raw, .. } = op {
                self.state.waiting.fetch_sub(raw.len(), Ordering::Relaxed);
            }
            self.state.under_way.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Keeps what is pending, but for those who wait: they learn why it failed.
    fn fail(&mut self, refusal: Refusal) {
        let error = self.explain(refusal);
        tracing::warn!(%error, "the history could not be written; trying again");
        self.state.problems().passing = Some(error.clone());
        for op in std::mem::take(&mut self.pending) {
            match op {
                Op::Flush(answer) => answer(Err(error.clone())),
                op => self.pending.push_back(op),
            }
        }
    }

    fn explain(&self, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Sqlite(error) => fault::explain(&error, self.file.as_deref()),
            Refusal::Misused(what) => {
                Error::internal("Something was not recorded in the history", what)
            }
        }
    }

    /// Writes the first `count` of what is pending in one transaction.
    fn commit(&mut self, count: usize) -> Result<(), Refusal> {
        let mut connection = self.connection.lock();
        // The end of a run is what was paid for: it must survive a power cut too.
        let ends = self
            .pending
            .iter()
            .take(count)
            .any(|op| matches!(op, Op::FinishRun(_) | Op::FinishComparison(..)));
        connection.pragma_update(None, "synchronous", if ends { "FULL" } else { "NORMAL" })?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = self
            .pending
            .iter()
            .take(count)
            .try_for_each(|op| {
                apply(
                    &transaction,
                    op,
                    &self.session.id,
                    &self.clock,
                    &mut self.keys,
                )
            })
            .and_then(|()| Ok(transaction.commit()?));
        if written.is_err() {
            // Rolled back: the keys of this batch may stand for nothing.
            self.keys.clear();
        }
        written
    }
}

fn apply(
    connection: &Connection,
    op: &Op,
    session: &str,
    clock: &Arc<dyn Clock>,
    keys: &mut HashMap<String, i64>,
) -> Result<(), Refusal> {
    match op {
        Op::BeginRun(run) => {
            let key = rows::begin_run(connection, session, run, clock.now_ms())?;
            keys.insert(run.facts.id.clone(), key);
        }
        Op::Attempt(run, attempt) => {
            rows::write_attempt(connection, key_of(connection, run, keys)?, attempt)?;
        }
        Op::Event {
            run,
            index,
            at,
            raw,
        } => {
            let key = key_of(connection, run, keys)?;
            let at_us = u64::try_from(at.as_micros()).unwrap_or(u64::MAX);
            if !rows::write_event(connection, key, *index, at_us, raw)? {
                return Err(Refusal::Misused(format!(
                    "Run {run} already has another event {index}"
                )));
            }
        }
        Op::Words(run, words) => {
            rows::write_words(connection, key_of(connection, run, keys)?, words)?;
        }
        Op::FinishRun(facts) => {
            let key = key_of(connection, &facts.id, keys)?;
            rows::write_facts(connection, key, facts)?;
            keys.remove(&facts.id);
        }
        Op::BeginComparison(comparison) => {
            rows::begin_comparison(connection, session, comparison)?;
        }
        Op::FinishComparison(id, summary) => {
            if !rows::finish_comparison(connection, id, summary)? {
                return Err(Refusal::Misused(format!("Comparison {id} was never begun")));
            }
        }
        Op::Flush(_) | Op::Close => {}
    }
    Ok(())
}

fn key_of(
    connection: &Connection,
    run: &str,
    keys: &mut HashMap<String, i64>,
) -> Result<i64, Refusal> {
    if let Some(key) = keys.get(run) {
        return Ok(*key);
    }
    let key = rows::run_key(connection, run)?
        .ok_or_else(|| Refusal::Misused(format!("Run {run} was never begun")))?;
    keys.insert(run.to_owned(), key);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::clock::SystemClock;
    use crate::history::History;
    use crate::run::facts::{RunSource, RunStatus};

    fn begun() -> History {
        let history = History::in_memory(Arc::new(SystemClock)).unwrap();
        history.recorder().begin_run(NewRun {
            facts: RunFacts {
                id: "run".to_owned(),
                ..RunFacts::default()
            },
            request_name: None,
            lane: None,
            source: RunSource::Window,
            endpoint: "responses".to_owned(),
            host: "localhost".to_owned(),
            body: Bytes::from_static(b"{}"),
        });
        history.recorder().flush_blocking().unwrap();
        history
    }

    #[test]
    fn a_full_disk_is_said_and_what_waited_is_written_once_there_is_room() {
        let history = begun();
        let recorder = history.recorder();
        let limit = |pages: &str| {
            let connection = history.reader.lock();
            connection
                .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
                .unwrap();
        };
        // SQLite takes a limit below the file's size for the size itself.
        limit("1");
        let raw: Arc<str> = "x".repeat(100_000).into();
        for index in 0..10 {
            recorder.event("run", index, Duration::from_millis(1), raw.clone());
        }
        let error = recorder.flush_blocking().unwrap_err();
        assert_eq!(error.code, ErrorCode::HistoryUnwritable);
        assert!(error.message.contains("full"), "{error}");
        assert_eq!(
            recorder.problem(),
            Some(error),
            "the trouble stays readable"
        );
        assert_eq!(
            history.event_count("run").unwrap(),
            0,
            "all of a batch or none"
        );

        limit("1000000");
        recorder.flush_blocking().unwrap();
        assert_eq!(recorder.problem(), None, "nothing was lost");
        assert_eq!(history.event_count("run").unwrap(), 10);
    }

    #[test]
    fn a_queue_past_its_limit_gives_up_events_and_says_how_many() {
        let history = begun();
        let recorder = history.recorder();
        let raw: Arc<str> = "x".repeat(QUEUE_LIMIT / 8).into();
        let held = history.reader.lock();
        for index in 0..10 {
            recorder.event("run", index, Duration::ZERO, raw.clone());
        }
        recorder.finish_run(RunFacts {
            id: "run".to_owned(),
            status: RunStatus::Completed,
            events: 10,
            ..RunFacts::default()
        });
        drop(held);
        let error = recorder.flush_blocking().unwrap_err();
        assert!(
            error.message.starts_with("2 raw events are missing"),
            "{error}"
        );
        let run = history.run("run").unwrap().unwrap();
        assert_eq!((run.facts.events, run.events_kept), (10, 8));
    }

    #[test]
    fn one_refused_operation_takes_no_other_with_it() {
        let history = begun();
        let recorder = history.recorder();
        let at = Duration::from_millis(3);
        let held = history.reader.lock();
        recorder.event("run", 0, at, "a");
        recorder.event("run", 0, at, "another in its place");
        recorder.event("nobody", 0, at, "b");
        // The retry of a commit that got through meets itself.
        recorder.event("run", 0, at, "a");
        recorder.event("run", 1, at, "c");
        drop(held);
        let error = recorder.flush_blocking().unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal);
        assert_eq!(
            error.detail.as_deref(),
            Some("Run nobody was never begun"),
            "the latest loss is the one that is said"
        );
        let raws: Vec<_> = history
            .run_events("run", 0, 9)
            .unwrap()
            .into_iter()
            .map(|event| event.raw)
            .collect();
        assert_eq!(raws, ["a", "c"]);
    }

    #[test]
    fn what_comes_after_the_closing_is_refused_by_name() {
        let history = begun();
        let recorder = history.recorder().clone();
        drop(history);
        recorder.event("run", 0, Duration::ZERO, "late");
        assert_eq!(
            recorder.problem().unwrap().code,
            ErrorCode::HistoryUnwritable
        );
        assert!(recorder.flush_blocking().is_err());
    }
}
