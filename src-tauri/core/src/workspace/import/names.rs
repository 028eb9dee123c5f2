//! Names of other tools as names of ours: no path in them, nothing that a file system refuses.

use super::Imported;

/// The longest name of a folder, in bytes.
const FOLDER_LIMIT: usize = 80;
/// The longest name of an item, in letters.
const NAME_LIMIT: usize = 120;
/// Deeper folders than these are imported into the one at this depth: a workspace is not searched much deeper.
const DEPTH_LIMIT: usize = 8;

/// The folder of these names, made safe. What had to be changed because it led elsewhere is named.
pub(super) fn folder(names: &[&str], place: &str, out: &mut Imported) -> String {
    let mut parts: Vec<String> = Vec::new();
    for name in names {
        let safe = folder_name(name);
        if leads_out(name) {
            out.leave(
                place,
                format!("The path in the folder name {:?}", shortened(name)),
                "It leads elsewhere. What is in it is imported into a folder inside of the workspace.",
            );
            // Nothing but dots is no name at all.
            if name.trim_matches(['.', ' ', '/', '\\']).is_empty() {
                continue;
            }
        }
        if parts.len() < DEPTH_LIMIT {
            parts.push(safe);
        }
    }
    if names.len() > DEPTH_LIMIT {
        out.leave(
            place,
            format!("{} levels of folders", names.len() - DEPTH_LIMIT),
            format!("Folders can be {DEPTH_LIMIT} deep here; it is imported into the deepest."),
        );
    }
    parts.join("/")
}

/// Whether a name would be a way out of the folder, were it taken for a path.
fn leads_out(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':')
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    name.split(['/', '\\']).any(|part| part.trim() == "..")
        || (name.starts_with(['/', '\\']) && name.len() > 1)
        || drive
}

/// One name of a folder that every system takes.
fn folder_name(name: &str) -> String {
    let mut safe = String::new();
    for letter in name.chars() {
        let refused = letter.is_control() || "/\\:*?\"<>|".contains(letter);
        let letter = if refused { ' ' } else { letter };
        if letter == ' ' && (safe.is_empty() || safe.ends_with(' ')) {
            continue;
        }
        if safe.len() + letter.len_utf8() > FOLDER_LIMIT {
            break;
        }
        safe.push(letter);
    }
    // A dot at the start hides a folder, at the end Windows drops it.
    let safe = safe.trim_matches(|letter| letter == ' ' || letter == '.');
    let stem = safe.split('.').next().unwrap_or(safe).trim().to_lowercase();
    let device = ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || ["com", "lpt"].iter().any(|port| {
            stem.strip_prefix(port).is_some_and(|number| {
                number.len() == 1 && number.chars().all(|it| it.is_ascii_digit())
            })
        });
    if safe.is_empty() {
        "Folder".to_owned()
    } else if device {
        format!("Folder {safe}")
    } else {
        safe.to_owned()
    }
}

/// A name of an item: one line, not too long, and not empty.
pub(super) fn item(name: &str, otherwise: &str) -> String {
    let name = shortened(name);
    if name.is_empty() {
        otherwise.to_owned()
    } else {
        name
    }
}

/// A text as one line of bounded length.
pub(super) fn shortened(text: &str) -> String {
    let line: String = text
        .chars()
        .take(NAME_LIMIT * 4)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(NAME_LIMIT) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line).trim_end()),
        None => line,
    }
}

/// A file's name without its folders and its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stay_inside_and_are_names_everywhere() {
        let mut out = Imported::default();
        let names = [
            "../../etc",
            "C:\\Windows",
            "/root",
            "..",
            "a/b: c?",
            "con",
            ".hidden.",
            "Prüfung 日本",
        ];
        assert_eq!(
            folder(&names, "x.json", &mut out),
            "etc/C Windows/root/a b c/Folder con/hidden/Prüfung 日本"
        );
        let said: Vec<_> = out.left_out.iter().map(|left| left.what.as_str()).collect();
        assert_eq!(
            said,
            [
                r#"The path in the folder name "../../etc""#,
                r#"The path in the folder name "C:\\Windows""#,
                r#"The path in the folder name "/root""#,
                r#"The path in the folder name "..""#
            ]
        );
        let deep = ["a"; 30];
        assert_eq!(folder(&deep, "x", &mut out), "a/a/a/a/a/a/a/a");
        assert!(folder(&[&"ß".repeat(500)], "x", &mut out).len() <= FOLDER_LIMIT);
    }

    #[test]
    fn names_of_items_are_one_line() {
        assert_eq!(item(" a\n\tb ", "x"), "a b");
        assert_eq!(item("\u{0}", "x"), "x");
        assert_eq!(
            item(&"n".repeat(1_000_000), "x").chars().count(),
            NAME_LIMIT + 1
        );
        assert_eq!(
            stem("a/b/c.postman_collection.json"),
            "c.postman_collection"
        );
    }
}
