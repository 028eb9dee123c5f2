//! The figures of `cargo xtask bench`: stream rate, frame time, start-up and memory, each beside a peer.

mod first_paint;
mod source;
mod stream_rate;
mod table;
mod window_cost;

use std::path::PathBuf;
use std::process::ExitCode;

use rheostat_tests::failure::Result;

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

/// The first word names the folder in which OpenAI's Node SDK is installed, if it is.
async fn bench() -> Result<()> {
    let node_sdk = std::env::args_os().nth(1).map(PathBuf::from);
    stream_rate::measure(node_sdk.as_deref()).await?;
    if cfg!(target_os = "linux") {
        window_cost::measure().await
    } else {
        println!("\nThe window is measured on Linux only: nothing else drives it.");
        Ok(())
    }
}
