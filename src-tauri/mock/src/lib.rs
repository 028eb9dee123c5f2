//! A stand-in that speaks the OpenAI API on loopback, so that everything works without a key, a network or a bill.
//!
//! It knows nothing of the engine, and the two share no type of the wire: a mistake in one would hide on both
//! sides. The engine steers it from above, by rules, ladder and recordings.
//! What it sends is never a model's work, and every reply says so in its `x-rheostat-sample` header:
//! `written` for an answer that a person wrote beforehand for one of the sample requests, `composed` for
//! anything else. A recorded answer of the real API says so in `x-rheostat-replay` instead, and every answer
//! names the rung of the ladder that it came from in `x-rheostat-rung`.

mod asked;
mod background;
mod batches;
mod bend;
mod chat;
mod check;
mod choose;
mod compose;
mod context;
mod controls;
mod convert;
mod count;
mod create;
mod cut;
mod door;
mod drift;
mod failing;
mod fault;
mod fault_kind;
mod files;
mod foresee;
mod frames;
mod headers;
mod images;
mod keeper;
mod key;
mod knowledge;
mod ladder;
mod ledger;
mod levels;
mod log;
mod mask;
mod models;
mod options;
mod page;
mod phrase;
mod query;
mod rate;
mod record;
mod recorder;
mod recording;
mod recordings;
mod replay;
mod reply;
mod retrieve;
mod routes;
mod rule;
mod rules;
mod schedule;
mod script;
mod seed;
mod shape;
mod shelf;
mod socket;
mod stand_in;
mod stores;
mod stream;
mod tee;
mod tokens;
mod turn;
mod upstream;
mod usage;
mod written;

pub use controls::{RecordingsState, StandInState};
pub use drift::{Difference, Shape, drift, shape};
pub use fault_kind::{FaultKind, RateCode, StreamCode};
pub use foresee::Foreseen;
pub use keeper::{Forwarded, Keeper, Permit};
pub use key::Key;
pub use ladder::{Ladder, Pinned, Rung};
pub use log::{LogEntry, Outcome};
pub use options::{Options, Profile, SPEED_VARIABLE, Speed, SpeedError};
pub use record::Recorded;
pub use recording::{
    ENDING, FORMAT, Head, KEPT_HEADERS, Recording, RecordingError, Requested, Responded, Source,
};
pub use recordings::{AtEnd, Listed, Recordings};
pub use rule::{Action, Match, Rule, RuleError};
pub use rules::RuleState;
pub use stand_in::{Settings, StandIn, StartError, start, start_with};
pub use upstream::{Secret, Upstream, UpstreamError, UpstreamKey, UpstreamState};
