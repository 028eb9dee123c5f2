//! Engines with environments in their workspace, and a server for them to call.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::Path;
use std::sync::Arc;

use rheostat_core::error::Error;
use rheostat_core::ops::open_workbench::Connection;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::workbench::{Setup, StandIn};
use serde_json::{Value, json};

use crate::engine::{Engine, request};
use crate::scripted::{Reply, Scripted, frame, stream_head};

/// What `env:STAGING_KEY` is.
pub const KEY: &str = "sk-test-7f3Kq9ZpLm2Xv8Rt";
/// What `env:STAGING_TOKEN` is.
pub const TOKEN: &str = "token-9Zp2Xv8Rt7f3K";
/// The id of the environment that [`staging`] writes.
pub const STAGING: &str = "0199b3c0-0000-7000-8000-0000000000e1";

/// An answer that costs 200 000 nano-dollars: 10 tokens in at $5, 5 out at $30 the million.
pub fn answer() -> Reply {
    let completed = json!({"type": "response.completed", "sequence_number": 0, "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "hello"}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }});
    Reply::whole([stream_head(), frame(&completed)].concat())
}

/// A server that gives [`answer`] to everything.
pub async fn server() -> Scripted {
    Scripted::in_turn(vec![answer()]).await.unwrap()
}

/// An engine with environments in its workspace, and two variables in the environment of its process.
pub async fn engine(files: &[(&str, &str)]) -> Engine {
    engine_with(files, |_| {}).await
}

/// As [`engine`], opened with other settings.
pub async fn engine_with(files: &[(&str, &str)], change: impl FnOnce(&mut Setup)) -> Engine {
    let stand_in = rheostat_mock::start(rheostat_mock::Options::default())
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open_as(folder, StandIn::Own(stand_in), |setup| {
        setup.variable = Arc::new(|name| match name {
            "STAGING_KEY" => Some(KEY.to_owned().into()),
            "STAGING_TOKEN" => Some(TOKEN.to_owned().into()),
            _ => None,
        });
        change(setup);
    })
    .unwrap();
    for (name, text) in files {
        write(&engine, name, text);
    }
    engine
}

/// Writes a file of the workspace.
pub fn write(engine: &Engine, name: &str, text: &str) {
    let path = engine.workbench.workspace.root().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// The file of an environment at a server.
pub fn staging(server: &Scripted, more: &str) -> String {
    format!(
        "id: {STAGING}\nname: Staging\ncolor: amber\nbase_url: {}\nkey: env:STAGING_KEY\n{more}",
        server.base_url()
    )
}

/// Uses an environment.
///
/// # Errors
/// As `set_connection`.
pub async fn choose(engine: &Engine, mode: &str, environment: &str) -> Result<Connection, Error> {
    let input = json!({ "mode": mode, "liveBaseUrl": null, "environment": environment });
    let output = engine.call::<Value>("set_connection", input).await?.0;
    Ok(serde_json::from_value(output["connection"].clone()).unwrap())
}

/// The small request with a cap, its text and its own variables.
pub fn saying(text: &str, variables: Value) -> Value {
    let mut request = serde_json::to_value(request().unwrap()).unwrap();
    request["body"]["input"][0]["content"] = text.into();
    request["body"]["max_output_tokens"] = 1_000.into();
    request["variables"] = variables;
    request
}

/// # Errors
/// As `send`.
pub async fn send(engine: &Engine, request: &Value) -> Result<SendOutput, Error> {
    let input = json!({ "ticket": "t", "request": request });
    engine.call("send", input).await.map(|(output, _)| output)
}

/// The body of a request as it arrived.
pub fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Whether a text stands in any file below a folder.
pub fn stands_in(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path)
                .unwrap()
                .windows(text.len())
                .any(|it| it == text.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}
