//! The blocks of a `.bru` file: the grammar of the npm package `@usebruno/lang` (v2), as much of it as an import needs.
//!
//! A block begins at the start of a line (`post {`) and ends with a `}` or `]` that stands first on a line. What is in
//! it is pairs (`name: value`, `~` before a name switches it off), a list, or text indented by two.

/// A block of a file.
pub(super) struct Block<'a> {
    /// Such as `body:json`.
    pub name: &'a str,
    /// The lines in it, as they are.
    lines: Vec<&'a str>,
}

/// A pair of a block.
pub(super) struct Pair {
    pub name: String,
    pub value: String,
    pub is_on: bool,
}

/// The blocks of a text.
///
/// # Errors
/// The line, from 1, that belongs to no block, and what is wrong there.
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, (usize, &'static str)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let opened = line
            .trim_end()
            .strip_suffix('{')
            .map(|name| (name, '}'))
            .or_else(|| line.trim_end().strip_suffix('[').map(|name| (name, ']')));
        let Some((name, end)) = opened else {
            // `color: blue` of an environment, and empty blocks on one line.
            if line.starts_with("color:") || line.trim_end().ends_with("}") {
                continue;
            }
            return Err((index + 1, "this line is in no block"));
        };
        let mut within = Vec::new();
        loop {
            match lines.next() {
                None => return Err((index + 1, "this block has no end")),
                Some((_, line)) if line.starts_with(end) => break,
                Some((_, line)) => within.push(line),
            }
        }
        blocks.push(Block {
            name: name.trim(),
            lines: within,
        });
    }
    Ok(blocks)
}

impl Block<'_> {
    /// The pairs of the block, in order.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut lines = self.lines.iter();
        while let Some(line) = lines.next() {
            let line = line.trim();
            // A line of `@` says something about the next pair.
            if line.is_empty() || line.starts_with('@') {
                continue;
            }
            let (is_on, line) = match line.strip_prefix('~') {
                Some(line) => (false, line),
                None => (true, line),
            };
            let Some((name, value)) = split(line) else {
                continue;
            };
            let value = value.trim();
            let value = match value.strip_prefix("'''") {
                Some(first) => multiline(first, &mut lines),
                None => value.to_owned(),
            };
            pairs.push(Pair { name, value, is_on });
        }
        pairs
    }

    /// The value of a pair that is switched on, "" where there is none.
    pub(super) fn get(&self, name: &str) -> String {
        let found = self
            .pairs()
            .into_iter()
            .find(|pair| pair.is_on && pair.name == name);
        found.map(|pair| pair.value).unwrap_or_default()
    }

    /// The names of a list.
    pub(super) fn names(&self) -> Vec<String> {
        self.lines
            .iter()
            .flat_map(|line| line.split(','))
            .map(|name| name.trim().trim_start_matches('~'))
            .filter(|name| !name.is_empty() && !name.starts_with('@'))
            .map(str::to_owned)
            .collect()
    }

    /// The block as text, its indent taken off.
    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self
            .lines
            .iter()
            .map(|line| line.strip_prefix("  ").unwrap_or(line.trim_start()))
            .collect();
        lines.join("\n")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.trim().is_empty())
    }
}

/// A name, which may stand in quotes, and what comes after its colon.
fn split(line: &str) -> Option<(String, &str)> {
    let Some(quoted) = line.strip_prefix('"') else {
        let (name, value) = line.split_once(':')?;
        return Some((name.trim().to_owned(), value));
    };
    let mut name = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quoted[at + 1..].starts_with('"') => {
                letters.next();
                name.push('"');
            }
            '"' => {
                let value = quoted[at + 1..].trim_start().strip_prefix(':')?;
                return Some((name, value));
            }
            other => name.push(other),
        }
    }
    None
}

/// A value between `'''`, whose first line is `first`.
fn multiline<'a>(first: &str, lines: &mut impl Iterator<Item = &'a &'a str>) -> String {
    if let Some((value, _)) = first.split_once("'''") {
        return value.to_owned();
    }
    let mut text: Vec<&str> = Vec::new();
    if !first.trim().is_empty() {
        text.push(first);
    }
    for line in lines {
        if let Some((last, _)) = line.split_once("'''") {
            if !last.trim().is_empty() {
                text.push(last);
            }
            break;
        }
        text.push(line.strip_prefix("    ").unwrap_or(line.trim_start()));
    }
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_block_by_block() {
        let text = "meta {\n  name: A: b\n  tags: [\n    x\n  ]\n}\n\npost {\n  url: http://x/v1\n  ~body: none\n}\n\nheaders {\n  \"a \\\" b:c\": 1\n  ~x: 2\n}\n\nbody:json {\n  {\n    \"a\": {\n    }\n  }\n}\n\nvars:secret [\n  one,\n  ~two\n]\nvars {\n  m: '''\n    l1\n      l2\n  '''\n  n: 1\n}\ncolor: red\n";
        let blocks = blocks(text).ok().unwrap();
        let names: Vec<_> = blocks.iter().map(|block| block.name).collect();
        assert_eq!(
            names,
            [
                "meta",
                "post",
                "headers",
                "body:json",
                "vars:secret",
                "vars"
            ]
        );
        assert_eq!(blocks[0].get("name"), "A: b");
        assert_eq!(
            (
                blocks[1].get("url").as_str(),
                blocks[1].get("body").as_str()
            ),
            ("http://x/v1", "")
        );
        let headers: Vec<_> = blocks[2]
            .pairs()
            .into_iter()
            .map(|it| (it.name, it.is_on))
            .collect();
        assert_eq!(
            headers,
            [("a \" b:c".to_owned(), true), ("x".to_owned(), false)]
        );
        assert_eq!(blocks[3].text(), "{\n  \"a\": {\n  }\n}");
        assert_eq!(blocks[4].names(), ["one", "two"]);
        assert_eq!(
            (blocks[5].get("m").as_str(), blocks[5].get("n").as_str()),
            ("l1\n  l2", "1")
        );
    }

    #[test]
    fn a_broken_file_names_its_line() {
        assert_eq!(
            super::blocks("meta {\n}\nnonsense\n").err(),
            Some((3, "this line is in no block"))
        );
        assert_eq!(
            super::blocks("\nmeta {\n  a: b\n").err(),
            Some((2, "this block has no end"))
        );
    }
}
