//! A turn of several runs: what a run put out, the replies to its calls, and the body that goes on from both.

mod said;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

pub use self::said::{Said, said};
use super::facts::{Continues, RunFacts, RunView};
use super::replay;
use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::history::{History, StoredRun};

/// The longest chain of runs that is followed back.
const STEPS_LIMIT: u32 = 1_000;

/// What a call is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ToolReply {
    /// As in the run's `toolCalls`.
    pub call_id: String,
    /// Sent as it stands. For an approval: `approve` or `deny`.
    pub output: String,
}

/// An earlier run of a turn, and what its calls were answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TurnStep {
    pub run: RunView,
    pub replies: Vec<ToolReply>,
}

/// A body that goes on with a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    pub body: Map<String, Value>,
    /// Whether it still holds what the run before it was asked, and not only what is new.
    pub holds_input: bool,
    /// What could not be sent back, in words.
    pub left_out: Option<String>,
}

/// The body that goes on from `body`, whose response said `said`, with a reply to each of its calls.
///
/// Where the body asks for `store` the API has kept all of it, and only the replies go out beside
/// `previous_response_id`; likewise where it belongs to a conversation. Otherwise every item goes back as it came,
/// reasoning included, with the replies behind it (API.md 2.1, 2.4). Chat Completions knows no reasoning items: there
/// the message that made the calls goes back, with a message for each reply (API.md 3.3).
///
/// # Errors
/// `BadInput`, naming the call: one without a reply, a reply without its call or a second one, an approval that is neither
/// yes nor no, a call that no text answers.
pub fn next(
    body: &Map<String, Value>,
    endpoint: Endpoint,
    said: &Said,
    replies: &[ToolReply],
) -> Result<Next> {
    let answers = match said {
        Said::Items { items, .. } => answers(items, replies, endpoint)?,
        Said::Message(message) => answers(&said::calls_of(message), replies, endpoint)?,
    };
    let mut next = Next {
        body: body.clone(),
        holds_input: true,
        left_out: None,
    };
    match said {
        Said::Items { id, items } => {
            let kept = body.get("conversation").is_some_and(|it| !it.is_null());
            if kept || (is(body, "store", true) && !id.is_empty()) {
                if !kept {
                    next.body.insert("previous_response_id".into(), json!(id));
                }
                next.body.insert("input".into(), Value::Array(answers));
                next.holds_input = false;
                return Ok(next);
            }
            let mut input = items_of(body.get("input"));
            let (back, left_out) = sent_back(items, is(body, "store", false));
            input.extend(back);
            input.extend(answers);
            next.body.insert("input".into(), Value::Array(input));
            next.left_out = left_out;
        }
        Said::Message(message) => {
            let mut messages = items_of(body.get("messages"));
            messages.push(Value::Object(message.clone()));
            messages.extend(answers);
            next.body.insert("messages".into(), Value::Array(messages));
        }
    }
    Ok(next)
}

fn is(body: &Map<String, Value>, key: &str, value: bool) -> bool {
    body.get(key).and_then(Value::as_bool) == Some(value)
}

/// The input as items: a text alone is a message of the user (API.md 2.1).
pub fn items_of(input: Option<&Value>) -> Vec<Value> {
    match input {
        Some(Value::String(text)) => vec![json!({ "role": "user", "content": text })],
        Some(Value::Array(items)) => items.clone(),
        _ => Vec::new(),
    }
}

/// The items as they go back. What was not stored is known by its encrypted content alone: reasoning without it can't
/// go back, and neither can the ids that tie the other items to it.
fn sent_back(items: &[Value], unstored: bool) -> (Vec<Value>, Option<String>) {
    let bare = |item: &Value| item["type"] == "reasoning" && !item["encrypted_content"].is_string();
    if !unstored || !items.iter().any(bare) {
        return (items.to_vec(), None);
    }
    let kept = items.iter().filter(|item| !bare(item)).cloned();
    let without_ids = kept.map(|mut item| {
        if item["type"] != "reasoning"
            && let Some(fields) = item.as_object_mut()
        {
            fields.shift_remove("id");
        }
        item
    });
    let why = "The reasoning before the call was not sent back: store is false, and reasoning.encrypted_content was not included";
    (without_ids.collect(), Some(why.to_owned()))
}

/// The items that answer the calls among `items`, in the order of the calls.
fn answers(items: &[Value], replies: &[ToolReply], endpoint: Endpoint) -> Result<Vec<Value>> {
    let refused = |place: &str, message: String| {
        Err(Error::new(ErrorCode::BadInput, message).place(place.to_owned()))
    };
    let open = open_calls(items);
    if open.is_empty() {
        return refused(
            "runId",
            "This run made no call that waits for a reply.".into(),
        );
    }
    for (index, reply) in replies.iter().enumerate() {
        let id = &reply.call_id;
        if !open.iter().any(|call| call.id == *id) {
            return refused(
                id,
                format!("There is no call {id} in this run that waits for a reply."),
            );
        }
        if replies.iter().take(index).any(|other| other.call_id == *id) {
            return refused(id, format!("The call {id} has two replies."));
        }
    }
    let mut out = Vec::new();
    for call in open {
        let (id, kind, name) = (call.id, call.kind, call.name);
        let Some(reply) = replies.iter().find(|reply| reply.call_id == id) else {
            let message = match kind {
                "function_call" | "custom_tool_call" | "mcp_approval_request" => {
                    format!("The call of {name} ({id}) has no reply.")
                }
                _ => format!(
                    "{kind} needs more than a text for a reply, so this turn can't go on here."
                ),
            };
            let error = Error::new(ErrorCode::BadInput, message).place(id.to_owned());
            return Err(
                error.hint("The API takes a turn further only when every call has its output.")
            );
        };
        let output = &reply.output;
        out.push(match (endpoint, kind) {
            (Endpoint::ChatCompletions, _) => {
                json!({ "role": "tool", "tool_call_id": id, "content": output })
            }
            (_, "function_call") => {
                json!({ "type": "function_call_output", "call_id": id, "output": output })
            }
            (_, "custom_tool_call") => {
                json!({ "type": "custom_tool_call_output", "call_id": id, "output": output })
            }
            (_, "mcp_approval_request") => {
                let approve = match output.trim() {
                    "approve" => true,
                    "deny" => false,
                    other => {
                        return refused(
                            id,
                            format!("{name} is to be approved or denied, and the reply is {other:?}."),
                        );
                    }
                };
                json!({ "type": "mcp_approval_response", "approval_request_id": id, "approve": approve })
            }
            _ => return refused(id, format!("{kind} can't be answered with a text.")),
        });
    }
    Ok(out)
}

struct OpenCall<'a> {
    id: &'a str,
    kind: &'a str,
    name: &'a str,
}

/// The calls that nobody has answered yet: the API answers its own within the same output (API.md 2.4).
fn open_calls(items: &[Value]) -> Vec<OpenCall<'_>> {
    let text = |item: &'static str| move |value: &'_ Value| value[item].as_str().map(str::to_owned);
    let answered: Vec<String> = items
        .iter()
        .filter(|item| {
            item["type"]
                .as_str()
                .is_some_and(|kind| kind.ends_with("_output"))
        })
        .filter_map(text("call_id"))
        .collect();
    items
        .iter()
        .filter_map(|item| {
            let kind = item["type"].as_str()?;
            let id = match kind {
                "function_call" | "custom_tool_call" | "computer_call" | "shell_call"
                | "local_shell_call" | "apply_patch_call" => item["call_id"].as_str()?,
                "mcp_approval_request" => item["id"].as_str()?,
                _ => return None,
            };
            let name = item["name"].as_str().unwrap_or(kind);
            (!answered.iter().any(|it| it == id)).then_some(OpenCall { id, kind, name })
        })
        .collect()
}

/// What the run after `before` says of it.
pub fn continues(before: &RunFacts) -> Continues {
    let earlier = before.continues.as_ref();
    let own = before.bill.as_ref().and_then(|bill| bill.total);
    let sum = match earlier {
        Some(earlier) => earlier.cost_before.zip(own).map(|(one, two)| one + two),
        None => own,
    };
    Continues {
        run_id: before.id.clone(),
        first_run_id: earlier.map_or_else(|| before.id.clone(), |it| it.first_run_id.clone()),
        step: earlier.map_or(1, |it| it.step) + 1,
        cost_before: sum,
        ms_before: earlier.map_or(0.0, |it| it.ms_before) + before.total_ms.unwrap_or_default(),
    }
}

/// The runs before `run` in its turn, the first one first. A run that is no longer in the history ends the chain.
///
/// # Errors
/// What reading the history fails with.
pub fn earlier(history: &History, run: &RunFacts) -> Result<Vec<TurnStep>> {
    let mut steps = Vec::new();
    let mut after = run.clone();
    for _ in 0..STEPS_LIMIT {
        let Some(before) = after.continues.as_ref() else {
            break;
        };
        let Some(stored) = history.run(&before.run_id)? else {
            break;
        };
        let replies = replies(&body(history, &after.id)?, &stored.facts);
        after = stored.facts.clone();
        steps.push(TurnStep {
            run: replay::view(history, stored.facts)?,
            replies,
        });
    }
    steps.reverse();
    Ok(steps)
}

/// A recorded body.
///
/// # Errors
/// `BadInput` where the run is no longer in the history, and what reading it fails with.
pub fn body(history: &History, run_id: &str) -> Result<Map<String, Value>> {
    let bytes = history.run_body(run_id)?;
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| gone(run_id))
}

/// The run that is to be gone on with.
///
/// # Errors
/// As [`body`]; `BadInput` for a run that is not over, or not well.
pub fn begun(history: &History, run_id: &str) -> Result<StoredRun> {
    let run = history.run(run_id)?.ok_or_else(|| gone(run_id))?;
    if run.facts.awaits_replies() {
        return Ok(run);
    }
    Err(Error::new(
        ErrorCode::BadInput,
        "Only a completed run whose calls wait for a reply can be continued.",
    )
    .place("runId")
    .hint("Run the request again."))
}

fn gone(run_id: &str) -> Error {
    Error::new(ErrorCode::BadInput, "This run is no longer in the history.")
        .place(run_id.to_owned())
}

/// What the calls of a run were answered with, by the body of the run after it.
fn replies(body: &Map<String, Value>, before: &RunFacts) -> Vec<ToolReply> {
    let items = body.get("input").or_else(|| body.get("messages"));
    let Some(items) = items.and_then(Value::as_array) else {
        return Vec::new();
    };
    let reply_to = |id: &str| {
        // The last one: an id may have been used before.
        items
            .iter()
            .rev()
            .find_map(|item| match item["type"].as_str() {
                Some("function_call_output" | "custom_tool_call_output")
                    if item["call_id"] == id =>
                {
                    Some(item["output"].as_str().unwrap_or_default().to_owned())
                }
                Some("mcp_approval_response") if item["approval_request_id"] == id => {
                    let word = if item["approve"] == true {
                        "approve"
                    } else {
                        "deny"
                    };
                    Some(word.to_owned())
                }
                None if item["role"] == "tool" && item["tool_call_id"] == id => {
                    Some(item["content"].as_str().unwrap_or_default().to_owned())
                }
                _ => None,
            })
    };
    let calls = before
        .tool_calls
        .iter()
        .filter_map(|call| call.call_id.as_deref());
    calls
        .filter_map(|id| {
            let output = reply_to(id)?;
            Some(ToolReply {
                call_id: id.to_owned(),
                output,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
