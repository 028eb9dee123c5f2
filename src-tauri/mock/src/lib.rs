//! A stand-in that speaks the OpenAI API on loopback, so that everything works without a key, a network or a bill.
//!
//! It shares no types with the engine: a mistake in a shared type would hide on both sides of the wire.
//! What it sends is never a model's work, and every reply says so in its `x-rheostat-sample` header:
//! `written` for an answer that a person wrote beforehand for one of the sample requests, `composed` for
//! anything else.

mod check;
mod compose;
mod convert;
mod create;
mod cut;
mod door;
mod drift;
mod fault;
mod frames;
mod headers;
mod key;
mod knowledge;
mod levels;
mod mask;
mod models;
mod options;
mod phrase;
mod rate;
mod record;
mod recording;
mod recordings;
mod reply;
mod routes;
mod schedule;
mod script;
mod seed;
mod shape;
mod stand_in;
mod stream;
mod tokens;
mod written;

pub use drift::{Difference, Shape, drift, shape};
pub use key::Key;
pub use options::{Options, Profile, SPEED_VARIABLE, Speed, SpeedError};
pub use record::Recorded;
pub use recording::{
    ENDING, FORMAT, Head, KEPT_HEADERS, Recording, RecordingError, Requested, Responded, Source,
};
pub use recordings::{AtEnd, Listed, Recordings};
pub use stand_in::{StandIn, StartError, start};
