//! Changes a few values in a YAML text and leaves every other byte of it alone: comments, order, quotes and
//! blank lines of a hand-edited file survive an edit in the window.
//!
//! The places come from the parser that also reads the file, and the new text is only handed out if it reads
//! as what it should be and has lost no comment.

use std::ops::Range;

use serde_json::{Map, Value};

use nodes::{Entry, Kind, Node};

mod nodes;

/// `text`, which reads as `old`, changed so that it should read as `new`; None where a place can't be
/// changed by itself. Comments in what is taken out go with it.
pub fn splice(text: &str, old: &Value, new: &Value) -> Option<Spliced> {
    if old == new {
        return Some(Spliced {
            text: text.to_owned(),
            taken_out: Vec::new(),
        });
    }
    let root = nodes::read(text)?;
    let mut edits = Edits {
        text,
        changes: Vec::new(),
        taken_out: Vec::new(),
    };
    edits.value(&root, old, new)?;
    Some(edits.finish())
}

/// The changed text.
#[derive(Debug, PartialEq)]
pub struct Spliced {
    pub text: String,
    /// The places of the old text that were taken out.
    pub taken_out: Vec<Range<usize>>,
}

/// The comments of a YAML text, each with its place; None if it is no YAML.
pub fn comments(text: &str) -> Option<Vec<(Range<usize>, String)>> {
    nodes::comments(text)
}

struct Edits<'a> {
    text: &'a str,
    /// What comes in place of what. In any order; of one place in the order of writing.
    changes: Vec<(Range<usize>, String)>,
    taken_out: Vec<Range<usize>>,
}

impl Edits<'_> {
    /// Changes what lies in a node, piece by piece. None: it has to be replaced as a whole.
    fn value(&mut self, node: &Node, old: &Value, new: &Value) -> Option<()> {
        match (&node.kind, old, new) {
            (Kind::Map { entries, flow }, Value::Object(old), Value::Object(new))
                if !new.is_empty() && !entries.is_empty() =>
            {
                self.map(entries, *flow, old, new)
            }
            (Kind::List { items, flow }, Value::Array(old), Value::Array(new))
                if !new.is_empty() && items.len() == old.len() && !items.is_empty() =>
            {
                self.list(items, *flow, old, new)
            }
            _ => None,
        }
    }

    fn map(
        &mut self,
        entries: &[Entry],
        flow: bool,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) -> Option<()> {
        let of = |key: &str| entries.iter().position(|entry| entry.key == key);
        for (key, value) in new {
            let known = old.get(key);
            if known == Some(value) {
                continue;
            }
            match (of(key), known) {
                (Some(at), known) => {
                    let entry = entries.get(at)?;
                    let before = (self.changes.len(), self.taken_out.len());
                    let inside = known.and_then(|known| self.value(&entry.value, known, value));
                    if inside.is_none() {
                        // What was begun inside is dropped: the whole takes its place.
                        self.changes.truncate(before.0);
                        self.taken_out.truncate(before.1);
                        self.replace(entry, flow, value)?;
                    }
                }
                (None, _) => {
                    if flow {
                        return None;
                    }
                    let earlier = new.keys().take_while(|other| *other != key);
                    let after = earlier.filter_map(|other| of(other)).last();
                    self.insert_entry(entries, after, key, value)?;
                }
            }
        }
        for (at, entry) in entries.iter().enumerate() {
            if old.contains_key(&entry.key) && !new.contains_key(&entry.key) {
                if flow {
                    return None;
                }
                self.remove_entry(entry, entries.get(at + 1))?;
            }
        }
        Some(())
    }

    fn list(&mut self, items: &[Node], flow: bool, old: &[Value], new: &[Value]) -> Option<()> {
        let same_start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let rest = old.len().min(new.len()) - same_start;
        let same_end = (old.iter().rev().zip(new.iter().rev()))
            .take(rest)
            .take_while(|(a, b)| a == b)
            .count();
        let (old_end, new_end) = (old.len() - same_end, new.len() - same_end);
        let paired = old_end.min(new_end);
        for at in same_start..paired {
            let item = items.get(at)?;
            let (old, new) = (old.get(at)?, new.get(at)?);
            let before = (self.changes.len(), self.taken_out.len());
            if old != new && self.value(item, old, new).is_none() {
                self.changes.truncate(before.0);
                self.taken_out.truncate(before.1);
                self.replace_item(item, flow, new)?;
            }
        }
        if flow && old.len() != new.len() {
            return None;
        }
        for item in items.get(paired..old_end)? {
            let dash = self.dash(item)?;
            let lines = self.line_start(dash)..self.after_line(item.end);
            if !self.is_blank(lines.start..dash) {
                return None;
            }
            self.take_out(lines);
        }
        for value in new.get(paired..new_end)? {
            let near = items.get(paired.saturating_sub(1))?;
            let dash = self.dash(near)?;
            let line = self.line_start(dash);
            if !self.is_blank(line..dash) {
                return None;
            }
            let text = indented(&item_text(value)?, dash - line);
            if paired == 0 {
                let margin = " ".repeat(dash - line);
                self.change(line..line, format!("{margin}{text}\n"));
            } else {
                self.insert_after(near.end, dash - line, &text);
            }
        }
        Some(())
    }

    /// Puts another value behind a key that stays.
    fn replace(&mut self, entry: &Entry, flow: bool, value: &Value) -> Option<()> {
        if flow {
            return self.replace_flow(&entry.value, value);
        }
        if let Some(lines) = self.same_block(&entry.value, value) {
            self.change(entry.value.start..entry.value.end, lines);
            return Some(());
        }
        let after_key = self.text.get(entry.key_end..)?;
        let colon = entry.key_end + after_key.find(':')? + 1;
        let margin = entry.key_start - self.line_start(entry.key_start);
        let mut single = Map::new();
        single.insert("k".to_owned(), value.clone());
        let text = indented(&yaml(&Value::Object(single))?, margin);
        self.replace_behind(colon, entry.value.end, text.strip_prefix("k:")?)
    }

    fn replace_item(&mut self, item: &Node, flow: bool, value: &Value) -> Option<()> {
        if flow {
            return self.replace_flow(item, value);
        }
        if let Some(lines) = self.same_block(item, value) {
            self.change(item.start..item.end, lines);
            return Some(());
        }
        let dash = self.dash(item)?;
        let text = indented(&item_text(value)?, dash - self.line_start(dash));
        self.replace_behind(dash + 1, item.end, text.strip_prefix('-')?)
    }

    /// Replaces what stands behind a colon or a dash. A comment at the end of the line stays on the first.
    fn replace_behind(&mut self, from: usize, old_end: usize, text: &str) -> Option<()> {
        let end = old_end.max(from);
        let line_end = self.line_end(end);
        let remark = self.text.get(end..line_end)?;
        match text.split_once('\n') {
            Some((first, rest)) if remark.trim_start().starts_with('#') => {
                self.change(from..line_end, format!("{first}{remark}\n{rest}"));
            }
            _ => self.change(from..end, text.to_owned()),
        }
        Some(())
    }

    fn replace_flow(&mut self, node: &Node, value: &Value) -> Option<()> {
        if node.start >= node.end {
            return None;
        }
        self.change(node.start..node.end, serde_json::to_string(value).ok()?);
        Some(())
    }

    /// The lines of a text for a block scalar that can stay one of its kind, below the same head.
    fn same_block(&self, node: &Node, value: &Value) -> Option<String> {
        let Kind::Block = node.kind else { return None };
        let text = value.as_str()?;
        let head = self.text.get(..node.start)?.trim_end_matches([' ', '\t']);
        let head = head.strip_suffix('\n')?.trim_end_matches('\r');
        let head = head.get(head.rfind('\n').map_or(0, |at| at + 1)..)?;
        let mark = head.rfind('|').and_then(|at| head.get(at + 1..))?;
        let mark = mark.split(" #").next()?.trim_end();
        let body = match mark {
            "" => text
                .strip_suffix('\n')
                .filter(|body| !body.ends_with('\n'))?,
            "-" => Some(text).filter(|body| !body.ends_with('\n'))?,
            _ => return None,
        };
        let plain = |letter: char| letter == '\n' || letter == '\t' || !letter.is_control();
        if body.is_empty()
            || body.starts_with([' ', '\t', '\n'])
            || body.ends_with([' ', '\t'])
            || !body
                .chars()
                .all(|letter| plain(letter) && !ODD.contains(&letter))
        {
            return None;
        }
        let margin = node.start - self.line_start(node.start);
        Some(indented(body, margin))
    }

    fn insert_entry(
        &mut self,
        entries: &[Entry],
        after: Option<usize>,
        key: &str,
        value: &Value,
    ) -> Option<()> {
        let mut single = Map::new();
        single.insert(key.to_owned(), value.clone());
        let near = entries.get(after.unwrap_or_default())?;
        let margin = near.key_start - self.line_start(near.key_start);
        let text = indented(&yaml(&Value::Object(single))?, margin);
        if after.is_none() {
            let at = self.above_remarks(near.key_start);
            let (before, behind) = match at == near.key_start {
                true => (String::new(), " ".repeat(margin)),
                false => (" ".repeat(margin), String::new()),
            };
            self.change(at..at, format!("{before}{text}\n{behind}"));
        } else {
            self.insert_after(near.value.end.max(near.key_end), margin, &text);
        }
        Some(())
    }

    /// The start of the comments that stand right above a key on lines of their own; the key's own place
    /// where there are none, or they begin the file and are about all of it.
    fn above_remarks(&self, key: usize) -> usize {
        let line = self.line_start(key);
        let mut at = line;
        while let Some(end) = at.checked_sub(1) {
            let start = self.line_start(end);
            let above = self.text.get(start..end).unwrap_or_default();
            if !above.trim_start().starts_with('#') {
                break;
            }
            at = start;
        }
        if at == line || at == 0 || !self.is_blank(line..key) {
            key
        } else {
            at
        }
    }

    fn remove_entry(&mut self, entry: &Entry, next: Option<&Entry>) -> Option<()> {
        let line = self.line_start(entry.key_start);
        if self.is_blank(line..entry.key_start) {
            self.take_out(line..self.after_line(entry.value.end.max(entry.key_end)));
            return Some(());
        }
        // Behind a dash: what follows moves up to it.
        self.take_out(entry.key_start..next?.key_start);
        Some(())
    }

    /// Puts lines below the line on which something ends.
    fn insert_after(&mut self, end: usize, margin: usize, text: &str) {
        let at = self.line_end(end);
        self.change(at..at, format!("\n{}{text}", " ".repeat(margin)));
    }

    fn take_out(&mut self, range: Range<usize>) {
        self.taken_out.push(range.clone());
        self.change(range, String::new());
    }

    fn change(&mut self, range: Range<usize>, text: String) {
        self.changes.push((range, text));
    }

    /// Where the dash of a list's item stands.
    fn dash(&self, item: &Node) -> Option<usize> {
        let before = self.text.get(..item.outer_start)?;
        let dash = before.trim_end().len().checked_sub(1)?;
        (before.get(dash..=dash)? == "-").then_some(dash)
    }

    fn is_blank(&self, range: Range<usize>) -> bool {
        self.text
            .get(range)
            .is_some_and(|text| text.bytes().all(|byte| byte == b' '))
    }

    fn line_start(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Before the line break, or at the end of the text.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len()
    }

    fn after_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find('\n')
            .map_or(self.text.len(), |newline| at + newline + 1)
    }

    fn finish(mut self) -> Spliced {
        // Stable: of one place, in the order of writing.
        self.changes
            .sort_by_key(|(range, _)| (range.start, range.end));
        let crlf = self.text.contains("\r\n");
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, new) in self.changes {
            text.push_str(self.text.get(at..range.start).unwrap_or_default());
            if crlf {
                text.push_str(&new.replace('\n', "\r\n"));
            } else {
                text.push_str(&new);
            }
            at = range.end.max(at);
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        Spliced {
            text,
            taken_out: self.taken_out,
        }
    }
}

/// Letters that a block scalar does not keep on every reader.
const ODD: &[char] = &['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];

/// A value as YAML, without the last line break.
fn yaml(value: &Value) -> Option<String> {
    let options = serde_saphyr::ser_options! { compact_list_indent: false };
    let mut text = serde_saphyr::to_string_with_options(value, options).ok()?;
    if text.ends_with('\n') {
        text.pop();
    }
    Some(text)
}

/// A value as the only item of a list.
fn item_text(value: &Value) -> Option<String> {
    yaml(&Value::Array(vec![value.clone()]))
}

/// Every line but the first moved to the right; empty ones stay empty.
fn indented(text: &str, margin: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', margin));
            }
        }
        out.push_str(line);
    }
    out
}
