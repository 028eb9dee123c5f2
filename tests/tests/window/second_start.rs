//! A second start: on the same home it ends and leaves the first window alone, on another it opens one of its own.

use std::process::Stdio;
use std::time::{Duration, Instant};

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};

use crate::steps;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_second_start_is_the_first_window() -> Result<()> {
    let home = steps::used_home().await?;
    let opening = Opening::of_application(&home)?;
    let window = Window::open(&opening).await?;
    window.element("run").await?;

    let start = |opening: &Opening| {
        opening
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    };
    let mut second = start(&opening)?;
    let patience = Instant::now() + PATIENCE;
    let ended = loop {
        if let Some(status) = second.try_wait()? {
            break Some(status);
        }
        if Instant::now() > patience {
            break None;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    if ended.is_none() {
        second.kill()?;
        second.wait()?;
    }
    assert!(
        ended.is_some_and(|status| status.success()),
        "the second start ended well: {ended:?}"
    );
    steps::open_request(&window, steps::MIGRATION_REVIEW).await?;

    let elsewhere = Home::new()?;
    let mut other = start(&Opening::of_application(&elsewhere)?)?;
    let patience = Instant::now() + PATIENCE;
    let history = elsewhere.data().join("history.sqlite");
    while !history.exists() && other.try_wait()?.is_none() && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let runs = other.try_wait()?.is_none();
    other.kill()?;
    other.wait()?;
    assert!(
        runs && history.exists(),
        "a start on another home opened a window of its own"
    );
    window.close().await
}
