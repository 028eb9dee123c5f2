//! What the user prefers is there again at the next start.

use std::time::Duration;

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::{Home, Opening, Window};

use crate::steps;

const IS_DARK: &str = "return document.documentElement.dataset.theme === 'dark'";

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_theme_is_kept() -> Result<()> {
    // A first start goes to Compare once it has loaded, and would take the window off Settings.
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    window.click("nav-settings").await?;
    window.click("theme-dark").await?;
    window.until("the dark theme", IS_DARK).await?;
    wait_for_dark_in(&home).await?;
    window.close().await?;

    let window = Window::open(&Opening::of_application(&home)?).await?;
    window.until("the dark theme again", IS_DARK).await?;
    window.close().await
}

/// Preferences are written a moment after they change.
async fn wait_for_dark_in(home: &Home) -> Result<()> {
    let file = home
        .folder()
        .join("share/app.rheostat.desktop/preferences.json");
    for _ in 0..200 {
        if std::fs::read_to_string(&file).is_ok_and(|text| text.contains("dark")) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Err(Failure::new(format!(
        "{} does not hold the theme.",
        file.display()
    )))
}
