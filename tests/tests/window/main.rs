//! The real window, driven through WebDriver. Runs under `cargo xtask e2e` and `cargo xtask test`.

mod collections;
mod compare_efforts;
mod connection;
mod drops;
mod first_start;
mod history;
mod layers;
mod mock;
mod past_runs;
mod preferences;
mod schema;
mod second_start;
mod secrets;
mod send;
mod steps;
mod variables;
