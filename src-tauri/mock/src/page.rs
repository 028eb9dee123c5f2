//! One page of a list: `after`, `limit` and `order`.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::query::Asked;

/// `all` comes oldest first; every entry has an id.
pub(crate) fn cut(
    asked: &Asked,
    mut all: Vec<Value>,
    most: u64,
    otherwise: u64,
) -> Result<Value, Fault> {
    let limit = asked.limit(most, otherwise)?;
    if asked.choice("order", &["asc", "desc"], "desc")? == "desc" {
        all.reverse();
    }
    let from = match asked.text("after") {
        None => 0,
        Some(after) => match all.iter().position(|entry| entry["id"] == after) {
            Some(at) => at + 1,
            None => {
                let message = format!("Invalid 'after': there is no entry with id '{after}'.");
                return Err(Fault::about("after", message).code("invalid_value"));
            }
        },
    };
    let left = all.len() - from;
    let data: Vec<Value> = all.into_iter().skip(from).take(limit).collect();
    let id = |entry: Option<&Value>| entry.map_or(Value::Null, |entry| entry["id"].clone());
    Ok(json!({
        "object": "list",
        "first_id": id(data.first()),
        "last_id": id(data.last()),
        "has_more": left > data.len(),
        "data": data,
    }))
}
