//! `rheostat env`: the environments of the workspace, listed and shown.

use clap::Subcommand;
use rheostat_core::error::Error;
use rheostat_core::money::dollars::Dollars;
use rheostat_core::ops::list_environments::{self, ListEnvironmentsInput};
use rheostat_core::ops::read_environment::{self, ReadEnvironmentInput, ReadEnvironmentOutput};
use rheostat_core::workspace::environment_file::VariableValue;

use crate::{engine, say};

#[derive(Subcommand)]
pub enum EnvCommand {
    /// Name every environment. Exits with 1 where the file of one can't be used.
    List {
        /// Print JSON: `ListEnvironmentsOutput` in ui/src/contract/ipc.ts describes it.
        #[arg(long)]
        json: bool,
    },
    /// Show one environment. Secrets are shown by where they are kept.
    Show {
        /// Its name, its id or its file's name.
        name: String,
        /// Print JSON: `ReadEnvironmentOutput` in ui/src/contract/ipc.ts describes it.
        #[arg(long)]
        json: bool,
    },
}

/// True unless the file of an environment can't be used.
pub async fn act(command: &EnvCommand) -> Result<bool, Error> {
    let workbench = engine::open_settings().await?;
    match command {
        EnvCommand::List { json } => {
            let output = list_environments::run(&workbench, ListEnvironmentsInput {}).await?;
            let listed = &output.environments;
            if *json {
                say::print_json(&output)?;
            } else if listed.is_empty() {
                eprintln!(
                    "There is no environment in {}.",
                    workbench.workspace.root().join("environments").display()
                );
            } else {
                let line = |name: &str, production: bool, path: &str| {
                    let mark = if production { "  production" } else { "" };
                    format!("{name}{mark}  {path}")
                };
                let usable = listed.iter().filter(|one| one.problem.is_none());
                let lines: Vec<_> = usable
                    .map(|one| line(&one.name, one.production, &one.path))
                    .collect();
                if !lines.is_empty() {
                    say::print(&lines.join("\n"))?;
                }
            }
            let problems = listed.iter().filter_map(|one| one.problem.as_ref());
            let count = problems.inspect(|problem| say::error(problem)).count();
            Ok(count == 0)
        }
        EnvCommand::Show { name, json } => {
            let input = ReadEnvironmentInput {
                environment: name.clone(),
            };
            let output = read_environment::run(&workbench, input).await?;
            if *json {
                say::print_json(&output)?;
            } else {
                say::print(&text(&output))?;
            }
            Ok(true)
        }
    }
}

fn text(output: &ReadEnvironmentOutput) -> String {
    let file = &output.environment;
    let mut lines = vec![
        format!(
            "{}{}",
            file.name,
            if file.production { "  production" } else { "" }
        ),
        format!("  file          {}", output.path),
    ];
    let amount = |amount: Option<Dollars>| amount.map(|amount| format!("${amount}"));
    let rows = [
        ("base URL", file.base_url.clone()),
        ("organization", file.organization.clone()),
        ("project", file.project.clone()),
        ("key", file.key.as_ref().map(ToString::to_string)),
        ("retries", file.retries.map(|retries| retries.to_string())),
        ("per run", amount(file.limits.per_run)),
        ("per session", amount(file.limits.per_session)),
        ("per day", amount(file.limits.per_day)),
    ];
    for (name, value) in rows {
        lines.extend(value.map(|value| format!("  {name:<13} {value}")));
    }
    for (name, value) in &file.variables {
        let value = match value {
            VariableValue::Text(text) => format!("{text:?}"),
            VariableValue::Secret { secret } => format!("secret in {secret}"),
        };
        lines.push(format!("  {{{{{name}}}}} = {value}"));
    }
    lines.join("\n")
}
