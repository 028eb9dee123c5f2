//! What a run cost, by what its response said.

use crate::money::bill::{self, Bill};
use crate::money::prices::{PriceBook, Region, day_of};
use crate::run::facts::RunFacts;

/// The bill of a run that was sent on the day of `sent_at` (ms since the epoch, UTC); None without usage. A recorded
/// reply is billed as of the day of its recording: that is what it cost.
pub fn of_run(book: &PriceBook, facts: &RunFacts, sent_at: i64, region: Region) -> Option<Bill> {
    let at = facts
        .replayed
        .map_or(sent_at, |replayed| replayed.recorded_at);
    let usage = facts.usage.as_ref()?;
    let model = facts.model_reported.as_deref().unwrap_or(&facts.model);
    let tier = facts.service_tier.as_deref();
    Some(bill::bill(book, model, tier, usage, day_of(at), region))
}
