//! `rheostat key`: keeps, checks and forgets API keys. A key comes in by stdin: arguments are there for all to see.

use std::io::{BufRead, IsTerminal};

use clap::Subcommand;
use rheostat_core::auth::KeyLabel;
use rheostat_core::error::Error;
use rheostat_core::ops::check_key::{self, CheckKeyInput, CheckKeyOutput, KeyVerdict};
use rheostat_core::ops::forget_key::{self, ForgetKeyInput};
use rheostat_core::ops::set_key::{self, KeepKey, SetKeyInput};

use crate::{engine, say};

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Keep the key on the first line of stdin in the system's keychain.
    Set {
        /// Whose key it is; without it, the key for OpenAI's own address.
        #[arg(long = "env", value_name = "NAME")]
        environment: Option<String>,
    },
    /// Ask the API whether the key works. This costs nothing. Exits with 1 where it does not.
    Check {
        /// Whose key it is; without it, the key for OpenAI's own address.
        #[arg(long = "env", value_name = "NAME")]
        environment: Option<String>,
        /// Print JSON: `CheckKeyOutput` in ui/src/contract/ipc.ts describes it.
        #[arg(long)]
        json: bool,
    },
    /// Forget the key in the system's keychain.
    Forget {
        /// Whose key it is; without it, the key for OpenAI's own address.
        #[arg(long = "env", value_name = "NAME")]
        environment: Option<String>,
    },
}

/// False where a key was checked and does not work.
pub async fn act(command: &KeyCommand) -> Result<bool, Error> {
    let workbench = engine::open_settings().await?;
    match command {
        KeyCommand::Set { environment } => {
            let input = SetKeyInput {
                key: Some(typed()?),
                keep: KeepKey::Keychain,
                environment: environment.clone(),
            };
            set_key::run(&workbench, input).await?;
            eprintln!("Kept in the system's keychain.");
            Ok(true)
        }
        KeyCommand::Check { environment, json } => {
            let input = CheckKeyInput {
                environment: environment.clone(),
            };
            let output = check_key::run(&workbench, input).await?;
            if *json {
                say::print_json(&output)?;
            } else {
                say::print(&text(&output))?;
                if let Some(problem) = &output.problem {
                    say::error(problem);
                }
            }
            Ok(output.verdict == KeyVerdict::Accepted)
        }
        KeyCommand::Forget { environment } => {
            let input = ForgetKeyInput {
                environment: environment.clone(),
            };
            let output = forget_key::run(&workbench, input).await?;
            let left = output
                .connection
                .key
                .map(|label| format!(" {} goes on being used.", kept(&label)));
            eprintln!(
                "Forgotten.{}",
                left.filter(|_| environment.is_none()).unwrap_or_default()
            );
            Ok(true)
        }
    }
}

/// The first line of stdin.
fn typed() -> Result<String, Error> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!(
            "Paste the key and press Enter. It shows on the screen; pipe it in to keep it off."
        );
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|error| Error::internal("stdin could not be read", error))?;
    Ok(line)
}

fn kept(label: &KeyLabel) -> String {
    match label.masked.as_str() {
        "" => label.kept.clone(),
        masked => format!("{masked} from {}", label.kept),
    }
}

fn text(output: &CheckKeyOutput) -> String {
    let verdict = match output.verdict {
        KeyVerdict::Accepted => format!("Accepted, with {}", output.model),
        KeyVerdict::NoModel => format!("Accepted, but without {}", output.model),
        KeyVerdict::Rejected => "Rejected".into(),
        KeyVerdict::Missing => "No key".into(),
        KeyVerdict::Offline => "Not reached".into(),
        KeyVerdict::Unclear => "Not clear".into(),
    };
    let mut lines = vec![format!("{verdict}  {}", output.base_url)];
    lines.extend(
        output
            .key
            .as_ref()
            .map(|label| format!("  key           {}", kept(label))),
    );
    lines.extend(
        output
            .models
            .map(|models| format!("  models        {models}")),
    );
    lines.extend(
        output
            .organization
            .as_ref()
            .map(|name| format!("  organization  {name}")),
    );
    for limit in &output.limits {
        let figure = |figure: &Option<String>| figure.clone().unwrap_or_else(|| "?".into());
        lines.push(format!(
            "  {:<13} {} of {} left, whole again in {}",
            limit.of,
            figure(&limit.remaining),
            figure(&limit.limit),
            figure(&limit.reset)
        ));
    }
    lines.join("\n")
}
