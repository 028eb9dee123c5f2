//! What a connection remembers: the latest response of each lane, what runs, and what has ended.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::mpsc;

use crate::shelf::{Kept, held};

/// Ends remembered, so that a late word to a response gets the right answer.
const MOST_ENDED: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    latest: HashMap<Option<String>, Arc<Kept>>,
    running: HashMap<String, mpsc::Sender<Value>>,
    /// Ids with the status that they ended with.
    ended: VecDeque<(String, String)>,
}

/// Where a response stands.
#[derive(Debug)]
pub(super) enum Standing {
    /// It runs; what is sent here reaches it.
    Running(mpsc::Sender<Value>),
    Ended(String),
    Unknown,
}

impl Memory {
    /// The items to continue from, where a lane's latest response has this id.
    pub(super) fn context(&self, id: &str) -> Option<Arc<Vec<Value>>> {
        let inner = held(&self.0);
        let found = inner.latest.values().find(|kept| kept.id == id);
        found.map(|kept| kept.context())
    }

    pub(super) fn begin(&self, id: &str, steers: mpsc::Sender<Value>) {
        held(&self.0).running.insert(id.to_owned(), steers);
    }

    pub(super) fn end(&self, lane: &Option<String>, kept: Arc<Kept>, status: &str) {
        let mut inner = held(&self.0);
        inner.running.remove(&kept.id);
        inner.ended.push_back((kept.id.clone(), status.to_owned()));
        while inner.ended.len() > MOST_ENDED {
            inner.ended.pop_front();
        }
        if status != "failed" {
            inner.latest.insert(lane.clone(), kept);
        }
    }

    /// A turn that failed takes what it continued from with it.
    pub(super) fn forget(&self, id: &str) {
        held(&self.0).latest.retain(|_, kept| kept.id != id);
    }

    pub(super) fn standing(&self, id: &str) -> Standing {
        let inner = held(&self.0);
        if let Some(steers) = inner.running.get(id) {
            return Standing::Running(steers.clone());
        }
        let ended = inner.ended.iter().rfind(|(known, _)| known == id);
        match ended {
            Some((_, status)) => Standing::Ended(status.clone()),
            None => Standing::Unknown,
        }
    }
}
