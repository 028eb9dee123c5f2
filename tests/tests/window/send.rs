//! Build: a request runs at the level that a key chose, stopping keeps what has come, and keys copy it as code.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};

use crate::steps::{self, ALT, CONTROL, MIGRATION_REVIEW};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_runs_at_the_level_chosen_by_key() -> Result<()> {
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;

    window.session().press(&[ALT, "2"]).await?;
    window
        .until_attribute("effort-low", "aria-checked", "true")
        .await?;
    window.click("run").await?;
    steps::run_stands(&window, "completed").await?;

    let output = window.text("output").await?;
    assert!(
        output.len() > 100,
        "the answer stands in the output: {output:?}"
    );
    let chips = window
        .run("return document.querySelector('[data-testid=run-state]').parentElement.innerText")
        .await?;
    let chips = chips.as_str().unwrap_or_default();
    assert!(
        chips.contains("Completed") && chips.contains("Low") && chips.contains("Sample reply"),
        "state, level and origin stand over the answer: {chips:?}"
    );
    window.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_keeps_what_has_come() -> Result<()> {
    let home = steps::used_home().await?;
    let mut opening = Opening::of_application(&home)?;
    // At a model's own pace, so that there is something left to stop.
    opening.set("RHEOSTAT_SAMPLE_SPEED", "1");
    let window = Window::open(&opening).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;

    window.session().press(&[ALT, "1"]).await?;
    window
        .until_attribute("effort-none", "aria-checked", "true")
        .await?;
    window.click("run").await?;
    steps::run_stands(&window, "running").await?;
    window
        .until(
            "the first words of the answer",
            "return document.querySelector('[data-testid=output]')?.textContent.trim().length > 20",
        )
        .await?;
    window.click("stop").await?;
    steps::run_stands(&window, "stopped").await?;
    let kept = window.text("output").await?;
    assert!(
        kept.trim().len() > 20,
        "what had come is still there: {kept:?}"
    );
    window.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_copied_as_code_by_its_keys() -> Result<()> {
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;

    // The web view lets go of the clipboard only within the press, and the code is made after it.
    window.session().press(&[CONTROL, ALT, "c"]).await?;
    window
        .until(
            "the window to say that it was copied",
            "return [...document.querySelectorAll('[role=status]')]
                .some((notice) => notice.textContent.includes('Copied as cURL'))",
        )
        .await?;
    window.close().await
}
