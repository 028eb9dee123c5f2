//! Many streams at once: a task per lane, a pure fold, one patch per frame.

pub mod bill;
pub mod engine;
pub mod facts;
pub mod fold;
pub mod lane;
pub mod patch;
pub mod purse;
pub mod replay;
pub mod tickets;
pub mod turn;
