//! The window of Rheostat: opens the engine and hands it to a web view.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod engine;
mod long_input;
mod one_window;
mod platform;
mod rpc;
mod window;

use std::process::ExitCode;

/// Show the sample comparison at once, as on a first start.
const COMPARE_SAMPLE: &str = "--compare-sample";

fn main() -> ExitCode {
    platform::prepare();
    // Warnings only: what a run tells belongs into the history, and nothing with a key into a log.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .init();
    let show_sample = std::env::args()
        .skip(1)
        .any(|argument| argument == COMPARE_SAMPLE);
    let mut builder = tauri::Builder::default();
    // The first of all: what comes after it opens things.
    if let Some(one_window) = one_window::plugin() {
        builder = builder.plugin(one_window);
    }
    let built = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_store::Builder::new().build())
        .plugin(tauri_plugin_window_state::Builder::new().build())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(move |app| {
            engine::open(app, show_sample)?;
            window::open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(engine::on_event)).unwrap_or(1)),
        Err(error) => {
            eprintln!("Rheostat could not start: {error}");
            ExitCode::FAILURE
        }
    }
}
