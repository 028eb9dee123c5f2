//! Inputs that come in as what changed since the one before: a long text crosses from the page once, and then each key
//! that is typed into it.

use std::collections::HashMap;

use rheostat_core::error::{Error, Result};
use serde::Deserialize;

/// The text that an input is made of, and its part that gives way.
#[derive(Debug, Clone, Deserialize)]
pub struct After {
    name: String,
    /// In UTF-16 code units, which is how a page counts.
    from: usize,
    to: usize,
}

/// The last long input of each command, by the name that the page gave it.
#[derive(Debug, Default)]
pub struct LongInputs {
    kept: HashMap<String, (String, String)>,
}

impl LongInputs {
    /// The whole text of an input of `command`; kept under a name where the page gives one.
    ///
    /// # Errors
    /// Internal, where the text that it is made of is not kept, or has no such part: a page never asks for that.
    pub fn whole(
        &mut self,
        command: &str,
        input: String,
        after: Option<&After>,
        keep: Option<String>,
    ) -> Result<String> {
        let whole = match after {
            Some(after) => self.changed(command, &input, after)?,
            None => input,
        };
        if let Some(name) = keep {
            self.kept.insert(command.to_owned(), (name, whole.clone()));
        }
        Ok(whole)
    }

    fn changed(&self, command: &str, insert: &str, after: &After) -> Result<String> {
        let before = self
            .kept
            .get(command)
            .filter(|(name, _)| *name == after.name);
        let part = before.and_then(|(_, text)| {
            let (from, to) = (place(text, after.from)?, place(text, after.to)?);
            (from <= to).then(|| [&text[..from], insert, &text[to..]].concat())
        });
        part.ok_or_else(|| {
            Error::internal(
                "What the window asked can't be read",
                format!("{} of {command} is not kept so far", after.name),
            )
        })
    }
}

/// In bytes, where so many UTF-16 code units have gone by; None inside a character and past the end.
fn place(text: &str, units: usize) -> Option<usize> {
    if text.is_ascii() {
        return (units <= text.len()).then_some(units);
    }
    let mut left = units;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(character.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::{After, LongInputs, place};

    fn after(name: &str, from: usize, to: usize) -> Option<After> {
        let name = name.to_owned();
        Some(After { name, from, to })
    }

    #[test]
    fn an_input_is_made_of_the_one_before_it() {
        let mut inputs = LongInputs::default();
        let mut whole = |input: &str, after: Option<After>, keep: &str| {
            let keep = (!keep.is_empty()).then(|| keep.to_owned());
            inputs
                .whole("look", input.to_owned(), after.as_ref(), keep)
                .ok()
        };
        assert_eq!(whole("a😀b", None, "1").as_deref(), Some("a😀b"));
        assert_eq!(whole("é", after("1", 1, 3), "2").as_deref(), Some("aéb"));
        assert_eq!(whole("", after("2", 0, 3), "").as_deref(), Some(""));
        assert_eq!(whole("c", after("2", 3, 3), "3").as_deref(), Some("aébc"));
        // Not the one before, past its end, and from behind.
        assert_eq!(whole("c", after("2", 0, 0), ""), None);
        assert_eq!(whole("c", after("3", 0, 5), ""), None);
        assert_eq!(whole("c", after("3", 2, 1), ""), None);
        // Of another command nothing is kept.
        let elsewhere = inputs.whole("count", String::new(), after("3", 0, 0).as_ref(), None);
        assert!(elsewhere.is_err());
    }

    #[test]
    fn places_are_counted_as_a_page_counts() {
        assert_eq!(
            [0, 3, 4].map(|at| place("abc", at)),
            [Some(0), Some(3), None]
        );
        let places = [0, 1, 2, 3, 4, 5].map(|at| place("a😀é", at));
        assert_eq!(places, [Some(0), Some(1), None, Some(5), Some(7), None]);
    }
}
