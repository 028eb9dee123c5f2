//! What a change of the tree answers: where the item is now, what moved with it, and what the list shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::folder::Workspace;
use crate::workspace::listing::TreeNews;
use crate::workspace::names;

/// A request that has another path or another text by a change of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MovedRequest {
    pub from: String,
    pub to: String,
    /// What its file is now: an open request goes on with it.
    pub stamp: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TreeChange {
    /// Where the item is now.
    pub path: String,
    pub moved: Vec<MovedRequest>,
    pub news: TreeNews,
}

/// Runs a change that takes the item at `from` to the path it returns.
///
/// # Errors
/// What `change` fails with.
pub(crate) async fn carry_out(
    bench: &Workbench,
    from: &str,
    change: impl FnOnce(&Workspace) -> Result<String> + Send + 'static,
) -> Result<TreeChange> {
    let from = from.to_owned();
    bench
        .with_workspace(move |workspace| {
            let (path, news) = workspace.changing(change)?;
            let below = format!("{path}/");
            let listed = workspace.known_listing().requests.into_iter();
            let moved = listed
                .filter(|summary| summary.path == path || summary.path.starts_with(&below))
                .map(|summary| MovedRequest {
                    from: match summary.path.strip_prefix(&below) {
                        Some(rest) => names::join(&from, rest),
                        None => from.clone(),
                    },
                    to: summary.path,
                    stamp: summary.stamp,
                })
                .collect();
            Ok(TreeChange { path, moved, news })
        })
        .await
}

/// Runs a change that makes something new, so that nothing has moved.
///
/// # Errors
/// What `change` fails with.
pub(crate) async fn make(
    bench: &Workbench,
    change: impl FnOnce(&Workspace) -> Result<String> + Send + 'static,
) -> Result<TreeChange> {
    bench
        .with_workspace(move |workspace| {
            let (path, news) = workspace.changing(change)?;
            Ok(TreeChange {
                path,
                moved: Vec::new(),
                news,
            })
        })
        .await
}
