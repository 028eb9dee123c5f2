//! Limits on what may be spent. What a run can cost at worst is reserved before its first byte is sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};

/// The most that may be spent, in nano-dollars; None for no limit. Only what is billed for live answers counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename = "BudgetLimits", rename_all = "camelCase")]
pub struct Limits {
    /// One run.
    pub per_run: Option<u64>,
    /// Since this start of Rheostat.
    pub per_session: Option<u64>,
    /// From midnight to midnight, UTC.
    pub per_day: Option<u64>,
}

impl Limits {
    /// No limit is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The limits of an environment, which hold beside those that hold everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The environment's id.
    pub id: String,
    /// As a refusal calls it.
    pub name: String,
    pub limits: Limits,
}

/// What was spent so far, in nano-dollars, as the history has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    pub session: u64,
    pub day: u64,
}

/// The limits, and what is reserved against them by runs under way.
#[derive(Debug, Default)]
pub struct Budget {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    limits: Limits,
    reserved: u64,
    /// Of that, by the environment's id.
    reserved_in: HashMap<String, u64>,
}

/// What one run may cost, held back until it is dropped.
#[derive(Debug)]
pub struct Hold {
    amount: u64,
    environment: Option<String>,
    state: Arc<Mutex<State>>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        state.reserved -= self.amount;
        if let Some(id) = &self.environment
            && let Some(reserved) = state.reserved_in.get_mut(id)
        {
            *reserved -= self.amount;
        }
    }
}

impl Budget {
    pub fn new(limits: Limits) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                limits,
                ..State::default()
            })),
        }
    }

    pub fn limits(&self) -> Limits {
        lock(&self.state).limits
    }

    pub fn set_limits(&self, limits: Limits) {
        lock(&self.state).limits = limits;
    }

    /// Held back by runs under way, in nano-dollars.
    pub fn reserved(&self) -> u64 {
        lock(&self.state).reserved
    }

    /// Held back by runs under way in an environment, in nano-dollars.
    pub fn reserved_in(&self, environment: &str) -> u64 {
        let state = lock(&self.state);
        state
            .reserved_in
            .get(environment)
            .copied()
            .unwrap_or_default()
    }

    /// Holds back what `runs` may cost at worst, all of them or none; one hold for each. `within` is the allowance of
    /// their environment. `spent` reads what was spent, in all or in the environment of this id, after a run that gave
    /// its hold back has its bill in the history: it is called under the lock, so that no two reservations count the
    /// same room.
    ///
    /// # Errors
    /// `BudgetExceeded`, naming the limit and what is left of it, and where a run has no known price while a limit is
    /// set; what `spent` fails with.
    pub fn reserve(
        &self,
        runs: &[Option<u64>],
        within: Option<&Allowance>,
        spent: impl Fn(Option<&str>) -> Result<Spent>,
    ) -> Result<Vec<Hold>> {
        let mut state = lock(&self.state);
        if !state.limits.is_empty() {
            check(&state.limits, state.reserved, runs, spent(None)?, "")?;
        }
        if let Some(within) = within.filter(|within| !within.limits.is_empty()) {
            let reserved = state
                .reserved_in
                .get(&within.id)
                .copied()
                .unwrap_or_default();
            let whose = format!(" in {}", within.name);
            check(
                &within.limits,
                reserved,
                runs,
                spent(Some(&within.id))?,
                &whose,
            )?;
        }
        let holds = runs
            .iter()
            .map(|run| {
                let amount = run.unwrap_or_default();
                state.reserved += amount;
                if let Some(within) = within {
                    *state.reserved_in.entry(within.id.clone()).or_default() += amount;
                }
                Hold {
                    amount,
                    environment: within.map(|within| within.id.clone()),
                    state: Arc::clone(&self.state),
                }
            })
            .collect();
        Ok(holds)
    }
}

/// `whose` is the environment that the limits are of, such as ` in Staging`.
fn check(
    limits: &Limits,
    reserved: u64,
    runs: &[Option<u64>],
    spent: Spent,
    whose: &str,
) -> Result<()> {
    if runs.iter().any(Option::is_none) {
        return Err(exceeded(
            "The price of this model or tier is not known here, so no spending limit can hold it.",
            "Choose a model with a price, or take the limits away for this.",
        ));
    }
    let most = runs.iter().flatten().max().copied().unwrap_or_default();
    if let Some(limit) = limits.per_run.filter(|limit| most > *limit) {
        return Err(exceeded(
            &format!(
                "One run may cost up to {}, and the limit is {} a run{whose}.",
                dollars(most),
                dollars(limit)
            ),
            "Lower max_output_tokens, or raise the limit.",
        ));
    }
    let wanted: u64 = runs.iter().flatten().sum();
    for (name, limit, spent) in [
        ("this session", limits.per_session, spent.session),
        ("today", limits.per_day, spent.day),
    ] {
        let Some(limit) = limit else { continue };
        let left = limit.saturating_sub(spent).saturating_sub(reserved);
        if wanted > left {
            return Err(exceeded(
                &format!(
                    "This may cost up to {}. Of the {} for {name}{whose}, {} are spent and {} are held for runs under way.",
                    dollars(wanted),
                    dollars(limit),
                    dollars(spent),
                    dollars(reserved)
                ),
                "Run fewer levels or repeats, lower max_output_tokens, or raise the limit.",
            ));
        }
    }
    Ok(())
}

fn exceeded(message: &str, hint: &str) -> Error {
    Error::new(ErrorCode::BudgetExceeded, message)
        .place("budget")
        .hint(hint)
}

/// Such as `$1.25`, and `$0.0004` for dust.
fn dollars(nanos: u64) -> String {
    let cents = nanos / 10_000_000;
    if nanos == 0 || cents > 0 {
        format!("${}.{:02}", cents / 100, cents % 100)
    } else {
        format!("$0.{:06}", nanos / 1_000)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOLLAR: u64 = 1_000_000_000;

    fn day(limit: u64) -> Budget {
        Budget::new(Limits {
            per_day: Some(limit),
            ..Limits::default()
        })
    }

    #[test]
    fn twenty_at_once_cannot_pass_a_limit_that_fits_five() {
        let budget = Arc::new(day(5 * DOLLAR));
        let threads: Vec<_> = (0..20)
            .map(|_| {
                let budget = Arc::clone(&budget);
                std::thread::spawn(move || {
                    budget.reserve(&[Some(DOLLAR)], None, |_| Ok(Spent::default()))
                })
            })
            .collect();
        let held: Vec<_> = threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap().ok())
            .collect();
        assert_eq!((held.len(), budget.reserved()), (5, 5 * DOLLAR));
        drop(held);
        assert_eq!(budget.reserved(), 0);
    }

    #[test]
    fn a_grid_is_held_whole_or_not_at_all() {
        let budget = day(3 * DOLLAR);
        let refused = budget.reserve(&[Some(DOLLAR); 4], None, |_| Ok(Spent::default()));
        let error = refused.unwrap_err();
        assert_eq!(error.code, ErrorCode::BudgetExceeded);
        assert!(
            error.message.contains("$4.00") && error.message.contains("$3.00"),
            "{error}"
        );
        assert_eq!(budget.reserved(), 0);
        let spent = Spent {
            session: 0,
            day: DOLLAR,
        };
        let held = budget
            .reserve(&[Some(DOLLAR); 2], None, |_| Ok(spent))
            .unwrap();
        assert!(budget.reserve(&[Some(1)], None, |_| Ok(spent)).is_err());
        drop(held);
        assert!(budget.reserve(&[Some(1)], None, |_| Ok(spent)).is_ok());
    }

    #[test]
    fn what_has_no_price_passes_only_where_nothing_is_limited() {
        assert!(
            Budget::default()
                .reserve(&[None], None, |_| Ok(Spent::default()))
                .is_ok()
        );
        let error = day(DOLLAR)
            .reserve(&[None], None, |_| Ok(Spent::default()))
            .unwrap_err();
        assert!(error.message.contains("price"), "{error}");
        let per_run = Budget::new(Limits {
            per_run: Some(DOLLAR / 2),
            ..Limits::default()
        });
        let error = per_run
            .reserve(&[Some(DOLLAR)], None, |_| Ok(Spent::default()))
            .unwrap_err();
        assert!(error.message.contains("$0.50 a run"), "{error}");
    }

    #[test]
    fn an_environment_has_an_allowance_of_its_own() {
        let budget = day(10 * DOLLAR);
        let staging = Allowance {
            id: "one".into(),
            name: "Staging".into(),
            limits: Limits {
                per_day: Some(3 * DOLLAR),
                ..Limits::default()
            },
        };
        let spent = |environment: Option<&str>| {
            let day = if environment == Some("one") {
                DOLLAR
            } else {
                6 * DOLLAR
            };
            Ok(Spent { session: 0, day })
        };
        let held = budget
            .reserve(&[Some(DOLLAR)], Some(&staging), spent)
            .unwrap();
        assert_eq!(
            (budget.reserved(), budget.reserved_in("one")),
            (DOLLAR, DOLLAR)
        );
        let error = budget
            .reserve(&[Some(2 * DOLLAR)], Some(&staging), spent)
            .unwrap_err();
        assert!(
            error
                .message
                .contains("$3.00 for today in Staging, $1.00 are spent"),
            "{error}"
        );
        drop(budget.reserve(&[Some(2 * DOLLAR)], None, spent).unwrap());
        let error = budget
            .reserve(&[Some(4 * DOLLAR)], None, spent)
            .unwrap_err();
        assert!(
            error.message.contains("$10.00 for today, $6.00 are spent"),
            "{error}"
        );
        drop(held);
        assert_eq!((budget.reserved(), budget.reserved_in("one")), (0, 0));
    }

    #[test]
    fn amounts_read_as_money() {
        let shown: Vec<_> = [0, 400_000, 10_000_000, 1_255_000_000].map(dollars).into();
        assert_eq!(shown, ["$0.00", "$0.000400", "$0.01", "$1.25"]);
    }
}
