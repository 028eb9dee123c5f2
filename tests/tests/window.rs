//! The real window, driven through WebDriver. Runs under `cargo xtask e2e` and `cargo xtask test`.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_opens() -> Result<()> {
    let home = Home::new()?;
    let program = rheostat_tests::programs::built("examples/bare_window")?;
    let window = Window::open(&Opening::of_program(program, &home)).await?;
    window.resize(1024, 700).await?;
    let pid = window.process_id()?;
    println!(
        "{} {:?}",
        rheostat_tests::processes::memory(pid),
        rheostat_tests::processes::started(pid)?
    );
    let paint = window.until("paint", "const p = performance.getEntriesByType('paint').map(e => [e.name, e.startTime]); return p.length ? [performance.timeOrigin, p] : null").await?;
    println!("{paint}");
    std::fs::write("/tmp/bare.png", window.session().screenshot().await?)?;
    window.close().await
}
