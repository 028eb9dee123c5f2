//! The environments of a workspace: a file each in `environments/`.

use std::path::{Path, PathBuf};

use super::environment_file::{self, EnvironmentFile};
use super::folder::Workspace;
use super::{document, request_file, tree, write};
use crate::error::{Error, ErrorCode, Result};

/// The folder within a workspace.
pub const FOLDER: &str = "environments";

/// A file of the folder, as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadEnvironment {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    /// None where the text could not be read.
    pub stamp: Option<String>,
    /// Or why it can't be used.
    pub file: Result<EnvironmentFile>,
}

impl ReadEnvironment {
    /// As a person calls it: by its name, or its file's.
    pub fn name(&self) -> &str {
        match &self.file {
            Ok(file) => &file.name,
            Err(_) => self.path.rsplit('/').next().unwrap_or_default(),
        }
    }
}

impl Workspace {
    /// Every environment, by name. A file that can't be used is listed with its problem.
    pub fn environments(&self) -> Vec<ReadEnvironment> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.root().join(FOLDER))
            .into_iter()
            .flatten()
            .flatten()
            // Links are passed over: they may lead out of the workspace.
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
            .map(|entry| entry.path())
            .filter(|path| is_listed(path))
            .collect();
        paths.sort();
        let mut environments: Vec<ReadEnvironment> = Vec::new();
        for path in paths {
            let mut read = read(&path);
            if let Ok(file) = &read.file {
                let twin = environments
                    .iter()
                    .find(|other| other.file.as_ref().is_ok_and(|other| other.id == file.id));
                if let Some(twin) = twin {
                    read.file = Err(same_id(&path, &twin.path));
                }
            }
            environments.push(read);
        }
        environments.sort_by_key(|environment| environment.name().to_lowercase());
        environments
    }

    /// The environment with this id, or else of this name.
    ///
    /// # Errors
    /// `BadInput` where there is none, naming those that there are; `FileInvalid` where its file can't be used.
    pub fn environment(&self, asked: &str) -> Result<(ReadEnvironment, EnvironmentFile)> {
        let all = self.environments();
        let is = |environment: &&ReadEnvironment, what: fn(&EnvironmentFile) -> &str| {
            environment
                .file
                .as_ref()
                .is_ok_and(|file| what(file) == asked)
        };
        let file_is = |environment: &&ReadEnvironment| {
            let stem = Path::new(&environment.path).file_stem();
            stem.is_some_and(|stem| stem == asked)
        };
        let found = all
            .iter()
            .find(|it| is(it, |file| &file.id))
            .or_else(|| all.iter().find(|it| is(it, |file| &file.name)))
            .or_else(|| all.iter().find(file_is));
        match found {
            Some(environment) => Ok((environment.clone(), environment.file.clone()?)),
            None => Err(none_called(asked, &all)),
        }
    }

    /// Saves an environment over its file, if that still is what it was when it was read. Returns the new stamp.
    ///
    /// # Errors
    /// `BadInput` for what no file may hold; as [`document::save`]. The file is as it was.
    pub fn save_environment(
        &self,
        path: &str,
        file: &EnvironmentFile,
        stamp: &str,
    ) -> Result<String> {
        // Said with the field, before anything is looked at.
        environment_file::to_yaml(file)?;
        self.environment_path(path)?;
        let _writing = self.writing();
        self.save_document(path, file, stamp)
    }

    /// Writes an environment to a new file named after it. Never overwrites. Returns its path and its stamp.
    ///
    /// # Errors
    /// `FileUnwritable`; `BadInput` for what no file may hold, and for a name that another environment has.
    pub fn create_environment(&self, file: &EnvironmentFile) -> Result<(String, String)> {
        let text = environment_file::to_yaml(file)?;
        let taken = self
            .environments()
            .into_iter()
            .any(|other| other.name().eq_ignore_ascii_case(file.name.trim()));
        if taken {
            return Err(Error::new(
                ErrorCode::BadInput,
                format!(
                    "There is an environment called {} already.",
                    file.name.trim()
                ),
            )
            .place("name"));
        }
        let folder = self.resolve(FOLDER)?;
        std::fs::create_dir_all(&folder).map_err(|error| tree::unwritable(&folder, &error))?;
        let path = self.free_file(FOLDER, "environment", &file.name)?;
        let text = document::schema_line_for::<EnvironmentFile>(&path) + &text;
        write::write_new(&self.environment_path(&path)?, &text)?;
        Ok((path, request_file::stamp(&text)))
    }

    /// Moves an environment's file to the trash, if it still is what it was when it was read. The handle to put it
    /// back with; None where it is gone already.
    ///
    /// # Errors
    /// `FileChanged` if it is not, `FileUnwritable`.
    pub fn delete_environment(&self, path: &str, stamp: &str) -> Result<Option<String>> {
        let full = self.environment_path(path)?;
        if full.symlink_metadata().is_err() {
            return Ok(None);
        }
        let _writing = self.writing();
        document::on_disk(&full, path, stamp)?;
        self.put_in_trash(path, &full, None).map(Some)
    }

    fn environment_path(&self, path: &str) -> Result<PathBuf> {
        let inside = path.strip_prefix(FOLDER).is_some_and(|rest| {
            rest.starts_with('/') && !rest[1..].contains('/') && is_listed(Path::new(rest))
        });
        if inside {
            return self.resolve(path);
        }
        Err(Error::new(
            ErrorCode::BadInput,
            format!("{path:?} is no environment's file: those lie in {FOLDER} and end in .yaml."),
        )
        .place("path"))
    }
}

fn is_listed(path: &Path) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden
        && path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn read(path: &Path) -> ReadEnvironment {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = request_file::read_text(path);
    ReadEnvironment {
        path: format!("{FOLDER}/{name}"),
        stamp: text.as_deref().ok().map(request_file::stamp),
        file: text.and_then(|text| environment_file::parse(path, &text)),
    }
}

fn same_id(path: &Path, other: &str) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Error::new(
        ErrorCode::FileInvalid,
        format!("{name} has the id of {other}, and would use its key."),
    )
    .place(path.display().to_string())
    .hint("Give the copy an id of its own in an editor, or delete it.")
}

fn none_called(asked: &str, all: &[ReadEnvironment]) -> Error {
    let names: Vec<_> = all
        .iter()
        .filter(|environment| environment.file.is_ok())
        .map(ReadEnvironment::name)
        .collect();
    let there = match names[..] {
        [] => format!(
            "There is none yet. An environment is a YAML file in the folder {FOLDER} of the workspace."
        ),
        _ => format!("There are: {}.", names.join(", ")),
    };
    Error::new(
        ErrorCode::BadInput,
        format!("There is no environment called {asked:?}."),
    )
    .place("environment")
    .hint(there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(files: &[(&str, &str)]) -> (tempfile::TempDir, Workspace) {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            std::fs::write(root.path().join(FOLDER).join(name), text).unwrap();
        }
        let data = root.path().join(".data");
        let workspace = Workspace::kept_in(root.path().to_owned(), data);
        (root, workspace)
    }

    #[test]
    fn a_broken_file_is_listed_with_its_problem() {
        let (_root, workspace) = workspace(&[
            ("b.yaml", "id: 1\nname: Staging\n"),
            ("a.yaml", "id: two\nname: Dev\n"),
            ("copy.yaml", "id: two\nname: Dev copy\n"),
            ("broken.yaml", "id: ["),
            ("latin.yaml", "id: three\nname: D\n"),
            ("notes.txt", "not one"),
            (".hidden.yaml", "id: four\nname: H\n"),
        ]);
        std::fs::write(
            workspace.root().join(FOLDER).join("latin.yaml"),
            b"name: \xe9",
        )
        .unwrap();
        let listed: Vec<_> = workspace
            .environments()
            .into_iter()
            .map(|it| (it.name().to_owned(), it.file.err().map(|error| error.code)))
            .collect();
        let expected = [
            ("broken.yaml", Some(ErrorCode::FileInvalid)),
            ("copy.yaml", Some(ErrorCode::FileInvalid)),
            ("Dev", None),
            ("latin.yaml", Some(ErrorCode::FileUnreadable)),
            ("Staging", None),
        ];
        assert_eq!(listed, expected.map(|(name, code)| (name.to_owned(), code)));
        assert_eq!(workspace.environment("Staging").unwrap().1.id, "1");
        assert_eq!(workspace.environment("b").unwrap().1.name, "Staging");
        assert_eq!(
            workspace.environment("two").unwrap().0.path,
            "environments/a.yaml"
        );
        let broken = workspace.environment("broken").unwrap_err();
        assert_eq!(broken.code, ErrorCode::FileInvalid);
        let error = workspace.environment("prod").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("There are: Dev, Staging."));
    }

    #[test]
    fn an_environment_is_made_saved_and_deleted() {
        let (root, workspace) = workspace(&[]);
        let mut file = environment_file::parse(Path::new("x"), "id: one\nname: CON\n").unwrap();
        let (path, stamp) = workspace.create_environment(&file).unwrap();
        assert_eq!(path, "environments/environment-con.yaml");
        let twin = workspace.create_environment(&file).unwrap_err();
        assert_eq!(twin.place.as_deref(), Some("name"));
        file.production = true;
        let second = workspace.save_environment(&path, &file, &stamp).unwrap();
        let lost = workspace
            .save_environment(&path, &file, &stamp)
            .unwrap_err();
        assert_eq!(lost.code, ErrorCode::FileChanged);
        assert_eq!(
            workspace.save_environment(&path, &file, &second).unwrap(),
            second,
            "saving twice is byte-equal"
        );
        let full = root.path().join(&path);
        let mut commented = std::fs::read_to_string(&full).unwrap();
        commented += "# ours\n";
        std::fs::write(&full, &commented).unwrap();
        let third = request_file::stamp(&commented);
        file.production = false;
        let fourth = workspace.save_environment(&path, &file, &third).unwrap();
        let kept = std::fs::read_to_string(&full).unwrap();
        assert!(
            kept.ends_with("# ours\n") && !kept.contains("production"),
            "what was written beside it stays: {kept}"
        );
        assert!(workspace.delete_environment(&path, &second).is_err());
        workspace.delete_environment(&path, &fourth).unwrap();
        assert!(!full.exists());
    }

    #[test]
    fn nothing_is_written_elsewhere() {
        let (root, workspace) = workspace(&[]);
        let file = environment_file::parse(Path::new("x"), "id: one\nname: Dev\n").unwrap();
        for path in [
            "rheostat.yaml",
            "environments/../x.yaml",
            "environments/a/b.yaml",
            "environments/x.txt",
            "environments/.yaml",
            "environmentsx.yaml",
            "/tmp/x.yaml",
        ] {
            let error = workspace.save_environment(path, &file, "").unwrap_err();
            assert_eq!(error.code, ErrorCode::BadInput, "{path}");
            assert!(workspace.delete_environment(path, "").is_err(), "{path}");
        }
        assert_eq!(
            std::fs::read_dir(root.path().join(FOLDER)).unwrap().count(),
            0
        );
    }
}
