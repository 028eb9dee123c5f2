//! Placeholders of other tools as `{{name}}`.

use serde_json::Value;

use crate::variables;

/// How a tool writes a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `{{name}}`: Postman, Bruno, and Rheostat itself.
    Braces,
    /// `{{ _.name }}` and `{{ _['name'] }}`, `{% tag %}`: Insomnia.
    Insomnia,
    /// `${[ name ]}`: Yaak.
    Yaak,
    /// `{{ name }}`, `{{ name | filter }}`, `{% tag %}`: promptfoo.
    Nunjucks,
    /// None: the text is what was sent.
    Literal,
}

impl Syntax {
    /// What opens and closes a placeholder.
    pub(super) fn marks(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Braces => &[("{{", "}}")],
            Self::Insomnia | Self::Nunjucks => &[("{{", "}}"), ("{%", "%}")],
            Self::Yaak => &[("${[", "]}")],
            Self::Literal => &[],
        }
    }
}

/// No placeholder is longer, in bytes.
const LONGEST: usize = 2_000;

/// The placeholder that `text` begins with: its whole length and what is within its marks.
pub(super) fn at(text: &str, syntax: Syntax) -> Option<(usize, &str)> {
    for (open, close) in syntax.marks() {
        if let Some(inner) = text.strip_prefix(open)
            && let Some(end) = start_of(inner).find(close)
        {
            return Some((open.len() + end + close.len(), &inner[..end]));
        }
    }
    None
}

/// As much of a text as a placeholder may take: a text full of marks is not searched to its end for each.
fn start_of(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Rewrites every text in `value`. Returns what only works in the other tool, as it stands there.
pub(super) fn rewrite(value: &mut Value, syntax: Syntax) -> Vec<String> {
    let mut foreign = Vec::new();
    walk(value, syntax, &mut foreign);
    foreign.sort();
    foreign.dedup();
    foreign
}

fn walk(value: &mut Value, syntax: Syntax, foreign: &mut Vec<String>) {
    match value {
        Value::String(text) => *text = rewrite_text(text, syntax, foreign),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| walk(item, syntax, foreign)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| walk(field, syntax, foreign)),
        _ => {}
    }
}

/// The text with our placeholders in place of the tool's.
pub(super) fn rewrite_text(text: &str, syntax: Syntax, foreign: &mut Vec<String>) -> String {
    if syntax == Syntax::Literal {
        return variables::escape(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut plain = String::new();
    let mut rest = text;
    // Braces are ours too: where they are none of the tool's marks, they are text.
    let settle = |plain: &mut String, out: &mut String| {
        match syntax {
            Syntax::Yaak => out.push_str(&variables::escape(plain)),
            _ => out.push_str(plain),
        }
        plain.clear();
    };
    while let Some(letter) = rest.chars().next() {
        let Some((length, inner)) = at(rest, syntax) else {
            plain.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        let whole = &rest[..length];
        rest = &rest[length..];
        settle(&mut plain, &mut out);
        match our_name(inner, whole, syntax) {
            Some(name) => out.push_str(&format!("{{{{{name}}}}}")),
            None => {
                if is_foreign(inner, whole, syntax) {
                    foreign.push(super::names::shortened(whole));
                }
                out.push_str(whole);
            }
        }
    }
    settle(&mut plain, &mut out);
    out
}

/// Whether a placeholder asks its tool for more than a value. Other braces are just text.
fn is_foreign(inner: &str, whole: &str, syntax: Syntax) -> bool {
    match syntax {
        Syntax::Braces => inner.trim().starts_with('$'),
        Syntax::Insomnia | Syntax::Nunjucks | Syntax::Yaak => {
            !whole.starts_with("{{") || !inner.trim().is_empty()
        }
        Syntax::Literal => false,
    }
}

/// The variable that a placeholder names, by our name for it.
fn our_name(inner: &str, whole: &str, syntax: Syntax) -> Option<String> {
    if whole.starts_with("{%") {
        return None;
    }
    let inner = inner.trim();
    let inner = match syntax {
        Syntax::Insomnia => inner
            .strip_prefix("_.")
            .or_else(|| {
                let quoted = inner.strip_prefix("_[")?.strip_suffix(']')?;
                Some(quoted.trim().trim_matches(['\'', '"']))
            })
            .unwrap_or(inner),
        _ => inner,
    };
    name(inner)
}

/// A name of a variable as one of ours: what a name can't hold becomes `_`. `None` for what is no name at all.
pub(super) fn name(theirs: &str) -> Option<String> {
    let fits = |letter: char| letter.is_alphanumeric() || " _-.".contains(letter);
    if theirs.is_empty() || theirs.chars().count() > 100 || !theirs.chars().all(fits) {
        return None;
    }
    let mut ours: String = theirs
        .chars()
        .map(|letter| if letter == ' ' { '_' } else { letter })
        .collect();
    if !ours.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        ours.insert(0, '_');
    }
    Some(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(text: &str, syntax: Syntax) -> (String, Vec<String>) {
        let mut foreign = Vec::new();
        let text = rewrite_text(text, syntax, &mut foreign);
        (text, foreign)
    }

    #[test]
    fn each_tool_s_placeholders_become_ours() {
        let none = Vec::<String>::new;
        let cases = [
            (
                Syntax::Braces,
                "a {{b}} {{ c d }} {{1x}}",
                "a {{b}} {{c_d}} {{_1x}}",
                none(),
            ),
            (
                Syntax::Braces,
                "{{$guid}} {{#if a}} {{",
                "{{$guid}} {{#if a}} {{",
                vec!["{{$guid}}".to_owned()],
            ),
            (
                Syntax::Insomnia,
                "{{ _.a.b }} {{ _['c-d'] }} {{x}} {% uuid 'v4' %}",
                "{{a.b}} {{c-d}} {{x}} {% uuid 'v4' %}",
                vec!["{% uuid 'v4' %}".to_owned()],
            ),
            (
                Syntax::Yaak,
                "${[ name ]} {{plain}} ${[ uuid.v4() ]}",
                r"{{name}} \{{plain}} ${[ uuid.v4() ]}",
                vec!["${[ uuid.v4() ]}".to_owned()],
            ),
            (
                Syntax::Nunjucks,
                "{{ name }} {{ a | upper }}",
                "{{name}} {{ a | upper }}",
                vec!["{{ a | upper }}".to_owned()],
            ),
            (Syntax::Literal, "{{name}} {{", r"\{{name}} {{", none()),
        ];
        for (syntax, text, expected, foreign) in cases {
            assert_eq!(ours(text, syntax), (expected.to_owned(), foreign), "{text}");
        }
    }
}
