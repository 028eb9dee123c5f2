//! `rheostat` in a terminal: the same engine and the same history as the window, without one.

mod check;
mod compare;
mod engine;
mod export;
mod format;
mod import;
mod list;
mod mock;
mod progress;
mod run;
mod say;
mod schema;
mod stream;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use rheostat_core::error::Error;

#[derive(Parser)]
#[command(
    name = "rheostat",
    version,
    about = "One request at every reasoning effort: what each level costs and buys",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send one request and print its answer.
    ///
    /// Without --live or --base-url the built-in stand-in answers: no key, no network, no cost. Its
    /// answers are marked as sample replies.
    Run {
        /// A request file (YAML).
        file: PathBuf,
        /// Use this effort in place of the file's.
        #[arg(long)]
        effort: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Send one request at several efforts side by side and say what each level costs and buys.
    Compare {
        /// A request file (YAML).
        #[arg(required_unless_present = "sample")]
        file: Option<PathBuf>,
        /// Compare the sample request that Rheostat comes with.
        #[arg(long, conflicts_with = "file")]
        sample: bool,
        /// `all`, or a list such as `low,high`.
        #[arg(long, default_value = "all")]
        efforts: String,
        /// Runs per level.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
        repeats: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Look request files over without sending anything: what would be refused, and what would cost or
    /// lose something. Exits with 1 where something would be refused.
    Check {
        /// Request files (YAML).
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Mend what only keeps a request from being accepted, and write the files.
        #[arg(long)]
        fix: bool,
        /// Print a JSON list with the findings and changes of each file; `Finding` and `FixChange` in
        /// ui/src/contract/ipc.ts describe them.
        #[arg(long)]
        json: bool,
    },
    /// Bring files of other tools into the workspace: cURL, OpenAI's JSON and JSONL, Postman, Bruno,
    /// Insomnia, Yaak, promptfoo, HAR. Never overwrites, and names what it leaves out.
    Import(import::ImportArgs),
    /// Write requests as files of other tools. Never with a key in them.
    Export(export::ExportArgs),
    /// List the requests of the workspace.
    List {
        /// Only those in this folder.
        folder: Option<String>,
        /// Print a JSON list; `RequestSummary` in ui/src/contract/ipc.ts describes its items.
        #[arg(long)]
        json: bool,
    },
    /// Show a request: its facts, and its body as it stands.
    Show {
        /// A request file, in the workspace or anywhere else.
        file: PathBuf,
        /// Print the request as JSON; `RequestFile` in ui/src/contract/ipc.ts describes it.
        #[arg(long)]
        json: bool,
    },
    /// Check, mend, make and print the schemas of structured output.
    Schema {
        #[command(subcommand)]
        action: schema::Action,
    },
    /// Serve recorded and sample replies on loopback, for code that speaks the OpenAI API.
    ///
    /// A rule answers first, then the last real answer to the same request, then the next recording of it,
    /// then a composed sample.
    Mock(Box<mock::MockArgs>),
}

/// What `run` and `compare` share.
#[derive(Args)]
struct Common {
    /// Send to OpenAI with the key in OPENAI_API_KEY. This costs money.
    #[arg(long, conflicts_with = "base_url")]
    live: bool,
    /// Send to this address, such as http://127.0.0.1:4010/v1, with the key in OPENAI_API_KEY if there is one.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Print one JSON object: `RunView` for a run, `CompareEffortsOutput` for a comparison. Their fields
    /// are described in ui/src/contract/ipc.ts; money is in nano-dollars, times in ms.
    #[arg(long)]
    json: bool,
}

/// Every run completed, or what was looked at is sound.
const DONE: u8 = 0;
/// Some run did not complete, or something would be refused.
const NOT_ALL_DONE: u8 = 1;
/// Nothing was sent, or something could not be looked at.
const NOTHING_SENT: u8 = 2;

fn main() -> ExitCode {
    // Warnings only: what a run tells belongs into the history, and nothing with a key into a log.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("rheostat: the runtime could not be started: {error}");
            return ExitCode::from(NOTHING_SENT);
        }
    };
    match runtime.block_on(act(Cli::parse().command)) {
        Ok(true) => ExitCode::from(DONE),
        Ok(false) => ExitCode::from(NOT_ALL_DONE),
        Err(error) => {
            say::error(&error);
            ExitCode::from(NOTHING_SENT)
        }
    }
}

/// True if every run completed, or the schema has no problems.
async fn act(command: Command) -> Result<bool, Error> {
    match command {
        Command::Run {
            file,
            effort,
            common,
        } => run::run(&file, effort, &common).await,
        Command::Compare {
            file,
            efforts,
            repeats,
            common,
            ..
        } => compare::compare(file.as_deref(), &efforts, repeats, &common).await,
        Command::Check { files, fix, json } => check::check(&files, fix, json),
        Command::Schema { action } => schema::act(action),
        Command::Import(args) => import::import(&args),
        Command::Export(args) => export::export(&args),
        Command::List { folder, json } => list::list(folder.as_deref(), json),
        Command::Show { file, json } => list::show(&file, json),
        Command::Mock(args) => mock::serve(&args).await,
    }
}
