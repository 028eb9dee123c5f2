//! The workspace folder: what lies in it, read and written item by item.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::environment_file::{self, VariableValues};
use super::environments;
use super::request_file::{self, ReadRequest, RequestFile, RequestSummary};
use super::write;
use crate::body;
use crate::error::{Error, ErrorCode, Result};

/// The file that makes a folder a workspace.
pub const SETTINGS: &str = "rheostat.yaml";

/// How deep collections may nest. Deeper folders are not searched.
const DEPTH_LIMIT: usize = 12;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Settings {
    name: Option<String>,
    /// What variables mean in every environment that does not say otherwise.
    #[serde(default)]
    variables: VariableValues,
}

/// A workspace on disk.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The name in `rheostat.yaml`, else the folder's.
    pub fn name(&self) -> String {
        let settings = self.settings().unwrap_or_default();
        settings.name.unwrap_or_else(|| {
            self.root.file_name().map_or_else(
                || "Workspace".into(),
                |name| name.to_string_lossy().into_owned(),
            )
        })
    }

    /// The variables of `rheostat.yaml`.
    ///
    /// # Errors
    /// `FileUnreadable`, `FileInvalid`, naming the file and the line.
    pub fn variables(&self) -> Result<VariableValues> {
        Ok(self.settings()?.variables)
    }

    fn settings(&self) -> Result<Settings> {
        let path = self.root.join(SETTINGS);
        if !path.exists() {
            return Ok(Settings::default());
        }
        let text = request_file::read_text(&path)?;
        environment_file::refuse_keys(&path, &text)?;
        let settings: Settings = serde_saphyr::from_str(&text).map_err(|error| {
            let text = error.to_string();
            let why = text
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            environment_file::invalid(&path, why, error.location().map(|at| at.line()))
        })?;
        environment_file::check_variables(&settings.variables).map_err(|(place, why)| {
            environment_file::invalid(&path, &format!("{place} {why}"), None)
        })?;
        Ok(settings)
    }

    /// Every request in the folder, by path. A file that can't be read is listed with its problem.
    pub fn requests(&self) -> Vec<RequestSummary> {
        let mut paths = Vec::new();
        collect(&self.root, 0, &mut paths);
        let mut requests: Vec<_> = paths
            .into_iter()
            .filter_map(|path| Some((self.relative(&path)?, path)))
            .filter(|(relative, _)| relative != SETTINGS && !is_environment(relative))
            .map(|(relative, path)| {
                summary(relative, request_file::read(&path).map(|read| read.request))
            })
            .collect();
        requests.sort_by(|a, b| {
            (a.folder.to_lowercase(), a.name.to_lowercase())
                .cmp(&(b.folder.to_lowercase(), b.name.to_lowercase()))
        });
        requests
    }

    /// # Errors
    /// `FileUnreadable`, `FileInvalid`, or `BadInput` for a path that leads out of the workspace.
    pub fn read(&self, path: &str) -> Result<ReadRequest> {
        request_file::read(&self.resolve(path)?)
    }

    /// Saves a request over its file, if that still is what it was when it was read.
    ///
    /// # Errors
    /// `FileChanged` if it is not, `FileUnwritable` if it holds comments that would be lost or can't
    /// be written. The file is as it was.
    pub fn save(
        &self,
        path: &str,
        request: &RequestFile,
        stamp: &str,
    ) -> Result<(String, RequestSummary)> {
        let file = self.resolve(path)?;
        let stamp = request_file::save(&file, path, request, stamp)?;
        Ok((stamp, summary(path.to_owned(), Ok(request.clone()))))
    }

    /// Writes a request to a new file named after it. Never overwrites.
    ///
    /// # Errors
    /// `FileUnwritable`, or `BadInput` for a folder outside the workspace.
    pub fn create(&self, folder: &str, request: &RequestFile) -> Result<(String, ReadRequest)> {
        let path = self.free_file(folder, "request", &request.name)?;
        let text = request_file::to_yaml(request)?;
        write::write(&self.root.join(&path), &text)?;
        Ok((
            path,
            ReadRequest {
                request: request.clone(),
                stamp: request_file::stamp(&text),
            },
        ))
    }

    /// The path of a file that is not there yet, named after what it will hold: `kind` where the name gives nothing.
    pub(super) fn free_file(&self, folder: &str, kind: &str, name: &str) -> Result<String> {
        let parent = self.resolve(folder)?;
        let base = file_name(kind, name);
        let name = (1..)
            .map(|n| {
                if n == 1 {
                    format!("{base}.yaml")
                } else {
                    format!("{base}-{n}.yaml")
                }
            })
            .find(|name| !parent.join(name).exists())
            .unwrap_or_else(|| format!("{}.yaml", Uuid::now_v7()));
        Ok(if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        })
    }

    /// A path inside the workspace: no `..`, no root, no drive, no way out through a link.
    pub(super) fn resolve(&self, path: &str) -> Result<PathBuf> {
        let outside = || {
            Error::new(
                ErrorCode::BadInput,
                format!("{path:?} leads out of the workspace."),
            )
            .place("path")
            .hint("Use a path relative to the workspace folder.")
        };
        let relative = Path::new(path);
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(outside());
        }
        let full = self.root.join(relative);
        // The deepest part that exists tells whether a link leads elsewhere.
        let mut existing = full.as_path();
        while !existing.exists() {
            existing = existing.parent().ok_or_else(outside)?;
        }
        let real = existing.canonicalize().map_err(|_| outside())?;
        let root = self.root.canonicalize().map_err(|error| {
            Error::new(
                ErrorCode::FileUnreadable,
                format!(
                    "The workspace folder {} is not there: {error}.",
                    self.root.display()
                ),
            )
            .hint("Put it back, or choose another with RHEOSTAT_WORKSPACE.")
        })?;
        if real.starts_with(&root) {
            Ok(full)
        } else {
            Err(outside())
        }
    }

    fn relative(&self, path: &Path) -> Option<String> {
        let parts: Option<Vec<&str>> = path
            .strip_prefix(&self.root)
            .ok()?
            .components()
            .map(|part| part.as_os_str().to_str())
            .collect();
        Some(parts?.join("/"))
    }
}

fn collect(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        // Links are passed over: they may lead out of the workspace, or round in a circle.
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() && depth < DEPTH_LIMIT {
            collect(&path, depth + 1, out);
        } else if kind.is_file()
            && path
                .extension()
                .is_some_and(|extension| extension == "yaml" || extension == "yml")
        {
            out.push(path);
        }
    }
}

/// A request as the sidebar lists it.
pub fn summary(path: String, request: Result<RequestFile>) -> RequestSummary {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
    let (folder, file) = (folder.to_owned(), file.to_owned());
    match request {
        Ok(request) => RequestSummary {
            folder,
            id: request.id,
            name: request.name,
            model: body::model(&request.body).map(str::to_owned),
            effort: body::effort(&request.body).map(str::to_owned),
            problem: None,
            path,
        },
        Err(problem) => RequestSummary {
            folder,
            id: path.clone(),
            name: file,
            model: None,
            effort: None,
            problem: Some(problem),
            path,
        },
    }
}

fn is_environment(relative: &str) -> bool {
    relative
        .strip_prefix(environments::FOLDER)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// A file name that every system takes, made from the name of what it holds.
fn file_name(kind: &str, name: &str) -> String {
    // Names that Windows keeps for devices.
    const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];
    let mut slug = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() > 80 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    let device = RESERVED.contains(&slug)
        || ((slug.starts_with("com") || slug.starts_with("lpt")) && slug.len() == 4);
    if slug.is_empty() || device {
        format!("{kind}-{slug}").trim_end_matches('-').to_owned()
    } else {
        slug.to_owned()
    }
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
            "  ",
            "Prüfe: A/B",
        ]
        .into_iter()
        .map(|name| file_name("request", name))
        .collect();
        assert_eq!(
            made,
            [
                "flag-locking-ddl",
                "etc-passwd",
                "request-con",
                "request",
                "prüfe-a-b"
            ]
        );
    }

    #[test]
    fn no_path_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path().to_owned());
        for path in ["../x.yaml", "/etc/passwd", "a/../../x", "./x"] {
            let refused = workspace.read(path).unwrap_err();
            assert_ne!(
                refused.code,
                ErrorCode::FileInvalid,
                "{path} is not even read"
            );
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
            assert_eq!(
                workspace.read("link/passwd").unwrap_err().code,
                ErrorCode::BadInput,
                "nor through a link"
            );
        }
    }
}
