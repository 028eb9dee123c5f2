//! Sample replies or live, and in which environment: where requests go from now on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::openai::transport::Target;
use crate::ops::open_workbench::{Connection, ConnectionMode};
use crate::workbench::live::Live;
use crate::workbench::{Chosen, Workbench};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetConnectionInput {
    pub mode: ConnectionMode,
    /// The base URL for Live without an environment, such as `https://api.openai.com/v1`; None keeps the one in use.
    pub live_base_url: Option<String>,
    /// The environment to use, by its id or its name; empty for none, None keeps the one in use.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub environment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetConnectionOutput {
    pub connection: Connection,
}

/// # Errors
/// `BadInput` for a base URL or an environment that can't be used, and for a base URL beside an environment;
/// `FileInvalid`, `FileUnreadable` for an environment's file. The connection stays as it was.
pub async fn run(bench: &Workbench, input: SetConnectionInput) -> Result<SetConnectionOutput> {
    let mut route = bench.route();
    match input.environment.as_deref() {
        None => {}
        Some("") => route.environment = None,
        Some(asked) => {
            let (read, file) = bench.workspace.environment(asked)?;
            let chosen = Chosen {
                id: file.id.clone(),
                name: file.name.clone(),
                path: read.path.clone(),
            };
            Live::in_environment(&read.path, file)?;
            route.environment = Some(chosen);
        }
    }
    if let Some(base_url) = &input.live_base_url {
        if let Some(chosen) = &route.environment {
            return Err(Error::new(
                ErrorCode::BadInput,
                format!("The base URL of {} stands in its file.", chosen.name),
            )
            .place("liveBaseUrl")
            .hint("Change it there, or use no environment."));
        }
        route.live_base_url = Target::base_url(base_url)?;
    }
    route.live = input.mode == ConnectionMode::Live;
    bench.set_route(route);
    if input.mode == ConnectionMode::Live
        && let Ok(live) = bench.live()
    {
        // For its label. What is wrong with the key is told where it is used.
        let _ = bench.keys.find(&live.key_place()).await;
    }
    Ok(SetConnectionOutput {
        connection: Connection::of(bench),
    })
}
