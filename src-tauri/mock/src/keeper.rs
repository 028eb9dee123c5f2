//! Who keeps real answers beside the files: a program with a history of its own.

use std::fmt;

use crate::key::Key;
use crate::recording::Recording;

/// Called off the async threads; it may read and write files.
pub trait Keeper: Send + Sync {
    /// The newest whole answer of the real API to a request, none where it knows none.
    fn last_live(&self, key: &Key, any_effort: bool) -> Option<Recording>;

    /// An answer of the upstream has passed through, whole or cut.
    fn forwarded(&self, passed: Forwarded<'_>);
}

/// An answer that passed through.
#[derive(Debug, Clone, Copy)]
pub struct Forwarded<'a> {
    /// Its entry in the log.
    pub log_id: u64,
    /// Where it came from, such as `https://api.openai.com/v1`.
    pub base_url: &'a str,
    pub recording: &'a Recording,
}

impl fmt::Debug for dyn Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}
