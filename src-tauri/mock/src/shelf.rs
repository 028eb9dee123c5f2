//! The responses that can be asked for again. The oldest are forgotten first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::options::Speed;
use crate::script::Timed;

/// The API keeps responses for thirty days; a stand-in left running must not grow without end.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 64 << 20;

/// A response with what will come of it: where it stands follows from the clock.
#[derive(Debug)]
pub(crate) struct Kept {
    pub id: String,
    /// All of them where it can be streamed again, else at least those of [`standings`].
    pub events: Vec<Timed>,
    pub since: Instant,
    pub speed: Speed,
    pub background: bool,
    /// Whether it was asked for as a stream, so that the stream can be taken up again.
    pub streamed: bool,
    /// What it answers: the items before it and its own, oldest first.
    pub input: Arc<Vec<Value>>,
    /// Ends the streams that still follow it.
    pub stop: CancellationToken,
    cancelled: Mutex<Option<(Instant, Value)>>,
}

impl Kept {
    pub(crate) fn new(
        id: String,
        events: Vec<Timed>,
        since: Instant,
        speed: Speed,
        input: Arc<Vec<Value>>,
    ) -> Self {
        Kept {
            id,
            events,
            since,
            speed,
            background: false,
            streamed: false,
            input,
            stop: CancellationToken::new(),
            cancelled: Mutex::default(),
        }
    }

    /// The response object as it stands now.
    pub(crate) fn standing(&self) -> Value {
        match &*held(&self.cancelled) {
            Some((_, response)) => response.clone(),
            None => self.standing_at(Instant::now()),
        }
    }

    fn standing_at(&self, moment: Instant) -> Value {
        let told = |timed: &&Timed| timed.event.get("response").is_some();
        let due = |timed: &&Timed| self.since + self.speed.scale(timed.at) <= moment;
        let mut told = self.events.iter().filter(told);
        let first = told.next();
        let latest = told.take_while(due).last().or(first);
        latest.map_or(Value::Null, |timed| timed.event["response"].clone())
    }

    /// Cancels it if it still runs, and says how it stands then.
    pub(crate) fn cancel(&self) -> Value {
        let mut cancelled = held(&self.cancelled);
        if let Some((_, response)) = &*cancelled {
            return response.clone();
        }
        let now = Instant::now();
        let mut response = self.standing_at(now);
        if matches!(response["status"].as_str(), Some("queued" | "in_progress")) {
            response["status"] = json!("cancelled");
            *cancelled = Some((now, response.clone()));
            self.stop.cancel();
        }
        response
    }

    /// The events after number `after`, as far as it came or will come.
    pub(crate) fn events_after(&self, after: Option<u64>) -> Vec<Timed> {
        let end = held(&self.cancelled).as_ref().map(|(moment, _)| *moment);
        self.events
            .iter()
            .filter(|timed| {
                let number = timed.event["sequence_number"].as_u64();
                let in_time = |end| self.since + self.speed.scale(timed.at) <= end;
                number > after && end.is_none_or(in_time)
            })
            .cloned()
            .collect()
    }

    /// What a further turn continues from: the input and what came of it.
    pub(crate) fn context(&self) -> Arc<Vec<Value>> {
        let last = self.events.last().map(|timed| &timed.event["response"]);
        let output = last.and_then(|response| response["output"].as_array());
        match output {
            Some(output) if !output.is_empty() => {
                Arc::new(self.input.iter().chain(output).cloned().collect())
            }
            _ => Arc::clone(&self.input),
        }
    }

    fn bytes(&self) -> usize {
        let events: usize = self.events.iter().map(|t| t.event.to_string().len()).sum();
        let input: usize = self.input.iter().map(|item| item.to_string().len()).sum();
        events + input
    }
}

/// The events that tell how the response stands. The others are most of its size.
pub(crate) fn standings(events: &[Timed]) -> Vec<Timed> {
    let telling = |timed: &&Timed| timed.event.get("response").is_some();
    events.iter().filter(telling).cloned().collect()
}

#[derive(Debug, Default)]
pub(crate) struct Shelf {
    /// Each with its size.
    kept: Mutex<VecDeque<(usize, Arc<Kept>)>>,
}

impl Shelf {
    /// A request that is sent again has the same id; its later run takes the place of the earlier.
    pub(crate) fn put(&self, response: Kept) -> Arc<Kept> {
        let response = Arc::new(response);
        // Weighed before the lock: every other request waits for it.
        let size = response.bytes();
        let mut kept = held(&self.kept);
        kept.retain(|(_, one)| one.id != response.id);
        kept.push_back((size, Arc::clone(&response)));
        let mut bytes: usize = kept.iter().map(|(size, _)| size).sum();
        while kept.len() > MOST || (bytes > MOST_BYTES && kept.len() > 1) {
            bytes -= kept.pop_front().map_or(0, |(size, _)| size);
        }
        response
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Kept>> {
        let kept = held(&self.kept);
        let found = kept.iter().find(|(_, one)| one.id == id);
        found.map(|(_, one)| Arc::clone(one))
    }

    pub(crate) fn remove(&self, id: &str) -> Option<Arc<Kept>> {
        let mut kept = held(&self.kept);
        let at = kept.iter().position(|(_, one)| one.id == id)?;
        kept.remove(at).map(|(_, one)| one)
    }

    /// An item of a kept response, by its own id.
    pub(crate) fn item(&self, id: &str) -> Option<Value> {
        let kept = held(&self.kept);
        let contexts = kept.iter().rev().map(|(_, one)| one.context());
        let named = |item: &Value| item["id"] == id;
        contexts
            .into_iter()
            .find_map(|context| context.iter().find(|item| named(item)).cloned())
    }
}

/// A lock that a panic elsewhere does not take away.
pub(crate) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
