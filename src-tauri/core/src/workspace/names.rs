//! Names of files and folders: which of them are requests, and which every system takes.

use crate::error::{Error, ErrorCode, Result};

/// The file that makes a folder a workspace.
pub const SETTINGS: &str = "rheostat.yaml";

/// What a folder hands down to the requests in it.
pub const FOLDER_FILE: &str = "folder.yaml";

/// Files at the top of a workspace that hold other things than a request.
const OTHER_FILES: &[&str] = &[SETTINGS, "mock.yaml"];

/// Folders at the top of a workspace that hold other things than requests.
const OTHER_FOLDERS: &[&str] = &["environments", "recordings", "schemas", ATTACHMENTS];

/// Where pictures and files go that are attached from elsewhere.
pub const ATTACHMENTS: &str = "attachments";

/// The longest name of a folder in bytes: file systems take 255, and a copy's name grows.
const FOLDER_NAME_LIMIT: usize = 120;

/// The longest part of a file name that is made from a request's name, in bytes.
const SLUG_LIMIT: usize = 80;

/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// Whether a file at this path, relative to the workspace with forward slashes, is listed as a request.
pub fn is_request(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    (name.ends_with(".yaml") || name.ends_with(".yml"))
        && !name.starts_with('.')
        && name != FOLDER_FILE
        && !OTHER_FILES.contains(&path)
}

/// Whether a folder at this path is searched for requests.
pub fn is_collection(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.starts_with('.') && !OTHER_FOLDERS.contains(&path)
}

/// The folder that an item lies in, "" at the top, and its name there.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The path of `name` in `folder`.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// A file name that every system takes, without its ending, made from a request's name.
pub fn slug(name: &str) -> String {
    slug_of("request", name)
}

/// As [`slug`], of something of this kind: where the name gives no file name, the kind does.
pub fn slug_of(kind: &str, name: &str) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() > SLUG_LIMIT {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() || is_device(slug) || slug == "folder" {
        format!("{kind}-{slug}").trim_end_matches('-').to_owned()
    } else {
        slug.to_owned()
    }
}

/// Whether a file's name was made from a request's name, and should follow it.
pub fn is_slug_of(file: &str, name: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let base = slug(name);
    let numbered = stem
        .strip_prefix(&base)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|number| {
            !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit())
        });
    stem == base || numbered
}

/// The first of `base`, `base-2`, `base-3`, ... with `ending` that is not `taken`.
pub fn free(base: &str, ending: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut number = 1_u64;
    loop {
        let name = match number {
            1 => format!("{base}{ending}"),
            _ => format!("{base}-{number}{ending}"),
        };
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// A folder's name as the user gave it, if every system takes it.
///
/// # Errors
/// `BadInput`, saying what is wrong with it.
pub fn folder_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let refused = |why: String| {
        Err(
            Error::new(ErrorCode::BadInput, format!("{name:?} is no name for a folder: {why}."))
                .place("name")
                .hint("Use letters, digits, spaces and dashes, so that the folder can be opened on every system."),
        )
    };
    if name.is_empty() {
        return refused("it is empty".into());
    }
    if name.len() > FOLDER_NAME_LIMIT {
        return refused(format!("it is longer than {FOLDER_NAME_LIMIT} bytes"));
    }
    if name.starts_with('.') {
        return refused("one that begins with a dot is hidden".into());
    }
    if name.ends_with('.') {
        return refused("Windows drops a dot at the end".into());
    }
    if let Some(letter) = name
        .chars()
        .find(|letter| letter.is_control() || r#"/\:*?"<>|"#.contains(*letter))
    {
        return refused(format!("it holds {letter:?}"));
    }
    let stem = name.split('.').next().unwrap_or(name).to_lowercase();
    if is_device(&stem) {
        return refused("Windows keeps it for a device".into());
    }
    Ok(name)
}

fn is_device(lowercase: &str) -> bool {
    DEVICES.contains(&lowercase)
        || ["com", "lpt"].iter().any(|port| {
            lowercase.strip_prefix(port).is_some_and(|number| {
                number.len() == 1 && number != "0" && number.parse::<u8>().is_ok()
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_files_that_every_system_takes() {
        let made: Vec<_> = [
            "Flag locking DDL",
            "../../etc/passwd",
            "CON",
            "COM1",
            "Comic",
            "Folder",
            "  ",
            "Prüfe: A/B",
        ]
        .into_iter()
        .map(slug)
        .collect();
        assert_eq!(
            made,
            [
                "flag-locking-ddl",
                "etc-passwd",
                "request-con",
                "request-com1",
                "comic",
                "request-folder",
                "request",
                "prüfe-a-b"
            ]
        );
        assert!(
            slug(&"ß".repeat(500)).len() <= SLUG_LIMIT + 4,
            "and short ones"
        );
    }

    #[test]
    fn a_file_follows_its_request_only_if_it_was_named_after_it() {
        assert!(is_slug_of("flag-locking-ddl.yaml", "Flag locking DDL"));
        assert!(is_slug_of("flag-locking-ddl-12.yml", "Flag locking DDL"));
        assert!(!is_slug_of("flag-locking-ddl-old.yaml", "Flag locking DDL"));
        assert!(!is_slug_of("mine.yaml", "Flag locking DDL"));
    }

    #[test]
    fn folder_names_that_some_system_refuses_are_refused_here() {
        for name in [
            "",
            "  ",
            ".hidden",
            "a/b",
            "a\\b",
            "..",
            "what?",
            "tab\there",
            "end.",
            "NUL",
            "com3.old",
        ] {
            let error = folder_name(name).unwrap_err();
            assert_eq!(error.code, ErrorCode::BadInput, "{name}");
        }
        assert!(folder_name(&"n".repeat(121)).is_err());
        for name in [
            "Migration review",
            " v1.2 ",
            "Prüfung",
            "comments",
            "Ünïcode 日本",
        ] {
            assert_eq!(folder_name(name).unwrap(), name.trim());
        }
    }

    #[test]
    fn what_else_lies_in_a_workspace_is_no_request() {
        let listed: Vec<_> = [
            "rheostat.yaml",
            "mock.yaml",
            "a/mock.yaml",
            "folder.yaml",
            "a/folder.yaml",
            "a/.x.yaml",
            "b.yml",
            "c.json",
        ]
        .into_iter()
        .filter(|path| is_request(path))
        .collect();
        assert_eq!(listed, ["a/mock.yaml", "b.yml"]);
        assert!(!is_collection("recordings") && is_collection("a/recordings"));
    }
}
