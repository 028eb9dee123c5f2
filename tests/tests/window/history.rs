//! A data folder that can't be written: the window opens, works, and says that nothing is kept.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};

use crate::steps;

#[tokio::test(flavor = "multi_thread")]
async fn an_unwritable_data_folder_is_said_and_stops_nothing() -> Result<()> {
    let home = Home::new()?;
    // A folder below a file can't be made, not even by an administrator, whom a mode would not stop.
    let file = home.folder().join("not-a-folder");
    std::fs::write(&file, "")?;
    let mut opening = Opening::of_application(&home)?;
    opening.set("RHEOSTAT_DATA", &file.join("data").to_string_lossy());
    let window = Window::open(&opening).await?;

    let banner = window.text("history-banner").await?;
    assert!(
        banner.contains("memory"),
        "the banner says what happens to runs: {banner:?}"
    );
    steps::comparison_ends(&window).await?;
    window.close().await
}
