//! Reads a request from what a person pasted: a cURL command, or a body as JSON.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use super::OPENAI;
use super::json_text::{self, SIZE_LIMIT};
use super::words::{Token, split};
use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::place::Body;

mod options;
mod script;

use options::Options;
pub use script::paste_script;

/// Something of the command that is not part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PasteLeftOut", rename_all = "camelCase")]
pub struct LeftOut {
    /// Never a secret: of a header only its name.
    pub what: String,
    /// As a sentence.
    pub why: String,
}

/// What was pasted, as a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Pasted {
    pub endpoint: Endpoint,
    pub body: Body,
    /// Where the command sends it, if that is not OpenAI's own address.
    pub base_url: Option<String>,
    pub left_out: Vec<LeftOut>,
}

/// Reads a cURL command, in the quotes of any shell, or a JSON body.
///
/// # Errors
/// `BadInput`, saying what it is instead or what is broken; no key or header is repeated in it.
pub fn paste(text: &str) -> Result<Pasted> {
    if text.len() > SIZE_LIMIT {
        return Err(
            bad("What was pasted is larger than 16 MB.").hint("A request may have up to 16 MB.")
        );
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(bad("There is nothing to paste.").hint(HINT));
    }
    if text.starts_with(['{', '[']) {
        let body = json_text::parse(text, "The body")?;
        let chat = body.contains_key("messages") && !body.contains_key("input");
        return Ok(Pasted {
            endpoint: if chat {
                Endpoint::ChatCompletions
            } else {
                Endpoint::Responses
            },
            body,
            base_url: None,
            left_out: Vec::new(),
        });
    }
    let tokens = split(text).map_err(|why| {
        bad(format!("The command can't be read: {why}.")).hint("Copy the whole command again.")
    })?;
    let (arguments, input) = command(&tokens)
        .ok_or_else(|| bad("That is neither a cURL command nor a JSON body.").hint(HINT))?;
    read(Options::of(&arguments, input, None)?)
}

const HINT: &str =
    "Paste a curl command for /v1/responses or /v1/chat/completions, or a request body.";

fn bad(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::BadInput, message)
}

/// The words after `curl`, and what the command reads from its standard input.
fn command(tokens: &[Token]) -> Option<(Vec<String>, Option<String>)> {
    for line in tokens.split(|token| *token == Token::End) {
        let mut before: Option<String> = None;
        for program in line.split(|token| *token == Token::Pipe) {
            let words: Vec<&String> = program
                .iter()
                .filter_map(|token| match token {
                    Token::Word(word) => Some(word),
                    _ => None,
                })
                .collect();
            let given = program.iter().find_map(|token| match token {
                Token::Input(text) => Some(text.clone()),
                _ => None,
            });
            let curl = words.iter().position(|word| is_curl(word));
            match curl.filter(|at| words[..*at].iter().all(|word| may_precede(word))) {
                Some(at) => {
                    let rest = words[at + 1..].iter().map(|word| (*word).clone());
                    return Some((rest.collect(), given.or(before)));
                }
                None => before = given.or_else(|| said(&words)),
            }
        }
    }
    None
}

fn is_curl(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    matches!(name, "curl" | "curl.exe")
}

/// A prompt, a variable that is set for the command, or a word that runs another program.
fn may_precede(word: &str) -> bool {
    matches!(word, "$" | "%" | ">" | "sudo" | "time" | "command" | "env") || word.contains('=')
}

/// What `echo` and `printf` write.
fn said(words: &[&String]) -> Option<String> {
    let start = words.iter().position(|word| !may_precede(word))?;
    let (first, rest) = words[start..].split_first()?;
    let rest: Vec<&str> = match first.as_str() {
        "echo" => rest
            .iter()
            .filter(|word| *word != &"-n")
            .map(|word| word.as_str())
            .collect(),
        "printf" => rest
            .iter()
            .filter(|word| *word != &"%s")
            .map(|word| word.as_str())
            .collect(),
        _ => return None,
    };
    Some(rest.join(" "))
}

fn read(options: Options) -> Result<Pasted> {
    let Options {
        url,
        method,
        data,
        mut left_out,
    } = options;
    let url = url.ok_or_else(|| bad("The command names no address.").hint(HINT))?;
    let address = Address::of(&url)?;
    if let Some(method) = method.filter(|method| !method.eq_ignore_ascii_case("post")) {
        return Err(bad(format!("The command sends {method}, not POST.")).hint(HINT));
    }
    let data = data.ok_or_else(|| {
        bad(format!(
            "The command sends nothing to {}.",
            address.endpoint.path()
        ))
        .hint("A request is its body: the text after -d, --json or --data-raw.")
    })?;
    let body = json_text::parse(&data, "The body of the command")?;
    if address.query {
        left_out.push(LeftOut {
            what: "The query of the address".into(),
            why: "A request to this API has none.".into(),
        });
    }
    if address.unknown {
        left_out.push(LeftOut {
            what: "The address".into(),
            why: "It depends on the shell; the request goes where the connection says.".into(),
        });
    }
    Ok(Pasted {
        endpoint: address.endpoint,
        body,
        base_url: address.base_url,
        left_out,
    })
}

struct Address {
    endpoint: Endpoint,
    /// `None` for OpenAI's own, and for one that can't be known.
    base_url: Option<String>,
    query: bool,
    /// It holds a variable of the shell.
    unknown: bool,
}

impl Address {
    fn of(text: &str) -> Result<Self> {
        let plain = text.split(['?', '#']).next().unwrap_or(text);
        let path = plain.trim_end_matches('/');
        let found = Endpoint::ALL
            .into_iter()
            .find_map(|endpoint| Some((endpoint, path.strip_suffix(endpoint.path())?)));
        // Without a scheme curl takes the text for a host; `..` and the like are not for us to settle.
        let parsed = Url::parse(path).or_else(|_| Url::parse(&format!("https://{path}")));
        let Some((endpoint, base)) = found.filter(|(_, base)| base.ends_with('/')) else {
            let called = parsed.ok().map_or_else(
                || "another address".to_owned(),
                |url| format!("{}{}", url.host_str().unwrap_or_default(), url.path()),
            );
            return Err(bad(format!(
                "The command calls {called}, which is neither Responses nor Chat Completions."
            ))
            .hint(HINT));
        };
        let query = plain.len() < text.len();
        if text.contains('$') || text.contains('%') || text.contains("{{") {
            return Ok(Self {
                endpoint,
                base_url: None,
                query,
                unknown: true,
            });
        }
        let base = base.trim_end_matches('/');
        let base = Url::parse(base)
            .or_else(|_| Url::parse(&format!("https://{base}")))
            .map_err(|error| bad(format!("The address can't be read: {error}.")).hint(HINT))?;
        let mut base = base;
        // A name and a password in an address are secrets.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        let base = base.as_str().trim_end_matches('/').to_owned();
        Ok(Self {
            endpoint,
            base_url: (base != OPENAI).then_some(base),
            query,
            unknown: false,
        })
    }
}
