//! One file per thing a face can ask for: its input, its output, and the doing.

pub mod check_schema;
pub mod compare_efforts;
pub mod create_request;
pub mod fix_schema;
pub mod infer_schema;
pub mod last_comparison;
pub mod last_run;
pub mod list_events;
pub mod open_workbench;
pub mod print_schema;
pub mod read_event;
pub mod read_request;
pub mod request_figures;
pub mod save_request;
pub mod send;
pub mod set_connection;
pub mod set_key;
pub mod stop_run;
pub mod validate_output;
