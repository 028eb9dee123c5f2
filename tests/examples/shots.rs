//! Screenshots of Build and Compare in the real window: both themes, two sizes. The first word names the folder;
//! `RHEOSTAT_SAMPLE_SPEED=1` takes them at a model's own pace.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::json;

const SIZES: [(u32, u32); 2] = [(1440, 900), (1024, 700)];
const THEMES: [&str; 2] = ["dark", "light"];

#[tokio::main]
async fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("shots <folder>");
        return ExitCode::from(2);
    };
    match shoot(&folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn shoot(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for theme in THEMES {
        let home = Home::new()?;
        prefer(&home, theme)?;
        let mut opening = Opening::of_application(&home)?;
        // Not at once: a picture should show the times of a model, if shorter ones.
        let speed = std::env::var("RHEOSTAT_SAMPLE_SPEED").unwrap_or_else(|_| "10".into());
        opening
            .set("RHEOSTAT_SAMPLE_SPEED", &speed)
            // The driver takes its pictures from layers, which without a GPU there would be none of.
            .set("WEBKIT_DISABLE_COMPOSITING_MODE", "0")
            .word("--compare-sample");
        let window = Window::open(&opening).await?;
        ended(
            &window,
            "every level to end",
            "const columns = [...document.querySelectorAll('[data-testid^=column-]')];
             return columns.length > 0 && columns.every((column) => column.dataset.status === 'completed')",
        )
        .await?;
        for size in SIZES {
            shot(&window, folder, "compare", theme, size).await?;
        }
        window.resize(1440, 900).await?;
        window.click("nav-build").await?;
        window.click("run").await?;
        ended(
            &window,
            "the run to end",
            "return document.querySelector('[data-testid=run-state]')?.dataset.status === 'completed'
                || document.querySelector('[data-testid=run-state]')?.innerText.includes('Completed')",
        )
        .await?;
        for size in SIZES {
            shot(&window, folder, "build", theme, size).await?;
        }
        window.close().await?;
    }
    Ok(())
}

/// At a model's own pace a comparison goes on for longer than a window is waited for once.
async fn ended(window: &Window, what: &str, script: &str) -> Result<()> {
    const WAITS: usize = 6;
    for _ in 1..WAITS {
        if window.until(what, script).await.is_ok() {
            return Ok(());
        }
    }
    window.until(what, script).await.map(drop)
}

/// Leaves the theme where the window looks for the user's preferences.
fn prefer(home: &Home, theme: &str) -> Result<()> {
    let folder = home.folder().join("share/app.rheostat.desktop");
    std::fs::create_dir_all(&folder)?;
    let preferences = json!({ "appearance": { "theme": theme } });
    Ok(std::fs::write(
        folder.join("preferences.json"),
        preferences.to_string(),
    )?)
}

async fn shot(
    window: &Window,
    folder: &Path,
    screen: &str,
    theme: &str,
    (width, height): (u32, u32),
) -> Result<()> {
    window.resize(width, height).await?;
    // Two frames: charts are drawn anew at their size in the first, and painted by the second.
    window
        .session()
        .run_until_called_back(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)))",
            json!([]),
        )
        .await?;
    let picture = window.session().screenshot().await?;
    if picture.is_empty() {
        return Err(Failure::new(format!("The picture of {screen} is empty.")));
    }
    let file = folder.join(format!("{screen}-{theme}-{width}.png"));
    std::fs::write(&file, picture)?;
    println!("{}", file.display());
    Ok(())
}
