//! Reads the beginning of a JSON text, and tells what is unfinished from what is wrong.

use super::begun::{Key, Object, Piece};

/// Values nest this deep in a JSON text that is read whole; deeper ones would be refused at the end.
const DEEPEST: usize = 127;

/// A text that no continuation makes JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub what: &'static str,
}

/// The value that begins in the text; none where nothing but white space has come.
///
/// # Errors
/// Where the text can't become JSON any more.
pub fn read(text: &str) -> Result<Option<Piece>, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    reader.space();
    if reader.peek().is_none() {
        return Ok(None);
    }
    let piece = reader.value(0).map_err(|what| reader.fault(what))?;
    reader.space();
    match reader.peek() {
        Some(_) => Err(reader.fault("something follows the value")),
        None => Ok(Some(piece)),
    }
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn fault(&self, what: &'static str) -> Fault {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or(before);
        Fault {
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count(),
            column: 1 + line.chars().count(),
            what,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A value; something stands at the present place.
    fn value(&mut self, depth: usize) -> Result<Piece, &'static str> {
        match self.peek() {
            Some(b'{' | b'[') if depth >= DEEPEST => Err("values are nested too deeply"),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => {
                let (text, whole) = self.string()?;
                Ok(Piece::Text { text, whole })
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.word("null", Piece::Null),
            Some(b't') => self.word("true", Piece::Bool(true)),
            Some(b'f') => self.word("false", Piece::Bool(false)),
            _ => Err("no value can begin here"),
        }
    }

    fn word(&mut self, word: &str, whole: Piece) -> Result<Piece, &'static str> {
        let start = self.at;
        for expected in word.bytes() {
            match self.peek() {
                None => return Ok(Piece::Word(word[..self.at - start].to_owned())),
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err("this is neither null nor true nor false"),
            }
        }
        Ok(whole)
    }

    fn number(&mut self) -> Result<Piece, &'static str> {
        let start = self.at;
        let text = self.text;
        let unfinished = |place: &mut usize, at: usize| {
            *place = at;
            Ok(Piece::Number {
                text: text[start..at].to_owned(),
                whole: false,
            })
        };
        let mut at = self.at;
        let digits = |at: &mut usize| {
            let from = *at;
            while matches!(self.bytes.get(*at), Some(b'0'..=b'9')) {
                *at += 1;
            }
            *at > from
        };
        if self.bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let lead = at;
        if !digits(&mut at) {
            return match self.bytes.get(at) {
                None => unfinished(&mut self.at, at),
                Some(_) => Err("a digit must follow here"),
            };
        }
        if self.bytes.get(lead) == Some(&b'0') && at > lead + 1 {
            return Err("a number must not begin with 0");
        }
        if self.bytes.get(at) == Some(&b'.') {
            at += 1;
            if !digits(&mut at) {
                return match self.bytes.get(at) {
                    None => unfinished(&mut self.at, at),
                    Some(_) => Err("a digit must follow the point"),
                };
            }
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            if matches!(self.bytes.get(at), Some(b'+' | b'-')) {
                at += 1;
            }
            if !digits(&mut at) {
                return match self.bytes.get(at) {
                    None => unfinished(&mut self.at, at),
                    Some(_) => Err("a digit must follow the exponent"),
                };
            }
        }
        if at == self.bytes.len() {
            return unfinished(&mut self.at, at);
        }
        let text = self.text[start..at].to_owned();
        self.at = at;
        Ok(Piece::Number { text, whole: true })
    }

    /// A text, and whether its end is there. The present place is its opening quote.
    fn string(&mut self) -> Result<(String, bool), &'static str> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let from = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            text.push_str(self.text.get(from..self.at).unwrap_or_default());
            match self.peek() {
                None => return Ok((text, false)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok((text, true));
                }
                Some(b'\\') => match self.escape()? {
                    Some(c) => text.push(c),
                    None => return Ok((text, false)),
                },
                Some(_) => return Err("a text must not hold this control character"),
            }
        }
    }

    /// The character of an escape; none where the text ends within it.
    fn escape(&mut self) -> Result<Option<char>, &'static str> {
        self.at += 1;
        let Some(byte) = self.peek() else {
            return Ok(None);
        };
        let plain = match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err("there is no such escape"),
        };
        self.at += 1;
        Ok(Some(plain))
    }

    fn unicode(&mut self) -> Result<Option<char>, &'static str> {
        const HALF: &str = "half of a surrogate pair stands alone";
        let Some(first) = self.four_digits()? else {
            return Ok(None);
        };
        if !(0xd800..0xe000).contains(&first) {
            return Ok(char::from_u32(first));
        }
        if first >= 0xdc00 {
            return Err(HALF);
        }
        for expected in [b'\\', b'u'] {
            match self.peek() {
                None => return Ok(None),
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err(HALF),
            }
        }
        let Some(second) = self.four_digits()? else {
            return Ok(None);
        };
        if !(0xdc00..0xe000).contains(&second) {
            return Err(HALF);
        }
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(code).map(Some).ok_or(HALF)
    }

    fn four_digits(&mut self) -> Result<Option<u32>, &'static str> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(byte) = self.peek() else {
                return Ok(None);
            };
            let digit = char::from(byte)
                .to_digit(16)
                .ok_or("four hexadecimal digits must follow \\u")?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(Some(code))
    }

    fn list(&mut self, depth: usize) -> Result<Piece, &'static str> {
        self.at += 1;
        let mut items = Vec::new();
        let ended = |items, whole| Ok(Piece::List { items, whole });
        loop {
            self.space();
            match self.peek() {
                None => return ended(items, false),
                Some(b']') if items.is_empty() => {
                    self.at += 1;
                    return ended(items, true);
                }
                Some(_) => items.push(self.value(depth + 1)?),
            }
            self.space();
            match self.peek() {
                None => return ended(items, false),
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return ended(items, true);
                }
                Some(_) => return Err("a comma or the list's end must follow"),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Piece, &'static str> {
        self.at += 1;
        let mut object = Object::default();
        loop {
            self.space();
            match self.peek() {
                None => return Ok(Piece::Object(object)),
                Some(b'}') if object.fields.is_empty() => {
                    self.at += 1;
                    object.whole = true;
                    return Ok(Piece::Object(object));
                }
                Some(b'"') => {}
                Some(_) => return Err("a key must follow"),
            }
            let (text, whole) = self.string()?;
            self.space();
            let colon = match self.peek() {
                Some(b':') => {
                    self.at += 1;
                    self.space();
                    true
                }
                None => false,
                Some(_) => return Err("a colon must follow the key"),
            };
            if !colon || self.peek().is_none() {
                object.key = Some(Key { text, whole });
                return Ok(Piece::Object(object));
            }
            let value = self.value(depth + 1)?;
            object.fields.push((text, value));
            self.space();
            match self.peek() {
                None => return Ok(Piece::Object(object)),
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    object.whole = true;
                    return Ok(Piece::Object(object));
                }
                Some(_) => return Err("a comma or the object's end must follow"),
            }
        }
    }
}
