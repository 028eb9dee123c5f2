//! What may be spent, what was, and what is held back: the budget over the history's own bills.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};
use url::Url;

use crate::body;
use crate::catalog::models::Catalog;
use crate::clock::{self, Clock};
use crate::error::{Error, Result};
use crate::history::History;
use crate::input_size::{self, PictureRule};
use crate::money::budget::{Allowance, Budget, Hold, Limits, Spent};
use crate::money::forecast;
use crate::money::limits;
use crate::money::prices::{self, PriceBook};
use crate::workspace::folder::Workspace;

/// The purse of an engine. Its reads block: async code calls them through `spawn_blocking`.
pub struct Purse {
    budget: Budget,
    /// Why the limits could not be read: nothing goes out live then.
    problem: Mutex<Option<Error>>,
    history: Arc<History>,
    prices: &'static PriceBook,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    /// ms since the epoch, UTC.
    opened_at: i64,
    data: PathBuf,
}

impl Purse {
    /// Opens the purse over the limits in the data folder. A session begins.
    pub fn open(
        data: PathBuf,
        history: Arc<History>,
        prices: &'static PriceBook,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (limits, problem) = match limits::read(&data) {
            Ok(limits) => (limits, None),
            Err(problem) => (Limits::default(), Some(problem)),
        };
        Self {
            budget: Budget::new(limits),
            problem: Mutex::new(problem),
            history,
            prices,
            catalog,
            opened_at: clock.now_ms(),
            clock,
            data,
        }
    }

    pub fn limits(&self) -> Limits {
        self.budget.limits()
    }

    /// Held back by runs under way, in nano-dollars.
    pub fn reserved(&self) -> u64 {
        self.budget.reserved()
    }

    /// Held back by runs under way in an environment, in nano-dollars.
    pub fn reserved_in(&self, environment: &str) -> u64 {
        self.budget.reserved_in(environment)
    }

    /// Why the limits could not be read.
    pub fn problem(&self) -> Option<Error> {
        self.problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sets the limits, and keeps them.
    ///
    /// # Errors
    /// `FileUnwritable`; the limits are as they were then.
    pub fn set_limits(&self, limits: Limits) -> Result<()> {
        limits::write(&self.data, &limits)?;
        self.budget.set_limits(limits);
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// What was spent on live answers. Blocks until what has ended is in the history.
    ///
    /// # Errors
    /// What reading the history fails with.
    pub fn spent(&self) -> Result<Spent> {
        self.spent_in(None)
    }

    /// As [`Self::spent`], in the environment of this id.
    ///
    /// # Errors
    /// As [`Self::spent`].
    pub fn spent_in(&self, environment: Option<&str>) -> Result<Spent> {
        // What can't be written is told elsewhere; what is there can still be read.
        let _ = self.history.recorder().flush_blocking();
        let today = clock::day_range_utc(self.clock.now_ms());
        Ok(Spent {
            session: self
                .history
                .spent_in(self.opened_at..i64::MAX, environment)?,
            day: self.history.spent_in(today, environment)?,
        })
    }

    /// The most that one run of `body` can cost at `base_url`, in nano-dollars; None where the price is not known. Blocks
    /// where it names pictures of the workspace.
    pub fn worst(
        &self,
        base_url: &Url,
        body: &Map<String, Value>,
        workspace: Option<&Workspace>,
    ) -> Option<u64> {
        let limit = body::model(body)
            .and_then(|model| self.catalog.model(model))
            .map(|model| model.max_output_tokens);
        let today = prices::day_of(self.clock.now_ms());
        let region = self.prices.region(base_url.as_str());
        let rule = PictureRule::of(&self.catalog, body);
        let pictures = input_size::pictures_at_most(workspace, body, &rule);
        forecast::worst(self.prices, body, limit, pictures, today, region)
    }

    /// Holds back what each of `bodies` may cost at worst, all of them or none; within the allowance of their
    /// environment, too. Blocks.
    ///
    /// # Errors
    /// `BudgetExceeded`; why the limits could not be read: who knows no limit may not spend.
    pub fn reserve(
        &self,
        base_url: &Url,
        within: Option<&Allowance>,
        bodies: &[Map<String, Value>],
        workspace: Option<&Workspace>,
    ) -> Result<Vec<Hold>> {
        if let Some(problem) = self.problem() {
            return Err(problem);
        }
        let worst: Vec<_> = bodies
            .iter()
            .map(|body| self.worst(base_url, body, workspace))
            .collect();
        self.budget
            .reserve(&worst, within, |environment| self.spent_in(environment))
    }
}
