//! Who keeps real answers beside the files: a program with a history of its own.

use std::any::Any;
use std::fmt;

use serde_json::Value;

use crate::key::Key;
use crate::recording::Recording;

/// Held while a request is under way.
pub type Permit = Box<dyn Any + Send + Sync>;

/// Called off the async threads; it may read and write files.
pub trait Keeper: Send + Sync {
    /// The newest whole answer of the real API to a request, none where it knows none.
    fn last_live(&self, key: &Key, any_effort: bool) -> Option<Recording>;

    /// Whether a request may go to the upstream, where it may cost money. What is handed out is kept until the answer is
    /// over; a refusal is a sentence for the client.
    fn may_forward(&self, base_url: &str, body: &Value) -> Result<Permit, String>;

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
