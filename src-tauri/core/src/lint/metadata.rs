//! Metadata: how many pairs, and how long.

use serde_json::{Map, Value};

use super::{Asked, Edit, Finding, Fix};
use crate::catalog::parameters::Parameter;
use crate::place::{self, join};

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let bounded = asked.table.parameters().iter();
    for row in bounded.filter(|row| row.max_key_length.is_some()) {
        let Some(wire) = row.wire(asked.endpoint) else {
            continue;
        };
        let given = place::given(asked.body, &wire.path).and_then(Value::as_object);
        if let Some(pairs) = given {
            count(row, pairs, &wire.pointer(), findings);
            each(row, pairs, &wire.pointer(), findings);
        }
    }
}

fn count(row: &Parameter, pairs: &Map<String, Value>, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(most) = row.max_items.filter(|most| pairs.len() > *most) else {
        return;
    };
    let kept: Map<String, Value> = pairs
        .iter()
        .take(most)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    findings.push(
        Finding::error(
            "too_many",
            pointer,
            format!("{} holds {} pairs.", row.id, pairs.len()),
        )
        .reason(format!("At most {most} are taken."))
        .fix(Fix::safe(
            format!("Keep the first {most}"),
            [Edit::set(pointer, kept)],
        )),
    );
}

fn each(row: &Parameter, pairs: &Map<String, Value>, pointer: &str, findings: &mut Vec<Finding>) {
    let (key_most, text_most) = (
        row.max_key_length.unwrap_or(usize::MAX),
        row.max_length.unwrap_or(usize::MAX),
    );
    for (key, value) in pairs {
        let here = join(pointer, key);
        let letters = key.chars().count();
        if letters > key_most {
            findings.push(
                Finding::error(
                    "too_long",
                    &here,
                    format!("A name of {letters} characters is too long."),
                )
                .reason(format!("Names have at most {key_most} characters."))
                .fix(shortened(pairs, key, value, key_most, pointer)),
            );
            continue;
        }
        let Some(text) = value.as_str() else {
            let text = value.to_string();
            let fix = (value.is_number() || value.is_boolean())
                .then(|| Fix::safe("Make it a text", [Edit::set(&here, text)]));
            findings.push(
                Finding::error(
                    "wrong_type",
                    &here,
                    format!("{}.{key} should be a text.", row.id),
                )
                .reason("Only texts can be labels.")
                .fix(fix),
            );
            continue;
        };
        let letters = text.chars().count();
        if letters > text_most {
            let cut: String = text.chars().take(text_most).collect();
            findings.push(
                Finding::error(
                    "too_long",
                    &here,
                    format!("{}.{key} is {letters} characters long.", row.id),
                )
                .reason(format!("At most {text_most} are taken."))
                .fix(Fix::safe(
                    format!("Cut it at {text_most}"),
                    [Edit::set(&here, cut)],
                )),
            );
        }
    }
}

/// The pair under the start of its name, unless that would overwrite another.
fn shortened(
    pairs: &Map<String, Value>,
    key: &str,
    value: &Value,
    most: usize,
    pointer: &str,
) -> Option<Fix> {
    let short: String = key.chars().take(most).collect();
    if pairs.contains_key(&short) {
        return None;
    }
    Some(Fix::safe(
        format!("Cut the name at {most}"),
        [
            Edit::remove(join(pointer, key)),
            Edit::set(join(pointer, &short), value.clone()),
        ],
    ))
}
