//! One call of another tool, judged: a request to OpenAI becomes an item, anything else is named.

use serde_json::{Map, Value};

use super::loose_json;
use super::names;
use super::placeholders::{self, Syntax};
use super::{Imported, ImportedContent, ImportedItem, ImportedVariable};
use crate::catalog::endpoint::Endpoint;
use crate::grade::checks::Check;
use crate::secrets_in_text;
use crate::workspace::request_file::RequestFile;

/// Said of every key that is left out.
pub(super) const KEY_WHY: &str = "The key was left out; set it under Connection.";

/// What a call sends.
pub(super) enum Sent<'a> {
    Nothing,
    Text(&'a str),
    /// Something else, named with its article.
    Other(String),
}

/// A call as another tool keeps it.
pub(super) struct Call<'a> {
    /// The file, and where in it.
    pub place: String,
    pub folders: Vec<&'a str>,
    pub name: &'a str,
    pub method: &'a str,
    pub url: &'a str,
    pub sent: Sent<'a>,
    /// Names of headers.
    pub headers: Vec<&'a str>,
    /// How the tool signs the call, if it does: `bearer`.
    pub auth: Option<&'a str>,
    pub syntax: Syntax,
    /// What else the call holds that has no place here, such as `Scripts`.
    pub extras: Vec<&'a str>,
}

impl Call<'_> {
    /// Makes it an item of `out`, or names why not.
    pub(super) fn import(self, out: &mut Imported) {
        let named = format!("The call {:?}", names::item(self.name, "without a name"));
        let address = Address::of(self.url, self.syntax);
        let Some(endpoint) = address.endpoint else {
            let called = &address.called;
            out.leave(
                self.place,
                named,
                format!("It calls {called}, which is neither Responses nor Chat Completions."),
            );
            return;
        };
        if !self.method.eq_ignore_ascii_case("post") {
            let method = names::shortened(self.method);
            out.leave(
                self.place,
                named,
                format!("It sends {method}, not POST, so it makes no answer."),
            );
            return;
        }
        let text = match self.sent {
            Sent::Text(text) if !text.trim().is_empty() => text,
            Sent::Other(what) => {
                out.leave(self.place, named, format!("It sends {what}, not JSON."));
                return;
            }
            Sent::Nothing | Sent::Text(_) => {
                out.leave(self.place, named, "It sends no body.");
                return;
            }
        };
        let loose = match loose_json::read(text, "Its body", self.syntax) {
            Ok(loose) => loose,
            Err(error) => {
                out.leave(self.place, named, error.message);
                return;
            }
        };
        if !is_of(endpoint, &loose.body) {
            out.leave(
                self.place,
                named,
                format!(
                    "Its address ends like OpenAI's, but its body is none of {}.",
                    endpoint.name()
                ),
            );
            return;
        }
        for placeholder in loose.bare {
            out.leave(
                self.place.clone(),
                format!("The bare placeholder {placeholder}"),
                "A variable is text here, so it stands in quotes now; a number is better written out.",
            );
        }
        for header in &self.headers {
            leave_header(&self.place, header, out);
        }
        if let Some(auth) = self.auth {
            out.leave(self.place.clone(), format!("The sign-in ({auth})"), KEY_WHY);
        }
        if let Some(elsewhere) = address.elsewhere {
            out.leave(
                self.place.clone(),
                format!("The address {elsewhere}"),
                "A request goes where the connection says.",
            );
        }
        for extra in &self.extras {
            out.leave(
                self.place.clone(),
                *extra,
                "They have no place in a request, and nothing of an import is run.",
            );
        }
        let folder = names::folder(&self.folders, &self.place, out);
        Item {
            place: self.place,
            folder,
            name: self.name,
            endpoint,
            body: loose.body,
            syntax: self.syntax,
            checks: Vec::new(),
        }
        .push(out);
    }
}

/// A request that is about to become an item.
pub(super) struct Item<'a> {
    pub place: String,
    /// Made safe already.
    pub folder: String,
    /// "" takes the first words of the prompt.
    pub name: &'a str,
    pub endpoint: Endpoint,
    pub body: Map<String, Value>,
    pub syntax: Syntax,
    pub checks: Vec<Check>,
}

impl Item<'_> {
    pub(super) fn push(mut self, out: &mut Imported) {
        let mut value = Value::Object(std::mem::take(&mut self.body));
        for foreign in placeholders::rewrite(&mut value, self.syntax) {
            let what = secrets_in_text::without_keys(&foreign).unwrap_or(foreign);
            out.leave(
                self.place.clone(),
                format!("The placeholder {what}"),
                "Only the tool that it comes from can fill it in; it stands in the request as text.",
            );
        }
        let Value::Object(mut body) = value else {
            return;
        };
        for pointer in secrets_in_text::strip(&mut body) {
            out.leave(
                self.place.clone(),
                format!("What stood at {pointer} of the body"),
                KEY_WHY,
            );
        }
        let first_words = first_words(&body, self.endpoint);
        let name = secrets_in_text::without_keys(self.name);
        let name = names::item(name.as_deref().unwrap_or(self.name), &first_words);
        out.items.push(ImportedItem {
            folder: self.folder,
            name: name.clone(),
            place: self.place,
            content: ImportedContent::Request {
                request: Box::new(RequestFile {
                    tags: Vec::new(),
                    schema_file: None,
                    variables: Default::default(),
                    stubs: Default::default(),
                    tools_off: Vec::new(),
                    id: String::new(),
                    name,
                    endpoint: self.endpoint,
                    body,
                    checks: self.checks,
                    other: Map::new(),
                }),
            },
        });
    }
}

/// Names a header that a request can't hold; what every call has is passed over.
pub(super) fn leave_header(place: &str, name: &str, out: &mut Imported) {
    let lower = name.trim().to_ascii_lowercase();
    match lower.as_str() {
        "" | "content-type" | "accept" | "content-length" | "host" | "user-agent"
        | "connection" | "accept-encoding" | "accept-language" | "origin" | "referer"
        | "cache-control" | "pragma" | "dnt" => {}
        _ if lower.starts_with(':')
            || lower.starts_with("sec-")
            || lower.starts_with("x-stainless-") => {}
        "cookie" => out.leave(
            place,
            "The header Cookie",
            "Cookies are kept by nobody here.",
        ),
        _ if secrets_in_text::is_secret_name(&lower) => {
            out.leave(
                place,
                format!("The header {}", names::shortened(name)),
                KEY_WHY,
            );
        }
        _ => out.leave(
            place,
            format!("The header {}", names::shortened(name)),
            "Headers are not part of a request.",
        ),
    }
}

/// Makes an environment an item of `out`. Values that look like secrets are left out and named.
/// Each variable is its name, its value, and whether the tool calls it a secret.
pub(super) fn environment(
    place: &str,
    name: &str,
    variables: impl IntoIterator<Item = (String, String, bool)>,
    syntax: Syntax,
    out: &mut Imported,
) {
    let mut kept: Vec<ImportedVariable> = Vec::new();
    for (theirs, value, secret) in variables {
        let Some(ours) = placeholders::name(&theirs) else {
            let what = format!("The variable {:?}", names::shortened(&theirs));
            out.leave(place, what, "Its name can't be used here.");
            continue;
        };
        let mut foreign = Vec::new();
        let value = match syntax {
            Syntax::Literal => value,
            _ => placeholders::rewrite_text(&value, syntax, &mut foreign),
        };
        let reference = secrets_in_text::is_reference(&value);
        let key = secrets_in_text::without_keys(&value).is_some();
        let value = if key
            || (!reference
                && !value.is_empty()
                && (secret || secrets_in_text::is_secret_name(&ours)))
        {
            out.leave(place, format!("The value of {ours}"), KEY_WHY);
            String::new()
        } else {
            value
        };
        // The last of one name is the one that the tools use.
        match kept.iter_mut().find(|known| known.name == ours) {
            Some(known) => known.value = value,
            None => kept.push(ImportedVariable { name: ours, value }),
        }
    }
    if kept.is_empty() {
        return;
    }
    out.items.push(ImportedItem {
        folder: String::new(),
        name: names::item(name, "Environment"),
        place: place.to_owned(),
        content: ImportedContent::Environment { variables: kept },
    });
}

/// Whether a body can be one of this endpoint: other services have addresses of the same ending.
fn is_of(endpoint: Endpoint, body: &Map<String, Value>) -> bool {
    match endpoint {
        Endpoint::ChatCompletions => body.contains_key("messages"),
        Endpoint::Responses => [
            "model",
            "input",
            "prompt",
            "instructions",
            "previous_response_id",
        ]
        .iter()
        .any(|key| body.contains_key(*key)),
    }
}

struct Address {
    endpoint: Option<Endpoint>,
    /// Without its query, which may hold a key.
    called: String,
    /// The host, where it is neither OpenAI's nor a placeholder.
    elsewhere: Option<String>,
}

impl Address {
    fn of(url: &str, syntax: Syntax) -> Self {
        let url = url.trim();
        let plain = url
            .split(['?', '#'])
            .next()
            .unwrap_or(url)
            .trim_end_matches('/');
        let found = Endpoint::ALL.into_iter().find_map(|endpoint| {
            let base = plain.strip_suffix(endpoint.path())?.strip_suffix('/')?;
            let by_variable = syntax
                .marks()
                .iter()
                .any(|(_, close)| base.ends_with(close));
            (base.ends_with("/v1") || by_variable).then_some((endpoint, base))
        });
        let after_scheme = plain.split_once("://").map_or(plain, |(_, rest)| rest);
        // A name and a password may stand before the host.
        let host = after_scheme.split('/').next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or(host);
        let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
        let known =
            host.eq_ignore_ascii_case("api.openai.com") || placeholders::at(host, syntax).is_some();
        let called = format!("{host}{path}");
        let called = secrets_in_text::without_keys(&called).unwrap_or(called);
        Self {
            endpoint: found.map(|(endpoint, _)| endpoint),
            called: names::item(&called, "no address"),
            elsewhere: (!known && found.is_some()).then(|| names::shortened(host)),
        }
    }
}

/// The first words of the prompt: a name for a request that has none.
fn first_words(body: &Map<String, Value>, endpoint: Endpoint) -> String {
    const WORDS: usize = 8;
    fn said(value: &Value) -> Option<&str> {
        match value {
            Value::String(text) => Some(text),
            Value::Array(items) => items.iter().rev().find_map(|item| {
                let role = item.get("role").and_then(Value::as_str);
                match role {
                    None | Some("user") => item
                        .get("content")
                        .or_else(|| item.get("text"))
                        .and_then(said)
                        .or_else(|| item.as_str()),
                    Some(_) => None,
                }
            }),
            _ => None,
        }
    }
    let prompt = body
        .get(endpoint.input_key())
        .and_then(said)
        .unwrap_or_default();
    let words: Vec<&str> = prompt.split_whitespace().take(WORDS + 1).collect();
    match words.len() {
        0 => format!("{} request", endpoint.name()),
        more if more > WORDS => format!("{}…", words[..WORDS].join(" ")),
        _ => words.join(" "),
    }
}
