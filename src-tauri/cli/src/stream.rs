//! Streams a verb of the contract with progress, and stops it on Ctrl-C.

use std::sync::Arc;

use rheostat_core::contract::{self, Sink};
use rheostat_core::error::Error;
use rheostat_core::run::patch::RunPatch;
use rheostat_core::workbench::Workbench;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::progress::Progress;

/// The handle of the one stream of this process.
pub const TICKET: &str = "terminal";

/// Runs the stream `name` and shows its progress. The first Ctrl-C stops it and keeps what came; the
/// second ends the process.
///
/// # Errors
/// What the verb fails with.
pub async fn stream<Output: DeserializeOwned>(
    workbench: &Workbench,
    name: &str,
    input: &impl Serialize,
) -> Result<Output, Error> {
    let input = serde_json::to_value(input)
        .map_err(|error| Error::internal("The input could not be written", error))?;
    let progress = Arc::new(Progress::new());
    let sink: Sink = Arc::new(move |item| {
        if let Ok(patch) = serde_json::from_str::<RunPatch>(&item) {
            progress.apply(patch);
        }
    });
    let work = contract::dispatch(workbench, name, input, sink);
    let mut work = std::pin::pin!(work);
    let mut interrupts = 0;
    let output: Value = loop {
        tokio::select! {
            output = &mut work => break output?,
            signal = tokio::signal::ctrl_c() => {
                interrupts += 1;
                if signal.is_err() || interrupts > 1 {
                    workbench.close();
                    std::process::exit(130);
                }
                workbench.tickets.stop(TICKET, None);
            }
        }
    };
    workbench.close();
    serde_json::from_value(output)
        .map_err(|error| Error::internal("The output could not be read", error))
}
