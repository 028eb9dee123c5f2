//! Inputs that come in as what changed since the one before: a long text crosses from the page once, and then each key
//! that is typed into it.

use std::collections::HashMap;

use rheostat_core::error::{Error, Result};
use serde::Deserialize;

/// The text that an input is made of, and what becomes of it.
#[derive(Debug, Clone, Deserialize)]
pub struct After {
    name: String,
    /// In the order of the text.
    splices: Vec<Splice>,
}

/// `insert` in place of what stands from `from` to `to`, in UTF-16 code units, which is how a page counts.
#[derive(Debug, Clone, Deserialize)]
struct Splice {
    from: usize,
    to: usize,
    insert: String,
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
        input: Option<String>,
        after: Option<&After>,
        keep: Option<String>,
    ) -> Result<String> {
        let whole = input.or_else(|| {
            let after = after?;
            let (name, text) = self.kept.get(command)?;
            (*name == after.name).then(|| spliced(text, &after.splices))?
        });
        let whole = whole.ok_or_else(|| {
            let lacking = format!("{after:?} of {command} is not kept so far");
            Error::internal("What the window asked can't be read", lacking)
        })?;
        if let Some(name) = keep {
            self.kept.insert(command.to_owned(), (name, whole.clone()));
        }
        Ok(whole)
    }
}

/// None where a splice lies inside a character, past the end, or before the one that it follows.
fn spliced(text: &str, splices: &[Splice]) -> Option<String> {
    let mut pieces = Vec::with_capacity(2 * splices.len() + 1);
    let mut rest = Rest {
        text,
        units: 0,
        is_ascii: text.is_ascii(),
    };
    for splice in splices {
        pieces.push(rest.take_to(splice.from)?);
        rest.take_to(splice.to)?;
        pieces.push(&splice.insert);
    }
    pieces.push(rest.text);
    Some(pieces.concat())
}

/// What is left of a text, and how many UTF-16 code units have gone by.
struct Rest<'a> {
    text: &'a str,
    units: usize,
    is_ascii: bool,
}

impl<'a> Rest<'a> {
    fn take_to(&mut self, to: usize) -> Option<&'a str> {
        let units = to.checked_sub(self.units)?;
        let (taken, text) = self.text.split_at_checked(self.bytes(units)?)?;
        (self.text, self.units) = (text, to);
        Some(taken)
    }

    /// How many bytes so many units take; None where they end inside a character.
    fn bytes(&self, units: usize) -> Option<usize> {
        if self.is_ascii {
            return Some(units);
        }
        let mut left = units;
        for (at, character) in self.text.char_indices() {
            if left == 0 {
                return Some(at);
            }
            left = left.checked_sub(character.len_utf16())?;
        }
        (left == 0).then_some(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{After, LongInputs, Splice, spliced};

    fn splice((from, to, insert): (usize, usize, &str)) -> Splice {
        let insert = insert.to_owned();
        Splice { from, to, insert }
    }

    #[test]
    fn a_text_is_made_of_the_one_before_it_as_a_page_counts() {
        let made = |text, splices: &[(usize, usize, &str)]| {
            let splices: Vec<Splice> = splices.iter().copied().map(splice).collect();
            spliced(text, &splices)
        };
        assert_eq!(made("abc", &[]).as_deref(), Some("abc"));
        assert_eq!(
            made("abc", &[(1, 2, ""), (3, 3, "d")]).as_deref(),
            Some("acd")
        );
        assert_eq!(made("a😀b", &[(1, 3, "é")]).as_deref(), Some("aéb"));
        assert_eq!(
            made("é😀b", &[(0, 1, ""), (3, 4, "c")]).as_deref(),
            Some("😀c")
        );
        // Past the end, from behind, before the last, and inside a character.
        for wrong in [&[(0, 4, "")][..], &[(2, 1, "")], &[(1, 2, ""), (1, 1, "")]] {
            assert_eq!(made("abc", wrong), None, "{wrong:?}");
        }
        assert_eq!(made("a😀b", &[(2, 3, "")]), None);
        assert_eq!(made("a😀b", &[(5, 5, "")]), None);
    }

    #[test]
    fn an_input_is_made_of_the_last_one_of_its_command() {
        let mut inputs = LongInputs::default();
        let mut whole = |command: &str, input: Option<&str>, after: Option<&str>, keep: &str| {
            let after = after.map(|name| After {
                name: name.to_owned(),
                splices: vec![splice((0, 1, "A"))],
            });
            let input = input.map(str::to_owned);
            let made = inputs.whole(command, input, after.as_ref(), Some(keep.to_owned()));
            made.ok()
        };
        assert_eq!(
            whole("look", Some("abc"), None, "1").as_deref(),
            Some("abc")
        );
        assert_eq!(whole("look", None, Some("1"), "2").as_deref(), Some("Abc"));
        assert_eq!(whole("look", None, Some("1"), "3"), None);
        assert_eq!(whole("count", None, Some("2"), "4"), None);
        assert_eq!(whole("look", None, None, "5"), None);
        assert_eq!(whole("look", None, Some("2"), "6").as_deref(), Some("Abc"));
    }
}
