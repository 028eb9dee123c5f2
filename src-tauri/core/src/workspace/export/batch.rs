//! Requests as input files of the Batch API: a line each, one endpoint and one model a file, no streams (API.md 6.1).

use std::collections::BTreeMap;

use serde_json::json;

use super::{Exported, Outgoing, at_once, no_checks, no_values, path_of, spell, words};
use crate::body;

pub(super) fn write(requests: &[Outgoing], out: &mut Exported) {
    let mut files: BTreeMap<(String, String), String> = BTreeMap::new();
    for (one, id) in requests.iter().zip(words(requests)) {
        let spelled = spell(&one.request.body, |name| format!("{{{{{name}}}}}"));
        no_checks(one, "A batch checks nothing.", out);
        no_values(one, &spelled.variables, out);
        let body = at_once(one, spelled.body, out);
        let url = format!("/v1{}", path_of(one.request.endpoint));
        let model = body::model(&body).unwrap_or("model").to_owned();
        let line =
            json!({"custom_id": id.replace('_', "-"), "method": "POST", "url": url, "body": body});
        let file = files.entry((url, model)).or_default();
        *file += &line.to_string();
        file.push('\n');
    }
    let single = files.len() == 1;
    for ((url, model), text) in files {
        let name = if single {
            "batch.jsonl".to_owned()
        } else {
            let model: String = model
                .chars()
                .map(|it| {
                    if it.is_ascii_alphanumeric() || ".-".contains(it) {
                        it
                    } else {
                        '-'
                    }
                })
                .collect();
            let endpoint = if url.ends_with("responses") {
                "responses"
            } else {
                "chat"
            };
            format!("batch-{endpoint}-{}.jsonl", model.trim_matches(['.', '-']))
        };
        out.file(name, text);
    }
}
