//! A typed key is used and never comes back: not in the page, its storage, or any file.

use std::path::Path;

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};
use serde_json::json;

use crate::steps::{self, MIGRATION_REVIEW};

/// Its middle stands nowhere else, however it is shortened for display.
const KEY: &str = "sk-test-planted-7f3a9c51e8-wxyz";
const MIDDLE: &str = "planted-7f3a9c51e8";

/// All that a script of the page can reach: its text and its fields, what it stored and where, its address and its
/// history, and what stands under a name in the window.
const PAGE: &str = r"
    const done = arguments[0];
    const rows = (store) => new Promise((found) => {
        const asked = store.getAll();
        asked.onsuccess = () => found(asked.result);
        asked.onerror = () => found(String(asked.error));
    });
    const stored = ({ name }) => new Promise((found) => {
        const opened = indexedDB.open(name);
        opened.onerror = () => found(String(opened.error));
        opened.onsuccess = async () => {
            const names = [...opened.result.objectStoreNames];
            const all = names.map((one) => rows(opened.result.transaction(one).objectStore(one)));
            found([name, names, await Promise.all(all)]);
            opened.result.close();
        };
    });
    const written = (value) => { try { return JSON.stringify(value) ?? ''; } catch { return String(value); } };
    const read = async () => {
    const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
    const stores = [localStorage, sessionStorage].map((store) => JSON.stringify({ ...store }));
    const databases = await Promise.all(((await indexedDB.databases?.()) ?? []).map(stored));
    const caches_ = 'caches' in globalThis ? await caches.keys().catch(() => []) : [];
    const named = Object.entries(globalThis)
        .filter(([, value]) => value !== globalThis && !(value instanceof Node))
        .map(([name, value]) => name + written(value));
    done([document.documentElement.outerHTML, fields, stores, databases, caches_, document.cookie, location.href,
        written(history.state), written(performance.getEntries()), named]);
    };
    read();";

/// Reads the page, and says which of it holds the key.
async fn the_page_holds_no_key(window: &Window, when: &str) -> Result<()> {
    let page = window
        .session()
        .run_until_called_back(PAGE, json!([]))
        .await?;
    let page = page.to_string();
    assert!(
        page.len() > 1000,
        "the page was read whole {when}, not {} characters",
        page.len()
    );
    assert!(
        !page.contains(MIDDLE),
        "the page does not hold the key {when}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_key_never_comes_back() -> Result<()> {
    let server = steps::quick_server().await?;
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;
    steps::go_live(&window, &server.base_url(), KEY).await?;
    the_page_holds_no_key(&window, "once it was typed").await?;
    window.click("run").await?;
    steps::run_stands(&window, "completed").await?;
    window.click("nav-compare").await?;
    // The comparison of the first start comes back first.
    steps::comparison_ends(&window).await?;
    window.click("compare-run").await?;
    steps::comparison_ends(&window).await?;
    assert_eq!(
        server.requests().len(),
        // One run, then three at each of five levels.
        1 + 3 * 5,
        "the runs went to the server that wants a key"
    );

    the_page_holds_no_key(&window, "while it is in use").await?;
    steps::forget_key(&window).await?;
    the_page_holds_no_key(&window, "after it was forgotten").await?;
    window.close().await?;

    let mut read = 0;
    let found = files_with(home.folder(), MIDDLE.as_bytes(), &mut read)?;
    assert!(
        read > 3,
        "history and workspace were searched, not {read} files"
    );
    assert_eq!(found, Vec::<String>::new(), "no file holds the key");
    Ok(())
}

/// The files below a folder that hold these bytes.
fn files_with(folder: &Path, bytes: &[u8], read: &mut usize) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_with(&path, bytes, read)?);
        } else if path.is_file() {
            *read += 1;
            if std::fs::read(&path)?
                .windows(bytes.len())
                .any(|window| window == bytes)
            {
                found.push(path.display().to_string());
            }
        }
    }
    Ok(found)
}
