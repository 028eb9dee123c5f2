//! One recorded answer, and the file that holds it.
//!
//! # The file
//! UTF-8 text named `*.recording.jsonl`: one JSON value to a line, lines ending with a line feed.
//!
//! The first line is an object about the whole:
//!
//! ```json
//! {"format":1,
//!  "request":{"method":"POST","path":"/v1/responses","body":{"model":"gpt-5.5","input":"hi","stream":true}},
//!  "response":{"status":200,"headers":{"content-type":"text/event-stream; charset=utf-8"}},
//!  "recorded_at":1767225600000,"source":"live","name":"Greeting"}
//! ```
//!
//! - `format`: 1. A reader refuses a higher number.
//! - `request.path`: with its query. `request.body`: the JSON body as sent, null where there was none.
//! - `response.headers`: names in lower case, only those of [`KEPT_HEADERS`]; a reader drops the others.
//! - `recorded_at`: when the request was sent, in milliseconds since 1970 in UTC.
//! - `source`: `live` where the real API answered, `sample` where anything else did.
//! - `name`: for people; may be empty or left out. A rule can pin a recording by it.
//! - `cut`: true where the answer broke off; left out otherwise.
//!
//! Every further line is `[milliseconds, "text"]`. For a stream (its content type is `text/event-stream`) each is
//! one event: when it arrived, counted from the sending of the request, and its data as it came, without the
//! `event:` line, which the data's own `type` gives back, and without comments. A plain answer has one such
//! line: when it was whole, and its body.
//!
//! A file that a crash cut short is read up to its last whole line, and taken as cut.
//!
//! # Secrets
//! No header of the request is written, so no key is. Keys (`sk-…`) in the path, the body, headers and events
//! are written as `sk-***`, and the headers that name an organisation or a project are not in the list.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::key::Key;
use crate::mask;

pub const FORMAT: u32 = 1;

/// What a recording's file is called at its end.
pub const ENDING: &str = ".recording.jsonl";

/// The response headers that are kept; a name that ends with `*` stands for all that start so.
pub const KEPT_HEADERS: [&str; 6] = [
    "content-type",
    "x-request-id",
    "openai-processing-ms",
    "openai-version",
    "x-ratelimit-*",
    "retry-after*",
];

/// A larger file is refused: it is held in memory.
pub(crate) const LARGEST: u64 = 64 << 20;

/// One recorded answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "MockRecording")]
pub struct Recording {
    pub head: Head,
    /// Milliseconds since the request was sent, and the data of an event or a whole body.
    pub lines: Vec<(u64, String)>,
}

/// The first line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "MockRecordingHead")]
pub struct Head {
    pub format: u32,
    pub request: Requested,
    pub response: Responded,
    /// Milliseconds since 1970 in UTC.
    pub recorded_at: u64,
    pub source: Source,
    #[serde(default)]
    pub name: String,
    /// The answer broke off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "MockRequested")]
pub struct Requested {
    pub method: String,
    /// With its query.
    pub path: String,
    #[serde(default)]
    #[ts(type = "unknown")]
    pub body: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "MockResponded")]
pub struct Responded {
    pub status: u16,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockSource", rename_all = "snake_case")]
pub enum Source {
    /// The real API answered.
    Live,
    /// Anything else did.
    Sample,
}

/// Why a file is no recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    #[error("Line 1 is not the header of a recording: {0}")]
    Header(String),
    #[error("It has format {0}, and this version reads format {FORMAT}.")]
    Format(u32),
    #[error("Its status is {0}; an HTTP status is 100 to 999.")]
    Status(u16),
    #[error("Line {0} is not [milliseconds, \"text\"].")]
    Line(usize),
    #[error("It holds no answer: a line of [milliseconds, \"text\"] must follow the header.")]
    Empty,
}

impl Recording {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// It does not follow the format.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rows = text.lines().enumerate().peekable();
        let first = rows.next().map_or("", |(_, row)| row);
        let head: Head = match serde_json::from_str(first) {
            Ok(head) => head,
            // A newer format may have another header.
            Err(error) => {
                let format = serde_json::from_str::<Value>(first)
                    .ok()
                    .and_then(|value| value["format"].as_u64())
                    .and_then(|format| u32::try_from(format).ok());
                return Err(match format {
                    Some(newer) if newer != FORMAT => RecordingError::Format(newer),
                    _ => RecordingError::Header(error.to_string()),
                });
            }
        };
        if head.format != FORMAT {
            return Err(RecordingError::Format(head.format));
        }
        if !(100..1_000).contains(&head.response.status) {
            return Err(RecordingError::Status(head.response.status));
        }
        let mut recording = Recording {
            head,
            lines: Vec::new(),
        };
        while let Some((at, row)) = rows.next() {
            if row.trim().is_empty() {
                continue;
            }
            match serde_json::from_str(row) {
                Ok(line) => recording.lines.push(line),
                // Whoever wrote it was stopped in the middle of this line.
                Err(_) if rows.peek().is_none() && !text.ends_with('\n') => {
                    recording.head.cut = true;
                }
                Err(_) => return Err(RecordingError::Line(at + 1)),
            }
        }
        if recording.lines.is_empty() && !recording.head.cut {
            return Err(RecordingError::Empty);
        }
        // Hand-made times may run backwards; a reply cannot.
        let mut latest = 0;
        for (at, _) in &mut recording.lines {
            latest = latest.max(*at);
            *at = latest;
        }
        Ok(recording.without_secrets())
    }

    /// The text of the file, without anything secret.
    pub fn to_text(&self) -> String {
        let clean = self.clone().without_secrets();
        let mut rows = vec![serde_json::json!(clean.head).to_string()];
        let lines = clean.lines.iter();
        rows.extend(lines.map(|line| serde_json::json!(line).to_string()));
        rows.push(String::new());
        rows.join("\n")
    }

    /// Writes it into a folder under a name of its own, whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn write_into(&self, folder: &Path) -> std::io::Result<PathBuf> {
        let stem = format!("{}-{}", self.head.recorded_at, &self.key().exact[..8]);
        let path = (1..)
            .map(|count: u32| match count {
                1 => folder.join(format!("{stem}{ENDING}")),
                _ => folder.join(format!("{stem}-{count}{ENDING}")),
            })
            .find(|path| !path.exists())
            .unwrap_or_else(|| folder.join(format!("{stem}{ENDING}")));
        let draft = path.with_extension("part");
        let mut file = std::fs::File::create(&draft)?;
        let written = file
            .write_all(self.to_text().as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(&draft, &path));
        if written.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        written.map(|()| path)
    }

    /// Whether the answer was a stream.
    pub fn streamed(&self) -> bool {
        let kind = self.head.response.headers.get("content-type");
        kind.is_some_and(|kind| kind.trim_start().starts_with("text/event-stream"))
    }

    /// What a request must have for this to be an answer to it.
    pub fn key(&self) -> Key {
        let request = &self.head.request;
        Key::of(&request.method, &request.path, &request.body)
    }

    /// How long the answer took, in milliseconds.
    pub fn total_ms(&self) -> u64 {
        self.lines.last().map_or(0, |(at, _)| *at)
    }

    fn without_secrets(mut self) -> Self {
        let request = &mut self.head.request;
        request.path = mask::text(&request.path);
        request.body = mask::value(&request.body);
        let headers = std::mem::take(&mut self.head.response.headers);
        self.head.response.headers = kept(headers);
        for (_, line) in &mut self.lines {
            *line = mask::text(line);
        }
        self.head.name = mask::text(&self.head.name);
        self
    }
}

fn kept(headers: BTreeMap<String, String>) -> BTreeMap<String, String> {
    headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| is_kept(name))
        .map(|(name, value)| {
            let value = mask::header(&name, &value);
            (name, value)
        })
        .collect()
}

fn is_kept(name: &str) -> bool {
    KEPT_HEADERS
        .iter()
        .any(|kept| match kept.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *kept,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn example() -> Recording {
        Recording {
            head: Head {
                format: 1,
                request: Requested {
                    method: "POST".to_owned(),
                    path: "/v1/responses".to_owned(),
                    body: json!({"model": "gpt-5.5", "input": "hi", "stream": true}),
                },
                response: Responded {
                    status: 200,
                    headers: BTreeMap::from([(
                        "content-type".to_owned(),
                        "text/event-stream".to_owned(),
                    )]),
                },
                recorded_at: 1_767_225_600_000,
                source: Source::Live,
                name: "Greeting".to_owned(),
                cut: false,
            },
            lines: vec![
                (12, "{\"type\":\"a\"}".to_owned()),
                (40, "Grüße\n".to_owned()),
            ],
        }
    }

    const TEXT: &str = concat!(
        r#"{"format":1,"request":{"method":"POST","path":"/v1/responses","body":{"model":"gpt-5.5","input":"hi","stream":true}},"#,
        r#""response":{"status":200,"headers":{"content-type":"text/event-stream"}},"#,
        r#""recorded_at":1767225600000,"source":"live","name":"Greeting"}"#,
        "\n",
        r#"[12,"{\"type\":\"a\"}"]"#,
        "\n",
        r#"[40,"Grüße\n"]"#,
        "\n",
    );

    #[test]
    fn it_is_written_as_described_and_read_back() {
        assert_eq!(example().to_text(), TEXT);
        assert_eq!(Recording::parse(TEXT), Ok(example()));
        let windows = format!("\u{feff}{}", TEXT.replace('\n', "\r\n"));
        assert_eq!(Recording::parse(&windows), Ok(example()));
    }

    #[test]
    fn a_line_that_was_cut_short_is_left_out() {
        let cut = Recording::parse(&TEXT[..TEXT.len() - 4]);
        let mut expected = example();
        expected.lines.pop();
        expected.head.cut = true;
        assert_eq!(cut, Ok(expected));
    }

    #[test]
    fn what_is_no_recording_is_named() {
        let (head, _) = TEXT.split_once('\n').unwrap();
        let cases = [
            (
                String::new(),
                "Line 1 is not the header of a recording: EOF while parsing a value at line 1 column 0",
            ),
            (
                "{}".to_owned(),
                "Line 1 is not the header of a recording: missing field `format` at line 1 column 2",
            ),
            (
                r#"{"format":2,"wire":[]}"#.to_owned(),
                "It has format 2, and this version reads format 1.",
            ),
            (
                head.replace("\"format\":1", "\"format\":7"),
                "It has format 7, and this version reads format 1.",
            ),
            (
                head.replace("200", "42"),
                "Its status is 42; an HTTP status is 100 to 999.",
            ),
            (
                head.to_owned() + "\n",
                "It holds no answer: a line of [milliseconds, \"text\"] must follow the header.",
            ),
            (
                format!("{head}\n[1]\n[2,\"\"]\n"),
                "Line 2 is not [milliseconds, \"text\"].",
            ),
            (
                format!("{head}\n[1,\"\"]\n[-2,\"\"]\n"),
                "Line 3 is not [milliseconds, \"text\"].",
            ),
        ];
        for (text, expected) in cases {
            let got = Recording::parse(&text).map_err(|error| error.to_string());
            assert_eq!(got, Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn no_secret_is_written_or_read() {
        let key = "sk-test-planted-0001";
        let mut planted = example();
        planted.head.name = key.to_owned();
        planted.head.request.path = format!("/v1/responses?key={key}");
        planted.head.request.body["input"] = json!(format!("my key: {key}"));
        for (name, value) in [
            ("Authorization", format!("Bearer {key}")),
            ("openai-organization", "org-mine".to_owned()),
            ("openai-project", "proj-mine".to_owned()),
            ("x-request-id", key.to_owned()),
            ("x-ratelimit-limit-requests", "500".to_owned()),
            ("retry-after-ms", "120".to_owned()),
        ] {
            planted.head.response.headers.insert(name.to_owned(), value);
        }
        planted
            .lines
            .push((41, json!({"delta": format!("\n{key}")}).to_string()));
        let text = planted.to_text();
        for secret in [key, "org-mine", "proj-mine", "Authorization"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let headers: Vec<_> = Recording::parse(&text)
            .unwrap()
            .head
            .response
            .headers
            .into_iter()
            .collect();
        let expected = [
            ("content-type", "text/event-stream"),
            ("retry-after-ms", "120"),
            ("x-ratelimit-limit-requests", "500"),
            ("x-request-id", "sk-***"),
        ];
        assert_eq!(
            headers,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(
            Recording::parse(&serde_json::json!(planted.head).to_string().add_line()).unwrap(),
            {
                let mut clean = Recording::parse(&text).unwrap();
                clean.lines = vec![(1, "x".to_owned())];
                clean
            },
            "a file that holds secrets is read without them"
        );
    }

    proptest! {
        #[test]
        fn whatever_was_said_is_read_back(
            mut times in proptest::collection::vec(any::<u32>(), 1..6),
            words in ".*",
            cut in any::<bool>(),
        ) {
            times.sort();
            let mut said = example();
            said.head.name = words.clone();
            said.head.cut = cut;
            said.lines = times.into_iter().map(|ms| (u64::from(ms), words.clone())).collect();
            prop_assert_eq!(Recording::parse(&said.to_text()), Ok(said));
        }

        #[test]
        fn no_text_is_too_odd_to_be_read(text in "(\\PC|\n|[{}\\[\\]\",:0-9])*") {
            let (head, _) = TEXT.split_once('\n').unwrap_or_default();
            let _ = Recording::parse(&text);
            let _ = Recording::parse(&format!("{head}\n{text}"));
        }
    }

    trait AddLine {
        fn add_line(self) -> String;
    }

    impl AddLine for String {
        fn add_line(self) -> String {
            self + "\n[1,\"x\"]\n"
        }
    }
}
