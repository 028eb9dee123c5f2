//! Drops: files, folders and texts of another program on the window, and items of the tree within it.

use std::path::Path;

use rheostat_tests::dragging::Drag;
use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};
use serde_json::Value;

use crate::steps::{self, ESCAPE, MIGRATION_REVIEW};

const POSTMAN: &str = r#"{"info":{"name":"Calls","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
"item":[{"name":"Say hello","request":{"method":"POST","url":"https://api.openai.com/v1/responses",
"body":{"mode":"raw","raw":"{\"model\":\"gpt-5.5\",\"input\":\"Hello\"}"}}}]}"#;
const BRUNO: &str = "meta {\n  name: Say hi\n  type: http\n}\n\npost {\n  url: https://api.openai.com/v1/responses\n  body: json\n}\n\nbody:json {\n  {\"model\":\"gpt-5.5\",\"input\":\"Hi\"}\n}\n";
const CURL: &str =
    r#"curl https://api.openai.com/v1/responses -d '{"model":"gpt-5.5","input":"Say hi"}'"#;
/// One pixel, red.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53,
    0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0x00,
    0x00, 0x03, 0x01, 0x01, 0x00, 0x18, 0xdd, 0x8d, 0xb0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e,
    0x44, 0xae, 0x42, 0x60, 0x82,
];

/// The middle of an element's upper end, in pixels of the page, which begins where the screen does.
async fn place_of(window: &Window, css: &str) -> Result<(i16, i16)> {
    let place = window
        .until(
            &format!("{css} to be there"),
            &format!(
                "const box = document.querySelector('{css}')?.getBoundingClientRect();
                 return box ? [Math.round(box.x + box.width / 2), Math.round(box.y + 14)] : null"
            ),
        )
        .await?;
    let pixels = |at: usize| i16::try_from(place[at].as_i64().unwrap_or_default());
    Ok((pixels(0)?, pixels(1)?))
}

/// Moves something over an element, by way of its neighbourhood: what it is shows on entering the
/// window, and where it is with the next move.
async fn move_over(window: &Window, drag: &mut Drag, css: &str) -> Result<()> {
    let (x, y) = place_of(window, css).await?;
    drag.over(x + 20, y).await?;
    drag.over(x, y).await
}

async fn drop_on(window: &Window, mut drag: Drag, css: &str) -> Result<()> {
    move_over(window, &mut drag, css).await?;
    drag.drop_it().await
}

/// Waits for what an import would bring, and closes it again.
async fn found(window: &Window, words: &[&str]) -> Result<()> {
    window.element("import-found").await?;
    for word in words {
        window
            .until(
                &format!("the import to show {word}"),
                &format!(
                    "return document.querySelector('[data-testid=import]')?.innerText.includes({}) ?? false",
                    Value::from(*word)
                ),
            )
            .await?;
    }
    window.session().press(&[ESCAPE]).await?;
    window
        .until(
            "the import to be gone",
            "return document.querySelector('[data-testid=import]') === null",
        )
        .await
        .map(drop)
}

#[tokio::test]
async fn files_folders_and_texts_are_taken_where_they_are_dropped() -> Result<()> {
    let home = steps::used_home().await?;
    let away = tempfile::tempdir()?;
    let at = |name: &str| away.path().join(name);
    std::fs::write(at("calls.postman_collection.json"), POSTMAN)?;
    std::fs::create_dir_all(at("my bruno/greetings"))?;
    std::fs::write(
        at("my bruno/bruno.json"),
        r#"{"version":"1","name":"My bruno","type":"collection"}"#,
    )?;
    std::fs::write(at("my bruno/greetings/Say hi.bru"), BRUNO)?;
    std::fs::write(at("red dot.png"), PICTURE)?;
    let files = |names: &[&str]| {
        let paths: Vec<_> = names.iter().map(|name| at(name)).collect();
        Drag::of_files(&paths.iter().map(AsRef::as_ref).collect::<Vec<&Path>>())
    };

    let window = Window::open(&Opening::of_application(&home)?).await?;
    window.resize(1440, 900).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;

    // A drag that only passes is shown, and forgotten.
    let mut passing = files(&["calls.postman_collection.json"])?;
    let pane = "[data-testid=nav-history]";
    move_over(&window, &mut passing, pane).await?;
    window.element("drop-target").await?;
    passing.leave()?;
    window
        .until(
            "the target to be gone",
            "return document.querySelector('[data-testid=drop-target]') === null",
        )
        .await?;

    let both = files(&["calls.postman_collection.json", "my bruno"])?;
    drop_on(&window, both, pane).await?;
    let names = [
        "Postman collection",
        "Bruno",
        "Say hello",
        "Say hi",
        "greetings",
    ];
    found(&window, &names).await?;
    drop_on(&window, Drag::of_text(CURL)?, pane).await?;
    found(&window, &["1 item of cURL"]).await?;

    let message = "[aria-label=\"User message\"]";
    drop_on(&window, files(&["red dot.png"])?, message).await?;
    window
        .until(
            "the picture to stand in the message",
            &format!(
                "return document.querySelector('{message}').innerText.includes('red-dot.png')"
            ),
        )
        .await?;
    let copy = home.workspace().join("attachments/red-dot.png");
    assert_eq!(
        std::fs::read(copy)?,
        PICTURE,
        "the picture lies in the workspace"
    );

    // A text goes where it can be typed.
    let text = format!("{message} .cm-content");
    drop_on(&window, Drag::of_text("Mind the locks. ")?, &text).await?;
    window
        .until(
            "the text to stand in the message",
            &format!(
                "return document.querySelector('{text}').innerText.includes('Mind the locks.')"
            ),
        )
        .await?;
    assert_eq!(
        window.run("return location.href").await?,
        "tauri://localhost",
        "no drop led the page away"
    );
    window.close().await
}

#[tokio::test]
async fn an_item_of_the_tree_is_dragged_into_a_folder() -> Result<()> {
    let home = steps::used_home().await?;
    std::fs::create_dir(home.workspace().join("Kept"))?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    window.resize(1440, 900).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;
    let from = place_of(&window, &format!("[data-path=\"{MIGRATION_REVIEW}\"]")).await?;
    let to = place_of(&window, "[data-path=\"Kept\"]").await?;
    window.session().drag(from, to).await?;
    window
        .until(
            "the request in the other folder",
            "return document.querySelector('[data-path=\"Kept/flag-locking-ddl.yaml\"]') !== null",
        )
        .await?;
    assert!(home.workspace().join("Kept/flag-locking-ddl.yaml").exists());
    assert!(!home.workspace().join(MIGRATION_REVIEW).exists());
    window.close().await
}
