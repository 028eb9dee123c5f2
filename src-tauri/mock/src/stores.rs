//! What the stand-in keeps between requests, in memory alone: it is gone when the stand-in stops.

use crate::batches::Batches;
use crate::files::Files;
use crate::ledger::Ledger;
use crate::shelf::Shelf;

#[derive(Debug, Default)]
pub(crate) struct Stores {
    pub responses: Shelf,
    pub files: Files,
    pub batches: Batches,
    pub ledger: Ledger,
}
