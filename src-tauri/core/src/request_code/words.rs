//! A command line as the words that the program would get: quotes, escapes and line continuations of
//! POSIX shells, of bash, and of the Windows prompt.

/// A part of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// The text that the command reads from its standard input: of `<<`, with its lines, or of `<<<`.
    Input(String),
    /// `|`.
    Pipe,
    /// `;`, `&`, `&&`, `||` or a line's end: what comes after is another command.
    End,
}

/// The parts of a command line, of the kind of shell it is written for.
///
/// # Errors
/// What is not closed, as a sentence's rest: `a single quote is not closed`.
pub(super) fn split(text: &str) -> Result<Vec<Token>, &'static str> {
    if is_windows(text) {
        windows(text)
    } else {
        posix(text)
    }
}

/// The Windows prompt continues lines with a caret, and browsers put carets before quotes for it.
fn is_windows(text: &str) -> bool {
    let ends = |mark: char| text.lines().any(|line| line.trim_end().ends_with(mark));
    !ends('\\') && (text.contains(" ^\"") || ends('^'))
}

fn posix(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut reader = Reader {
        letters: text.chars().collect(),
        at: 0,
    };
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    // The words that end a `<<` text, and where that text goes.
    let mut awaited: Vec<(String, usize)> = Vec::new();
    while let Some(letter) = reader.next() {
        match letter {
            '\'' => word.get_or_insert_default().push_str(&reader.single()?),
            '"' => word.get_or_insert_default().push_str(&reader.double()?),
            '$' if reader.peek() == Some('\'') => {
                reader.next();
                word.get_or_insert_default().push_str(&reader.ansi()?);
            }
            '$' if reader.peek() == Some('"') => {}
            '\\' => match reader.next() {
                Some('\n') | None => {}
                Some('\r') if reader.peek() == Some('\n') => {
                    reader.next();
                }
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            // PowerShell continues lines with a backtick.
            '`' if reader.at_line_end() => reader.skip_line_end(),
            '\n' => {
                tokens.extend(word.take().map(Token::Word));
                for (end, place) in awaited.drain(..) {
                    let text = reader.here_text(&end);
                    if let Some(Token::Input(input)) = tokens.get_mut(place) {
                        *input = text;
                    }
                }
                tokens.push(Token::End);
            }
            ' ' | '\t' | '\r' => tokens.extend(word.take().map(Token::Word)),
            '#' if word.is_none() => reader.skip_line(),
            '<' if reader.peek() == Some('<') => {
                tokens.extend(word.take().map(Token::Word));
                reader.next();
                let here_string = reader.peek() == Some('<');
                if here_string || reader.peek() == Some('-') {
                    reader.next();
                }
                let named = reader.word()?;
                if here_string {
                    tokens.push(Token::Input(named));
                } else {
                    awaited.push((named, tokens.len()));
                    tokens.push(Token::Input(String::new()));
                }
            }
            '|' if reader.peek() != Some('|') => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(Token::Pipe);
            }
            ';' | '&' | '|' => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(Token::End);
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    tokens.extend(word.map(Token::Word));
    Ok(tokens)
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn next(&mut self) -> Option<char> {
        let letter = self.letters.get(self.at).copied();
        self.at += usize::from(letter.is_some());
        letter
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn at_line_end(&self) -> bool {
        matches!(self.peek(), Some('\n'))
            || (self.peek() == Some('\r') && self.letters.get(self.at + 1) == Some(&'\n'))
    }

    fn skip_line_end(&mut self) {
        if self.peek() == Some('\r') {
            self.next();
        }
        self.next();
    }

    /// To the line's end, which is not read.
    fn skip_line(&mut self) {
        while self.peek().is_some_and(|letter| letter != '\n') {
            self.next();
        }
    }

    fn single(&mut self) -> Result<String, &'static str> {
        let mut text = String::new();
        while let Some(letter) = self.next() {
            match letter {
                '\'' => return Ok(text),
                other => text.push(other),
            }
        }
        Err("a single quote is not closed")
    }

    fn double(&mut self) -> Result<String, &'static str> {
        let mut text = String::new();
        while let Some(letter) = self.next() {
            match letter {
                '"' => return Ok(text),
                '\\' => match self.next() {
                    Some(escaped @ ('"' | '\\' | '$' | '`')) => text.push(escaped),
                    Some('\n') => {}
                    Some(other) => text.extend(['\\', other]),
                    None => {}
                },
                other => text.push(other),
            }
        }
        Err("a double quote is not closed")
    }

    /// bash's `$'...'`.
    fn ansi(&mut self) -> Result<String, &'static str> {
        let mut text = String::new();
        // The first half of a letter that is written as two.
        let mut high: Option<u32> = None;
        while let Some(letter) = self.next() {
            let code = match letter {
                '\'' => return Ok(text),
                '\\' => match self.next() {
                    Some('n') => u32::from('\n'),
                    Some('t') => u32::from('\t'),
                    Some('r') => u32::from('\r'),
                    Some('a') => 7,
                    Some('b') => 8,
                    Some('e' | 'E') => 27,
                    Some('f') => 12,
                    Some('v') => 11,
                    Some('u') => self.digits(16, 4),
                    Some('U') => self.digits(16, 8),
                    Some('x') => self.digits(16, 2),
                    Some('0'..='7') => {
                        self.at -= 1;
                        self.digits(8, 3)
                    }
                    Some(other) => u32::from(other),
                    None => break,
                },
                other => u32::from(other),
            };
            match (high.take(), code) {
                (None, 0xd800..=0xdbff) => high = Some(code),
                (Some(first), 0xdc00..=0xdfff) => {
                    let whole = 0x10000 + ((first - 0xd800) << 10) + (code - 0xdc00);
                    text.push(char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                (_, code) => text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
            }
        }
        Err("a $' quote is not closed")
    }

    fn digits(&mut self, base: u32, most: usize) -> u32 {
        let mut value = 0u32;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|letter| letter.to_digit(base)) else {
                break;
            };
            self.next();
            value = value.saturating_mul(base).saturating_add(digit);
        }
        value
    }

    /// The next word, spaces before it left out.
    fn word(&mut self) -> Result<String, &'static str> {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.next();
        }
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            if letter.is_whitespace() || "|;&<>".contains(letter) {
                break;
            }
            self.next();
            match letter {
                '\'' => text.push_str(&self.single()?),
                '"' => text.push_str(&self.double()?),
                '$' if self.peek() == Some('\'') => {
                    self.next();
                    text.push_str(&self.ansi()?);
                }
                '\\' => text.extend(self.next()),
                other => text.push(other),
            }
        }
        Ok(text)
    }

    /// The lines up to one that is `end`; all that is left, where there is none.
    fn here_text(&mut self, end: &str) -> String {
        let mut text = String::new();
        while self.at < self.letters.len() {
            let from = self.at;
            self.skip_line();
            let line: String = self.letters[from..self.at].iter().collect();
            self.next();
            if line.trim_start_matches('\t').trim_end_matches('\r') == end {
                break;
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

/// First the prompt takes its carets away, then the program splits what is left into words.
fn windows(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut line = String::new();
    let mut letters = text.chars().filter(|letter| *letter != '\r').peekable();
    let mut quoted = false;
    let mut ended = false;
    while let Some(letter) = letters.next() {
        match letter {
            '^' if !quoted => match letters.next() {
                // Before a line's end it continues the line; before two of them it stands for one.
                Some('\n') => line.extend(letters.next_if_eq(&'\n')),
                Some(escaped) => line.push(escaped),
                None => {}
            },
            '"' => {
                quoted = !quoted;
                line.push('"');
            }
            '\n' if !quoted => {
                if !line.trim().is_empty() {
                    ended = true;
                    break;
                }
            }
            other => line.push(other),
        }
    }
    let mut tokens = arguments(&line)?;
    if ended {
        tokens.push(Token::End);
    }
    Ok(tokens)
}

/// The words of a line, as the C runtime of Windows splits it.
fn arguments(line: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let mut slashes = 1;
                while letters.next_if_eq(&'\\').is_some() {
                    slashes += 1;
                }
                let word = word.get_or_insert_default();
                if letters.peek() == Some(&'"') {
                    word.extend(std::iter::repeat_n('\\', slashes / 2));
                    if slashes % 2 == 1 {
                        word.extend(letters.next());
                    }
                } else {
                    word.extend(std::iter::repeat_n('\\', slashes));
                }
            }
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                word.get_or_insert_default().push('"');
            }
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => tokens.extend(word.take().map(Token::Word)),
            other => word.get_or_insert_default().push(other),
        }
    }
    if quoted {
        return Err("a double quote is not closed");
    }
    tokens.extend(word.map(Token::Word));
    Ok(tokens)
}
