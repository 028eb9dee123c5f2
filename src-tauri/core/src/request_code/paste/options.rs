//! The options of a cURL command: what it sends and where, and what no request holds.

use super::{HINT, LeftOut, bad};
use crate::error::Result;

/// Long options that take a value and say nothing about the request.
const VALUED: [&str; 39] = [
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config",
    "connect-timeout",
    "connect-to",
    "cookie",
    "cookie-jar",
    "dump-header",
    "expect100-timeout",
    "interface",
    "keepalive-time",
    "key",
    "limit-rate",
    "max-filesize",
    "max-redirs",
    "max-time",
    "netrc-file",
    "noproxy",
    "oauth2-bearer",
    "output",
    "pass",
    "proto",
    "proxy",
    "proxy-header",
    "proxy-user",
    "range",
    "referer",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "speed-limit",
    "stderr",
    "user",
    "user-agent",
    "write-out",
];
/// Short options that take a value and say nothing about the request.
const VALUED_SHORT: &str = "AbcCDeEhKmoPQrtuUwxyYz";
/// Options that only say how curl itself goes about it.
const SILENT: [&str; 22] = [
    "silent",
    "show-error",
    "no-buffer",
    "include",
    "verbose",
    "location",
    "fail",
    "fail-with-body",
    "compressed",
    "http1.1",
    "http2",
    "no-progress-meter",
    "progress-bar",
    "globoff",
    "output",
    "write-out",
    "max-time",
    "connect-timeout",
    "retry",
    "retry-delay",
    "retry-max-time",
    "dump-header",
];
const SILENT_SHORT: &str = "sSNivLfg#mowD";

/// What the words of a command say.
pub(super) struct Options {
    pub url: Option<String>,
    pub method: Option<String>,
    pub data: Option<String>,
    pub left_out: Vec<LeftOut>,
}

/// Gives the text of a file that a command names; None where nothing but the command is known.
pub(super) type Files<'a> = Option<&'a mut dyn FnMut(&str) -> Option<String>>;

/// What a command reads besides its words.
struct Beside<'a> {
    /// Its standard input.
    input: Option<String>,
    files: Files<'a>,
}

impl Options {
    /// `input` is what the command reads from its standard input.
    ///
    /// # Errors
    /// `BadInput` where it sends no JSON, or sends a file that was not pasted.
    pub(super) fn of(words: &[String], input: Option<String>, files: Files) -> Result<Self> {
        let mut beside = Beside { input, files };
        let beside = &mut beside;
        let mut options = Self {
            url: None,
            method: None,
            data: None,
            left_out: Vec::new(),
        };
        let mut words = words.iter().map(String::as_str);
        let mut only_words = false;
        while let Some(word) = words.next() {
            if only_words || !word.starts_with('-') || word == "-" {
                options.address(word);
            } else if word == "--" {
                only_words = true;
            } else if let Some(long) = word.strip_prefix("--") {
                let (name, attached) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                let mut value = || attached.or_else(|| words.next()).unwrap_or_default();
                options.long(name, &mut value, beside)?;
            } else {
                options.short(&word[1..], &mut words, beside)?;
            }
        }
        Ok(options)
    }

    fn long<'a>(
        &mut self,
        name: &str,
        value: &mut impl FnMut() -> &'a str,
        beside: &mut Beside,
    ) -> Result<()> {
        match name {
            "url" => self.address(value()),
            "request" => self.method = Some(value().to_owned()),
            "header" => self.header(value()),
            "data" | "data-ascii" | "data-binary" | "json" => self.data(value(), true, beside)?,
            "data-raw" => self.data(value(), false, beside)?,
            "data-urlencode" | "form" | "form-string" => {
                return Err(bad("The command sends a form, not JSON.").hint(HINT));
            }
            "upload-file" => {
                return Err(bad("The command sends a file that was not pasted.").hint(HINT));
            }
            "get" | "head" => {
                return Err(bad("The command asks for something; it sends no body.").hint(HINT));
            }
            _ => {
                if VALUED.contains(&name) {
                    value();
                }
                if !SILENT.contains(&name) {
                    self.leave(format!("--{name}"));
                }
            }
        }
        Ok(())
    }

    /// Several short options can stand in one word, and the last one's value too.
    fn short<'a>(
        &mut self,
        cluster: &'a str,
        words: &mut impl Iterator<Item = &'a str>,
        beside: &mut Beside,
    ) -> Result<()> {
        for (index, letter) in cluster.char_indices() {
            let rest = &cluster[index + letter.len_utf8()..];
            let attached = (!rest.is_empty()).then_some(rest);
            let mut value = || attached.or_else(|| words.next()).unwrap_or_default();
            match letter {
                'X' => self.method = Some(value().to_owned()),
                'H' => self.header(value()),
                'd' => self.data(value(), true, beside)?,
                'F' => self.long("form", &mut value, beside)?,
                'T' => self.long("upload-file", &mut value, beside)?,
                'G' | 'I' => return self.long("get", &mut value, beside),
                _ => {
                    let valued = VALUED_SHORT.contains(letter);
                    if valued {
                        value();
                    }
                    if !SILENT_SHORT.contains(letter) {
                        self.leave(format!("-{letter}"));
                    }
                    if valued {
                        return Ok(());
                    }
                    continue;
                }
            }
            return Ok(());
        }
        Ok(())
    }

    fn address(&mut self, word: &str) {
        if self.url.is_none() {
            self.url = Some(word.to_owned());
        } else {
            self.left_out.push(LeftOut {
                what: "A second address".into(),
                why: "A request goes to one.".into(),
            });
        }
    }

    fn header(&mut self, header: &str) {
        let name = header.split(':').next().unwrap_or_default().trim();
        match name.to_ascii_lowercase().as_str() {
            // Every request is JSON, and says so.
            "content-type" | "accept" => {}
            "authorization" | "api-key" | "x-api-key" => self.left_out.push(LeftOut {
                what: format!("The key in the header {name}"),
                why: "Rheostat keeps keys apart from requests and sends the connection's own."
                    .into(),
            }),
            _ => self.left_out.push(LeftOut {
                what: format!("The header {name}"),
                why: "Headers are not part of a request.".into(),
            }),
        }
    }

    /// Several pieces are joined as curl joins them, which JSON does not survive: that is said when it is
    /// read.
    fn data(&mut self, value: &str, files: bool, beside: &mut Beside) -> Result<()> {
        let piece = match value.strip_prefix('@').filter(|_| files) {
            None => value.to_owned(),
            Some("-" | "/dev/stdin") => beside.input.clone().ok_or_else(|| {
                bad("The command reads its body from elsewhere, and that was not pasted.")
                    .hint("Paste the text that goes into it, as it is.")
            })?,
            Some(file) => match &mut beside.files {
                None => {
                    return Err(bad(format!(
                        "The body stands in the file {file}, which was not pasted."
                    ))
                    .hint("Paste the file's text, as it is."));
                }
                Some(read) => read(file).ok_or_else(|| {
                    bad(format!(
                        "The body stands in the file {file}, which is not among what is imported."
                    ))
                    .hint("Import the file together with the command.")
                })?,
            },
        };
        self.data = Some(match self.data.take() {
            None => piece,
            Some(before) => format!("{before}&{piece}"),
        });
        Ok(())
    }

    fn leave(&mut self, what: String) {
        let why = match what.as_str() {
            "-u" | "--user" | "--oauth2-bearer" => {
                "Rheostat keeps keys apart from requests and sends the connection's own."
            }
            "-k" | "--insecure" => "The connection is always checked.",
            _ => "It is about the connection, not about the request.",
        };
        self.left_out.push(LeftOut {
            what: format!("The option {what}"),
            why: why.into(),
        });
    }
}
