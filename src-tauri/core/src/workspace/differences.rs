//! What is different between two texts of a file: field by field where both are requests, line by line
//! within long texts.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::{Algorithm, ChangeTag, TextDiff};
use ts_rs::TS;

use super::names;
use super::request_file;

/// Lines that are shown around what changed.
const AROUND: usize = 3;

/// After that long two texts are told apart more coarsely.
const PATIENCE: Duration = Duration::from_millis(500);

/// A field that is not the same in both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FieldChange {
    /// A JSON Pointer such as `/body/input/0/content`, into the later one unless it is only in the earlier;
    /// "" for the text of a file that is no request.
    pub pointer: String,
    /// None where it came; also of a text that is shown line by line.
    #[ts(type = "unknown")]
    pub before: Option<Value>,
    /// None where it went; also of a text that is shown line by line.
    #[ts(type = "unknown")]
    pub after: Option<Value>,
    /// Of a text with more than one line; empty otherwise.
    pub lines: Vec<Hunk>,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DiffHunk", rename_all = "camelCase")]
pub struct Hunk {
    /// The first line's number in the earlier text, from 1.
    pub before_line: u32,
    /// The first line's number in the later text, from 1.
    pub after_line: u32,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DiffLine", rename_all = "camelCase")]
pub struct Line {
    pub kind: LineKind,
    /// Without its line break.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "DiffLineKind", rename_all = "snake_case")]
pub enum LineKind {
    Same,
    Removed,
    Added,
}

/// What is different between two texts of the file at `path`.
pub fn differences(path: &str, before: &str, after: &str) -> Vec<FieldChange> {
    if before == after {
        return Vec::new();
    }
    let fields = |text: &str| -> Option<Value> {
        if !names::is_request(path) {
            return None;
        }
        let request = request_file::parse(Path::new(path), text).ok()?;
        serde_json::to_value(request).ok()
    };
    let mut found = Vec::new();
    if let (Some(before), Some(after)) = (fields(before), fields(after)) {
        compare("", Some(&before), Some(&after), &mut found);
        // Where only comments or the way of writing differ, the text says it.
        if !found.is_empty() {
            return found;
        }
    }
    found.push(FieldChange {
        pointer: String::new(),
        before: None,
        after: None,
        lines: hunks(before, after),
    });
    found
}

fn compare(
    pointer: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    out: &mut Vec<FieldChange>,
) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let gone = before.keys().filter(|key| !after.contains_key(*key));
            for key in after.keys().chain(gone) {
                let below = format!("{pointer}/{}", escaped(key));
                compare(&below, before.get(key), after.get(key), out);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            list(pointer, before, after, out);
        }
        (Some(Value::String(before)), Some(Value::String(after)))
            if before.trim_end().contains('\n') || after.trim_end().contains('\n') =>
        {
            out.push(FieldChange {
                pointer: pointer.to_owned(),
                before: None,
                after: None,
                lines: hunks(before, after),
            });
        }
        _ => out.push(FieldChange {
            pointer: pointer.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
            lines: Vec::new(),
        }),
    }
}

/// Items are paired from both ends: one that was put in between does not make all behind it look changed.
fn list(pointer: &str, before: &[Value], after: &[Value], out: &mut Vec<FieldChange>) {
    let same = |(a, b): &(&Value, &Value)| a == b;
    let start = before.iter().zip(after).take_while(same).count();
    let rest = before.len().min(after.len()) - start;
    let end = (before.iter().rev().zip(after.iter().rev()))
        .take(rest)
        .take_while(same)
        .count();
    let (before_end, after_end) = (before.len() - end, after.len() - end);
    for at in start..before_end.max(after_end) {
        let of = |list: &'_ [Value], end: usize| -> Option<Value> {
            (at < end).then(|| list.get(at).cloned()).flatten()
        };
        let below = format!("{pointer}/{at}");
        compare(
            &below,
            of(before, before_end).as_ref(),
            of(after, after_end).as_ref(),
            out,
        );
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(PATIENCE)
        .diff_lines(before, after);
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    diff.grouped_ops(AROUND)
        .iter()
        .filter_map(|group| {
            let first = group.first()?;
            let changes = group.iter().flat_map(|op| diff.iter_changes(op));
            Some(Hunk {
                before_line: number(first.old_range().start),
                after_line: number(first.new_range().start),
                lines: changes
                    .map(|change| Line {
                        kind: match change.tag() {
                            ChangeTag::Equal => LineKind::Same,
                            ChangeTag::Delete => LineKind::Removed,
                            ChangeTag::Insert => LineKind::Added,
                        },
                        text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
                    })
                    .collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> String {
        format!("id: x\nname: N\nbody:\n{body}")
    }

    fn shown(changes: &[FieldChange]) -> Vec<String> {
        changes
            .iter()
            .flat_map(|change| {
                let value = |value: &Option<Value>| {
                    value
                        .as_ref()
                        .map_or_else(|| "-".to_owned(), Value::to_string)
                };
                let lines = change.lines.iter().flat_map(|hunk| {
                    let at = format!("@{},{}", hunk.before_line, hunk.after_line);
                    let lines = hunk.lines.iter().map(|line| {
                        let sign = match line.kind {
                            LineKind::Same => ' ',
                            LineKind::Removed => '-',
                            LineKind::Added => '+',
                        };
                        format!("{sign}{}", line.text)
                    });
                    std::iter::once(at).chain(lines).collect::<Vec<_>>()
                });
                let head = if change.lines.is_empty() {
                    format!(
                        "{}: {} > {}",
                        change.pointer,
                        value(&change.before),
                        value(&change.after)
                    )
                } else {
                    change.pointer.clone()
                };
                std::iter::once(head).chain(lines).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn parameters_by_their_path_and_prompts_by_their_lines() {
        let before = request(
            "  model: m\n  reasoning: {effort: low}\n  top_p: 1\n  input:\n    - role: user\n      content: |\n        a\n        b\n        c\n        d\n        e\n        f\n",
        );
        let after = request(
            "  model: m\n  reasoning: {effort: high}\n  input:\n    - role: developer\n      content: New.\n    - role: user\n      content: |\n        a\n        b\n        c\n        d\n        E\n        f\n  store: false\n",
        );
        assert_eq!(
            shown(&differences("a.yaml", &before, &after)),
            [
                "/body/reasoning/effort: \"low\" > \"high\"",
                "/body/input/0/role: \"user\" > \"developer\"",
                "/body/input/0/content",
                "@1,1",
                "-a",
                "-b",
                "-c",
                "-d",
                "-e",
                "-f",
                "+New.",
                "/body/input/1: - > {\"role\":\"user\",\"content\":\"a\\nb\\nc\\nd\\nE\\nf\\n\"}",
                "/body/store: - > false",
                "/body/top_p: 1 > -",
            ]
        );
        let one_word = before.replace("        e\n", "        EE\n");
        assert_eq!(
            shown(&differences("a.yaml", &before, &one_word)),
            [
                "/body/input/0/content",
                "@2,2",
                " b",
                " c",
                " d",
                "-e",
                "+EE",
                " f"
            ]
        );
    }

    #[test]
    fn what_is_put_in_front_does_not_change_the_rest() {
        let before = request("  input: [{role: user, content: one}, {role: user, content: two}]\n");
        let after = before.replace("[{role", "[{role: system, content: zero}, {role");
        assert_eq!(
            shown(&differences("a.yaml", &before, &after)),
            ["/body/input/0: - > {\"role\":\"system\",\"content\":\"zero\"}"]
        );
    }

    #[test]
    fn a_comment_and_a_file_that_is_no_request_are_shown_as_text() {
        let before = request("  model: m\n");
        let commented = format!("{before}# mine\n");
        assert_eq!(
            shown(&differences("a.yaml", &before, &commented)),
            ["", "@2,2", " name: N", " body:", "   model: m", "+# mine"]
        );
        assert_eq!(
            shown(&differences("folder.yaml", "order: [a]\n", "order: [b]\n")),
            ["", "@1,1", "-order: [a]", "+order: [b]"]
        );
        assert_eq!(shown(&differences("a.yaml", &before, &before)), [""; 0]);
    }
}
