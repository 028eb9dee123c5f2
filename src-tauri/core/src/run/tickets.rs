//! What is running now, by the ticket of its stream: the handle for Stop.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// The streams that run, each with a token per lane.
#[derive(Debug, Default)]
pub struct Tickets {
    running: Mutex<HashMap<String, Vec<CancellationToken>>>,
}

impl Tickets {
    /// Opens a ticket for `lanes` lanes.
    pub fn open(&self, ticket: &str, lanes: usize) -> Vec<CancellationToken> {
        let tokens: Vec<_> = (0..lanes).map(|_| CancellationToken::new()).collect();
        self.lock().insert(ticket.to_owned(), tokens.clone());
        tokens
    }

    pub fn close(&self, ticket: &str) {
        self.lock().remove(ticket);
    }

    /// Stops one lane, or all. False if nothing of it runs.
    pub fn stop(&self, ticket: &str, lane: Option<u32>) -> bool {
        let running = self.lock();
        let Some(tokens) = running.get(ticket) else {
            return false;
        };
        let chosen: Vec<_> = match lane {
            Some(lane) => tokens.get(lane as usize).into_iter().collect(),
            None => tokens.iter().collect(),
        };
        chosen.iter().for_each(|token| token.cancel());
        !chosen.is_empty()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<CancellationToken>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
