//! What several tests do on their way: a home that was used before, going live, reading a comparison.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};

/// Every effort of the model, in rising order.
pub const EFFORTS: [&str; 5] = ["none", "low", "medium", "high", "xhigh"];

/// The request that reviews a migration, in the workspace that a first start fills.
pub const MIGRATION_REVIEW: &str = "Migration review/flag-locking-ddl.yaml";

/// Keys as WebDriver writes them.
pub const CONTROL: &str = "\u{E009}";
pub const ALT: &str = "\u{E00A}";
pub const ESCAPE: &str = "\u{E00C}";

/// A home whose first start is over, so that the next one shows Build and runs nothing by itself.
pub async fn used_home() -> Result<Home> {
    let home = Home::new()?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    comparison_ends(&window).await?;
    window.close().await?;
    Ok(home)
}

/// Waits until every run of the comparison on screen is completed and none is going on.
pub async fn comparison_ends(window: &Window) -> Result<()> {
    window
        .until(
            "every run of the comparison to be completed",
            "const totals = document.querySelector('[data-testid=totals]');
             const columns = [...document.querySelectorAll('[data-testid^=column-]')];
             return totals !== null
                 && totals.dataset.runs > 0
                 && totals.dataset.completed === totals.dataset.runs
                 && columns.length > 0
                 && columns.every((column) => column.dataset.status === 'completed')
                 && document.querySelector('[data-testid=compare-run]') !== null",
        )
        .await
        .map(drop)
}

/// Runs the comparison anew, where an earlier one is on screen. The server must not answer at once:
/// the beginning has to be seen, or the earlier comparison would be taken for the end.
pub async fn compare_anew(window: &Window) -> Result<()> {
    window.click("compare-run").await?;
    window
        .until(
            "the comparison to begin",
            "return document.querySelector('[data-testid=compare-stop]') !== null",
        )
        .await?;
    comparison_ends(window).await
}

/// A server of the test's own that answers thirty times as fast as a model.
pub async fn quick_server() -> Result<rheostat_mock::StandIn> {
    Ok(rheostat_mock::start(rheostat_mock::Options {
        port: 0,
        speed: "30".parse()?,
    })
    .await?)
}

/// Switches to Live against a server of the test's own, with a key that is kept for the session only: a test leaves
/// nothing in a keychain, and none makes it wait for a password.
pub async fn go_live(window: &Window, base_url: &str, key: &str) -> Result<()> {
    window.click("connection").await?;
    window.fill("base-url", base_url).await?;
    window.click("keep-session").await?;
    window.fill("key-field", key).await?;
    window.click("save-key").await?;
    window.element("key-label").await?;
    window.click("mode-live").await?;
    window.click("go-live").await?;
    window
        .until(
            "the window to be live",
            "return document.querySelector('[data-testid=connection]').innerText.includes('Live')",
        )
        .await?;
    window.session().press(&[ESCAPE]).await?;
    window
        .until(
            "the connection panel to be gone",
            "return document.querySelector('[data-testid=key-field]') === null",
        )
        .await
        .map(drop)
}

/// Forgets the key in use, and says yes to it.
pub async fn forget_key(window: &Window) -> Result<()> {
    window.click("connection").await?;
    window.click("forget-key").await?;
    window.click("forget-confirm").await?;
    window
        .until(
            "the key to be gone",
            "return document.querySelector('[data-testid=key-field]') !== null
                 && document.querySelector('[data-testid=key-label]') === null",
        )
        .await
        .map(drop)
}

/// Opens a request of the workspace in Build.
pub async fn open_request(window: &Window, path: &str) -> Result<()> {
    let row = format!("[data-path=\"{path}\"]");
    window
        .until(
            "the request in the sidebar",
            &format!("return document.querySelector('{row}') !== null"),
        )
        .await?;
    let element = window.session().find(&row).await?;
    window.session().click(&element).await?;
    window.element("run").await.map(drop)
}

/// Waits until the run in Build stands like this.
pub async fn run_stands(window: &Window, status: &str) -> Result<()> {
    window
        .until_attribute("run-state", "data-status", status)
        .await
}
