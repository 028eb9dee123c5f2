//! `{{name}}` in any text of a body: found with its place, filled in from a map, or named as missing.
//!
//! A name begins with a letter or `_` and goes on with letters, digits, `_`, `-` and `.`; spaces within
//! the braces do not count. A backslash right before the braces makes them text: `\{{name}}` is sent as
//! `{{name}}`, and `\\{{name}}` as one backslash and the value. Braces around anything else are text
//! anyway. Values are not searched again, so a value can't bring in another variable.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::place::{Body, join};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Variable {
    pub value: String,
    /// Where it was set, such as the name of an environment.
    pub scope: String,
}

/// The variables in reach, by name.
pub type Variables = BTreeMap<String, Variable>;

/// A use of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct VariableUse {
    /// A JSON Pointer to the text that uses it.
    pub pointer: String,
    pub name: String,
    /// Where the value was set; `None`: it has no value.
    pub scope: Option<String>,
}

/// A body with its variables filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// A variable without a value stands in it as it was.
    pub body: Body,
    /// Every use, in the order of the body.
    pub uses: Vec<VariableUse>,
}

impl Resolved {
    /// The uses of names that have no value.
    pub fn unresolved(&self) -> impl Iterator<Item = &VariableUse> {
        self.uses.iter().filter(|one| one.scope.is_none())
    }
}

/// Whether a text uses a variable.
pub fn mentions(text: &str) -> bool {
    Pieces { rest: text }.any(|piece| matches!(piece, Piece::Variable { .. }))
}

/// Every use of a variable in a body, with the scope of those that have a value.
pub fn uses(body: &Body, variables: &Variables) -> Vec<VariableUse> {
    let mut uses = Vec::new();
    for (key, value) in body {
        walk(value, &join("", key), &mut |pointer, text| {
            note(text, pointer, variables, &mut uses);
        });
    }
    uses
}

/// Fills in the variables of a body.
pub fn resolve(body: &Body, variables: &Variables) -> Resolved {
    let mut uses = Vec::new();
    let filled = fill_fields(body, "", variables, &mut uses);
    Resolved { body: filled, uses }
}

/// The text that is sent as `text`: every variable in it is made plain.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for piece in (Pieces { rest: text }) {
        match piece {
            Piece::Text(plain) => out.push_str(plain),
            Piece::Escaped { slashes, braces }
            | Piece::Variable {
                slashes, braces, ..
            } => {
                // What stands before them doubles, and one more makes them text.
                out.extend(std::iter::repeat_n('\\', slashes * 2 + 1));
                out.push_str(braces);
            }
        }
    }
    out
}

fn fill_fields(
    fields: &Map<String, Value>,
    pointer: &str,
    variables: &Variables,
    uses: &mut Vec<VariableUse>,
) -> Body {
    fields
        .iter()
        .map(|(key, value)| {
            (
                key.clone(),
                fill(value, &join(pointer, key), variables, uses),
            )
        })
        .collect()
}

fn fill(value: &Value, pointer: &str, variables: &Variables, uses: &mut Vec<VariableUse>) -> Value {
    match value {
        Value::String(text) => {
            note(text, pointer, variables, uses);
            Value::String(filled(text, variables))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| fill(item, &join(pointer, index), variables, uses))
            .collect(),
        Value::Object(fields) => Value::Object(fill_fields(fields, pointer, variables, uses)),
        other => other.clone(),
    }
}

fn filled(text: &str, variables: &Variables) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in (Pieces { rest: text }) {
        match piece {
            Piece::Text(plain) => out.push_str(plain),
            Piece::Escaped { slashes, braces } => {
                out.extend(std::iter::repeat_n('\\', slashes / 2));
                out.push_str(braces);
            }
            Piece::Variable {
                slashes,
                braces,
                name,
            } => {
                out.extend(std::iter::repeat_n('\\', slashes / 2));
                let known = variables.get(name).map(|variable| variable.value.as_str());
                out.push_str(known.unwrap_or(braces));
            }
        }
    }
    out
}

fn note(text: &str, pointer: &str, variables: &Variables, uses: &mut Vec<VariableUse>) {
    for piece in (Pieces { rest: text }) {
        if let Piece::Variable { name, .. } = piece {
            uses.push(VariableUse {
                pointer: pointer.to_owned(),
                name: name.to_owned(),
                scope: variables.get(name).map(|variable| variable.scope.clone()),
            });
        }
    }
}

fn walk(value: &Value, pointer: &str, see: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => see(pointer, text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &join(pointer, index), see);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                walk(field, &join(pointer, key), see);
            }
        }
        _ => {}
    }
}

/// A stretch of a text.
enum Piece<'a> {
    Text(&'a str),
    /// Braces that are text. An odd number of backslashes stands before them, `slashes` more than
    /// one.
    Escaped {
        slashes: usize,
        braces: &'a str,
    },
    /// A variable, after an even number of backslashes.
    Variable {
        slashes: usize,
        braces: &'a str,
        name: &'a str,
    },
}

/// The stretches of a text, from its start.
struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(found) = self.rest[from..].find("{{") {
            let at = from + found;
            let Some((length, name)) = variable(&self.rest[at..]) else {
                from = at + 1;
                continue;
            };
            let before = &self.rest[..at];
            let slashes = before.len() - before.trim_end_matches('\\').len();
            let plain = at - slashes;
            if plain > 0 {
                let text = &self.rest[..plain];
                self.rest = &self.rest[plain..];
                return Some(Piece::Text(text));
            }
            let braces = &self.rest[at..at + length];
            self.rest = &self.rest[at + length..];
            return Some(if slashes % 2 == 1 {
                Piece::Escaped { slashes, braces }
            } else {
                Piece::Variable {
                    slashes,
                    braces,
                    name,
                }
            });
        }
        Some(Piece::Text(std::mem::take(&mut self.rest)))
    }
}

/// The length of the variable that `text` begins with, and its name.
fn variable(text: &str) -> Option<(usize, &str)> {
    // No name is longer: without a bound, a text full of braces would be read again and again.
    const LONGEST: usize = 200;
    let inner = text.strip_prefix("{{")?;
    let name = inner.trim_start_matches(' ');
    let end = name
        .char_indices()
        .take(LONGEST)
        .find(|(_, letter)| !(letter.is_alphanumeric() || "_-.".contains(*letter)))
        .map(|(index, _)| index)?;
    let (name, rest) = name.split_at(end);
    let first = name.chars().next()?;
    let after = rest.trim_start_matches(' ').strip_prefix("}}")?;
    (first.is_alphabetic() || first == '_').then_some((text.len() - after.len(), name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        let pairs = pairs.iter().map(|(name, value)| {
            let variable = Variable {
                value: (*value).into(),
                scope: "staging".into(),
            };
            ((*name).to_owned(), variable)
        });
        pairs.collect()
    }

    fn body(value: Value) -> Body {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn every_text_is_filled_and_every_use_told() {
        let it = body(json!({
            "model": "{{model}}",
            "input": [{"role": "user", "content": "Hi {{ name }}, {{name}} and {{nobody}}"}],
            "n": 3,
            "metadata": {"{{key}}": "{{tenant.id}}"},
        }));
        let known = variables(&[
            ("model", "gpt-5.5"),
            ("name", "Ada {{model}}"),
            ("tenant.id", "t-1"),
        ]);
        let resolved = resolve(&it, &known);
        assert_eq!(
            Value::Object(resolved.body.clone()),
            json!({
                "model": "gpt-5.5",
                "input": [{"role": "user", "content": "Hi Ada {{model}}, Ada {{model}} and {{nobody}}"}],
                "n": 3,
                "metadata": {"{{key}}": "t-1"},
            }),
            "a value is not searched again, and a name of a field is no text"
        );
        let missing: Vec<_> = resolved.unresolved().collect();
        let nobody = VariableUse {
            pointer: "/input/0/content".into(),
            name: "nobody".into(),
            scope: None,
        };
        assert_eq!(missing, [&nobody]);
        assert_eq!(resolved.uses, uses(&it, &known));
        assert_eq!(resolved.uses[0].scope.as_deref(), Some("staging"));
    }

    #[test]
    fn braces_around_anything_else_are_text() {
        for text in [
            "{{}}",
            "{{ }}",
            "{{1}}",
            "{{a b}}",
            "{{a",
            "{ {a}}",
            "{{% for %}}",
            "{{#if a}}",
            "{{a}",
            "{{{",
        ] {
            assert!(!mentions(text), "{text}");
            assert_eq!(filled(text, &variables(&[("a", "x")])), text);
        }
        assert_eq!(filled("{{{a}}}", &variables(&[("a", "x")])), "{x}");
        assert_eq!(filled("{{größe}}", &variables(&[("größe", "x")])), "x");
    }

    #[test]
    fn a_backslash_makes_braces_text() {
        let known = variables(&[("a", "x")]);
        assert_eq!(filled(r"\{{a}}", &known), "{{a}}");
        assert_eq!(filled(r"\\{{a}}", &known), r"\x");
        assert_eq!(filled(r"\\\{{a}}", &known), r"\{{a}}");
        assert_eq!(filled(r"\d {{b}} \n", &known), r"\d {{b}} \n");
        assert!(!mentions(r"\{{a}}"));
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_sent_as_it_was(text in r"([\\{} ab]|\{\{a\}\}){0,24}") {
            let escaped = escape(&text);
            prop_assert!(!mentions(&escaped));
            prop_assert_eq!(filled(&escaped, &variables(&[("a", "x")])), text);
        }

        #[test]
        fn any_text_can_be_read(text in any::<String>()) {
            let shown = filled(&text, &Variables::new());
            prop_assert!(mentions(&text) || shown.len() <= text.len());
        }
    }
}
