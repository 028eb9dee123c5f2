//! The stand-in beside aimock: how much it serves, how well it keeps time, and what forwarding costs.

mod aimock;
mod cadence;
mod forwarding;
mod ours;
mod reader;
mod throughput;

use std::path::Path;

use reader::Reader;
use rheostat_tests::failure::Result;

/// `aimock` is the folder that aimock is installed in.
pub async fn measure(aimock: &Path) -> Result<()> {
    let reader = Reader::new()?;
    throughput::measure(&reader, aimock).await?;
    cadence::measure(&reader, aimock).await?;
    forwarding::measure(&reader, aimock).await
}
