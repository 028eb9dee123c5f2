//! Text with case and white space aside, and the way back to the exact place in the original.

use std::ops::Range;

/// The text in lower case, with every stretch of white space as one space.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    walk(text, |_, c| folded.push(c));
    folded
}

/// A needle to look for in folded text; white space at its ends is no part of it, since a YAML
/// block ends with a line break that nobody means.
pub(super) fn needle(text: &str) -> String {
    fold(text.trim())
}

/// The range in `text` that became the bytes `folded` of `fold(text)`, in whole characters.
pub(super) fn origin(text: &str, folded: Range<usize>) -> Range<usize> {
    let mut at = 0;
    let mut found: Option<Range<usize>> = None;
    walk(text, |source, c| {
        if folded.contains(&at) {
            let start = found.as_ref().map_or(source.start, |range| range.start);
            found = Some(start..source.end);
        }
        at += c.len_utf8();
    });
    found.unwrap_or(0..0)
}

/// Hands out every character of the folded text with the range it stands for in the original.
fn walk(text: &str, mut each: impl FnMut(Range<usize>, char)) {
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if c.is_whitespace() {
            while let Some((at, next)) = chars.next_if(|(_, next)| next.is_whitespace()) {
                end = at + next.len_utf8();
            }
            each(start..end, ' ');
            continue;
        }
        for lower in c.to_lowercase() {
            // Greek has two small forms of one letter; which one stands depends on its place.
            each(start..end, if lower == 'ς' { 'σ' } else { lower });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_white_space_go_and_the_place_stays_known() {
        let text = "It is  NOT\n\tValid, ΣΟΦΟΣ.";
        assert_eq!(fold(text), "it is not valid, σοφοσ.");
        assert_eq!(needle("\n Not\u{a0}Valid \n"), "not valid");
        let at = fold(text).find("not valid").unwrap();
        assert_eq!(&text[origin(text, at..at + 9)], "NOT\n\tValid");
        assert_eq!(origin(text, 90..95), 0..0);
    }

    #[test]
    fn a_letter_that_folds_into_two_is_one_letter_of_the_original() {
        let text = "xİx";
        assert_eq!(fold(text), "xi\u{307}x");
        assert_eq!(&text[origin(text, 2..4)], "İ");
    }

    proptest! {
        #[test]
        fn what_was_cut_out_folds_to_what_was_found(text in "\\PC{0,40}", from in 0usize..40, len in 1usize..10) {
            let folded = fold(&text);
            let starts: Vec<usize> = folded.char_indices().map(|(i, _)| i).collect();
            if let Some(&start) = starts.get(from) {
                let end = starts.get(from + len).copied().unwrap_or(folded.len());
                let cut = &text[origin(&text, start..end)];
                prop_assert!(fold(cut).contains(&folded[start..end]));
            }
        }
    }
}
