//! Collections: a folder is made, named, moved by keys, deleted and put back, and the files follow.

use std::path::Path;

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};

use crate::steps::{self, ALT, MIGRATION_REVIEW};

const CTRL: &str = "\u{E009}";
const ENTER: &str = "\u{E007}";
const F2: &str = "\u{E032}";
const DELETE: &str = "\u{E017}";
const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";

/// Waits until the tree has a row for an item, or none any more.
async fn row_is(window: &Window, path: &str, there: bool) -> Result<()> {
    let sign = if there { "!==" } else { "===" };
    window
        .until(
            &format!("the row of {path} ({there})"),
            &format!("return document.querySelector('[data-path=\"{path}\"]') {sign} null"),
        )
        .await
        .map(drop)
}

/// Waits until the keys of the tree are at an item.
async fn keys_are_at(window: &Window, path: &str) -> Result<()> {
    window
        .until(
            &format!("the keys of the tree to be at {path}"),
            &format!(
                "const tree = document.querySelector('[data-testid=collections]');
                 const row = document.getElementById(tree.getAttribute('aria-activedescendant'));
                 return row?.dataset.path === '{path}'"
            ),
        )
        .await
        .map(drop)
}

/// Gives the tree the keys, with the item chosen.
async fn choose(window: &Window, path: &str) -> Result<()> {
    steps::open_request(window, path).await?;
    window
        .until(
            "the tree to have the keys",
            "return document.activeElement?.dataset.testid === 'collections'",
        )
        .await?;
    keys_are_at(window, path).await
}

/// Waits until a file or a folder of the workspace is there, or no longer.
async fn on_disk(window: &Window, path: &Path, there: bool) -> Result<()> {
    for _ in 0..100 {
        if path.exists() == there {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let shown = window.text("collections").await.unwrap_or_default();
    assert_eq!(
        path.exists(),
        there,
        "{} on disk; the tree shows {shown:?}",
        path.display()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_changes_the_files_and_undoes_it() -> Result<()> {
    let home = steps::used_home().await?;
    let workspace = home.workspace();
    let window = Window::open(&Opening::of_application(&home)?).await?;
    // Wide enough for the tree beside two panes.
    window.resize(1440, 900).await?;
    choose(&window, MIGRATION_REVIEW).await?;

    // A folder beside the request, with a name of its own.
    window.click("new-folder").await?;
    window.fill("rename-field", "Drafts").await?;
    window.session().press(&[ENTER]).await?;
    let drafts = workspace.join("Migration review/Drafts");
    row_is(&window, "Migration review/Drafts", true).await?;
    on_disk(&window, &drafts, true).await?;

    // Into it and out of it again, by keys.
    choose(&window, MIGRATION_REVIEW).await?;
    window.session().press(&[ALT, RIGHT]).await?;
    keys_are_at(&window, "Migration review/Drafts/flag-locking-ddl.yaml").await?;
    on_disk(&window, &drafts.join("flag-locking-ddl.yaml"), true).await?;
    on_disk(&window, &workspace.join(MIGRATION_REVIEW), false).await?;
    window.session().press(&[ALT, LEFT]).await?;
    keys_are_at(&window, MIGRATION_REVIEW).await?;
    on_disk(&window, &workspace.join(MIGRATION_REVIEW), true).await?;

    // Another name: the file follows it, and so does what is open of it.
    window.session().press(&[F2]).await?;
    window.fill("rename-field", "Find locks").await?;
    window.session().press(&[ENTER]).await?;
    let renamed = "Migration review/find-locks.yaml";
    row_is(&window, renamed, true).await?;
    on_disk(&window, &workspace.join(renamed), true).await?;
    let text = std::fs::read_to_string(workspace.join(renamed))?;
    assert!(
        text.contains("name: Find locks"),
        "the file has the new name: {text}"
    );

    // Deleted, and put back by the key.
    choose(&window, renamed).await?;
    window.session().press(&[DELETE]).await?;
    row_is(&window, renamed, false).await?;
    on_disk(&window, &workspace.join(renamed), false).await?;
    window.session().press(&[CTRL, "z"]).await?;
    row_is(&window, renamed, true).await?;
    on_disk(&window, &workspace.join(renamed), true).await?;
    assert_eq!(
        std::fs::read_to_string(workspace.join(renamed))?,
        text,
        "what was put back is what was deleted"
    );
    window.close().await
}
