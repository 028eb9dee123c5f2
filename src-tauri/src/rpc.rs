//! The one command of the page: a name of the contract, its input as JSON or what changed of it since the last, and a
//! channel for its items.

use std::sync::{Arc, PoisonError};

use rheostat_core::contract::{self, Sink};
use rheostat_core::error::Error;
use serde_json::Value;
use tauri::State;
use tauri::ipc::{Channel, InvokeResponseBody};

use crate::engine::Engine;
use crate::long_input::After;

#[tauri::command]
pub async fn rpc(
    engine: State<'_, Engine>,
    name: String,
    // As text: what Tauri takes apart itself, it asks the page about value by value.
    input: Option<String>,
    after: Option<After>,
    keep: Option<String>,
    channel: Channel<InvokeResponseBody>,
) -> Result<Value, Error> {
    let input = engine
        .long_inputs
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .whole(&name, input, after.as_ref(), keep)?;
    let input: Value = serde_json::from_str(&input)
        .map_err(|error| Error::internal("What the window asked can't be read", error))?;
    let workbench = Arc::clone(&engine.workbench);
    let sink: Sink = Arc::new(move |item| {
        // A page that has been reloaded no longer listens; its run goes on and stands in the history.
        let _ = channel.send(InvokeResponseBody::Json(item));
    });
    // In a task of its own: a panic fails this command, and the window lives.
    let task = tauri::async_runtime::spawn(async move {
        contract::dispatch(&workbench, &name, input, sink).await
    });
    task.await.unwrap_or_else(|broken| {
        Err(Error::internal(
            "This command broke. It is a fault of Rheostat's own.",
            broken,
        ))
    })
}
