//! A text that a regular expression matches. The best that can be done: where it can't be read, none.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::text::LONGEST;
use crate::seed::Dice;

/// A text that the whole pattern matches; none for a pattern with look-around or back references.
pub(crate) fn matching(pattern: &str, dice: &mut Dice) -> Option<String> {
    let hir = ParserBuilder::new()
        .unicode(true)
        .build()
        .parse(pattern)
        .ok()?;
    let mut text = String::new();
    write(&hir, dice, &mut text).then_some(text)
}

/// False where no text can match, or only one that is far too long.
fn write(hir: &Hir, dice: &mut Dice, text: &mut String) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    match hir.kind() {
        // An anchor matches at the ends, where the text begins and ends anyway.
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(letters) => {
                text.push_str(letters);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(class) => match letter(class, dice) {
            Some(letter) => {
                text.push(letter);
                true
            }
            None => false,
        },
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            let least = u64::from(*min);
            let most = max.map_or(least + 4, u64::from).min(least + 4);
            (0..dice.within(least, most)).all(|_| write(sub, dice, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, dice, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, dice, text)),
        HirKind::Alternation(ways) => dice.pick(ways).is_some_and(|way| write(way, dice, text)),
    }
}

/// A letter of the class, a plain one where the class has any.
fn letter(class: &Class, dice: &mut Dice) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .map(|range| (char::from(range.start()), char::from(range.end())))
            .collect(),
    };
    let plain: Vec<char> = (' '..='~')
        .filter(|letter| {
            ranges
                .iter()
                .any(|(low, high)| (low..=high).contains(&letter))
        })
        .collect();
    let words: Vec<char> = plain
        .iter()
        .copied()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let from = if words.is_empty() { plain } else { words };
    dice.pick(&from)
        .copied()
        .or_else(|| ranges.first().map(|(low, _)| *low))
}
