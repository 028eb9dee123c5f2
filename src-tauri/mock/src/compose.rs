//! Replies put together by rule, for every request that no one wrote an answer for.

mod call;
mod object;
mod pattern;
pub(crate) mod prose;
mod text;

use axum::http::StatusCode;
use serde_json::Value;

use crate::check::Accepted;
use crate::fault::Fault;
use crate::headers::Sample;
use crate::knowledge::Knowledge;
use crate::reply::{Ending, Pace, Part, Reply};
use crate::seed::Seed;

pub(crate) fn reply(
    knowledge: &Knowledge,
    body: &Value,
    accepted: &Accepted<'_>,
    seed: Seed,
) -> Result<Reply, Fault> {
    let Some(level) = knowledge.level(&accepted.effort) else {
        let message = format!(
            "Rheostat's stand-in has no pace for the effort '{}'.",
            accepted.effort
        );
        return Err(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message));
    };
    let mut dice = seed.dice("level");
    let mut pace = Pace {
        first_byte: dice.between(level.first_byte.0, level.first_byte.1),
        reasoning: dice.between(level.reasoning.0, level.reasoning.1),
        writing: dice.between(level.writing.0, level.writing.1),
    };
    let reasoning_tokens = dice.within(level.reasoning_tokens.0, level.reasoning_tokens.1);
    let words = &knowledge.phrases.words;
    let calls = call::wanted(body, words, seed);
    let parts = if calls.is_empty() {
        vec![Part::Text(visible(knowledge, body, accepted, level, seed))]
    } else {
        // Arguments are short; they do not take as long as prose.
        pace.writing *= 0.4;
        calls
    };
    Ok(Reply {
        sample: Sample::Composed,
        summary: knowledge
            .phrases
            .summaries
            .iter()
            .take(level.summary)
            .map(|part| part.trim_end().to_owned())
            .collect(),
        reasoning_tokens,
        parts,
        pace,
        ending: Ending::Completed,
    })
}

fn visible(
    knowledge: &Knowledge,
    body: &Value,
    accepted: &Accepted<'_>,
    level: &crate::levels::Level,
    seed: Seed,
) -> String {
    let format = &body["text"]["format"];
    match format["type"].as_str() {
        Some("json_schema") => {
            object::value(&format["schema"], &knowledge.phrases.words, seed).to_string()
        }
        Some("json_object") => serde_json::json!({
            "note": knowledge.phrases.opening,
            "model": accepted.model.id,
            "effort": accepted.effort,
            "values": (0..level.notes).filter_map(|at| {
                seed.branch("values").dice(&at.to_string()).pick(&knowledge.phrases.words).cloned()
            }).collect::<Vec<_>>(),
        })
        .to_string(),
        _ => prose::write(&knowledge.phrases, body, accepted, level, seed),
    }
}
