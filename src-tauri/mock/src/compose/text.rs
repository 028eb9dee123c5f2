//! Strings: of a format, of a pattern, or words.

use serde_json::{Map, Value};

use super::pattern;
use crate::seed::Dice;

/// In letters. A schema may ask for more than anyone wants to read.
pub(crate) const LONGEST: usize = 10_000;

pub(crate) fn string(
    map: &Map<String, Value>,
    name: &str,
    words: &[String],
    dice: &mut Dice,
) -> String {
    if let Some(pattern) = map.get("pattern").and_then(Value::as_str)
        && let Some(text) = pattern::matching(pattern, dice)
    {
        return text;
    }
    if let Some(text) = map
        .get("format")
        .and_then(Value::as_str)
        .and_then(|format| formatted(format, words, dice))
    {
        return text;
    }
    let length = |key: &str| {
        map.get(key)
            .and_then(Value::as_u64)
            .map(|length| length as usize)
    };
    fitted(
        spoken(name, words, dice),
        length("minLength").unwrap_or(0),
        length("maxLength"),
    )
}

/// `Sample title amber`: it names its field, and itself as a sample.
fn spoken(name: &str, words: &[String], dice: &mut Dice) -> String {
    let word = word(words, dice);
    let field = name.replace(['_', '-'], " ");
    match field.trim() {
        "" => format!("Sample {word}"),
        field => format!("Sample {field} {word}"),
    }
}

fn fitted(text: String, least: usize, most: Option<usize>) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    letters.truncate(most.unwrap_or(usize::MAX));
    while letters.len() < least.min(LONGEST) {
        letters.push('x');
    }
    letters.into_iter().collect()
}

fn word(words: &[String], dice: &mut Dice) -> String {
    dice.pick(words)
        .cloned()
        .unwrap_or_else(|| "sample".to_owned())
}

/// The formats that strict mode takes (API.md 9). Names end in `.example`, addresses lie in the ranges set
/// aside for documentation.
fn formatted(format: &str, words: &[String], dice: &mut Dice) -> Option<String> {
    let mut part = |low: u64, high: u64| dice.within(low, high);
    let text = match format {
        "date-time" => format!("{}T{}", date(&mut part), time(&mut part)),
        "date" => date(&mut part),
        "time" => time(&mut part),
        "duration" => format!("PT{}H{}M", part(1, 9), part(1, 59)),
        "ipv4" => format!("192.0.2.{}", part(1, 254)),
        "ipv6" => format!("2001:db8::{:x}", part(1, 0xffff)),
        "uuid" => format!(
            "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
            part(0, 0xffff_ffff),
            part(0, 0xffff),
            part(0, 0xfff),
            part(8, 11),
            part(0, 0xfff),
            part(0, 0xffff_ffff_ffff)
        ),
        "email" => format!("{}@{}.example", word(words, dice), word(words, dice)),
        "hostname" => format!("{}.example", word(words, dice)),
        "uri" | "url" => format!("https://{}.example/sample", word(words, dice)),
        _ => return None,
    };
    Some(text)
}

fn date(part: &mut impl FnMut(u64, u64) -> u64) -> String {
    format!("2026-{:02}-{:02}", part(1, 12), part(1, 28))
}

fn time(part: &mut impl FnMut(u64, u64) -> u64) -> String {
    format!("{:02}:{:02}:{:02}Z", part(0, 23), part(0, 59), part(0, 59))
}
