//! One file per thing a face can ask for: its input, its output, and the doing.

pub mod compare_efforts;
pub mod copy_request;
pub mod create_request;
pub mod fix_request;
pub mod last_comparison;
pub mod last_run;
pub mod lint_request;
pub mod list_events;
pub mod list_parameters;
pub mod open_workbench;
pub mod paste_request;
pub mod read_event;
pub mod read_request;
pub mod request_figures;
pub mod save_request;
pub mod send;
pub mod set_connection;
pub mod set_key;
pub mod stop_run;
pub mod translate_request;
