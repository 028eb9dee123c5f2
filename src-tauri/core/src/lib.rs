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
pub mod lint;
pub mod mock;
pub mod money;
pub mod openai;
pub mod ops;
pub mod own_data;
pub mod paths;
pub mod place;
pub mod request_code;
pub mod run;
pub mod schema;
pub mod secrets_in_text;
pub mod tokens;
pub mod translate;
pub mod variables;
pub mod workbench;
pub mod workspace;
