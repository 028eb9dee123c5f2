//! A key in a prompt of 200 KB: to the next picture of the window, and until the engine has looked the request over,
//! counted and forecast it anew.

use std::fmt::Write;
use std::time::Instant;

use rheostat_core::error::Error;
use rheostat_tests::engine::Engine;
use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::{Value, json};

use crate::keys::{self, BETWEEN_KEYS, BETWEEN_PAUSES, Timed};
use crate::table;
use crate::window_cost::{self, SETTLE};

const BYTES: usize = 200_000;
const KEYS: u32 = 60;

/// Types `count` letters behind the first place of `word`: what passed from each until findings, count and forecast of
/// the text with it stood in the page, in ms.
const SETTLED: &str = r#"
    const [editor, word, count, every, done] = arguments, spent = [];
    const content = document.querySelector(`${editor} .cm-content`);
    const parts = document.querySelectorAll("[data-settled]");
    if (parts.length !== 3) return done(null);
    let began = 0, left = count, asked = false;
    const next = () => {
        if (left-- === 0) return done({ spent });
        began = performance.now();
        document.execCommand("insertText", false, "x");
    };
    const seen = new MutationObserver(() => {
        const settled = [...parts].every((it) => it.dataset.settled === "true");
        if (asked && settled) {
            spent.push(performance.now() - began);
            setTimeout(next, every);
        }
        asked = !settled;
    });
    for (const part of parts) seen.observe(part, { attributeFilter: ["data-settled"] });
    content.focus();
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(word);
        if (at < 0) continue;
        getSelection().collapse(node, at + word.length);
        return setTimeout(next, every);
    }
    done(null);"#;

pub async fn measure() -> Result<()> {
    let home = Home::new()?;
    std::fs::write(
        home.workspace().join("long.yaml"),
        request(&prompt()).to_string(),
    )?;
    let mut opening = Opening::of_application(&home)?;
    // What a first start runs by itself is to be over before the first key.
    opening.set("RHEOSTAT_SAMPLE_SPEED", "instant");
    let window = Window::open(&opening).await?;
    window_cost::comparison_ends(&window).await?;
    window.click("nav-build").await?;
    window
        .until(
            "the prompt to show",
            "return document.querySelector('[role=tabpanel] .cm-content') !== null",
        )
        .await?;
    tokio::time::sleep(SETTLE).await;
    let text = ("[role=tabpanel]", "Line");
    let rest = Timed::typed(&window, text, "", KEYS, BETWEEN_KEYS).await?;
    let fast = Timed::typed(&window, text, "x", KEYS, BETWEEN_KEYS).await?;
    let slow = Timed::typed(&window, text, "x", KEYS / 3, BETWEEN_PAUSES).await?;
    let words = json!([text.0, text.1, KEYS, BETWEEN_KEYS.as_millis() as u64]);
    let found = window
        .session()
        .run_until_called_back(SETTLED, words)
        .await?;
    let in_page = keys::figures(&found, "spent", KEYS)?;
    window.close().await?;
    let in_engine = settled().await?;
    table::print(
        &format!("A prompt of {} KB", BYTES / 1000),
        &keys::HEAD,
        &[
            rest.row("no key", &rest),
            fast.row("a key", &rest),
            slow.row("a key, with pauses", &rest),
        ],
    );
    let row = |name: &str, figures: &[f64]| {
        vec![
            name.to_owned(),
            format!("{:.1} ms", table::median(figures)),
            format!("{:.1} ms", table::quantile(figures, 0.95)),
        ]
    };
    table::print(
        "From a key to findings, count and forecast",
        &["where", "median", "95th"],
        &[
            row("in the engine", &in_engine),
            row("in the page", &in_page),
        ],
    );
    Ok(())
}

/// What the window asks of the engine after a key, each time with another letter: until findings, count and forecast are told, in ms.
async fn settled() -> std::result::Result<Vec<f64>, Error> {
    let engine = Engine::open_own().await?;
    let mut text = prompt();
    let mut spent = Vec::new();
    // The first loads the vocabulary.
    for key in 0..=KEYS {
        text.insert(BYTES / 2, 'x');
        let request = request(&text);
        let start = Instant::now();
        let looked = engine
            .call::<Value>("look_over_request", json!({ "request": request }))
            .await?;
        drop(looked);
        if key > 0 {
            spent.push(start.elapsed().as_secs_f64() * 1000.0);
        }
    }
    drop(engine.close());
    Ok(spent)
}

fn prompt() -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= BYTES {
            break;
        }
        // Writing into a text does not fail.
        let _ = writeln!(
            text,
            "Line {number} of a long prompt that nobody has read to its end."
        );
    }
    text
}

/// JSON is YAML, too.
fn request(text: &str) -> Value {
    json!({
        "id": "0199b3c0-0000-7000-8000-000000200000", "name": "Long",
        "body": { "model": "gpt-5.5", "input": [{ "role": "user", "content": text }] },
    })
}
