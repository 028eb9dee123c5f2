//! Import and export as the window asks for them: texts that it read itself, taken back, and written to a folder.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::Path;

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::import_files::ImportFilesOutput;
use rheostat_core::ops::import_preview::ImportPreviewOutput;
use rheostat_core::ops::undo_import::UndoImportOutput;
use rheostat_core::ops::write_export::WriteExportOutput;
use rheostat_tests::engine::Engine;
use serde_json::{Value, json};

const CURL: &str = "curl https://api.openai.com/v1/responses -H 'Authorization: Bearer sk-test-planted0123456789abcdef' -d '{\"model\":\"gpt-5.5\",\"input\":\"Say hello\"}'\n";
const ROWS: &str = "{\"item\":{\"question\":\"1+1\",\"answer\":\"2\"}}\n{\"item\":{\"question\":\"2+2\",\"answer\":\"4\"}}\n";
const ENVIRONMENT: &str = r#"{"name":"Staging API","values":[{"key":"tenant","value":"acme","enabled":true}],"_postman_variable_scope":"environment"}"#;

fn dropped() -> Value {
    json!([
        {"name": "calls/hello.sh", "text": CURL},
        {"name": "../calls/rows.jsonl", "text": ROWS},
        {"name": "calls/staging.postman_environment.json", "text": ENVIRONMENT}
    ])
}

async fn engine() -> Engine {
    Engine::open_own().await.unwrap()
}

async fn imported(engine: &Engine) -> ImportFilesOutput {
    let input = json!({"files": dropped(), "folder": "Inbox/Today"});
    engine.call("import_files", input).await.unwrap().0
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path.display().to_string());
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn texts_that_the_page_read_come_in_and_go_again() {
    let engine = engine().await;
    let workspace = engine.workbench.workspace.root().to_owned();
    let before = files(&workspace);
    let (preview, _): (ImportPreviewOutput, _) = engine
        .call("import_preview", json!({"files": dropped()}))
        .await
        .unwrap();
    assert_eq!(preview.items.len(), 3, "{preview:?}");
    assert_eq!(files(&workspace), before, "a preview writes nothing");

    let written = imported(&engine).await;
    assert_eq!(
        (written.paths.len(), written.stamps.len()),
        (3, 3),
        "{written:?}"
    );
    assert_eq!(&written.folders[..2], ["Inbox", "Inbox/Today"]);
    for path in &written.paths {
        let text = std::fs::read_to_string(workspace.join(path)).unwrap();
        assert!(!text.contains("planted"), "no key comes in: {text}");
    }

    let (gone, _): (UndoImportOutput, _) = engine
        .call(
            "undo_import",
            json!({"paths": written.paths, "stamps": written.stamps, "folders": written.folders}),
        )
        .await
        .unwrap();
    assert_eq!((gone.removed, gone.kept), (3, vec![]));
    assert_eq!(files(&workspace), before, "all of it is gone again");
    assert!(!workspace.join("Inbox").exists());
}

#[tokio::test]
async fn what_was_changed_since_stays() {
    let engine = engine().await;
    let workspace = engine.workbench.workspace.root().to_owned();
    let written = imported(&engine).await;
    let edited = workspace.join(&written.paths[0]);
    let text = std::fs::read_to_string(&edited).unwrap() + "# mine\n";
    std::fs::write(&edited, &text).unwrap();
    let (gone, _): (UndoImportOutput, _) = engine
        .call(
            "undo_import",
            json!({"paths": written.paths, "stamps": written.stamps, "folders": written.folders}),
        )
        .await
        .unwrap();
    assert_eq!(
        (gone.removed, gone.kept),
        (2, vec![written.paths[0].clone()])
    );
    assert_eq!(std::fs::read_to_string(&edited).unwrap(), text);

    let outside = json!({"paths": ["../gone"], "stamps": [""], "folders": []});
    let refused = engine
        .call::<UndoImportOutput>("undo_import", outside)
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::BadInput);
}

#[tokio::test]
async fn an_export_is_written_once_and_over_nothing_without_a_yes() {
    let engine = engine().await;
    let _ = imported(&engine).await;
    let to = engine.folder.path().join("out/deep");
    let ask =
        |replace: bool| json!({"folder": "Inbox", "as": "curl", "to": to, "replace": replace});
    let (first, _): (WriteExportOutput, _) = engine.call("write_export", ask(false)).await.unwrap();
    assert_eq!(
        (first.written.len(), first.taken.len()),
        (1, 0),
        "{first:?}"
    );
    let script = Path::new(&first.written[0]);
    let text = std::fs::read_to_string(script).unwrap();
    assert!(text.contains("OPENAI_API_KEY") && !text.contains("planted"));

    std::fs::write(script, "mine").unwrap();
    let (again, _): (WriteExportOutput, _) = engine.call("write_export", ask(false)).await.unwrap();
    assert_eq!((again.written.len(), &again.taken), (0, &first.written));
    assert_eq!(std::fs::read_to_string(script).unwrap(), "mine");
    let (over, _): (WriteExportOutput, _) = engine.call("write_export", ask(true)).await.unwrap();
    assert_eq!(over.written, first.written);
    assert_eq!(std::fs::read_to_string(script).unwrap(), text);
}

#[tokio::test]
async fn an_export_goes_to_a_whole_path_outside_of_the_workspace() {
    let engine = engine().await;
    let _ = imported(&engine).await;
    let workspace = engine.workbench.workspace.root().to_owned();
    let before = files(&workspace);
    for (to, kind) in [
        ("exports".to_owned(), "curl"),
        (String::new(), "curl"),
        (
            workspace.join("new/deep").display().to_string(),
            "promptfoo",
        ),
    ] {
        let input = json!({"as": kind, "to": to});
        let refused = engine
            .call::<WriteExportOutput>("write_export", input)
            .await;
        let error = refused.unwrap_err();
        assert_eq!(
            (error.code, error.place.as_deref()),
            (ErrorCode::BadInput, Some("to")),
            "{to:?}"
        );
    }
    assert_eq!(files(&workspace), before);
}
