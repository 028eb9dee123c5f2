//! The folder of files that the user writes.

pub mod attached;
pub mod defaults;
pub mod differences;
pub mod document;
pub mod environment_file;
pub mod environments;
pub mod export;
pub mod folder;
pub mod git;
pub mod import;
pub mod index;
pub mod kept;
pub mod listing;
pub mod names;
pub mod relocate;
pub mod request_file;
pub mod samples;
pub mod schema_file;
pub mod schemas;
pub mod search;
pub mod splice;
pub mod trash;
pub mod tree;
pub mod versions;
pub mod watch;
pub mod write;
