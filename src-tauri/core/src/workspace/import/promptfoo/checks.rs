//! promptfoo's assertions as checks, where a check means the same.

use serde_json::Value;

use super::super::fields::{as_text, text as field};
use crate::grade::checks::{Check, CheckRule, CheckSet};

/// The check that an assertion is. `schema` is what the request asks its output to obey.
///
/// # Errors
/// Why there is none, as a sentence.
pub(super) fn check(assertion: &Value, schema: Option<&Value>) -> Result<Check, String> {
    let kind = field(assertion, "type");
    let value = assertion.get("value");
    let words = value.map(as_text).unwrap_or_default();
    if words.starts_with("file://") {
        return Err("Its value is in a file.".into());
    }
    if !field(assertion, "transform").is_empty() {
        return Err("It looks at a part of the output that a script picks.".into());
    }
    let rule = match kind {
        // promptfoo minds the case here and a check does not, so the words become a pattern.
        "contains" => CheckRule::Pattern(regex::escape(&words)),
        "icontains" => CheckRule::Contains(words),
        "not-contains" | "not-icontains" => CheckRule::NotContains(words),
        "equals" if matches!(value, Some(Value::String(_))) => {
            CheckRule::Pattern(format!(r"\A{}\z", regex::escape(&words)))
        }
        "starts-with" => CheckRule::Pattern(format!(r"\A{}", regex::escape(&words))),
        "regex" => CheckRule::Pattern(words),
        "is-json" | "not-is-json" => {
            let wanted = kind == "is-json";
            match (value, schema) {
                (None | Some(Value::Null), Some(_)) if wanted => CheckRule::SchemaValid(true),
                (Some(theirs), Some(ours)) if theirs == ours => CheckRule::SchemaValid(wanted),
                (_, None) => {
                    return Err(
                        "The request asks for no schema that it could be checked by.".into(),
                    );
                }
                _ => return Err("Its schema is not the one that the request asks for.".into()),
            }
        }
        "word-count" => {
            let most = match value {
                Some(Value::Object(limits)) if !limits.contains_key("min") => limits.get("max"),
                _ => None,
            };
            let most = most
                .and_then(Value::as_u64)
                .and_then(|most| u32::try_from(most).ok());
            CheckRule::MaxWords(most.ok_or("A check knows only the most words that may be.")?)
        }
        other => return Err(format!("There is no check of the kind {other:?}.")),
    };
    let is_empty = match &rule {
        CheckRule::Contains(text) | CheckRule::NotContains(text) | CheckRule::Pattern(text) => {
            text.trim().is_empty()
        }
        _ => false,
    };
    if is_empty {
        return Err("It names no text.".into());
    }
    let check = Check {
        name: Some(field(assertion, "metric").to_owned()).filter(|name| !name.is_empty()),
        rule,
    };
    if let CheckRule::Pattern(_) = check.rule {
        let tried = CheckSet::compile(std::slice::from_ref(&check), None).evaluate("");
        let broken = tried.first().and_then(|outcome| outcome.reason.as_deref());
        if let Some(why) = broken.and_then(|reason| reason.strip_prefix("The pattern is broken: "))
        {
            return Err(format!("Its pattern can't be used here: {why}."));
        }
    }
    Ok(check)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn assertions_become_checks_where_they_mean_the_same() {
        let schema = json!({"type": "object"});
        let cases = [
            (
                json!({"type": "contains", "value": "a.b"}),
                Ok(CheckRule::Pattern(r"a\.b".into())),
            ),
            (
                json!({"type": "icontains", "value": "A"}),
                Ok(CheckRule::Contains("A".into())),
            ),
            (
                json!({"type": "not-contains", "value": "x"}),
                Ok(CheckRule::NotContains("x".into())),
            ),
            (
                json!({"type": "regex", "value": "^a"}),
                Ok(CheckRule::Pattern("^a".into())),
            ),
            (json!({"type": "is-json"}), Ok(CheckRule::SchemaValid(true))),
            (
                json!({"type": "not-is-json", "value": {"type": "object"}}),
                Ok(CheckRule::SchemaValid(false)),
            ),
            (
                json!({"type": "is-json", "value": {"type": "array"}}),
                Err("not the one"),
            ),
            (
                json!({"type": "word-count", "value": {"max": 9}}),
                Ok(CheckRule::MaxWords(9)),
            ),
            (json!({"type": "word-count", "value": 9}), Err("most words")),
            (json!({"type": "regex", "value": "(?=a)"}), Err("pattern")),
            (
                json!({"type": "llm-rubric", "value": "is kind"}),
                Err("llm-rubric"),
            ),
            (json!({"type": "icontains", "value": ""}), Err("no text")),
            (json!({}), Err("no check")),
        ];
        for (assertion, expected) in cases {
            match (check(&assertion, Some(&schema)), expected) {
                (Ok(check), Ok(rule)) => assert_eq!(check.rule, rule, "{assertion}"),
                (Err(why), Err(part)) => assert!(why.contains(part), "{assertion}: {why}"),
                (got, _) => panic!("{assertion}: {got:?}"),
            }
        }
    }
}
