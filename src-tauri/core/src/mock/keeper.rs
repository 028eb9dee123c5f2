//! What the stand-in asks of the history, and tells it: the last real answer to a request, and what passed through.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rheostat_mock::{Forwarded, Keeper, Key, Permit, Recording};
use serde_json::Value;
use url::Url;

use super::{forwarded, recording};
use crate::body;
use crate::error::Result;
use crate::history::History;
use crate::money::budget::Allowance;
use crate::money::prices::PriceBook;
use crate::run::facts::RunEnvironment;
use crate::run::purse::Purse;

/// Bodies that are looked at, newest first. An answer further back is as good as forgotten.
const LOOK_BACK: u32 = 500;

/// The history as the stand-in sees it.
pub struct HistoryKeeper {
    history: Arc<History>,
    prices: &'static PriceBook,
    purse: Arc<Purse>,
    /// By endpoint and body's hash: a key costs a walk through the body.
    keys: Mutex<HashMap<String, Key>>,
    /// What passed through, by its entry in the log.
    passed: Mutex<HashMap<u64, PassedRun>>,
    /// The environment that is recorded from.
    environment: Mutex<Option<Allowance>>,
}

/// An answer that passed through, as it stands in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedRun {
    pub id: String,
    /// Nano-dollars; None where usage or price are not known.
    pub cost: Option<u64>,
}

impl HistoryKeeper {
    pub fn new(history: Arc<History>, prices: &'static PriceBook, purse: Arc<Purse>) -> Self {
        Self {
            history,
            prices,
            purse,
            keys: Mutex::default(),
            passed: Mutex::default(),
            environment: Mutex::default(),
        }
    }

    /// What passes through from now on counts against this environment's limits, too.
    pub fn set_environment(&self, environment: Option<Allowance>) {
        *self
            .environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = environment;
    }

    fn environment(&self) -> Option<Allowance> {
        self.environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The run that an entry of the log became.
    pub fn passed(&self, log_id: u64) -> Option<PassedRun> {
        let passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        passed.get(&log_id).cloned()
    }

    /// When the last real answer to a request came, by its exact key: ms since the epoch, UTC.
    ///
    /// # Errors
    /// What reading the history fails with.
    pub fn last_live_at(&self, exact: &str) -> Result<Option<u64>> {
        let Some(id) = self.last_live_run(exact)? else {
            return Ok(None);
        };
        let run = self.history.run(&id)?;
        let at = run.and_then(|run| run.facts.started_at);
        Ok(at.and_then(|at| u64::try_from(at).ok()))
    }

    /// The run that brought the last real answer to a request, by its exact key.
    ///
    /// # Errors
    /// What reading the history fails with.
    pub fn last_live_run(&self, exact: &str) -> Result<Option<String>> {
        for (id, hash, endpoint) in self.history.live_answers(LOOK_BACK)? {
            if self
                .key(&id, hash, &endpoint)?
                .is_some_and(|key| key.exact == exact)
            {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn find(&self, wanted: &Key, any_effort: bool) -> Result<Option<Recording>> {
        let _ = self.history.recorder().flush_blocking();
        let answered = self.history.live_answers(LOOK_BACK)?;
        let mut other_effort = None;
        for (id, hash, endpoint) in answered {
            let Some(key) = self.key(&id, hash, &endpoint)? else {
                continue;
            };
            if key.exact == wanted.exact {
                return recording::of_run(&self.history, &id);
            }
            if any_effort && other_effort.is_none() && key.any_effort == wanted.any_effort {
                other_effort = Some(id);
            }
        }
        match other_effort {
            Some(id) => recording::of_run(&self.history, &id),
            None => Ok(None),
        }
    }

    fn key(&self, run_id: &str, hash: String, endpoint: &str) -> Result<Option<Key>> {
        let path = format!("/v1/{endpoint}");
        let hash = format!("{path} {hash}");
        let known = self.lock().get(&hash).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(bytes) = self.history.run_body(run_id)? else {
            return Ok(None);
        };
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let key = Key::of("POST", &path, &body);
        self.lock().insert(hash, key.clone());
        Ok(Some(key))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Key>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper for HistoryKeeper {
    fn last_live(&self, key: &Key, any_effort: bool) -> Option<Recording> {
        self.find(key, any_effort).unwrap_or_else(|problem| {
            tracing::warn!(%problem, "the last real answer could not be read");
            None
        })
    }

    fn may_forward(&self, base_url: &str, body: &Value) -> std::result::Result<Permit, String> {
        // What is no request of a model, such as a list of models, costs nothing.
        let (Some(body), Ok(base_url)) = (body.as_object(), Url::parse(base_url)) else {
            return Ok(Box::new(()));
        };
        if body::model(body).is_none() {
            return Ok(Box::new(()));
        }
        match self.purse.reserve(
            &base_url,
            self.environment().as_ref(),
            std::slice::from_ref(body),
            // What comes from elsewhere names no file of the workspace.
            None,
        ) {
            Ok(held) => Ok(Box::new(held)),
            Err(error) => Err(error.message),
        }
    }

    fn forwarded(&self, passed: Forwarded<'_>) {
        let environment = self.environment().map(|allowance| RunEnvironment {
            id: allowance.id,
            name: allowance.name,
        });
        if let Some(facts) = forwarded::keep(&self.history, self.prices, passed, environment) {
            let run = PassedRun {
                cost: facts.bill.as_ref().and_then(|bill| bill.total),
                id: facts.id,
            };
            let mut known = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(passed.log_id, run);
        }
    }
}
