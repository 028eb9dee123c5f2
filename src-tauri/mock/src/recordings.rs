//! A folder of recordings, read again whenever its files change.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::key::Key;
use crate::recording::{self, Recording, Source};

/// What follows when the last recording of a sequence was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockAtEnd", rename_all = "snake_case")]
pub enum AtEnd {
    /// The last one again and again.
    #[default]
    Stick,
    /// The first one again.
    Wrap,
}

/// One file of the folder, for a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "MockListed")]
pub struct Listed {
    pub file: PathBuf,
    /// Why it cannot be used; the fields below are empty then.
    pub problem: Option<String>,
    pub name: String,
    pub key: Option<Key>,
    pub source: Option<Source>,
    pub recorded_at: Option<u64>,
    pub status: Option<u16>,
    pub streamed: bool,
    pub cut: bool,
    pub total_ms: u64,
}

/// The recordings of a folder. Files in folders below it are not read.
#[derive(Debug)]
pub struct Recordings {
    folder: PathBuf,
    /// Why the folder itself cannot be read.
    problem: Option<String>,
    files: BTreeMap<PathBuf, File>,
    /// How many of each sequence were served, by exact key.
    served: HashMap<String, usize>,
}

#[derive(Debug)]
struct File {
    /// Time and size: when neither changed, the file is not read again.
    stamp: (Option<SystemTime>, u64),
    held: Result<Held, String>,
}

#[derive(Debug, Clone)]
struct Held {
    key: Key,
    recording: Arc<Recording>,
}

impl Recordings {
    /// A folder that is not there yet is an empty one, and named in [`Recordings::problems`].
    pub fn open(folder: impl Into<PathBuf>) -> Self {
        let mut opened = Recordings {
            folder: folder.into(),
            problem: None,
            files: BTreeMap::new(),
            served: HashMap::new(),
        };
        opened.refresh();
        opened
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads what is new or changed, and forgets what is gone.
    pub fn refresh(&mut self) {
        let mut seen = BTreeMap::new();
        match std::fs::read_dir(&self.folder) {
            Ok(entries) => {
                self.problem = None;
                for entry in entries.flatten() {
                    let path = entry.path();
                    let named = entry
                        .file_name()
                        .to_string_lossy()
                        .ends_with(recording::ENDING);
                    // The link's target, where it is a link.
                    let Some(about) = std::fs::metadata(&path).ok().filter(|_| named) else {
                        continue;
                    };
                    if about.is_file() {
                        seen.insert(path, (about.modified().ok(), about.len()));
                    }
                }
            }
            Err(error) => {
                self.problem = Some(format!("{} cannot be read: {error}", self.folder.display()));
            }
        }
        self.files
            .retain(|path, file| seen.get(path) == Some(&file.stamp));
        for (path, stamp) in seen {
            let file = self.files.entry(path);
            file.or_insert_with_key(|path| File {
                stamp,
                held: read(path, stamp.1),
            });
        }
    }

    /// Every file in the order of its name.
    pub fn list(&self) -> Vec<Listed> {
        self.files
            .iter()
            .map(|(path, file)| listed(path, file))
            .collect()
    }

    /// What keeps files, or the folder, from being used: one sentence each.
    pub fn problems(&self) -> Vec<String> {
        let files = self.files.iter().filter_map(|(path, file)| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let problem = file.held.as_ref().err()?;
            Some(format!("{name}: {problem}"))
        });
        self.problem.iter().cloned().chain(files).collect()
    }

    /// The newest whole answer of the real API.
    pub fn last_live(&self, key: &Key, any_effort: bool) -> Option<Arc<Recording>> {
        let of_key = self.sequence(key, any_effort);
        let mut newest = of_key.into_iter().rev();
        newest.find(|found| found.head.source == Source::Live && !found.head.cut)
    }

    /// The next answer of the sequence: every recording of the request, oldest first.
    pub fn next(&mut self, key: &Key, any_effort: bool, at_end: AtEnd) -> Option<Arc<Recording>> {
        let sequence = self.sequence(key, any_effort);
        let last = sequence.len().checked_sub(1)?;
        let served = self.served.entry(key.exact.clone()).or_default();
        let at = match at_end {
            AtEnd::Stick => (*served).min(last),
            AtEnd::Wrap => *served % sequence.len(),
        };
        *served += 1;
        sequence.into_iter().nth(at)
    }

    /// Whether there is any answer of a sequence to a request.
    pub fn has(&self, key: &Key, any_effort: bool) -> bool {
        !self.sequence(key, any_effort).is_empty()
    }

    /// By its file's name or by the name in its header; the newest of several.
    pub fn named(&self, name: &str) -> Option<Arc<Recording>> {
        let by_file = self.files.iter().find_map(|(path, file)| {
            let own = path.file_name()?.to_str()?;
            let same = own == name || own.strip_suffix(recording::ENDING) == Some(name);
            file.held
                .as_ref()
                .ok()
                .filter(|_| same)
                .map(|held| &held.recording)
        });
        let by_name = || {
            let held = self.held().map(|held| &held.recording);
            held.filter(|recording| recording.head.name == name)
                .max_by_key(|recording| recording.head.recorded_at)
        };
        by_file.or_else(by_name).map(Arc::clone)
    }

    /// Every sequence starts over.
    pub fn reset(&mut self) {
        self.served.clear();
    }

    /// Writes a recording into the folder, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn keep(&mut self, recording: &Recording) -> std::io::Result<PathBuf> {
        std::fs::create_dir_all(&self.folder)?;
        let path = recording.write_into(&self.folder)?;
        self.refresh();
        Ok(path)
    }

    fn held(&self) -> impl Iterator<Item = &Held> {
        self.files
            .values()
            .filter_map(|file| file.held.as_ref().ok())
    }

    /// Oldest first; of one moment in the order of the files' names.
    fn sequence(&self, key: &Key, any_effort: bool) -> Vec<Arc<Recording>> {
        let with = |same: &dyn Fn(&Key) -> bool| {
            let held = self.held().filter(|held| same(&held.key));
            held.map(|held| Arc::clone(&held.recording))
                .collect::<Vec<_>>()
        };
        let mut found = with(&|other| other.exact == key.exact);
        if found.is_empty() && any_effort {
            found = with(&|other| other.any_effort == key.any_effort);
        }
        found.sort_by_key(|recording| recording.head.recorded_at);
        found
    }
}

fn read(path: &Path, size: u64) -> Result<Held, String> {
    if size > recording::LARGEST {
        return Err(format!(
            "It is larger than {} MB.",
            recording::LARGEST >> 20
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("It cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "It is not UTF-8 text.".to_owned())?;
    let recording = Recording::parse(&text).map_err(|error| error.to_string())?;
    Ok(Held {
        key: recording.key(),
        recording: Arc::new(recording),
    })
}

fn listed(path: &Path, file: &File) -> Listed {
    let held = file.held.as_ref().ok();
    let recording = held.map(|held| &held.recording);
    Listed {
        file: path.to_owned(),
        problem: file.held.as_ref().err().cloned(),
        name: recording.map_or_else(String::new, |found| found.head.name.clone()),
        key: held.map(|held| held.key.clone()),
        source: recording.map(|found| found.head.source),
        recorded_at: recording.map(|found| found.head.recorded_at),
        status: recording.map(|found| found.head.response.status),
        streamed: recording.is_some_and(|found| found.streamed()),
        cut: recording.is_some_and(|found| found.head.cut),
        total_ms: recording.map_or(0, |found| found.total_ms()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Head, Requested, Responded};
    use serde_json::json;

    fn recording(effort: &str, at: u64, source: Source, says: &str) -> Recording {
        Recording {
            head: Head {
                format: 1,
                request: Requested {
                    method: "POST".to_owned(),
                    path: "/v1/responses".to_owned(),
                    body: json!({"model": "m", "input": "hi", "reasoning": {"effort": effort}}),
                },
                response: Responded {
                    status: 200,
                    headers: BTreeMap::new(),
                },
                recorded_at: at,
                source,
                name: format!("{says} {effort}"),
                cut: false,
            },
            lines: vec![(1, says.to_owned())],
        }
    }

    fn says(found: Option<Arc<Recording>>) -> Option<String> {
        found.map(|recording| recording.lines[0].1.clone())
    }

    #[test]
    fn the_newest_real_answer_and_the_sequence() {
        let folder = tempfile::tempdir().unwrap();
        let mut recordings = Recordings::open(folder.path());
        let key = recording("low", 0, Source::Live, "").key();
        for (at, source, words) in [
            (30, Source::Sample, "third"),
            (10, Source::Live, "first"),
            (20, Source::Live, "second"),
        ] {
            recordings
                .keep(&recording("low", at, source, words))
                .unwrap();
        }
        recordings
            .keep(&recording("high", 40, Source::Live, "other"))
            .unwrap();
        assert_eq!(
            says(recordings.last_live(&key, false)).as_deref(),
            Some("second")
        );
        let mut served = |at_end: AtEnd| {
            let next = || says(recordings.next(&key, false, at_end)).unwrap();
            let five: Vec<String> = std::iter::repeat_with(next).take(5).collect();
            recordings.reset();
            five
        };
        assert_eq!(
            served(AtEnd::Stick),
            ["first", "second", "third", "third", "third"]
        );
        assert_eq!(
            served(AtEnd::Wrap),
            ["first", "second", "third", "first", "second"]
        );
        assert_eq!(
            says(recordings.named("second low")).as_deref(),
            Some("second")
        );
        let xhigh = recording("xhigh", 0, Source::Live, "").key();
        assert_eq!(says(recordings.last_live(&xhigh, false)), None);
        assert_eq!(
            says(recordings.last_live(&xhigh, true)).as_deref(),
            Some("other")
        );
    }

    #[test]
    fn a_cut_answer_is_not_the_last_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut recordings = Recordings::open(folder.path());
        let mut cut = recording("low", 20, Source::Live, "cut");
        cut.head.cut = true;
        recordings.keep(&cut).unwrap();
        assert_eq!(says(recordings.last_live(&cut.key(), false)), None);
        recordings
            .keep(&recording("low", 10, Source::Live, "whole"))
            .unwrap();
        assert_eq!(
            says(recordings.last_live(&cut.key(), false)).as_deref(),
            Some("whole")
        );
    }

    #[test]
    fn files_that_come_change_and_go_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("later");
        let mut recordings = Recordings::open(&inside);
        let missing = recordings.problems();
        assert!(
            missing.len() == 1 && missing[0].contains("cannot be read"),
            "{missing:?}"
        );
        let one = recording("low", 10, Source::Live, "one");
        let path = recordings.keep(&one).unwrap();
        assert_eq!(recordings.problems(), Vec::<String>::new());
        let longer = recording("low", 10, Source::Live, "another one");
        std::fs::write(&path, longer.to_text()).unwrap();
        recordings.refresh();
        assert_eq!(
            says(recordings.last_live(&one.key(), false)).as_deref(),
            Some("another one")
        );
        std::fs::remove_file(&path).unwrap();
        recordings.refresh();
        assert_eq!(recordings.list(), []);
    }

    #[test]
    fn what_is_broken_is_listed_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("a.recording.jsonl", b"nonsense".as_slice()),
            ("b.recording.jsonl", &[0xff, 0xfe]),
            ("c.txt", b"not looked at"),
        ] {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        std::fs::create_dir(folder.path().join("d.recording.jsonl")).unwrap();
        let recordings = Recordings::open(folder.path());
        assert_eq!(
            recordings.problems(),
            [
                "a.recording.jsonl: Line 1 is not the header of a recording: expected ident at line 1 column 2",
                "b.recording.jsonl: It is not UTF-8 text.",
            ]
        );
        let files: Vec<_> = recordings
            .list()
            .into_iter()
            .map(|listed| listed.problem.is_some())
            .collect();
        assert_eq!(files, [true, true]);
    }
}
