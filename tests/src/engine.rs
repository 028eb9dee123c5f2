//! The engine over temporary folders, as a face opens it.

use std::sync::{Arc, Mutex, PoisonError};

use rheostat_core::auth::keychain::Keychain;
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
        let mut engine = Self::open_over(new_folder()?, StandIn::At(stand_in.to_owned()))?;
        if let Some(workbench) = Arc::get_mut(&mut engine.workbench) {
            change(workbench);
        }
        Ok(engine)
    }

    /// Opens an engine that is in charge of its stand-in, which answers at once.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub async fn open_own() -> Result<Self, Error> {
        Self::open_own_in(new_folder()?).await
    }

    /// As [`Self::open_own`], over what an earlier engine left in a folder.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub async fn open_own_in(folder: TempDir) -> Result<Self, Error> {
        let stand_in = rheostat_mock::start(rheostat_mock::Options::default())
            .await
            .map_err(|error| Error::internal("The stand-in could not start", error))?;
        Self::open_over(folder, StandIn::Own(stand_in))
    }

    fn open_over(folder: TempDir, stand_in: StandIn) -> Result<Self, Error> {
        Self::open_as(folder, stand_in, |_| {})
    }

    /// Opens an engine over a folder, and changes what it is opened with.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn open_as(
        folder: TempDir,
        stand_in: StandIn,
        change: impl FnOnce(&mut Setup),
    ) -> Result<Self, Error> {
        let mut setup = Setup {
            paths: Paths {
                data: folder.path().join("data"),
                workspace: folder.path().join("workspace"),
            },
            stand_in,
            sample_speed: Some(rheostat_mock::Speed::Instant),
            environment_key: None,
            variable: Arc::new(|_| None),
            keychain: Keychain::none("this test has none"),
            codex_home: None,
            network: Network::default(),
            clock: Arc::new(SystemClock),
            show_sample: false,
        };
        change(&mut setup);
        Ok(Self {
            workbench: Arc::new(Workbench::open(setup)?),
            folder,
        })
    }

    /// Closes the engine, and hands over the folder that it lived in.
    #[must_use]
    pub fn close(self) -> TempDir {
        self.workbench.close();
        self.folder
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

fn new_folder() -> Result<TempDir, Error> {
    tempfile::tempdir().map_err(|error| Error::internal("no folder", error))
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
