//! The workspace as a face sees it, through the contract: the tree, what folders hand down, the watch, what
//! is kept, and what can go wrong with files.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attachments;
mod bad_files;
mod bench;
mod inheritance;
mod schema_files;
mod tree;
mod versioning;
mod watching;
