//! A stand-in that speaks the OpenAI API on loopback, so that everything works without a key, a network or a bill.
//!
//! It shares no types with the engine: a mistake in a shared type would hide on both sides of the wire.
//! What it sends is never a model's work, and every reply says so in its `x-rheostat-sample` header:
//! `written` for an answer that a person wrote beforehand for one of the sample requests, `composed` for
//! anything else.

mod background;
mod batches;
mod chat;
mod check;
mod compose;
mod context;
mod count;
mod create;
mod cut;
mod door;
mod fault;
mod files;
mod headers;
mod images;
mod knowledge;
mod ledger;
mod levels;
mod models;
mod options;
mod page;
mod phrase;
mod query;
mod rate;
mod record;
mod reply;
mod retrieve;
mod routes;
mod script;
mod seed;
mod shape;
mod shelf;
mod socket;
mod stand_in;
mod stores;
mod stream;
mod tokens;
mod turn;
mod usage;
mod written;

pub use options::{Options, SPEED_VARIABLE, Speed, SpeedError};
pub use record::Recorded;
pub use stand_in::{StandIn, StartError, start};
