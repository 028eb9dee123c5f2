//! Finds the events in a stream's bytes, wherever the chunks were cut.

use bytes::Bytes;

/// Takes chunks and gives back whole events, blank line included, byte for byte.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    held: Vec<u8>,
    /// What was searched already; a long event must not be searched from its start with every chunk.
    searched: usize,
}

impl Splitter {
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Vec<Bytes> {
        self.held.extend_from_slice(chunk);
        let mut found = Vec::new();
        while let Some(end) = self.end() {
            let rest = self.held.split_off(end);
            let whole = std::mem::replace(&mut self.held, rest);
            self.searched = 0;
            found.push(Bytes::from(whole));
        }
        found
    }

    /// What is left after the last chunk, where the stream did not end with a blank line.
    pub(crate) fn rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        let rest = std::mem::take(&mut self.held);
        (!rest.is_empty()).then(|| Bytes::from(rest))
    }

    /// The end of the first event: after two line ends of any kind.
    fn end(&mut self) -> Option<usize> {
        let mut at = self.searched;
        while at < self.held.len() {
            let rest = &self.held[at..];
            match rest {
                [b'\n', b'\n', ..] | [b'\r', b'\r', ..] => return Some(at + 2),
                [b'\r', b'\n', b'\r', b'\n', ..] => return Some(at + 4),
                [b'\n', b'\r', b'\n', ..] => return Some(at + 3),
                // These may still become one of the above.
                [b'\n' | b'\r'] | [b'\r', b'\n'] | [b'\r', b'\n', b'\r'] | [b'\n', b'\r'] => {
                    self.searched = at;
                    return None;
                }
                _ => at += 1,
            }
        }
        self.searched = at;
        None
    }
}

/// The data of an event, its lines joined; none where it has none, such as a comment.
pub(crate) fn data(frame: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(frame);
    let lines: Vec<&str> = text
        .split(['\n', '\r'])
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// An event as the API writes it: its kind in a line of its own where its data tells one.
pub(crate) fn frame(data: &str) -> Bytes {
    #[derive(serde::Deserialize)]
    struct Kind {
        r#type: Option<String>,
    }
    let kind = serde_json::from_str::<Kind>(data)
        .ok()
        .and_then(|kind| kind.r#type);
    let mut out = String::with_capacity(data.len() + 64);
    if let Some(kind) = kind {
        out.push_str(&format!("event: {kind}\n"));
    }
    for line in data.split('\n') {
        out.push_str(&format!("data: {line}\n"));
    }
    out.push('\n');
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAM: &str =
        "event: a\ndata: 1\n\ndata: 2\r\ndata: zwei\r\n\r\n: word\r\rdata:3\n\r\ndata: left";

    #[test]
    fn an_event_is_written_as_the_api_does() {
        assert_eq!(
            [frame(r#"{"type":"error"}"#), frame("[DONE]"), frame("{\n}"),],
            [
                "event: error\ndata: {\"type\":\"error\"}\n\n",
                "data: [DONE]\n\n",
                "data: {\ndata: }\n\n",
            ]
        );
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_events(cuts in proptest::collection::vec(0..STREAM.len(), 0..8)) {
            let mut cuts = cuts;
            cuts.sort();
            cuts.push(STREAM.len());
            let mut splitter = Splitter::default();
            let (mut found, mut from) = (Vec::new(), 0);
            for cut in cuts {
                found.extend(splitter.push(&STREAM.as_bytes()[from..cut]));
                from = cut;
            }
            found.extend(splitter.rest());
            prop_assert_eq!(found.concat(), STREAM.as_bytes());
            let data: Vec<_> = found.iter().map(|frame| data(frame)).collect();
            let expected = [Some("1"), Some("2\nzwei"), None, Some("3"), Some("left")];
            prop_assert_eq!(data, expected.map(|data| data.map(str::to_owned)));
        }
    }
}
