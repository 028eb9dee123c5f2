//! What the stand-in keeps between requests, in memory alone: it is gone when the stand-in stops.

use crate::shelf::Shelf;

#[derive(Debug, Default)]
pub(crate) struct Stores {
    pub responses: Shelf,
}
