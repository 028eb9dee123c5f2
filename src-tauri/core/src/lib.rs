//! The engine of Rheostat: no Tauri, no window. `contract` is its border; layers only look down.

pub mod auth;
pub mod body;
pub mod catalog;
pub mod clock;
pub mod contract;
pub mod error;
pub mod grade;
pub mod history;
pub mod ids;
pub mod mock;
pub mod money;
pub mod openai;
pub mod ops;
pub mod paths;
pub mod place;
pub mod run;
pub mod secret_ref;
pub mod variables;
pub mod workbench;
pub mod workspace;
