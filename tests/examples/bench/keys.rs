//! Keys typed into a text of the window: from each to the next picture.

use std::time::Duration;

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::Window;
use serde_json::{Value, json};

use crate::table;

/// A fast typist's.
pub const BETWEEN_KEYS: Duration = Duration::from_millis(110);
/// So long that the text is read and checked between two keys.
pub const BETWEEN_PAUSES: Duration = Duration::from_millis(900);

/// Types `count` letters into an editor behind the first place of `word`, `every` ms apart: what passed from each to the
/// task after the next frame, in ms.
const TYPE: &str = r"
    const [editor, word, count, every, done] = arguments, spent = [];
    const content = document.querySelector(`${editor} .cm-content`);
    const channel = new MessageChannel();
    let began = 0, left = count;
    const next = () => {
        if (left-- === 0) return done(spent);
        began = performance.now();
        document.execCommand('insertText', false, 'x');
        requestAnimationFrame(() => channel.port2.postMessage(0));
    };
    channel.port1.onmessage = () => {
        spent.push(performance.now() - began);
        setTimeout(next, every);
    };
    content.focus();
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(word);
        if (at < 0) continue;
        getSelection().collapse(node, at + word.length);
        return setTimeout(next, every);
    }
    done([]);";

/// What passed from each of `count` keys to the next picture, in ms. `editor` selects what holds the text.
pub async fn typed(
    window: &Window,
    editor: &str,
    word: &str,
    count: u32,
    every: Duration,
) -> Result<Vec<f64>> {
    let words = json!([editor, word, count, every.as_millis() as u64]);
    times(window, TYPE, words, count).await
}

/// What a script that times `count` things found, in ms.
pub async fn times(window: &Window, script: &str, words: Value, count: u32) -> Result<Vec<f64>> {
    let found = window
        .session()
        .run_until_called_back(script, words)
        .await?;
    let each = found.as_array().into_iter().flatten();
    let spent: Vec<f64> = each.filter_map(Value::as_f64).collect();
    if spent.len() < count as usize {
        return Err(Failure::new("The keys could not be timed."));
    }
    Ok(spent)
}

/// A row of figures beside the 95th percentile of a frame.
pub fn row(name: &str, figures: &[f64], frame: f64) -> Vec<String> {
    let high = table::quantile(figures, 0.95);
    vec![
        name.to_owned(),
        format!("{:.1} ms", table::median(figures)),
        format!("{high:.1} ms"),
        format!("{:.2} x", high / frame),
    ]
}

pub const HEAD: [&str; 4] = ["what", "median", "95th", "ratio of the 95th"];
