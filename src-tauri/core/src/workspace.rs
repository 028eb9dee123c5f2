//! The folder of files that the user writes.

pub mod request_file;
