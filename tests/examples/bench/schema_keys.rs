//! From a key to the next picture in the schema editor at the largest schema that strict mode takes, beside the frames of
//! the same window at rest.

use std::fmt::Write;
use std::time::Duration;

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::{Value, json};

use crate::table;
use crate::window_cost::{Frames, SETTLE};

/// What strict mode takes at most (API.md 9).
const FIELDS: usize = 5_000;
const KEYS: u32 = 60;
const RENAMES: u32 = 20;
/// A fast typist's.
const BETWEEN_KEYS: Duration = Duration::from_millis(110);
/// So long that the text is read and checked between two keys.
const BETWEEN_PAUSES: Duration = Duration::from_millis(900);

/// Types `count` letters into the text, `every` ms apart: what passed from each to the task after the next frame, in ms.
const TYPE: &str = r#"
    const [count, every, done] = arguments, spent = [];
    const content = document.querySelector("[data-testid=schema-text] .cm-content");
    const channel = new MessageChannel();
    let began = 0, left = count;
    const next = () => {
        if (left-- === 0) return done(spent);
        began = performance.now();
        document.execCommand("insertText", false, "x");
        requestAnimationFrame(() => channel.port2.postMessage(0));
    };
    channel.port1.onmessage = () => {
        spent.push(performance.now() - began);
        setTimeout(next, every);
    };
    content.focus();
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf("What stands");
        if (at < 0) continue;
        getSelection().collapse(node, at + 4);
        return setTimeout(next, every);
    }
    done([]);"#;

/// Renames the first field `count` times in the tree: what passed from Enter to the task after the next frame, in ms.
const RENAME: &str = r#"
    const [count, every, done] = arguments, spent = [];
    const tree = document.querySelector("[data-testid=field-tree]");
    const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const channel = new MessageChannel();
    let began = 0, left = count;
    const next = () => {
        if (left-- === 0) return done(spent);
        press(tree, "F2");
        setTimeout(() => {
            const name = document.querySelector("[data-testid=rename]");
            if (!name) return done([]);
            name.value = `renamed_${left}`;
            began = performance.now();
            press(name, "Enter");
            requestAnimationFrame(() => channel.port2.postMessage(0));
        }, 200);
    };
    channel.port1.onmessage = () => {
        spent.push(performance.now() - began);
        setTimeout(next, every);
    };
    tree.focus();
    press(tree, "Home");
    press(tree, "ArrowDown");
    setTimeout(next, every);"#;

pub async fn measure() -> Result<()> {
    let home = Home::new()?;
    std::fs::write(home.workspace().join("large.yaml"), request())?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    tokio::time::sleep(SETTLE).await;
    window.click("nav-schemas").await?;
    window
        .until(
            "the schema's text to show",
            "return document.querySelectorAll('[data-testid=schema-text] .cm-line').length > 10",
        )
        .await?;
    tokio::time::sleep(SETTLE).await;
    let idle = Frames::of(&window).await?;
    let parts = [
        ("a key in the text", TYPE, KEYS, BETWEEN_KEYS),
        (
            "a key in the text, with pauses",
            TYPE,
            KEYS / 3,
            BETWEEN_PAUSES,
        ),
        ("a rename in the tree", RENAME, RENAMES, BETWEEN_PAUSES),
    ];
    let frame = table::quantile(&idle.gaps, 0.95);
    let mut rows = vec![row("an idle frame", &idle.gaps, frame)];
    for (name, script, count, every) in parts {
        let spent = times(&window, script, json!([count, every.as_millis() as u64])).await?;
        if spent.len() < count as usize {
            return Err(Failure::new(format!("{name} could not be timed.")));
        }
        rows.push(row(name, &spent, frame));
    }
    window.close().await?;
    table::print(
        &format!("Schema editor at {FIELDS} fields, to the next picture"),
        &["what", "median", "95th", "ratio of the 95th"],
        &rows,
    );
    Ok(())
}

fn row(name: &str, figures: &[f64], frame: f64) -> Vec<String> {
    let high = table::quantile(figures, 0.95);
    vec![
        name.to_owned(),
        format!("{:.1} ms", table::median(figures)),
        format!("{high:.1} ms"),
        format!("{:.2} x", high / frame),
    ]
}

async fn times(window: &Window, script: &str, words: Value) -> Result<Vec<f64>> {
    let found = window
        .session()
        .run_until_called_back(script, words)
        .await?;
    let each = found.as_array().into_iter().flatten();
    Ok(each.filter_map(Value::as_f64).collect())
}

/// A request for an object of so many fields. JSON is YAML, and quick to write.
fn request() -> String {
    let (mut fields, mut names) = (String::new(), String::new());
    for number in 0..FIELDS {
        let comma = if number == 0 { "" } else { ", " };
        let field = format!(r#"{{"type": "string", "description": "What stands in {number}"}}"#);
        // Writing into a text does not fail.
        let _ = write!(fields, r#"{comma}"field_{number}": {field}"#);
        let _ = write!(names, r#"{comma}"field_{number}""#);
    }
    let schema = format!(
        r#"{{"type": "object", "properties": {{{fields}}}, "required": [{names}], "additionalProperties": false}}"#
    );
    format!(
        "id: 0199b3c0-0000-7000-8000-000000005000\nname: Large\nbody:\n  model: gpt-5.5\n  input: Fill it in.\n  text:\n    format: {{\"type\": \"json_schema\", \"name\": \"large\", \"strict\": true, \"schema\": {schema}}}\n"
    )
}
