//! A rule: which requests get something else than the ladder gives, and what.
//!
//! Rules are plain data. As YAML:
//!
//! ```yaml
//! - id: twice-limited
//!   name: Rate limit, then recovery
//!   matches: { path: /v1/responses, model: gpt-5.5*, effort: high, body_contains: invoice }
//!   action: { fault: { kind: rate_limited, retry_after_ms: 1200 } }
//!   times: 2
//! - id: flaky
//!   matches: { rate: 0.2 }
//!   action: { fault: { kind: cut_mid_event, after_events: 5 } }
//! - id: fixed
//!   enabled: false
//!   action: { pin: Greeting }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::asked::Asked;
use crate::fault_kind::FaultKind;
use crate::log::LogEntry;
use crate::recording::Recording;

/// The first rule that matches and applies decides; a rule that does not apply lets the next one look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(rename = "MockRule", optional_fields = nullable)]
pub struct Rule {
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(default)]
    pub matches: Match,
    pub action: Action,
    /// It applies that many times, then no more; always where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// What a request must have; what is left out does not matter. A `*` stands for any text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[ts(rename = "MockMatch", optional_fields = nullable)]
pub struct Match {
    /// Without the query, such as `/v1/responses`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The effort that the model works at, its default included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// One request alone: either of its two keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The share of matching requests that it applies to, 0 to 1, drawn alike every time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Every so many matching requests: 3 is the third, the sixth and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockAction", rename_all = "snake_case")]
pub enum Action {
    Fault(FaultKind),
    /// A recording by its file's name or the name in its header.
    Pin(String),
    /// An answer that the rule brings along.
    Answer(#[schemars(with = "serde_json::Value")] Box<Recording>),
}

fn yes() -> bool {
    true
}

/// A rule that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("Rule {rule:?}, {field}: {reason}.")]
    Field {
        rule: String,
        field: String,
        reason: String,
    },
    #[error("The rules cannot be read: {0}")]
    Unreadable(String),
}

impl Rule {
    /// Checks what the form alone does not.
    ///
    /// # Errors
    /// A field that cannot be, by its name.
    pub fn check(&self) -> Result<(), RuleError> {
        let wrong = |field: &str, reason: &str| {
            Err(RuleError::Field {
                rule: self.id.clone(),
                field: field.to_owned(),
                reason: reason.to_owned(),
            })
        };
        let matches = &self.matches;
        if self.id.is_empty() || axum::http::HeaderValue::from_str(&self.id).is_err() {
            return wrong("id", "it must be text that a header can hold");
        }
        if self.times == Some(0) {
            return wrong("times", "it must be 1 or more; leave it out for always");
        }
        if matches
            .path
            .as_ref()
            .is_some_and(|path| !path.starts_with(['/', '*']))
        {
            return wrong("matches.path", "it must start with / or *");
        }
        if matches
            .rate
            .is_some_and(|rate| !(0.0..=1.0).contains(&rate))
        {
            return wrong("matches.rate", "it must be 0 to 1");
        }
        if matches.every == Some(0) {
            return wrong("matches.every", "it must be 1 or more");
        }
        if matches.rate.is_some() && matches.every.is_some() {
            return wrong(
                "matches.every",
                "matches.rate is given as well; give one of the two",
            );
        }
        match &self.action {
            Action::Fault(kind) => match kind.problem() {
                Some((field, reason)) => wrong(&format!("action.fault.{field}"), &reason),
                None => Ok(()),
            },
            Action::Pin(name) if name.is_empty() => {
                wrong("action.pin", "it must be a recording's name")
            }
            Action::Answer(recording)
                if !(100..1_000).contains(&recording.head.response.status) =>
            {
                wrong(
                    "action.answer.head.response.status",
                    "it must be 100 to 999",
                )
            }
            Action::Pin(_) | Action::Answer(_) => Ok(()),
        }
    }

    /// Reads rules from YAML; JSON is YAML too.
    ///
    /// # Errors
    /// The text has another form, or a rule cannot be followed.
    pub fn read_all(text: &str) -> Result<Vec<Rule>, RuleError> {
        let rules: Vec<Rule> = serde_saphyr::from_str(text)
            .map_err(|error| RuleError::Unreadable(error.to_string()))?;
        check_all(&rules)?;
        Ok(rules)
    }

    /// A rule that gives the request of a log entry the same answer again; none where the answer was not kept
    /// whole.
    pub fn from_entry(entry: &LogEntry) -> Option<Rule> {
        let recording = Recording::from_entry(entry)?;
        Some(Rule {
            id: format!("entry-{}", entry.id),
            name: format!("{} {} as in entry {}", entry.method, entry.path, entry.id),
            enabled: true,
            matches: Match {
                key: Some(entry.key.clone()),
                ..Match::default()
            },
            action: Action::Answer(Box::new(recording)),
            times: None,
        })
    }
}

pub(crate) fn check_all(rules: &[Rule]) -> Result<(), RuleError> {
    for (at, rule) in rules.iter().enumerate() {
        rule.check()?;
        if rules[..at].iter().any(|earlier| earlier.id == rule.id) {
            return Err(RuleError::Field {
                rule: rule.id.clone(),
                field: "id".to_owned(),
                reason: "another rule has the same".to_owned(),
            });
        }
    }
    Ok(())
}

impl Match {
    pub(crate) fn fits(&self, asked: &Asked) -> bool {
        let like = |pattern: &Option<String>, text: Option<&str>| match (pattern, text) {
            (None, _) => true,
            (Some(pattern), Some(text)) => is_like(pattern, text),
            (Some(_), None) => false,
        };
        like(&self.path, Some(asked.place()))
            && like(&self.model, asked.model.as_deref())
            && like(&self.effort, asked.effort.as_deref())
            && self
                .body_contains
                .as_ref()
                .is_none_or(|part| asked.contains(part))
            && self
                .key
                .as_ref()
                .is_none_or(|key| *key == asked.key.exact || *key == asked.key.any_effort)
    }
}

/// Whether a text is what a pattern with `*` describes.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut ends = ends;
    ends.any(|at| is_like(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_kind::RateCode;

    #[test]
    fn patterns() {
        let cases = [
            ("gpt-5.5", "gpt-5.5", true),
            ("gpt-5.5", "gpt-5.5-pro", false),
            ("gpt-5.5*", "gpt-5.5-pro", true),
            ("*/responses", "/v1/responses", true),
            ("/v1/*/cancel", "/v1/responses/resp_1/cancel", true),
            ("/v1/*/cancel", "/v1/responses/resp_1", false),
            ("*", "", true),
        ];
        for (pattern, text, fits) in cases {
            assert_eq!(is_like(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn rules_are_plain_data() {
        let text = "\
- id: limited
  name: Twice
  matches: {path: /v1/responses, model: gpt-5.5*, effort: high, body_contains: x, rate: 0.5}
  action: {fault: {kind: rate_limited, retry_after_ms: 1200, code: slow_down}}
  times: 2
- id: crlf
  enabled: false
  action: {fault: {kind: crlf}}
- id: fixed
  action: {pin: Greeting}
";
        let expected = vec![
            Rule {
                id: "limited".to_owned(),
                name: "Twice".to_owned(),
                enabled: true,
                matches: Match {
                    path: Some("/v1/responses".to_owned()),
                    model: Some("gpt-5.5*".to_owned()),
                    effort: Some("high".to_owned()),
                    body_contains: Some("x".to_owned()),
                    key: None,
                    rate: Some(0.5),
                    every: None,
                },
                action: Action::Fault(FaultKind::RateLimited {
                    retry_after_ms: Some(1_200),
                    retry_after_s: None,
                    retry_after_date: None,
                    code: RateCode::SlowDown,
                    should_retry: None,
                }),
                times: Some(2),
            },
            Rule {
                id: "crlf".to_owned(),
                name: String::new(),
                enabled: false,
                matches: Match::default(),
                action: Action::Fault(FaultKind::Crlf {}),
                times: None,
            },
            Rule {
                id: "fixed".to_owned(),
                name: String::new(),
                enabled: true,
                matches: Match::default(),
                action: Action::Pin("Greeting".to_owned()),
                times: None,
            },
        ];
        assert_eq!(Rule::read_all(text), Ok(expected.clone()));
        let json = serde_json::to_string(&expected).unwrap();
        assert_eq!(Rule::read_all(&json), Ok(expected), "and as JSON");
    }

    #[test]
    fn what_cannot_be_is_named() {
        let cases = [
            (
                "{id: '', action: {pin: a}}",
                "Rule \"\", id: it must be text that a header can hold.",
            ),
            (
                "{id: a, times: 0, action: {pin: a}}",
                "Rule \"a\", times: it must be 1 or more; leave it out for always.",
            ),
            (
                "{id: a, matches: {path: v1}, action: {pin: a}}",
                "Rule \"a\", matches.path: it must start with / or *.",
            ),
            (
                "{id: a, matches: {rate: 1.5}, action: {pin: a}}",
                "Rule \"a\", matches.rate: it must be 0 to 1.",
            ),
            (
                "{id: a, matches: {every: 0}, action: {pin: a}}",
                "Rule \"a\", matches.every: it must be 1 or more.",
            ),
            (
                "{id: a, matches: {every: 2, rate: 0.5}, action: {pin: a}}",
                "Rule \"a\", matches.every: matches.rate is given as well; give one of the two.",
            ),
            (
                "{id: a, action: {pin: ''}}",
                "Rule \"a\", action.pin: it must be a recording's name.",
            ),
            (
                "{id: a, action: {fault: {kind: status, status: 200, message: m}}}",
                "Rule \"a\", action.fault.status: it must be 400 to 599.",
            ),
            (
                "{id: a, action: {fault: {kind: rate_limited, retry_after_s: 1, retry_after_date: 1}}}",
                "Rule \"a\", action.fault.retry_after_date: retry_after_s is given as well, and the two share a header.",
            ),
            (
                "{id: a, action: {fault: {kind: redirect, to: ''}}}",
                "Rule \"a\", action.fault.to: it must be text that a header can hold.",
            ),
        ];
        for (rule, expected) in cases {
            let got = Rule::read_all(&format!("[{rule}]")).map_err(|error| error.to_string());
            assert_eq!(got, Err(expected.to_owned()));
        }
        let twice = Rule::read_all("[{id: a, action: {pin: b}}, {id: a, action: {pin: b}}]");
        assert_eq!(
            twice.unwrap_err().to_string(),
            "Rule \"a\", id: another rule has the same."
        );
        for unknown in [
            "{id: a, wen: 1, action: {pin: b}}",
            "{id: a, matches: {rat: 1}, action: {pin: b}}",
            "{id: a, action: {fault: {kind: stall}}}",
            "{id: a, action: {fault: {kind: crlf, more: 1}}}",
            "{id: a, action: {fault: {kind: nonsense}}}",
        ] {
            let error = Rule::read_all(&format!("[{unknown}]")).unwrap_err();
            assert!(
                matches!(error, RuleError::Unreadable(_)),
                "{unknown}: {error}"
            );
        }
    }
}
