//! An engine over a temporary workspace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rheostat_core::auth::keychain::Keychain;
use rheostat_core::clock::SystemClock;
use rheostat_core::contract::{self, Sink};
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::openai::network::Network;
use rheostat_core::paths::Paths;
use rheostat_core::workbench::{Setup, StandIn, Workbench};
use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Bench {
    pub workbench: Arc<Workbench>,
    pub folder: TempDir,
}

impl Bench {
    /// Over a workspace of these files, each a path and its text.
    pub fn over(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("workspace");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(root.join("rheostat.yaml"), "name: Test\n").unwrap();
        for (path, text) in files {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        Self::open(folder)
    }

    pub fn open(folder: TempDir) -> Self {
        let workbench = Workbench::open(Setup {
            paths: Paths {
                data: folder.path().join("data"),
                workspace: folder.path().join("workspace"),
            },
            stand_in: StandIn::At("http://127.0.0.1:9/v1".to_owned()),
            sample_speed: None,
            environment_key: None,
            keychain: Keychain::none("this test has none"),
            codex_home: None,
            variable: Arc::new(|_| None),
            network: Network::default(),
            clock: Arc::new(SystemClock),
            show_sample: false,
        })
        .unwrap();
        Self {
            workbench: Arc::new(workbench),
            folder,
        }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    pub async fn try_call(&self, name: &str, input: Value) -> Result<Value, Error> {
        let sink: Sink = Arc::new(|_| {});
        contract::dispatch(&self.workbench, name, input, sink).await
    }

    pub async fn call(&self, name: &str, input: Value) -> Value {
        self.try_call(name, input).await.unwrap()
    }

    pub async fn refused(&self, name: &str, input: Value) -> ErrorCode {
        self.try_call(name, input).await.unwrap_err().code
    }

    /// The tree as the sidebar shows it: paths, folders with a slash at the end.
    pub async fn tree(&self) -> Vec<String> {
        let listed = self.call("list_requests", json!({})).await;
        let paths = |list: &str, ending: &str| -> Vec<String> {
            listed[list]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| format!("{}{ending}", it["path"].as_str().unwrap()))
                .filter(|path| path != "/")
                .collect()
        };
        [paths("folders", "/"), paths("requests", "")].concat()
    }

    pub fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }
}

/// A request file of this id and name.
pub fn request(id: &str, name: &str) -> String {
    format!("id: {id}\nname: {name}\nbody:\n  model: gpt-5.5\n  input: Say {name}\n")
}

/// Everything below a folder that is a file, with its text, hidden files too.
pub fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    fn below(folder: &Path, root: &Path, out: &mut Vec<(String, Vec<u8>)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, root, out);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                out.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    below(root, root, &mut out);
    out.sort();
    out
}
