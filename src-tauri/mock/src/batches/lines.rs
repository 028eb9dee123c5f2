//! The lines of a batch's input file, checked as the API does: the first bad one fails the batch.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::files::File;
use crate::knowledge::Knowledge;

/// API.md 6.1.
const MOST: usize = 50_000;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub custom_id: String,
    pub body: Value,
}

/// Why the whole batch failed, as its `errors` say it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bad {
    code: &'static str,
    message: String,
    param: Option<&'static str>,
    line: Option<usize>,
}

impl Bad {
    pub(super) fn object(&self) -> Value {
        json!({
            "object": "list",
            "data": [{
                "code": self.code,
                "message": self.message,
                "param": self.param,
                "line": self.line,
            }],
        })
    }
}

/// The lines, and the model that they all name.
pub(super) fn read(
    file: Option<&File>,
    file_id: &str,
    endpoint: &str,
    knowledge: &Knowledge,
) -> Result<(Vec<Line>, String), Bad> {
    let whole = |code, message: String, param| Bad {
        code,
        message,
        param,
        line: None,
    };
    let no_file = |message: String| whole("invalid_request", message, Some("file_id"));
    let file = file.ok_or_else(|| no_file(format!("No such File object: {file_id}")))?;
    if file.purpose != "batch" {
        let message = format!(
            "The file '{file_id}' has the purpose '{}'; a batch needs one uploaded with 'batch'.",
            file.purpose
        );
        return Err(no_file(message));
    }
    let mut read = Reading {
        endpoint,
        knowledge,
        seen: HashSet::new(),
        model: None,
    };
    let mut lines = Vec::new();
    for (index, line) in file.bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if lines.len() == MOST {
            let message = format!("The input file has more than {MOST} requests.");
            return Err(whole("too_many_tasks", message, None));
        }
        lines.push(read.line(line, index + 1)?);
    }
    if lines.is_empty() {
        let message = "The input file is empty.".to_owned();
        return Err(whole("empty_file", message, None));
    }
    Ok((lines, read.model.unwrap_or_default()))
}

struct Reading<'a> {
    endpoint: &'a str,
    knowledge: &'a Knowledge,
    seen: HashSet<String>,
    model: Option<String>,
}

impl Reading<'_> {
    fn line(&mut self, line: &[u8], number: usize) -> Result<Line, Bad> {
        let bad = |code, message: &str, param| Bad {
            code,
            message: message.to_owned(),
            param,
            line: Some(number),
        };
        let missing = |name: &'static str| {
            let message = format!("Missing required parameter: '{name}'.");
            bad("missing_required_parameter", &message, Some(name))
        };
        let Ok(Value::Object(map)) = serde_json::from_slice(line) else {
            let message = "This line is not parseable as valid JSON.";
            return Err(bad("invalid_json_line", message, None));
        };
        let text = |name: &str| map.get(name).and_then(Value::as_str);
        let custom_id = text("custom_id").ok_or_else(|| missing("custom_id"))?;
        if !self.seen.insert(custom_id.to_owned()) {
            let message = format!(
                "The custom_id '{custom_id}' appears more than once. Each request in a batch needs its own."
            );
            return Err(bad("duplicate_custom_id", &message, Some("custom_id")));
        }
        match text("method") {
            None => return Err(missing("method")),
            Some("POST") => {}
            Some(other) => {
                let message = format!("Invalid value: '{other}'. Supported values are: 'POST'.");
                return Err(bad("invalid_method", &message, Some("method")));
            }
        }
        let url = text("url").ok_or_else(|| missing("url"))?;
        if url != self.endpoint {
            let message = format!(
                "The URL provided for this request does not match the batch endpoint. Expected '{}', got '{url}'.",
                self.endpoint
            );
            return Err(bad("invalid_url", &message, Some("url")));
        }
        let body = map.get("body").filter(|body| body.is_object());
        let body = body.ok_or_else(|| missing("body"))?;
        if body["stream"] == true {
            let message = "Streaming is not supported in the Batch API.";
            return Err(bad("streaming_unsupported", message, Some("body.stream")));
        }
        let Some(model) = body["model"].as_str() else {
            let message = "The request has no 'model'.";
            return Err(bad("invalid_request", message, Some("body.model")));
        };
        if !self.knows(model) {
            let message =
                format!("The provided model '{model}' is not supported by the Batch API.");
            return Err(bad("model_not_found", &message, Some("body.model")));
        }
        match &self.model {
            Some(first) if first != model => {
                let message = format!(
                    "Each batch must have the same model on each request. The model '{model}' differs from '{first}'."
                );
                return Err(bad("mismatched_model", &message, Some("body.model")));
            }
            _ => self.model = Some(model.to_owned()),
        }
        Ok(Line {
            custom_id: custom_id.to_owned(),
            body: body.clone(),
        })
    }

    fn knows(&self, model: &str) -> bool {
        match self.endpoint {
            "/v1/images/generations" => self.knowledge.images.is_model(model),
            _ => self.knowledge.model(model).is_some(),
        }
    }
}
