//! What a file of the workspace was: in Git's commits, and in what was saved over here.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::folder::Workspace;
use super::git::{Git, Mark};
use super::{document, request_file};
use crate::error::{Error, ErrorCode, Result};

/// Commits that are looked at for one file.
const COMMITS: usize = 200;

/// Where a version is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "VersionSource", rename_all = "snake_case")]
pub enum Source {
    /// A commit of the repository that the workspace lies in.
    Commit,
    /// What stood in the file before a save here.
    Save,
}

/// A version of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Version {
    /// A handle for the verbs that read it.
    pub id: String,
    pub source: Source,
    /// When it was committed, or saved over: ms since the epoch, UTC.
    pub at: i64,
    /// Of a commit.
    pub author: Option<String>,
    /// The first line of a commit's message.
    pub subject: Option<String>,
    /// Where the file lay then, if that was elsewhere.
    pub path: Option<String>,
}

/// How an item stands to the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ChangeMark {
    Added,
    Changed,
    Deleted,
    Renamed,
    /// A merge left both sides in it.
    Conflicted,
}

/// A file that is not as it was committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ChangedItem {
    /// Relative to the workspace folder. A deleted one is there no more.
    pub path: String,
    pub mark: ChangeMark,
}

impl Workspace {
    /// The repository that the workspace lies in.
    pub fn git(&self) -> Option<Git> {
        Git::open(self.root())
    }

    /// Files that are not as they were committed, by path; None without a repository.
    ///
    /// # Errors
    /// `FileUnreadable` with what Git says.
    pub fn changed_items(&self) -> Result<Option<Vec<ChangedItem>>> {
        let Some(git) = self.git() else {
            return Ok(None);
        };
        let mut changed: Vec<_> = git
            .changed()?
            .into_iter()
            .map(|(path, mark)| ChangedItem {
                path,
                mark: match mark {
                    Mark::Added => ChangeMark::Added,
                    Mark::Changed => ChangeMark::Changed,
                    Mark::Deleted => ChangeMark::Deleted,
                    Mark::Renamed => ChangeMark::Renamed,
                    Mark::Conflicted => ChangeMark::Conflicted,
                },
            })
            .collect();
        changed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Some(changed))
    }

    /// The versions of the file at `path`, the newest first.
    ///
    /// # Errors
    /// `BadInput` for a path that leads out. Where Git can't answer, its versions are missing and it is told.
    pub fn versions(&self, path: &str) -> Result<(Vec<Version>, Option<Error>)> {
        let now = self.text_now(path)?;
        let kept = self
            .kept()
            .map(|kept| kept.list(path, &now))
            .unwrap_or_default();
        let mut found: Vec<_> = kept
            .into_iter()
            .map(|kept| Version {
                id: kept.id,
                source: Source::Save,
                at: kept.replaced_at,
                author: None,
                subject: None,
                path: None,
            })
            .collect();
        let mut problem = None;
        if let Some(git) = self.git() {
            match git.history(path, COMMITS) {
                Ok(commits) => found.extend(commits.into_iter().filter_map(|commit| {
                    // A file that came from outside the workspace is not read there.
                    let then = commit.path?;
                    Some(Version {
                        id: commit.id,
                        source: Source::Commit,
                        at: commit.at,
                        author: Some(commit.author),
                        subject: Some(commit.subject),
                        path: (then != path).then_some(then),
                    })
                })),
                Err(error) => problem = Some(error),
            }
        }
        found.sort_by_key(|version| std::cmp::Reverse(version.at));
        Ok((found, problem))
    }

    /// The file's text in a version.
    ///
    /// # Errors
    /// `BadInput` for a version that is none of the file's; `FileUnreadable`.
    pub fn version_text(&self, path: &str, version: &str) -> Result<String> {
        let now = self.text_now(path)?;
        // A commit's id has no dashes, and one of ours always has.
        if version.contains('-') {
            let none = || {
                Error::new(ErrorCode::BadInput, "Nothing is kept of this file.").place("version")
            };
            return self.kept().ok_or_else(none)?.read(path, &now, version);
        }
        let git = self.git().ok_or_else(|| {
            Error::new(
                ErrorCode::BadInput,
                "The workspace lies in no Git repository.",
            )
            .place("version")
        })?;
        // Where it lay then: only its own history is read.
        let commit = git
            .history(path, COMMITS)?
            .into_iter()
            .find(|commit| commit.id == version);
        let then = commit.and_then(|commit| commit.path).ok_or_else(|| {
            Error::new(
                ErrorCode::BadInput,
                format!("The commit {version:?} did not touch {path}."),
            )
            .place("version")
        })?;
        git.read(&then, version)
    }

    /// Puts an earlier text into the file, if that still is what it was when it was read; what it held is
    /// kept. The new stamp.
    ///
    /// # Errors
    /// `FileChanged`, `FileUnwritable`; `FileInvalid` for a version that is no request, which would be put in
    /// place of one that is.
    pub fn restore_version(&self, path: &str, version: &str, stamp: &str) -> Result<String> {
        let file = self.resolve(path)?;
        let text = self.version_text(path, version)?;
        if super::names::is_request(path) {
            request_file::parse(Path::new(path), &text)?;
        }
        let text = document::with_schema_from(path, &text).unwrap_or(text);
        let on_disk = document::on_disk(&file, path, stamp)?;
        self.replace(path, on_disk.as_deref(), &text)?;
        Ok(request_file::stamp(&text))
    }

    /// What the file holds, "" where it is not there any more.
    fn text_now(&self, path: &str) -> Result<String> {
        let file = self.resolve(path)?;
        match request_file::read_text(&file) {
            Ok(text) => Ok(text),
            Err(_) if file.symlink_metadata().is_err() => Ok(String::new()),
            Err(problem) => Err(problem),
        }
    }
}
