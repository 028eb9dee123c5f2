//! A long text in pieces that are counted one by one, and remembered: a key pressed in a long prompt then counts one
//! line anew, not the prompt.
//!
//! A piece ends only where a token ends in every text. The o200k pattern takes line breaks to the end of what stands
//! before them, so a letter or digit after one begins a token; and a single space between two letters begins the
//! second word.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A line longer than this is cut between words, too.
const LONG: usize = 1_024;

/// What is remembered at most, in bytes of text: twice this in pieces, and once in whole texts.
const REMEMBERED: usize = 16_000_000;

/// The pieces of a text, in order; none is empty.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, left) = rest.split_at(end_of_piece(rest));
        rest = left;
        Some(piece)
    })
}

fn end_of_piece(text: &str) -> usize {
    let bytes = text.as_bytes();
    for (at, three) in bytes.windows(3).enumerate() {
        if three[1] == b'\n' && three[2].is_ascii_alphanumeric() {
            return at + 2;
        }
        let between_words =
            three[1] == b' ' && three[0].is_ascii_alphabetic() && three[2].is_ascii_alphabetic();
        if between_words && at >= LONG {
            return at + 1;
        }
    }
    bytes.len()
}

/// Texts longer than this are remembered as a whole, too: of one key, findings, count and forecast ask alike.
const WHOLE: usize = 4 * 1_024;

/// How many of them.
const WHOLES: usize = 4;

/// What pieces were counted as, the latest of them, and the last long texts.
#[derive(Default)]
pub struct Remembered {
    pieces: Mutex<Generations>,
    wholes: Mutex<VecDeque<(Box<str>, u64)>>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Box<str>, u64>,
    /// Bytes of text in `young`.
    bytes: usize,
    old: HashMap<Box<str>, u64>,
}

impl Remembered {
    /// What `piece` counts as, by `count` where it is not known.
    ///
    /// # Errors
    /// What `count` fails with.
    pub fn count<E>(
        &self,
        piece: &str,
        count: impl FnOnce(&str) -> Result<u64, E>,
    ) -> Result<u64, E> {
        if let Some(known) = self.known(piece) {
            return Ok(known);
        }
        // Unlocked: others need not wait for it.
        let counted = count(piece)?;
        self.locked().add(piece.into(), counted);
        Ok(counted)
    }

    /// What a long text counts as, where it is one of the last.
    pub fn whole(&self, text: &str) -> Option<u64> {
        let known = |(whole, count): &(Box<str>, u64)| (**whole == *text).then_some(*count);
        self.wholes().iter().find_map(known)
    }

    pub fn keep_whole(&self, text: &str, count: u64) {
        if text.len() <= WHOLE || text.len() > REMEMBERED / WHOLES {
            return;
        }
        let mut wholes = self.wholes();
        if wholes.len() == WHOLES {
            wholes.pop_front();
        }
        wholes.push_back((text.into(), count));
    }

    fn wholes(&self) -> MutexGuard<'_, VecDeque<(Box<str>, u64)>> {
        self.wholes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, piece: &str) -> Option<u64> {
        let mut all = self.locked();
        if let Some(&known) = all.young.get(piece) {
            return Some(known);
        }
        let (piece, known) = all.old.remove_entry(piece)?;
        all.add(piece, known);
        Some(known)
    }

    fn locked(&self) -> MutexGuard<'_, Generations> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn add(&mut self, piece: Box<str>, count: u64) {
        if self.bytes > REMEMBERED {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += piece.len();
        self.young.insert(piece, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_pieces_and_long_ones_are_cut_between_words() {
        let cut = |text| pieces(text).collect::<Vec<_>>();
        assert_eq!(cut(""), [""; 0]);
        assert_eq!(
            cut("one\ntwo\n\n3\n  x\n/y\n"),
            ["one\n", "two\n\n", "3\n  x\n/y\n"]
        );
        let long = "word ".repeat(600);
        let cut = cut(&long);
        assert!(cut.len() > 2 && cut.iter().all(|piece| piece.len() < 2 * LONG));
        assert_eq!(cut.concat(), long);
        assert!(cut[1].starts_with(" word"));
    }

    #[test]
    fn the_last_long_texts_are_known_as_a_whole() {
        let remembered = Remembered::default();
        remembered.keep_whole("short", 1);
        assert_eq!(remembered.whole("short"), None);
        let long = |letter: &str| letter.repeat(WHOLE + 1);
        for (count, letter) in (0..).zip(["a", "b", "c", "d", "e"]) {
            remembered.keep_whole(&long(letter), count);
        }
        let known = ["a", "b", "e"].map(|letter| remembered.whole(&long(letter)));
        assert_eq!(known, [None, Some(1), Some(4)]);
    }

    #[test]
    fn what_is_remembered_is_not_counted_again_and_has_a_bound() {
        let remembered = Remembered::default();
        let mut asked = 0;
        for _ in 0..2 {
            let counted = remembered.count("a", |_| {
                asked += 1;
                Ok::<_, ()>(7)
            });
            assert_eq!(counted, Ok(7));
        }
        assert_eq!(asked, 1);
        assert_eq!(remembered.count("b", |_| Err("broken")), Err("broken"));
        for number in 0..40 {
            let text = number.to_string().repeat(1_000_000);
            assert_eq!(remembered.count(&text, |_| Ok::<_, ()>(1)), Ok(1));
        }
        let all = remembered.locked();
        assert!(all.bytes <= REMEMBERED + 2_000_000 && all.old.len() < 40);
    }
}
