//! Ids: UUID v7, so that the order of ids is the order of time.

use uuid::Uuid;

/// A new id.
pub fn new() -> String {
    Uuid::now_v7().to_string()
}
