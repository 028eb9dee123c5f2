//! What a key costs in the schema editor at the largest schema that strict mode takes, beside the same window at rest.

use std::fmt::Write;

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::json;

use crate::keys::{self, BETWEEN_KEYS, BETWEEN_PAUSES, Timed};
use crate::table;
use crate::window_cost::{self, SETTLE};

/// What strict mode takes at most (API.md 9).
const FIELDS: usize = 5_000;
const KEYS: u32 = 60;
const RENAMES: u32 = 40;

/// Renames the first field `count` times in the tree, from Enter on.
const RENAME: &str = r#"
    const [count, every, done] = arguments;
    const tree = document.querySelector("[data-testid=field-tree]");
    const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    let named = 0;
    const name = () => document.querySelector("[data-testid=rename]");
    // The name is typed before: from Enter on it is timed.
    const ready = () => {
        press(tree, "F2");
        setTimeout(() => name()?.setRangeText(`renamed_${named++}`, 0, name().value.length), 50);
    };
    const act = () => {
        if (!name()) return false;
        press(name(), "Enter");
    };
    tree.focus();
    press(tree, "Home");
    press(tree, "ArrowDown");
    timed({ ready, rest: 400, act, count, every, done });"#;

pub async fn measure() -> Result<()> {
    let home = Home::new()?;
    std::fs::write(home.workspace().join("large.yaml"), request())?;
    let mut opening = Opening::of_application(&home)?;
    // What a first start runs by itself is to be over before the first key.
    opening.set("RHEOSTAT_SAMPLE_SPEED", "instant");
    let window = Window::open(&opening).await?;
    window_cost::comparison_ends(&window).await?;
    window.click("nav-schemas").await?;
    window
        .until(
            "the schema's text to show",
            "return document.querySelectorAll('[data-testid=schema-text] .cm-line').length > 10",
        )
        .await?;
    tokio::time::sleep(SETTLE).await;
    let text = ("[data-testid=schema-text]", "What");
    let rest = Timed::typed(&window, text, "", KEYS, BETWEEN_KEYS).await?;
    let fast = Timed::typed(&window, text, "x", KEYS, BETWEEN_KEYS).await?;
    let slow = Timed::typed(&window, text, "x", KEYS, BETWEEN_PAUSES).await?;
    let renamed = json!([RENAMES, BETWEEN_PAUSES.as_millis() as u64]);
    let renames = Timed::of(&window, RENAME, renamed, RENAMES).await?;
    window.close().await?;
    table::print(
        &format!("Schema editor at {FIELDS} fields"),
        &keys::HEAD,
        &[
            rest.row("no key", &rest),
            fast.row("a key in the text", &rest),
            slow.row("a key in the text, with pauses", &rest),
            renames.row("a rename in the tree", &rest),
        ],
    );
    Ok(())
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
