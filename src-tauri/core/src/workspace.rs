//! The folder of files that the user writes.

pub mod environment_file;
pub mod environments;
pub mod folder;
pub mod request_file;
pub mod samples;
pub mod schema_file;
pub mod schemas;
pub mod write;
