//! Prose that says plainly what it is.

use serde::Deserialize;
use serde_json::Value;

use crate::check::Accepted;
use crate::levels::Level;
use crate::seed::{Dice, Seed};
use crate::tokens;

/// `data/prose.yaml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrases {
    pub opening: String,
    about: Vec<String>,
    lead_in: Vec<String>,
    facts: Vec<String>,
    paragraphs: Vec<String>,
    closing: Vec<String>,
    pub summaries: Vec<String>,
    pub words: Vec<String>,
}

pub(crate) fn write(
    phrases: &Phrases,
    body: &Value,
    accepted: &Accepted<'_>,
    level: &Level,
    seed: Seed,
) -> String {
    let mut dice = seed.dice("prose");
    let mut drawn = |from: &[String]| dice.pick(from).cloned().unwrap_or_default();
    let (about, lead_in, closing) = (
        drawn(&phrases.about),
        drawn(&phrases.lead_in),
        drawn(&phrases.closing),
    );
    let facts: Vec<String> = phrases
        .facts
        .iter()
        .take(level.notes)
        .map(|fact| format!("- {}", filled(fact, body, accepted)))
        .collect();
    let verbosity = body
        .pointer("/text/verbosity")
        .and_then(Value::as_str)
        .unwrap_or("medium");
    let more = match verbosity {
        "low" => 0,
        "high" => level.paragraphs + 2,
        _ => level.paragraphs,
    };
    let mut paragraphs = vec![format!("{} {about}", phrases.opening)];
    if verbosity != "low" {
        paragraphs.push(lead_in);
    }
    paragraphs.push(facts.join("\n"));
    paragraphs.extend(
        shuffled(&phrases.paragraphs, &mut dice)
            .into_iter()
            .take(more),
    );
    paragraphs.push(closing);
    paragraphs.join("\n\n")
}

fn filled(fact: &str, body: &Value, accepted: &Accepted<'_>) -> String {
    let messages = match &body["input"] {
        Value::Array(items) => items.len(),
        _ => 1,
    };
    let limit = match body["max_output_tokens"].as_u64() {
        Some(limit) => format!("{limit} tokens, reasoning included"),
        None => "none set".to_owned(),
    };
    let tools = body["tools"].as_array().map_or(0, Vec::len);
    fact.replace("{model}", &accepted.model.id)
        .replace("{effort}", &accepted.effort)
        .replace("{input}", &tokens::input(body).to_string())
        .replace("{messages}", &messages.to_string())
        .replace("{limit}", &limit)
        .replace(
            "{verbosity}",
            body["text"]["verbosity"].as_str().unwrap_or("medium"),
        )
        .replace("{tools}", &tools.to_string())
}

fn shuffled(from: &[String], dice: &mut Dice) -> Vec<String> {
    let mut mixed = from.to_vec();
    for last in (1..mixed.len()).rev() {
        mixed.swap(last, dice.below(last as u64 + 1) as usize);
    }
    mixed
}
