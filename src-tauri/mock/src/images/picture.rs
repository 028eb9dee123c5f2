//! Draws a picture of coloured fields with SAMPLE across it.

use std::collections::BTreeMap;

use crate::seed::Seed;

/// Fields in each direction.
const FIELDS: u32 = 8;
const MARK: &str = "SAMPLE";
/// A letter and the gap after it, in cells.
const ADVANCE: u32 = 6;
const LETTER_HEIGHT: u32 = 7;
/// Two bits choose one of four colours.
const COLOURS: u64 = 3;
const INK: u8 = 3;

/// A PNG, or nothing where the encoder refuses. Of a picture that is not done, the lower part is bare.
pub(super) fn draw(
    width: u32,
    height: u32,
    letters: &BTreeMap<char, Vec<String>>,
    seed: Seed,
    share: f64,
) -> Option<Vec<u8>> {
    let canvas = Canvas::new(width, height, letters, seed, share);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Two);
    encoder.set_palette(palette(seed));
    let words = "Composed by Rheostat's stand-in, not by a model.";
    encoder
        .add_text_chunk("Comment".to_owned(), words.to_owned())
        .ok()?;
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&canvas.packed()).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// Three muted colours of one family, and the ink.
fn palette(seed: Seed) -> Vec<u8> {
    let mut dice = seed.dice("palette");
    let base: Vec<u64> = (0..3).map(|_| dice.within(120, 190)).collect();
    let shade = |lighter: u64| base.iter().map(move |part| (part + lighter) as u8);
    let ink = [24, 24, 28];
    shade(0)
        .chain(shade(28))
        .chain(shade(56))
        .chain(ink)
        .collect()
}

struct Canvas<'a> {
    width: u32,
    height: u32,
    letters: &'a BTreeMap<char, Vec<String>>,
    fields: Vec<u8>,
    /// Rows that are drawn.
    done: u32,
    /// The edge of a letter's cell in pixels, and the mark's upper left corner.
    cell: u32,
    left: u32,
    top: u32,
}

impl<'a> Canvas<'a> {
    fn new(
        width: u32,
        height: u32,
        letters: &'a BTreeMap<char, Vec<String>>,
        seed: Seed,
        share: f64,
    ) -> Self {
        let mut dice = seed.dice("fields");
        let cells = ADVANCE * MARK.len() as u32 + 1;
        let cell = (width / cells).min(height / (LETTER_HEIGHT + 2)).max(1);
        Canvas {
            width,
            height,
            letters,
            fields: (0..FIELDS * FIELDS)
                .map(|_| dice.below(COLOURS) as u8)
                .collect(),
            done: (f64::from(height) * share) as u32,
            cell,
            left: width.saturating_sub((cells - 2) * cell) / 2,
            top: height.saturating_sub(LETTER_HEIGHT * cell) / 2,
        }
    }

    fn colour(&self, x: u32, y: u32) -> u8 {
        if self.is_ink(x, y) {
            return INK;
        }
        if y >= self.done {
            return 0;
        }
        let field = (y * FIELDS / self.height) * FIELDS + x * FIELDS / self.width;
        self.fields.get(field as usize).copied().unwrap_or(0)
    }

    fn is_ink(&self, x: u32, y: u32) -> bool {
        let (Some(x), Some(y)) = (x.checked_sub(self.left), y.checked_sub(self.top)) else {
            return false;
        };
        let (column, row) = (x / self.cell, y / self.cell);
        if row >= LETTER_HEIGHT || column >= ADVANCE * MARK.len() as u32 {
            return false;
        }
        let letter = MARK.chars().nth((column / ADVANCE) as usize);
        let rows = letter.and_then(|letter| self.letters.get(&letter));
        let row = rows.and_then(|rows| rows.get(row as usize));
        let cell = row.and_then(|row| row.as_bytes().get((column % ADVANCE) as usize));
        cell == Some(&b'1')
    }

    /// Four pixels to a byte, the first in the highest bits. The width is a multiple of sixteen.
    fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity((self.width / 4 * self.height) as usize);
        for y in 0..self.height {
            for x in (0..self.width).step_by(4) {
                let four = (0..4).fold(0, |byte, next| byte << 2 | self.colour(x + next, y));
                bytes.push(four);
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_pictures_have_a_colour_of_their_own() {
        let grey = |seed: &Seed| palette(*seed)[..3].windows(2).all(|two| two[0] == two[1]);
        let greys = (0..100).map(Seed::from).filter(grey).count();
        assert!(greys < 5, "{greys} of a hundred are grey");
    }
}
