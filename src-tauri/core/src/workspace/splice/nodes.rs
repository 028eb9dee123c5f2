//! The nodes of a YAML text with their places in it, in bytes.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

/// Deeper texts are not taken apart.
const DEPTH_LIMIT: usize = 200;

/// A value. What is special about it, such as an alias, makes it one that is only replaced as a whole.
#[derive(Debug)]
pub struct Node {
    /// Where its content begins; of a block scalar, the first line below its head.
    pub start: usize,
    /// Where it begins with what stands before the content: the head of a block scalar, a tag, an anchor.
    pub outer_start: usize,
    /// Behind its last letter, without blank lines that follow.
    pub end: usize,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    Scalar,
    /// A literal block scalar.
    Block,
    Map {
        entries: Vec<Entry>,
        flow: bool,
    },
    List {
        items: Vec<Node>,
        flow: bool,
    },
}

/// A key with its value.
#[derive(Debug)]
pub struct Entry {
    pub key: String,
    pub key_start: usize,
    pub key_end: usize,
    pub value: Node,
}

/// The root of the only document in `text`; None if there are others, or it is no YAML.
pub fn read(text: &str) -> Option<Node> {
    let mut reader = Reader {
        text,
        events: Vec::new(),
        at: 0,
    };
    let mut documents = 0;
    for next in Parser::new_from_str(text) {
        let (event, span) = next.ok()?;
        documents += usize::from(matches!(event, Event::DocumentStart(..)));
        if matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(_)
                | Event::MappingStart(..)
                | Event::MappingEnd
                | Event::SequenceStart(..)
                | Event::SequenceEnd
        ) {
            reader.events.push((event, span));
        }
    }
    if documents != 1 {
        return None;
    }
    reader.node(0)
}

/// The comments in `text` with their places; None if it is no YAML.
pub fn comments(text: &str) -> Option<Vec<(Range<usize>, String)>> {
    let mut found = Vec::new();
    for next in Parser::new_from_str(text) {
        let (event, span) = next.ok()?;
        if let Event::Comment(comment, _) = event {
            found.push((span.byte_range()?, comment.trim_end().to_owned()));
        }
    }
    Some(found)
}

struct Reader<'a> {
    text: &'a str,
    events: Vec<(Event<'a>, Span)>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        let next = self.events.get(self.at)?.clone();
        self.at += 1;
        Some(next)
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        if depth > DEPTH_LIMIT {
            return None;
        }
        let (event, span) = self.next()?;
        let range = span.byte_range()?;
        match event {
            Event::Scalar(_, style, anchor, tag) => {
                // A tag or an anchor belongs to the text before the value, and must not be cut off it.
                if anchor != 0 || tag.is_some() {
                    return None;
                }
                Some(self.scalar(range, style))
            }
            Event::Alias(_) => Some(Node {
                start: range.start,
                outer_start: range.start,
                end: range.end,
                kind: Kind::Scalar,
            }),
            Event::MappingStart(style, anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    return None;
                }
                self.map(range.start, style == StructureStyle::Flow, depth)
            }
            Event::SequenceStart(style, anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    return None;
                }
                self.list(range.start, style == StructureStyle::Flow, depth)
            }
            _ => None,
        }
    }

    fn scalar(&self, range: Range<usize>, style: ScalarStyle) -> Node {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let content = self.text.get(range.clone()).unwrap_or_default();
        let end = if block {
            range.start + content.trim_end().len()
        } else {
            range.end
        };
        // The head of a block scalar stands on the line above its first content.
        let outer_start = if block {
            let before = self.text.get(..range.start).unwrap_or_default();
            before.rfind(['|', '>']).unwrap_or(range.start)
        } else {
            range.start
        };
        Node {
            start: range.start,
            outer_start,
            end,
            kind: if style == ScalarStyle::Literal && end > range.start {
                Kind::Block
            } else {
                Kind::Scalar
            },
        }
    }

    fn map(&mut self, start: usize, flow: bool, depth: usize) -> Option<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let range = span.byte_range()?;
            match event {
                Event::MappingEnd => {
                    let end = match (flow, entries.last()) {
                        (false, Some(last)) => last.value.end.max(last.key_end),
                        _ => range.end,
                    };
                    return Some(Node {
                        start,
                        outer_start: start,
                        end,
                        kind: Kind::Map { entries, flow },
                    });
                }
                Event::Scalar(key, _, 0, None) => {
                    // A key of its own line, behind a question mark, and one that merges are left alone.
                    let before = self.text.get(..range.start)?.trim_end();
                    if before.ends_with('?') || key == "<<" {
                        return None;
                    }
                    let mut value = self.node(depth + 1)?;
                    if value.start == value.end {
                        // An empty value has no place of its own: it ends with the colon.
                        let colon = self.text.get(range.end..)?.find(':')?;
                        value.end = range.end + colon + 1;
                    }
                    entries.push(Entry {
                        key: key.into_owned(),
                        key_start: range.start,
                        key_end: range.end,
                        value,
                    });
                }
                _ => return None,
            }
        }
    }

    fn list(&mut self, start: usize, flow: bool, depth: usize) -> Option<Node> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.events.get(self.at)?;
            if matches!(event, Event::SequenceEnd) {
                let range = span.byte_range()?;
                self.at += 1;
                let end = match (flow, items.last()) {
                    (false, Some(last)) => last.end,
                    _ => range.end,
                };
                return Some(Node {
                    start,
                    outer_start: start,
                    end,
                    kind: Kind::List { items, flow },
                });
            }
            items.push(self.node(depth + 1)?);
        }
    }
}
