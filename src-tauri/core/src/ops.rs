//! One file per thing a face can ask for: its input, its output, and the doing.

pub mod clear_mock_log;
pub mod compare_efforts;
pub mod create_request;
pub mod last_comparison;
pub mod last_run;
pub mod list_events;
pub mod list_mock_log;
pub mod mock_drift;
pub mod mock_state;
pub mod open_workbench;
pub mod pin_mock;
pub mod read_event;
pub mod read_mock_entry;
pub mod read_request;
pub mod remove_recording;
pub mod request_figures;
pub mod restore_recording;
pub mod save_as_mock;
pub mod save_request;
pub mod send;
pub mod set_connection;
pub mod set_key;
pub mod set_mock;
pub mod set_mock_rules;
pub mod stop_run;
pub mod watch_mock_log;
