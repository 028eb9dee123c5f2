//! The figures of `cargo xtask bench`: stream rate, the stand-in, frame time, start-up and memory, each
//! beside a peer; counting tokens beside another counter; and keys in a long prompt and in a large schema beside an
//! idle frame.

mod first_paint;
mod keys;
mod prompt_keys;
mod schema_keys;
mod source;
mod stand_in;
mod stream_rate;
mod table;
mod token_count;
mod window_cost;
mod workspace_opening;

use std::path::PathBuf;
use std::process::ExitCode;

use rheostat_tests::failure::{Failure, Result};

#[tokio::main]
async fn main() -> ExitCode {
    match bench().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// The first two words name the folders in which OpenAI's Node SDK and the other peers are installed; the
/// others the parts to measure.
async fn bench() -> Result<()> {
    let mut words = std::env::args_os().skip(1);
    let (Some(node_sdk), Some(peers)) = (words.next(), words.next()) else {
        return Err(Failure::new("Start this with `cargo xtask bench`."));
    };
    let (node_sdk, peers) = (PathBuf::from(node_sdk), PathBuf::from(peers));
    for part in words {
        match part.to_str() {
            Some("stream") => stream_rate::measure(&node_sdk).await?,
            Some("stand-in") => stand_in::measure(&peers).await?,
            Some("tokens") => token_count::measure(&peers)?,
            Some("window") => window_cost::measure().await?,
            Some("workspace") => workspace_opening::measure().await?,
            Some("prompt") => prompt_keys::measure().await?,
            Some("schema") => schema_keys::measure().await?,
            _ => return Err(Failure::new(format!("There is no part called {part:?}."))),
        }
    }
    Ok(())
}
