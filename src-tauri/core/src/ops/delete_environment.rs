//! Deletes an environment's file. Its key stays in the keychain until it is forgotten, so that the file can come back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DeleteEnvironmentInput {
    pub path: String,
    /// The stamp it was read with. If the file has changed since, it stays.
    pub stamp: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DeleteEnvironmentOutput {
    /// What `restore_item` puts it back by, as it was, comments and all; None where it was gone already.
    pub handle: Option<String>,
    /// Without an environment, where it was the one in use.
    pub connection: Connection,
}

/// # Errors
/// `FileChanged`, `FileUnwritable`, `BadInput` for a path that is no environment's.
pub async fn run(
    bench: &Workbench,
    input: DeleteEnvironmentInput,
) -> Result<DeleteEnvironmentOutput> {
    let handle = bench
        .workspace
        .delete_environment(&input.path, &input.stamp)?;
    let mut route = bench.route();
    if route.environment.is_some() && bench.live().is_err() {
        // Live goes to another address now, with another key: that is for the user to switch on.
        route.environment = None;
        route.live = false;
        bench.set_route(route);
    }
    Ok(DeleteEnvironmentOutput {
        handle,
        connection: Connection::of(bench),
    })
}
