//! The wire: bodies out, bytes in, events and faults.

pub mod cap;
pub mod cooldown;
pub mod event;
pub mod fault;
pub mod network;
pub mod retry;
pub mod sse;
pub mod timeouts;
pub mod transport;
pub mod usage;
