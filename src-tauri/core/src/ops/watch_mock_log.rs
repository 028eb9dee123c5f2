//! Tells of the stand-in's requests as they come in and end, until it is stopped by its ticket.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use ts_rs::TS;

use super::list_mock_log::MockLogRow;
use crate::contract::Emit;
use crate::error::Result;
use crate::workbench::Workbench;

/// News are gathered that long: a burst of requests must not be a burst of messages.
const GATHER: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WatchMockLogInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
}

/// Requests that came in or ended since the last news. A row of a known id takes the old one's place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockNews {
    pub rows: Vec<MockLogRow>,
    /// Some were missed: read the log again.
    pub missed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WatchMockLogOutput {}

/// # Errors
/// `BadInput` where the stand-in in use belongs to another program.
pub async fn run(
    bench: &Workbench,
    input: WatchMockLogInput,
    emit: Emit<MockNews>,
) -> Result<WatchMockLogOutput> {
    let mock = bench.mock()?;
    let mut news = mock.stand_in().subscribe();
    let tokens = bench.tickets.open(&input.ticket, 1);
    let watch = async {
        loop {
            let mut gathered = MockNews {
                rows: Vec::new(),
                missed: false,
            };
            match news.recv().await {
                Ok(entry) => gathered.rows.push(MockLogRow::of(&entry, mock)),
                Err(RecvError::Lagged(_)) => gathered.missed = true,
                Err(RecvError::Closed) => return,
            }
            tokio::time::sleep(GATHER).await;
            while let Ok(entry) = news.try_recv() {
                let row = MockLogRow::of(&Arc::clone(&entry), mock);
                gathered.rows.retain(|known| known.id != row.id);
                gathered.rows.push(row);
            }
            emit.send(&gathered);
        }
    };
    let stopped = async {
        match tokens.first() {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = watch => {}
        () = stopped => {}
    }
    bench.tickets.close(&input.ticket);
    Ok(WatchMockLogOutput {})
}
