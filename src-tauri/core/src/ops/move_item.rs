//! Moves a request or a folder into a folder, or to another place in its own.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tree_change;
pub use super::tree_change::TreeChange as MoveItemOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MoveItemInput {
    /// Of a request or a folder, relative to the workspace folder.
    pub path: String,
    /// "" for the top.
    pub to_folder: String,
    /// Its place among all that the folder shows, from 0. It writes the folder's order down. None: by name.
    pub position: Option<u32>,
}

/// # Errors
/// `BadInput` for what is not there or a folder into itself, `NameTaken`, `FileUnwritable`. Nothing is changed then.
pub async fn run(bench: &Workbench, input: MoveItemInput) -> Result<MoveItemOutput> {
    let from = input.path.clone();
    tree_change::carry_out(bench, &from, move |workspace| {
        let position = input.position.map(|at| at as usize);
        workspace.move_item(&input.path, &input.to_folder, position)
    })
    .await
}
