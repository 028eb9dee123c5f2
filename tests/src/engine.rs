//! The engine over temporary folders, as a face opens it.

use std::sync::{Arc, Mutex, PoisonError};

use rheostat_core::clock::SystemClock;
use rheostat_core::contract::{self, Sink};
use rheostat_core::error::Error;
use rheostat_core::openai::network::Network;
use rheostat_core::paths::Paths;
use rheostat_core::run::patch::RunPatch;
use rheostat_core::workbench::{Setup, StandIn, Workbench};
use rheostat_core::workspace::request_file::RequestFile;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

/// An opened engine and the folder it lives in.
pub struct Engine {
    pub workbench: Arc<Workbench>,
    pub folder: TempDir,
}

impl Engine {
    /// Opens an engine whose stand-in is at `stand_in`.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn open(stand_in: &str) -> Result<Self, Error> {
        Self::open_with(stand_in, |_| {})
    }

    /// Opens an engine, and changes its settings before anything uses them.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn open_with(stand_in: &str, change: impl FnOnce(&mut Workbench)) -> Result<Self, Error> {
        let folder = tempfile::tempdir().map_err(|error| Error::internal("no folder", error))?;
        let mut workbench = Workbench::open(Setup {
            paths: Paths {
                data: folder.path().join("data"),
                workspace: folder.path().join("workspace"),
            },
            stand_in: StandIn::At(stand_in.to_owned()),
            sample_speed: None,
            environment_key: None,
            network: Network::default(),
            clock: Arc::new(SystemClock),
            show_sample: false,
        })?;
        change(&mut workbench);
        Ok(Self {
            workbench: Arc::new(workbench),
            folder,
        })
    }

    /// Calls a verb by its name, as a face does, and collects what it streams.
    ///
    /// # Errors
    /// What the verb fails with.
    pub async fn call<Output: DeserializeOwned>(
        &self,
        name: &str,
        input: impl Serialize,
    ) -> Result<(Output, Vec<RunPatch>), Error> {
        let items = Arc::new(Mutex::new(Vec::new()));
        let sink: Sink = Arc::new({
            let items = Arc::clone(&items);
            move |item| {
                items
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(item);
            }
        });
        let input = serde_json::to_value(input)
            .map_err(|error| Error::internal("The input can't be written", error))?;
        let output = contract::dispatch(&self.workbench, name, input, sink).await?;
        let output = serde_json::from_value(output)
            .map_err(|error| Error::internal("The output can't be read", error))?;
        let items = items.lock().unwrap_or_else(PoisonError::into_inner);
        let patches = items
            .iter()
            .filter_map(|item| serde_json::from_str(item).ok())
            .collect();
        Ok((output, patches))
    }
}

/// A small request at effort `low`, with a check.
///
/// # Errors
/// `Internal`, if its own text is broken.
pub fn request() -> Result<RequestFile, Error> {
    serde_json::from_value(request_json())
        .map_err(|error| Error::internal("The request can't be read", error))
}

fn request_json() -> Value {
    json!({
        "id": "0199b3c0-0000-7000-8000-00000000e571",
        "name": "A small request",
        "endpoint": "responses",
        "body": {
            "model": "gpt-5.5",
            "reasoning": { "effort": "low" },
            "input": [{ "role": "user", "content": "Say hello" }]
        },
        "checks": [{ "name": "Greets", "contains": "hello" }]
    })
}
