//! History: a run that was made in Build is listed, opens, and gives its request back.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};

use crate::steps::{self, ALT, CONTROL, MIGRATION_REVIEW};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_listed_opened_and_its_request_restored() -> Result<()> {
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;
    window.session().press(&[ALT, "3"]).await?;
    window
        .until_attribute("effort-medium", "aria-checked", "true")
        .await?;
    window.click("run").await?;
    steps::run_stands(&window, "completed").await?;
    // What stands there now is no longer what was sent.
    window.session().press(&[ALT, "2"]).await?;
    window
        .until_attribute("effort-low", "aria-checked", "true")
        .await?;

    window.session().press(&[CONTROL, "6"]).await?;
    let row = window
        .until(
            "the run to stand on top",
            "const row = document.querySelector('[data-testid=history-row]');
             return row !== null && row.innerText.includes('Completed') ? row.innerText : null",
        )
        .await?;
    let row = row.as_str().unwrap_or_default();
    assert!(
        row.contains("Medium") && row.contains("Sample reply"),
        "its level and its origin stand in the row: {row:?}"
    );
    window.click("history-row").await?;
    window
        .until(
            "the run to be open with its answer",
            "return document.querySelector('[data-testid=history-run] [data-testid=output]')?.textContent.trim().length > 100",
        )
        .await?;
    window.click("restore-run").await?;
    window
        .until_attribute("effort-medium", "aria-checked", "true")
        .await?;
    window.close().await
}
