//! Models and parameters as tables. No model id stands anywhere else.

pub mod endpoint;
pub mod models;
pub mod parameters;
