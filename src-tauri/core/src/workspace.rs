//! The folder of files that the user writes.

pub mod export;
pub mod folder;
pub mod import;
pub mod request_file;
pub mod samples;
pub mod schema_file;
pub mod schemas;
pub mod write;
