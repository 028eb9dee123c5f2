//! What a file is, told by its own bytes: a picture with its size, a PDF, or text.

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    pub media_type: &'static str,
    pub picture: bool,
    /// Width and height in px, of a picture whose header could be read.
    pub size: Option<(u32, u32)>,
}

/// Texts that have a type of their own, by the ending of the name.
const TEXTS: [(&str, &str); 5] = [
    ("csv", "text/csv"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("md", "text/markdown"),
];

/// Tells what a file is. A name does not make a picture of what is none. None for anything but PNG, JPEG, GIF, WebP,
/// PDF and UTF-8 text.
pub fn of(name: &str, bytes: &[u8]) -> Option<Kind> {
    if let Some((media_type, size)) = picture(bytes) {
        return Some(Kind {
            media_type,
            picture: true,
            size,
        });
    }
    let media_type = if bytes.starts_with(b"%PDF-") {
        "application/pdf"
    } else {
        let text = std::str::from_utf8(bytes).ok()?;
        if text.contains('\0') {
            return None;
        }
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        TEXTS
            .iter()
            .find(|(known, _)| ending.eq_ignore_ascii_case(known))
            .map_or("text/plain", |(_, media_type)| media_type)
    };
    Some(Kind {
        media_type,
        picture: false,
        size: None,
    })
}

type Size = (u32, u32);

/// The type of a picture, and its size where the header can be read.
fn picture(bytes: &[u8]) -> Option<(&'static str, Option<Size>)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(("image/png", both(be32(bytes, 16), be32(bytes, 20))));
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some(("image/gif", both(le16(bytes, 6), le16(bytes, 8))));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(("image/jpeg", jpeg(bytes)));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(("image/webp", webp(bytes)));
    }
    None
}

/// The size stands in the first frame header (ITU T.81, B.2.2); what stands before it is stepped over.
fn jpeg(bytes: &[u8]) -> Option<Size> {
    let mut at = 2;
    loop {
        while *bytes.get(at)? != 0xff {
            at += 1;
        }
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            // Frame headers, but for DHT, JPG and DAC, which lie between them.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                return both(be16(bytes, at + 5), be16(bytes, at + 3));
            }
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => {}
            0xd9 => return None,
            _ => at += usize::try_from(be16(bytes, at)?).ok()?.max(2),
        }
    }
}

/// Lossy, lossless and extended files each say it elsewhere (RFC 9649).
fn webp(bytes: &[u8]) -> Option<Size> {
    match bytes.get(12..16)? {
        b"VP8 " => both(
            le16(bytes, 26).map(|it| it & 0x3fff),
            le16(bytes, 28).map(|it| it & 0x3fff),
        ),
        b"VP8L" => {
            let bits = le16(bytes, 21)? | le16(bytes, 23)? << 16;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let wide = |at| Some(le16(bytes, at)? | u32::from(*bytes.get(at + 2)?) << 16);
            Some((wide(24)? + 1, wide(27)? + 1))
        }
        _ => None,
    }
}

/// A size of nothing is none.
fn both(width: Option<u32>, height: Option<u32>) -> Option<Size> {
    Some((width?, height?)).filter(|(width, height)| *width > 0 && *height > 0)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes(two.try_into().ok()?).into())
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(two.try_into().ok()?).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(name: &str, bytes: &[u8]) -> Option<(&'static str, Option<Size>)> {
        of(name, bytes).map(|kind| (kind.media_type, kind.size))
    }

    #[test]
    fn each_picture_says_its_size_in_its_own_way() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\xa0\0\0\x03\x84";
        assert_eq!(told("a", png), Some(("image/png", Some((1440, 900)))));
        let gif = b"GIF89a\x40\x01\xc8\x00\0";
        assert_eq!(told("a", gif), Some(("image/gif", Some((320, 200)))));
        let jpeg =
            b"\xff\xd8\xff\xe0\0\x06JFIF\xff\xfe\0\x03x\xff\xc2\0\x11\x08\x03\x84\x05\xa0\x03";
        assert_eq!(told("a", jpeg), Some(("image/jpeg", Some((1440, 900)))));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\x10\0\0\x9d\x01\x2a\x40\x01\xc8\x00";
        assert_eq!(told("a", lossy), Some(("image/webp", Some((320, 200)))));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc1\x31\x00";
        assert_eq!(told("a", lossless), Some(("image/webp", Some((320, 200)))));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xc7\0\0";
        assert_eq!(told("a", extended), Some(("image/webp", Some((320, 200)))));
    }

    #[test]
    fn what_a_file_is_called_does_not_make_it_so() {
        assert_eq!(told("a.png", b"hello"), Some(("text/plain", None)));
        assert_eq!(told("a.MD", b"# hello"), Some(("text/markdown", None)));
        assert_eq!(
            told("a.txt", b"%PDF-1.7\n"),
            Some(("application/pdf", None))
        );
        assert_eq!(told("a.txt", b"PK\x03\x04\0\0"), None, "a zip");
        assert_eq!(told("a.txt", b"\xff\xfeh\0i\0"), None, "UTF-16");
        assert_eq!(
            told("a.png", b"\x89PNG\r\n\x1a\n"),
            Some(("image/png", None)),
            "a picture that is cut off has no size"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_looked_at(head in 0usize..4, rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            let heads: [&[u8]; 4] = [b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8L", b"\x89PNG\r\n\x1a\n", b""];
            let bytes = [heads[head], &rest].concat();
            let kind = of("a", &bytes);
            prop_assert!(kind.is_none_or(|kind| kind.size.is_none_or(|(w, h)| w > 0 && h > 0)));
        }
    }
}
