//! The user's own Git, asked and never told: what is changed, what was, and when.
//!
//! No shell, no hooks, no locks, no pager, and none of the programs that a repository's settings can name.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, ErrorCode, Result};

/// What a repository could make Git start, switched off.
const HARMLESS: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "diff.external=",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// A workspace within a repository.
#[derive(Debug, Clone)]
pub struct Git {
    root: PathBuf,
}

/// How a file stands to the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Added,
    Changed,
    Deleted,
    Renamed,
    Conflicted,
}

/// A commit that touched a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    pub id: String,
    /// ms since the epoch, UTC.
    pub at: i64,
    pub author: String,
    pub subject: String,
    /// Where the file lay then, seen from the workspace; None where it lay outside of it.
    pub path: Option<String>,
}

impl Git {
    /// The workspace at `root`, if it lies in a repository, and Git is there. A repository of someone else's
    /// is none: Git itself says no.
    pub fn open(root: &Path) -> Option<Self> {
        let git = Self {
            root: root.to_owned(),
        };
        let inside = git.ask(&["rev-parse", "--is-inside-work-tree"]).ok()?;
        (inside.trim_ascii() == b"true").then_some(git)
    }

    /// Every file that is not as it was committed, by its path in the workspace; for a rename the new one.
    ///
    /// # Errors
    /// `FileUnreadable` with what Git says.
    pub fn changed(&self) -> Result<Vec<(String, Mark)>> {
        // Paths are told from the top of the repository.
        let prefix = self.prefix()?;
        let out = self.ask(&[
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=all",
            "--ignore-submodules=all",
            "--no-ahead-behind",
            "--",
            ".",
        ])?;
        let mut fields = out.split(|byte| *byte == 0);
        let mut found = Vec::new();
        while let Some(line) = fields.next() {
            let line = String::from_utf8_lossy(line);
            let Some((kind, rest)) = line.split_once(' ') else {
                continue;
            };
            // The fields before the path: 8 of a change, 9 of a rename, 10 of a conflict.
            let (path, mark) = match kind {
                "?" => (Some(rest), Mark::Added),
                "u" => (rest.splitn(10, ' ').nth(9), Mark::Conflicted),
                "1" | "2" => {
                    let count = if kind == "1" { 8 } else { 9 };
                    if kind == "2" {
                        // Where it was comes in a field of its own.
                        fields.next();
                    }
                    let path = rest.splitn(count, ' ').nth(count - 1);
                    (path, mark(rest.get(..2).unwrap_or_default()))
                }
                _ => continue,
            };
            if let Some(path) = path.and_then(|path| path.strip_prefix(&prefix)) {
                found.push((path.to_owned(), mark));
            }
        }
        Ok(found)
    }

    /// The commits that touched the file at `path`, the last one first, through its renames.
    ///
    /// # Errors
    /// `FileUnreadable` with what Git says.
    pub fn history(&self, path: &str, limit: usize) -> Result<Vec<Commit>> {
        if self
            .ask(&["rev-parse", "--verify", "--quiet", "HEAD"])
            .is_err()
        {
            // Nothing was committed yet.
            return Ok(Vec::new());
        }
        let prefix = self.prefix()?;
        let count = format!("--max-count={limit}");
        let out = self.ask(&[
            "log",
            &count,
            "--follow",
            "--name-only",
            "--no-ext-diff",
            "--no-textconv",
            "-z",
            "--format=%x01%H%x00%ct%x00%an%x00%s",
            "--",
            path,
        ])?;
        let text = String::from_utf8_lossy(&out);
        let commits = text.split('\u{1}').filter_map(|commit| {
            let mut fields = commit.split('\0');
            let id = fields.next().filter(|id| is_commit(id))?;
            let at: i64 = fields.next()?.parse().ok()?;
            let (author, subject) = (fields.next()?, fields.next()?);
            let name = fields
                .map(|field| field.trim_start_matches('\n'))
                .find(|field| !field.is_empty());
            Some(Commit {
                id: id.to_owned(),
                at: at.saturating_mul(1000),
                author: author.to_owned(),
                subject: subject.to_owned(),
                path: name
                    .and_then(|name| name.strip_prefix(&prefix))
                    .map(str::to_owned),
            })
        });
        Ok(commits.collect())
    }

    /// The file's text in a commit; `path` is where it lay then.
    ///
    /// # Errors
    /// `BadInput` for an id that is none or a file that is not there; `FileUnreadable` for no UTF-8.
    pub fn read(&self, path: &str, commit: &str) -> Result<String> {
        let unknown = || {
            Error::new(
                ErrorCode::BadInput,
                format!("There is no {path} in the commit {commit:?}."),
            )
            .place("version")
        };
        if !is_commit(commit) {
            return Err(unknown());
        }
        let out = self
            .ask(&["cat-file", "blob", &format!("{commit}:./{path}")])
            .map_err(|error| unknown().detail(error.message))?;
        String::from_utf8(out).map_err(|_| {
            Error::new(
                ErrorCode::FileUnreadable,
                format!("{path} is no UTF-8 in that commit."),
            )
            .place(path)
        })
    }

    /// Where the workspace lies in the repository: "" or with a slash at the end.
    fn prefix(&self) -> Result<String> {
        let out = self.ask(&["rev-parse", "--show-prefix"])?;
        Ok(String::from_utf8_lossy(&out)
            .trim_end_matches('\n')
            .to_owned())
    }

    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let mut command = Command::new("git");
        for setting in HARMLESS {
            command.args(["-c", setting]);
        }
        let output = command
            .args(["--no-pager", "--literal-pathspecs", "-C"])
            .arg(&self.root)
            .args(arguments)
            // Another repository must not be meant by what the environment says.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_EXTERNAL_DIFF")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            // What a partial clone lacks is not fetched.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| failed(&error.to_string()))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(failed(String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn failed(why: &str) -> Error {
    let first = why.lines().next().unwrap_or("it gave no reason");
    Error::new(
        ErrorCode::FileUnreadable,
        format!("Git could not answer: {first}"),
    )
    .hint("What was saved here is kept apart from Git, and can still be read.")
}

/// The index and the folder, each against the commit before.
fn mark(state: &str) -> Mark {
    if state.contains('R') {
        Mark::Renamed
    } else if state.contains('D') {
        Mark::Deleted
    } else if state.contains('A') {
        Mark::Added
    } else {
        Mark::Changed
    }
}

fn is_commit(id: &str) -> bool {
    (40..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
