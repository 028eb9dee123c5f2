//! The checks of a request made ready once, to grade many outputs.

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::json::SchemaRule;
use super::{Check, CheckOutcome, CheckRule, Failure, folding};

/// A compiled pattern may take this many bytes: enough for any hand-written one, and small enough
/// that a hostile file can't fill the memory.
const PATTERN_LIMIT: usize = 1 << 20;

/// The checks of a request, compiled. Cheap to clone and free to send between threads.
#[derive(Debug, Clone, Default)]
pub struct CheckSet {
    checks: Vec<Compiled>,
}

impl CheckSet {
    /// Makes checks ready for use. `schema` is the request's own `text.format.schema`. This never
    /// fails: a broken pattern or schema becomes a check that fails and says why.
    pub fn compile(checks: &[Check], schema: Option<&Value>) -> Self {
        // Compiling a schema is the dearest part, and every check of a set has the same one.
        let mut compiled_schema: Option<SchemaRule> = None;
        let checks = checks
            .iter()
            .map(|check| {
                let rule_in_words = check.rule.to_string();
                Compiled {
                    name: check
                        .name
                        .as_deref()
                        .map(str::trim)
                        .filter(|name| !name.is_empty())
                        .unwrap_or(&rule_in_words)
                        .to_owned(),
                    test: match &check.rule {
                        CheckRule::Contains(text) => Test::Contains(folding::needle(text)),
                        CheckRule::NotContains(text) => Test::NotContains(folding::needle(text)),
                        CheckRule::Pattern(pattern) => Test::Pattern(compile_pattern(pattern)),
                        CheckRule::SchemaValid(wanted) => Test::Schema(
                            compiled_schema
                                .get_or_insert_with(|| SchemaRule::compile(schema))
                                .clone(),
                            *wanted,
                        ),
                        CheckRule::MaxWords(most) => Test::MaxWords(*most),
                    },
                    rule: rule_in_words,
                }
            })
            .collect();
        Self { checks }
    }

    /// How many checks there are.
    pub fn len(&self) -> usize {
        self.checks.len()
    }

    /// Whether there is no check.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Grades one output: an outcome per check, in their order.
    pub fn evaluate(&self, output: &str) -> Vec<CheckOutcome> {
        // Folding is linear in the output; a set of twenty `contains` should pay for it once.
        let folded = std::cell::OnceCell::new();
        let folded = || folded.get_or_init(|| folding::fold(output)).as_str();
        self.checks
            .iter()
            .map(|check| {
                let failure = check.test.run(output, &folded).err();
                CheckOutcome {
                    name: check.name.clone(),
                    rule: check.rule.clone(),
                    passed: failure.is_none(),
                    offending: failure.as_ref().and_then(|f| f.offending.clone()),
                    reason: failure.map(|f| f.reason),
                }
            })
            .collect()
    }
}

#[derive(Debug, Clone)]
struct Compiled {
    name: String,
    rule: String,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    /// Folded, as is the text of the next.
    Contains(String),
    NotContains(String),
    Pattern(Result<Regex, String>),
    Schema(SchemaRule, bool),
    MaxWords(u32),
}

impl Test {
    fn run<'f>(&self, output: &str, folded: &impl Fn() -> &'f str) -> Result<(), Failure> {
        match self {
            Self::Contains(text) | Self::NotContains(text) if text.is_empty() => {
                Err(Failure::because("The check names no text to look for"))
            }
            Self::Contains(text) => match folded().contains(text) {
                true => Ok(()),
                false => Err(Failure::because("The text does not occur")),
            },
            Self::NotContains(text) => match folded().find(text) {
                None => Ok(()),
                Some(at) => {
                    let found = folding::origin(output, at..at + text.len());
                    let line = 1 + output
                        .bytes()
                        .take(found.start)
                        .filter(|&byte| byte == b'\n')
                        .count();
                    Err(Failure {
                        reason: format!("The text occurs in line {line}"),
                        offending: output.get(found).map(str::to_owned),
                    })
                }
            },
            Self::Pattern(Ok(pattern)) => match pattern.is_match(output) {
                true => Ok(()),
                false => Err(Failure::because("Nothing matches the pattern")),
            },
            Self::Pattern(Err(why)) => {
                Err(Failure::because(format!("The pattern is broken: {why}")))
            }
            Self::Schema(schema, wanted) => schema.check(output, *wanted),
            Self::MaxWords(most) => {
                let words = output.split_whitespace().count();
                match u64::try_from(words).is_ok_and(|words| words <= u64::from(*most)) {
                    true => Ok(()),
                    false => Err(Failure::because(format!(
                        "{words} {}, at most {most}",
                        if words == 1 { "word" } else { "words" }
                    ))),
                }
            }
        }
    }
}

fn compile_pattern(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(PATTERN_LIMIT)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            // The full text is a drawing over several lines; its last one says what is wrong.
            other => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                last.strip_prefix("error: ").unwrap_or(last).to_owned()
            }
        })
}
