//! A check's pattern, which is Rust's `regex` syntax, in Python's and JavaScript's, where they mean the same.

/// Where a pattern goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Python,
    JavaScript,
}

/// A pattern of another language, with the flags that stood at its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Translated {
    pub pattern: String,
    /// Of `i`, `m` and `s`.
    pub flags: String,
}

/// The pattern in the other language; `None` where it says something that language can't, or says differently.
pub(super) fn translate(pattern: &str, dialect: Dialect) -> Option<Translated> {
    // A pattern that is broken here has no meaning to carry over.
    regex::Regex::new(pattern).ok()?;
    let (flags, rest) = leading_flags(pattern)?;
    let mut out = String::new();
    let mut letters = rest.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let escaped = letters.next()?;
                let same = match escaped {
                    // JavaScript's digits and word letters are ASCII only; few checks look for others.
                    'd' | 'w' | 's' | 'D' | 'W' | 'S' => true,
                    'b' | 'B' => !in_class,
                    't' | 'n' | 'r' | 'f' | 'v' => true,
                    'A' => {
                        if dialect == Dialect::JavaScript {
                            if flags.contains('m') || in_class {
                                return None;
                            }
                            out.push('^');
                            continue;
                        }
                        !in_class
                    }
                    'z' => {
                        if in_class {
                            return None;
                        }
                        match dialect {
                            Dialect::Python => out.push_str(r"\Z"),
                            Dialect::JavaScript if !flags.contains('m') => out.push('$'),
                            Dialect::JavaScript => return None,
                        }
                        continue;
                    }
                    other => other.is_ascii_punctuation(),
                };
                if !same {
                    return None;
                }
                out.push('\\');
                out.push(escaped);
            }
            // Sets in sets and their sums and differences are Rust's own.
            '[' if in_class => return None,
            '&' | '~' if in_class && letters.peek() == Some(&letter) => return None,
            '[' => {
                in_class = true;
                out.push('[');
                if letters.peek() == Some(&'^') {
                    out.push('^');
                    letters.next();
                }
                // Here a bracket right at the start is a letter of the set; in JavaScript it ends it.
                if letters.peek() == Some(&']') {
                    out.push_str(r"\]");
                    letters.next();
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '(' if !in_class && letters.peek() == Some(&'?') => {
                letters.next();
                let mut head = String::new();
                while let Some(&next) = letters.peek() {
                    if !(next.is_alphanumeric() || "<_-".contains(next))
                        || (next == ':' || next == ')')
                    {
                        break;
                    }
                    head.push(next);
                    letters.next();
                }
                let closer = letters.next()?;
                let name = head.strip_prefix("P<").or_else(|| head.strip_prefix('<'));
                match (name, head.as_str(), closer, dialect) {
                    (None, "", ':', _) => out.push_str("(?:"),
                    (Some(name), _, '>', Dialect::Python) => out.push_str(&format!("(?P<{name}>")),
                    (Some(name), _, '>', Dialect::JavaScript) => {
                        out.push_str(&format!("(?<{name}>"))
                    }
                    _ => return None,
                }
            }
            // Without `m` a `$` is the very end here, and in Python also before a last line break.
            '$' if !in_class && dialect == Dialect::Python && !flags.contains('m') => {
                out.push_str(r"\Z")
            }
            other => out.push(other),
        }
    }
    Some(Translated {
        pattern: out,
        flags,
    })
}

/// `(?is)` at the start, and what comes after it.
fn leading_flags(pattern: &str) -> Option<(String, &str)> {
    let Some(inner) = pattern.strip_prefix("(?") else {
        return Some((String::new(), pattern));
    };
    let end = inner
        .find(|letter: char| !letter.is_ascii_alphabetic())
        .unwrap_or(inner.len());
    if !inner[end..].starts_with(')') || end == 0 {
        return Some((String::new(), pattern));
    }
    let flags = &inner[..end];
    flags
        .chars()
        .all(|flag| matches!(flag, 'i' | 'm' | 's'))
        .then(|| (flags.to_owned(), &inner[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_carry_over_where_they_mean_the_same() {
        let cases = [
            (
                r#""a"\s*:\s*"b""#,
                Some((r#""a"\s*:\s*"b""#, "")),
                Some((r#""a"\s*:\s*"b""#, "")),
            ),
            (r"(?i)x$", Some((r"x\Z", "i")), Some(("x$", "i"))),
            (r"\Aa\.b\z", Some((r"\Aa\.b\Z", "")), Some((r"^a\.b$", ""))),
            (
                r"(?P<n>a)(?<m>b)(?:c)",
                Some((r"(?P<n>a)(?P<m>b)(?:c)", "")),
                Some((r"(?<n>a)(?<m>b)(?:c)", "")),
            ),
            (
                r"[]a-z$^]+",
                Some((r"[\]a-z$^]+", "")),
                Some((r"[\]a-z$^]+", "")),
            ),
            (r"\p{L}+", None, None),
            (r"(?x) a b", None, None),
            (r"a(?i:b)", None, None),
            (r"[a-z&&[^b]]", None, None),
            (r"[[:alpha:]]", None, None),
            (r"\x{61}", None, None),
            (r"(", None, None),
        ];
        for (pattern, python, javascript) in cases {
            let got = |dialect| translate(pattern, dialect).map(|it| (it.pattern, it.flags));
            let wanted = |it: Option<(&str, &str)>| it.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(got(Dialect::Python), wanted(python), "{pattern}");
            assert_eq!(got(Dialect::JavaScript), wanted(javascript), "{pattern}");
        }
    }
}
