//! A run's raw events as rows to look through: a stretch of deltas is one row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::ops::list_events::EventRow;

/// The longest preview, in characters.
const PREVIEW: usize = 80;

/// Folds events, given in order as (index, microseconds since the send, data). Consecutive events
/// of one type that ends in `.delta` share a row, unless the numbering breaks between them. What is
/// no JSON object with a type is kept as `unreadable`.
pub fn fold_events<T: AsRef<str>>(
    events: impl IntoIterator<Item = (u32, u64, T)>,
) -> Vec<EventRow> {
    let mut rows: Vec<EventRow> = Vec::new();
    let mut numbering = Numbering::default();
    for (index, at_us, raw) in events {
        let event = Glance::at(raw.as_ref());
        let gap = numbering.breaks_at(event.number);
        let at_ms = at_us as f64 / 1e3;
        match rows.last_mut() {
            Some(row) if !gap && row.kind == event.kind && row.kind.ends_with(".delta") => {
                row.count += 1;
                row.until_ms = at_ms;
                append(&mut row.preview, &event.preview);
            }
            _ => {
                let mut preview = String::new();
                append(&mut preview, &event.preview);
                rows.push(EventRow {
                    index,
                    count: 1,
                    kind: event.kind,
                    at_ms,
                    until_ms: at_ms,
                    preview,
                    gap,
                });
            }
        }
    }
    for row in &mut rows {
        row.preview.truncate(row.preview.trim_end().len());
    }
    rows
}

/// Follows `sequence_number` through a stream. The first one may be any: a resumed stream starts in
/// the middle.
#[derive(Default)]
struct Numbering {
    last: Option<u64>,
    /// Events since then that had no number; the numbering may or may not have counted them.
    unnumbered: u64,
}

impl Numbering {
    fn breaks_at(&mut self, number: Option<u64>) -> bool {
        let Some(number) = number else {
            self.unnumbered += 1;
            return false;
        };
        let breaks = self.last.is_some_and(|last| {
            let most = last.saturating_add(1).saturating_add(self.unnumbered);
            !(last.saturating_add(1)..=most).contains(&number)
        });
        self.last = Some(number);
        self.unnumbered = 0;
        breaks
    }
}

/// The little that a row shows of an event.
struct Glance {
    kind: String,
    number: Option<u64>,
    preview: String,
}

impl Glance {
    fn at(raw: &str) -> Self {
        if raw.trim() == "[DONE]" {
            return Self {
                kind: "[DONE]".to_owned(),
                number: None,
                preview: String::new(),
            };
        }
        // Only the fields that are shown are parsed further: a final event may be megabytes long.
        let fields: Fields = serde_json::from_str(raw).unwrap_or_default();
        match string(&fields, "type") {
            Some(kind) => Self {
                number: fields
                    .get("sequence_number")
                    .and_then(|value| serde_json::from_str(value.get()).ok()),
                preview: hint(&fields),
                kind,
            },
            None => Self {
                kind: "unreadable".to_owned(),
                number: None,
                preview: raw.chars().take(PREVIEW + 1).collect(),
            },
        }
    }
}

type Fields<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

fn string(fields: &Fields, name: &str) -> Option<String> {
    serde_json::from_str(fields.get(name)?.get()).ok()
}

fn inner<'a>(fields: &Fields<'a>, name: &str) -> Option<Fields<'a>> {
    serde_json::from_str(fields.get(name)?.get()).ok()
}

/// The text that an event carries, or else what it is about.
fn hint(fields: &Fields) -> String {
    const TEXTS: &[&str] = &["delta", "text", "refusal", "arguments", "message", "code"];
    if let Some(text) = TEXTS.iter().find_map(|name| string(fields, name)) {
        return text;
    }
    if let Some(item) = inner(fields, "item") {
        return words(&item, &["type", "name", "status", "id"]);
    }
    if let Some(part) = inner(fields, "part").or_else(|| inner(fields, "annotation")) {
        return match string(&part, "text") {
            Some(text) if !text.is_empty() => text,
            _ => words(&part, &["type", "title", "url"]),
        };
    }
    if let Some(response) = inner(fields, "response") {
        let error = inner(&response, "error").map(|error| words(&error, &["code", "message"]));
        let reason =
            inner(&response, "incomplete_details").map(|details| words(&details, &["reason"]));
        let about = words(&response, &["status", "id", "model"]);
        return [Some(about), reason, error]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
    }
    if let Some(error) = inner(fields, "error") {
        return words(&error, &["code", "message"]);
    }
    // A delta that is no text, such as a patch of an unknown kind, is shown as it stands.
    if let Some(delta) = fields.get("delta") {
        return delta.get().to_owned();
    }
    words(fields, &["item_id"])
}

/// Those of the named fields that hold a text, with spaces between.
fn words(fields: &Fields, names: &[&str]) -> String {
    names
        .iter()
        .filter_map(|name| string(fields, name))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Adds `text` to a preview as far as there is room: white space and control characters become
/// single spaces, and what does not fit an ellipsis.
fn append(preview: &mut String, text: &str) {
    let mut length = preview.chars().count();
    if length == PREVIEW && preview.ends_with('…') {
        return;
    }
    for character in text.chars() {
        let character = if character.is_whitespace() || character.is_control() {
            ' '
        } else {
            character
        };
        if character == ' ' && (preview.is_empty() || preview.ends_with(' ')) {
            continue;
        }
        if length == PREVIEW {
            preview.pop();
            preview.push('…');
            return;
        }
        preview.push(character);
        length += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn row(index: u32, count: u32, kind: &str, ms: (f64, f64), preview: &str) -> EventRow {
        EventRow {
            index,
            count,
            kind: kind.to_owned(),
            at_ms: ms.0,
            until_ms: ms.1,
            preview: preview.to_owned(),
            gap: false,
        }
    }

    fn fold(raws: &[String]) -> Vec<EventRow> {
        fold_events(
            raws.iter()
                .zip(0..)
                .map(|(raw, index)| (index, u64::from(index) * 1500, raw)),
        )
    }

    #[test]
    fn a_stream_folds_to_its_turns() {
        let raws = [
            json!({"type": "response.created", "sequence_number": 0,
                   "response": {"id": "resp_1", "status": "in_progress", "model": "m"}}),
            json!({"type": "response.output_item.added", "sequence_number": 1,
                   "item": {"id": "rs_1", "type": "reasoning", "summary": []}}),
            json!({"type": "response.reasoning_summary_text.delta", "sequence_number": 2, "delta": "**Weigh"}),
            json!({"type": "response.reasoning_summary_text.delta", "sequence_number": 3, "delta": "ing**\n\nfirst"}),
            json!({"type": "response.reasoning_summary_part.done", "sequence_number": 4,
                   "part": {"type": "summary_text", "text": "**Weighing**\n\nfirst"}}),
            json!({"type": "response.output_text.delta", "sequence_number": 5, "delta": "4"}),
            json!({"type": "response.output_text.delta", "sequence_number": 6, "delta": "2"}),
            json!({"type": "response.output_text.done", "sequence_number": 7, "text": "42"}),
            json!({"type": "response.failed", "sequence_number": 8, "response": {"id": "resp_1",
                   "status": "failed", "error": {"code": "server_error", "message": "Sorry"}}}),
        ]
        .map(|value| value.to_string());
        assert_eq!(
            fold(&raws),
            [
                row(0, 1, "response.created", (0.0, 0.0), "in_progress resp_1 m"),
                row(
                    1,
                    1,
                    "response.output_item.added",
                    (1.5, 1.5),
                    "reasoning rs_1"
                ),
                row(
                    2,
                    2,
                    "response.reasoning_summary_text.delta",
                    (3.0, 4.5),
                    "**Weighing** first"
                ),
                row(
                    4,
                    1,
                    "response.reasoning_summary_part.done",
                    (6.0, 6.0),
                    "**Weighing** first"
                ),
                row(5, 2, "response.output_text.delta", (7.5, 9.0), "42"),
                row(7, 1, "response.output_text.done", (10.5, 10.5), "42"),
                row(
                    8,
                    1,
                    "response.failed",
                    (12.0, 12.0),
                    "failed resp_1 server_error Sorry"
                ),
            ]
        );
    }

    #[test]
    fn gaps_and_repeats_are_flagged_where_they_are() {
        let delta =
            |number: Value| json!({"type": "a.delta", "sequence_number": number, "delta": "x"});
        for (numbers, rows) in [
            (json!([5, 6, 7]), vec![(3, false)]),
            (json!([0, 1, 3, 4]), vec![(2, false), (2, true)]),
            (json!([0, 1, 1, 2]), vec![(2, false), (2, true)]),
            (json!([0, 2, 1]), vec![(1, false), (1, true), (1, true)]),
            // Numberless events may have been counted or not.
            (json!([0, null, 1]), vec![(3, false)]),
            (json!([0, null, 2]), vec![(3, false)]),
            (json!([0, null, 3]), vec![(2, false), (1, true)]),
            (json!(["0", 1.5, -1]), vec![(3, false)]),
        ] {
            let raws: Vec<String> = numbers
                .as_array()
                .unwrap()
                .iter()
                .map(|number| delta(number.clone()).to_string())
                .collect();
            let found: Vec<_> = fold(&raws).iter().map(|row| (row.count, row.gap)).collect();
            assert_eq!(found, rows, "{numbers}");
        }
    }

    #[test]
    fn odd_events_are_kept_by_name() {
        let raws = [
            "",
            "not json",
            "null",
            "[1]",
            r#"{"type":7}"#,
            r#"{"type":"x","type":"y","delta":null}"#,
            r#"{"type":"z.delta","delta":{"op":1}}"#,
            "[DONE]",
        ]
        .map(str::to_owned);
        let rows = fold(&raws);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.kind.as_str(), row.preview.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("unreadable", ""),
                ("unreadable", "not json"),
                ("unreadable", "null"),
                ("unreadable", "[1]"),
                ("unreadable", r#"{"type":7}"#),
                ("y", "null"),
                ("z.delta", r#"{"op":1}"#),
                ("[DONE]", ""),
            ]
        );
    }

    #[test]
    fn a_preview_ends_in_an_ellipsis_at_80_characters() {
        let raws: Vec<String> = (0..50)
            .map(|_| json!({"type": "t.delta", "delta": "größe "}).to_string())
            .collect();
        let rows = fold(&raws);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].preview.chars().count(), PREVIEW);
        assert!(rows[0].preview.ends_with("…"));
    }

    fn any_event() -> impl Strategy<Value = String> {
        let kind = prop::sample::select(vec!["a.delta", "b.delta", "a.done", "c"]);
        prop_oneof![
            4 => (kind, prop::option::of(0..6_u64), ".{0,90}").prop_map(|(kind, number, text)| {
                json!({"type": kind, "sequence_number": number, "delta": text}).to_string()
            }),
            1 => ".{0,100}",
        ]
    }

    proptest! {
        #[test]
        fn every_event_is_in_one_row(raws in prop::collection::vec(any_event(), 0..60)) {
            let rows = fold(&raws);
            let mut next = 0;
            for row in &rows {
                prop_assert_eq!(row.index, next, "rows follow one another");
                prop_assert!(row.at_ms <= row.until_ms);
                prop_assert!(row.preview.chars().count() <= PREVIEW);
                next += row.count;
            }
            prop_assert_eq!(next as usize, raws.len(), "the counts add up to the events");
        }
    }
}
