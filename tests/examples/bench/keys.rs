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

/// How a script does something again and again, and what came of each in ms. While the page draws frame after frame,
/// `longest` is the longest of them from one to the next, and `spent` what passed to the task after the next frame. With
/// `STRETCHES`, `longest` is the longest time in which the page got to no other task: work and drawing without a break.
const TIMED: &str = r"
    const timed = ({ ready = () => {}, rest = 0, act, count, every, done }) => {
        const longest = [], spent = [];
        let last = 0, gap = 0, began = 0, left = count, on = true;
        const channel = new MessageChannel(), pulse = new MessageChannel();
        channel.port1.onmessage = () => spent.push(performance.now() - began);
        const passed = (now) => {
            if (last) gap = Math.max(gap, now - last);
            last = now;
        };
        const frame = (now) => {
            passed(now);
            if (on) requestAnimationFrame(frame);
        };
        pulse.port1.onmessage = () => {
            passed(performance.now());
            if (on) pulse.port2.postMessage(0);
        };
        const next = () => {
            if (left < count) longest.push(gap);
            if (left-- === 0) { on = false; return done({ longest, spent }); }
            ready();
            setTimeout(() => {
                gap = 0;
                began = performance.now();
                if (STRETCHES) last = began;
                if (act(left) === false) { on = false; return done(null); }
                requestAnimationFrame(() => channel.port2.postMessage(0));
                setTimeout(next, every);
            }, rest);
        };
        if (STRETCHES) pulse.port2.postMessage(0);
        else requestAnimationFrame(frame);
        setTimeout(next, every);
    };";

/// Types `count` letters into an editor behind the first place of `word`, `every` ms apart; none where `letter` is empty.
const TYPE: &str = r"
    const [editor, word, letter, count, every, done] = arguments;
    const content = document.querySelector(`${editor} .cm-content`);
    content.focus();
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(word);
        if (at < 0) continue;
        getSelection().collapse(node, at + word.length);
        const act = () => letter === '' || document.execCommand('insertText', false, letter);
        return timed({ act, count, every, done });
    }
    done(null);";

/// What came of things done in a window, one after the other, in ms.
pub struct Timed {
    /// The longest frame until the next was done.
    longest: Vec<f64>,
    /// To the next picture.
    spent: Vec<f64>,
    /// The longest time without a break until the next was done, of as many again.
    stretches: Vec<f64>,
}

impl Timed {
    /// Types `count` times into the editor that `editor` selects; nothing at all where `letter` is empty.
    pub async fn typed(
        window: &Window,
        (editor, word): (&str, &str),
        letter: &str,
        count: u32,
        every: Duration,
    ) -> Result<Self> {
        let words = json!([editor, word, letter, count, every.as_millis() as u64]);
        Self::of(window, TYPE, words, count).await
    }

    /// What a script found that calls `timed`.
    pub async fn of(window: &Window, script: &str, words: Value, count: u32) -> Result<Self> {
        let timed = async |stretches: bool, words: Value| {
            let script = format!("const STRETCHES = {stretches};{TIMED}{script}");
            window.session().run_until_called_back(&script, words).await
        };
        let frames = timed(false, words.clone()).await?;
        // Apart: finding them out keeps the page busy.
        let stretches = timed(true, words).await?;
        Ok(Self {
            longest: figures(&frames, "longest", count)?,
            spent: figures(&frames, "spent", count)?,
            stretches: figures(&stretches, "longest", count)?,
        })
    }

    /// A row of the table, beside the window at rest.
    pub fn row(&self, name: &str, rest: &Self) -> Vec<String> {
        let high = table::quantile(&self.longest, 0.95);
        vec![
            name.to_owned(),
            format!("{:.1} ms", table::median(&self.spent)),
            format!("{:.1} ms", table::quantile(&self.spent, 0.95)),
            format!("{:.1} ms", table::median(&self.longest)),
            format!("{high:.1} ms"),
            format!("{:.2} x", high / table::quantile(&rest.longest, 0.95)),
            format!("{:.1} ms", table::median(&self.stretches)),
            format!("{:.1} ms", table::quantile(&self.stretches, 0.95)),
        ]
    }
}

/// What a script found under a name, at least `count` figures.
pub fn figures(found: &Value, name: &str, count: u32) -> Result<Vec<f64>> {
    let each = found[name].as_array().into_iter().flatten();
    let figures: Vec<f64> = each.filter_map(Value::as_f64).collect();
    if figures.len() < count as usize {
        return Err(Failure::new("The keys could not be timed."));
    }
    Ok(figures)
}

pub const HEAD: [&str; 8] = [
    "what",
    "next picture",
    "95th",
    "longest frame",
    "95th",
    "ratio of the 95th",
    "busy without a break",
    "95th",
];
