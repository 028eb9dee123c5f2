//! Live with a key that the server refuses: the window says so and what to do.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};

use crate::steps::{self, MIGRATION_REVIEW};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_shows_its_panel() -> Result<()> {
    let server = steps::quick_server().await?;
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;
    steps::go_live(&window, &server.base_url(), "sk-invalid-test-0123456789").await?;
    window.click("run").await?;
    steps::run_stands(&window, "failed").await?;
    window
        .until_attribute("error-panel", "data-code", "key_rejected")
        .await?;
    let panel = window.text("error-panel").await?;
    assert!(
        !panel.contains("sk-invalid-test-0123456789"),
        "the panel does not repeat the key: {panel:?}"
    );
    window.close().await
}
