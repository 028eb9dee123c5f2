//! JSON Lines of OpenAI: the input of a batch (a request a line: `custom_id`, `method`, `url`, `body`), and the rows of
//! an evaluation (`{"item": {...}}` as its files hold them, `{"input", "ideal"}` as openai/evals does, or any object).

use serde_json::Value;

use super::call::{Call, KEY_WHY, Sent};
use super::fields::text as field;
use super::names;
use super::placeholders::Syntax;
use super::{ITEM_LIMIT, ImportKind, Imported, ImportedContent, ImportedItem};
use crate::error::Result;
use crate::secrets_in_text;

pub(super) fn read(name: &str, kind: ImportKind, text: &str, out: &mut Imported) -> Result<()> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| (format!("{name}, line {}", index + 1), line));
    if kind == ImportKind::OpenaiBatch {
        for (place, line) in lines {
            batch_line(name, place, line, out);
            if out.items.len() > ITEM_LIMIT {
                break;
            }
        }
        return Ok(());
    }
    let mut jsonl = String::new();
    let mut rows = 0;
    for (place, line) in lines {
        let mut row = match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(row)) => row,
            Ok(_) => {
                out.leave(place, "The row", "It is no object.");
                continue;
            }
            Err(error) => {
                let said = error.to_string();
                let why = said.split(" at line ").next().unwrap_or(&said);
                out.leave(
                    place,
                    "The row",
                    format!("It can't be read: {why} (column {}).", error.column()),
                );
                continue;
            }
        };
        // The wrapping of an evaluation's file; a row that also keeps an answer stays whole.
        if row.len() == 1
            && let Some(Value::Object(item)) = row.get_mut("item")
        {
            row = std::mem::take(item);
        }
        for pointer in secrets_in_text::strip(&mut row) {
            out.leave(
                place.clone(),
                format!("What stood at {pointer} of the row"),
                KEY_WHY,
            );
        }
        jsonl.push_str(&Value::Object(row).to_string());
        jsonl.push('\n');
        rows += 1;
    }
    if rows > 0 {
        dataset(name, names::stem(name), jsonl, rows, out);
    }
    Ok(())
}

/// Makes rows an item.
pub(super) fn dataset(place: &str, name: &str, jsonl: String, rows: usize, out: &mut Imported) {
    out.items.push(ImportedItem {
        folder: String::new(),
        name: names::item(name, "Rows"),
        place: place.to_owned(),
        content: ImportedContent::Dataset { jsonl, rows },
    });
}

fn batch_line(file: &str, place: String, line: &str, out: &mut Imported) {
    let value: Value = match serde_json::from_str(line) {
        Ok(value) => value,
        Err(error) => {
            let said = error.to_string();
            let why = said.split(" at line ").next().unwrap_or(&said);
            out.leave(
                place,
                "The line",
                format!("It can't be read: {why} (column {}).", error.column()),
            );
            return;
        }
    };
    let body = value.get("body").map(Value::to_string).unwrap_or_default();
    let method = match field(&value, "method") {
        "" => "POST",
        method => method,
    };
    Call {
        place,
        folders: vec![names::stem(file)],
        name: field(&value, "custom_id"),
        method,
        // A batch names only the path.
        url: &format!("api.openai.com{}", field(&value, "url")),
        sent: Sent::Text(&body),
        headers: Vec::new(),
        auth: None,
        syntax: Syntax::Literal,
        extras: Vec::new(),
    }
    .import(out);
}
