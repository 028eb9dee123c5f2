//! `rheostat schema`: what strict mode refuses, mended in place; a schema from samples; a schema in other languages.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use rheostat_core::error::Error;
use rheostat_core::ops::check_schema::CheckSchemaOutput;
use rheostat_core::schema::fix::{self, FixOutcome};
use rheostat_core::schema::infer;
use rheostat_core::schema::print::{self, Language};
use rheostat_core::schema::{Counts, Problem, strict};
use rheostat_core::workspace::request_file;

use source::Source;

use crate::{format, say};

mod source;

#[derive(Subcommand)]
pub enum Action {
    /// Say what strict mode refuses in a schema. Exits with 1 where there is something.
    Check {
        /// A JSON Schema, as JSON or YAML; or a request, whose output schema is checked.
        file: PathBuf,
        /// Mend what can be mended, and write it into the file. Comments of a YAML file stay.
        #[arg(long)]
        fix: bool,
        /// Print one JSON object: `CheckSchemaOutput`, or with --fix `FixSchemaOutput`.
        #[arg(long)]
        json: bool,
    },
    /// Make a schema from samples of the answers that you expect. Guesses are told on stderr.
    Infer {
        /// Files with one JSON value each.
        #[arg(required = true)]
        samples: Vec<PathBuf>,
        /// Print one JSON object, `InferSchemaOutput`, with the notes in it.
        #[arg(long)]
        json: bool,
    },
    /// Print a schema in another language. What can't be said there is told on stderr.
    Print {
        /// A JSON Schema, as JSON or YAML; or a request with one.
        file: PathBuf,
        #[arg(long = "as", value_name = "LANGUAGE", value_parser = language)]
        language: Language,
        /// What the type, or the schema in a request, is called; the file's name where it is missing.
        #[arg(long)]
        name: Option<String>,
    },
}

fn language(name: &str) -> Result<Language, String> {
    Language::ALL
        .into_iter()
        .find(|language| language.name() == name)
        .ok_or_else(|| {
            let names: Vec<&str> = Language::ALL.iter().map(|it| it.name()).collect();
            format!("one of {}", names.join(", "))
        })
}

/// True if the schema has no problems.
pub fn act(action: Action) -> Result<bool, Error> {
    match action {
        Action::Check {
            file,
            fix: true,
            json,
        } => mend(&file, json),
        Action::Check { file, json, .. } => check(&file, json),
        Action::Infer { samples, json } => infer_from(&samples, json),
        Action::Print {
            file,
            language,
            name,
        } => print_as(&file, language, name),
    }
}

fn check(file: &Path, json: bool) -> Result<bool, Error> {
    let schema = Source::of(file)?.schema;
    let strict::Checked { problems, counts } = strict::check(&schema);
    let is_fine = problems.is_empty();
    if json {
        say::print_json(&CheckSchemaOutput { problems, counts })?;
    } else {
        say::print(&report(file, &problems, &counts))?;
    }
    Ok(is_fine)
}

fn mend(file: &Path, json: bool) -> Result<bool, Error> {
    let source = Source::of(file)?;
    let outcome = fix::fix_all(&source.schema);
    if !outcome.changes.is_empty() {
        source.save(&outcome.schema)?;
    }
    let is_fine = outcome.left.is_empty();
    if json {
        say::print_json(&outcome)?;
    } else {
        say::print(&mended(file, &outcome))?;
    }
    Ok(is_fine)
}

fn report(file: &Path, problems: &[Problem], counts: &Counts) -> String {
    let mut lines = vec![format!(
        "{}: {}; {}",
        file.display(),
        problem_count(problems.len()),
        sizes(counts)
    )];
    lines.extend(problems.iter().map(line));
    lines.join("\n")
}

fn mended(file: &Path, outcome: &FixOutcome) -> String {
    let done = match outcome.changes.len() {
        0 => "nothing to change".to_owned(),
        1 => "1 change written".to_owned(),
        count => format!("{} changes written", format::tokens(count as u64)),
    };
    let mut lines = vec![format!(
        "{}: {done}; {} left",
        file.display(),
        problem_count(outcome.left.len())
    )];
    lines.extend(
        outcome
            .changes
            .iter()
            .map(|change| format!("  changed: {}", change.message)),
    );
    lines.extend(outcome.left.iter().map(|problem| {
        format!(
            "  left: {} ({})\n    {}",
            problem.message,
            place(&problem.pointer),
            problem.reason
        )
    }));
    lines.join("\n")
}

fn line(problem: &Problem) -> String {
    let fix = match &problem.fix {
        Some(fix) if fix.is_choice => format!(" For you to decide: {}.", fix.label),
        Some(_) => " --fix mends it.".to_owned(),
        None => String::new(),
    };
    format!(
        "  {} ({})\n    {}{fix}",
        problem.message,
        place(&problem.pointer),
        problem.reason
    )
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "root" } else { pointer }
}

fn problem_count(count: usize) -> String {
    match count {
        0 => "no problems".to_owned(),
        1 => "1 problem".to_owned(),
        count => format!("{} problems", format::tokens(count as u64)),
    }
}

fn sizes(counts: &Counts) -> String {
    let size = |used: rheostat_core::schema::Used, what: &str| {
        format!(
            "{} of {} {what}",
            format::tokens(used.used as u64),
            format::tokens(used.most as u64)
        )
    };
    [
        size(counts.properties, "properties"),
        size(counts.levels, "levels"),
        size(counts.values, "enum values"),
        size(counts.characters, "characters"),
    ]
    .join(", ")
}

fn infer_from(files: &[PathBuf], json: bool) -> Result<bool, Error> {
    let mut values = Vec::with_capacity(files.len());
    for file in files {
        let text = request_file::read_text(file)?;
        let name = file.display().to_string();
        values.push(infer::read(&text, &name, &name)?);
    }
    let inferred = infer::from_values(&values);
    if json {
        say::print_json(&inferred)?;
        return Ok(true);
    }
    say::print_json(&inferred.schema)?;
    for note in &inferred.notes {
        eprintln!("{}: {}", place(&note.pointer), note.message);
    }
    Ok(true)
}

fn print_as(file: &Path, language: Language, name: Option<String>) -> Result<bool, Error> {
    let schema = Source::of(file)?.schema;
    let name = name.unwrap_or_else(|| {
        file.file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    });
    let printed = print::print(&schema, &name, language)?;
    say::print(printed.text.trim_end())?;
    for note in &printed.notes {
        eprintln!("{}: {}", place(&note.pointer), note.message);
    }
    Ok(true)
}
