//! `rheostat mock`: the stand-in on a port of its own, until Ctrl-C.

use std::path::{Path, PathBuf};

use clap::Args;
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::mock::settings::origin;
use rheostat_core::openai::transport::Target;
use rheostat_core::workbench::{OPENAI, Setup, Workbench};
use rheostat_mock::{LogEntry, Options, Outcome, Profile, Rule, Rung, Secret, Speed, StandIn};
use tokio::sync::broadcast::error::RecvError;

use crate::format;
use crate::say;

/// How the stand-in is set. What is left out is as the workspace's mock.yaml says, but for the door: it is open.
#[derive(Args)]
pub struct MockArgs {
    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// 1 is a reply's own pace, 10 ten times faster; or `instant`.
    #[arg(long, conflicts_with = "tokens_per_second")]
    speed: Option<Speed>,
    /// A pace of its own, whatever the reply's was: output tokens per second.
    #[arg(long, value_name = "N")]
    tokens_per_second: Option<f64>,
    /// With --tokens-per-second: the wait before the first token.
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0,
        requires = "tokens_per_second"
    )]
    first_token_ms: u64,
    /// With --tokens-per-second: how far a wait strays from its due share, 0 to 1.
    #[arg(
        long,
        value_name = "SHARE",
        default_value_t = 0.0,
        requires = "tokens_per_second"
    )]
    jitter: f64,
    /// Rules to follow, as a YAML file.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// The folder of recordings to replay, and to record into.
    #[arg(long, value_name = "FOLDER")]
    recordings: Option<PathBuf>,
    /// Forward what nothing here answers to the live API and record it. This costs money. The key is the one in
    /// OPENAI_API_KEY, or else the client's own.
    #[arg(long)]
    record: bool,
    /// With --record: forward to this address, such as https://api.openai.com/v1.
    #[arg(long, value_name = "URL", requires = "record")]
    base_url: Option<String>,
    /// Refuse requests that do not bring the token in this environment variable as their key.
    #[arg(long, value_name = "VARIABLE")]
    token_from: Option<String>,
    /// Answer web pages of this origin too, such as http://localhost:5173. May be given several times.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Say nothing of the requests that come in.
    #[arg(long)]
    quiet: bool,
}

/// Serves until it is interrupted.
pub async fn serve(args: &MockArgs) -> Result<bool, Error> {
    let options = Options {
        port: args.port,
        ..Options::default()
    };
    let stand_in = rheostat_mock::start(options)
        .await
        .map_err(|error| wrong("--port", &error))?;
    let mut setup = Setup::from_environment(stand_in)?;
    setup.sample_speed = pace(args).or(setup.sample_speed);
    let workbench = Workbench::open(setup)?;
    // What is paid for must be on record.
    if let Some(problem) = workbench.history_problem.as_ref().filter(|_| args.record) {
        return Err(problem.clone());
    }
    let mock = workbench.mock()?;
    if let Some(problem) = mock.problem().filter(|_| args.rules.is_none()) {
        return Err(problem);
    }
    set(mock.stand_in(), args)?;
    if args.record {
        let live = Target::base_url(args.base_url.as_deref().unwrap_or(OPENAI))?;
        mock.forward_to(Some((&live, &workbench.keys)))?;
        eprintln!("Recording from {live}: what nothing here answers costs money there.");
    }
    let base_url = mock.stand_in().base_url();
    say::print(&format!("Mock at {base_url}"))?;
    eprintln!("Point a client at it with OPENAI_BASE_URL={base_url} and any key. Ctrl-C ends it.");
    let interrupted = tokio::signal::ctrl_c();
    tokio::select! {
        ended = interrupted => {
            ended.map_err(|error| Error::internal("Ctrl-C could not be waited for", error))?;
        }
        () = tell(&workbench, args.quiet) => {}
    }
    workbench.close();
    Ok(true)
}

fn pace(args: &MockArgs) -> Option<Speed> {
    let profile = args.tokens_per_second.map(|tokens_per_second| {
        Speed::Profile(Profile {
            time_to_first_token_ms: args.first_token_ms,
            tokens_per_second,
            jitter: args.jitter,
        })
    });
    profile.or(args.speed)
}

fn set(stand_in: &StandIn, args: &MockArgs) -> Result<(), Error> {
    stand_in.set_closed(false);
    if !args.allow_origin.is_empty() {
        let origins = args.allow_origin.iter().map(|text| origin(text));
        stand_in.set_origins(origins.collect::<Result<_, _>>()?);
    }
    if let Some(file) = &args.rules {
        let rules = Rule::read_all(&read(file)?).map_err(|error| {
            Error::new(
                ErrorCode::FileInvalid,
                format!("{}: {error}", file.display()),
            )
            .place(file.display().to_string())
        })?;
        stand_in
            .set_rules(rules)
            .map_err(|error| wrong("--rules", &error))?;
    }
    if let Some(folder) = &args.recordings {
        if !args.record && !folder.is_dir() {
            let missing = format!("{} is no folder.", folder.display());
            return Err(Error::new(ErrorCode::FileUnreadable, missing).place("--recordings"));
        }
        stand_in.set_recordings(Some(folder.clone()));
    }
    if let Some(variable) = &args.token_from {
        let token = std::env::var(variable)
            .ok()
            .filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| {
            Error::new(
                ErrorCode::BadInput,
                format!("The environment variable {variable} is not set."),
            )
            .place("--token-from")
        })?;
        stand_in.set_token(Some(Secret::new(token)));
    }
    Ok(())
}

fn read(file: &Path) -> Result<String, Error> {
    rheostat_core::workspace::request_file::read_text(file)
}

fn wrong(flag: &str, error: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::BadInput, error.to_string()).place(flag.to_owned())
}

/// A line on stderr for every request that is over.
async fn tell(workbench: &Workbench, quiet: bool) {
    let Ok(mock) = workbench.mock() else { return };
    let mut news = mock.stand_in().subscribe();
    loop {
        match news.recv().await {
            Ok(entry) if entry.outcome == Outcome::Running || quiet => {}
            Ok(entry) => {
                let cost = mock.keeper().passed(entry.id).and_then(|run| run.cost);
                eprintln!("{}", line(&entry, cost));
            }
            Err(RecvError::Lagged(missed)) => eprintln!("({missed} requests not shown)"),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Such as `POST /v1/responses 200 composed gpt-5.5 high 1.2 s`.
fn line(entry: &LogEntry, cost: Option<u64>) -> String {
    let rung = match entry.rung {
        Some(Rung::Rule) => entry.rule.as_deref().unwrap_or("rule"),
        Some(Rung::LiveLast) => "last real answer",
        Some(Rung::Sequence) => "recorded",
        Some(Rung::Upstream) => "forwarded",
        Some(Rung::Composed) => "composed",
        None => "",
    };
    let status = entry
        .status
        .map_or_else(|| "-".to_owned(), |status| status.to_string());
    let took = entry
        .total_ms
        .map(|ms| format::duration(u32::try_from(ms).unwrap_or(u32::MAX).into()));
    let cut = (entry.outcome == Outcome::Cut).then(|| "cut".to_owned());
    let parts = [
        Some(entry.method.clone()),
        Some(entry.path.clone()),
        Some(status),
        Some(rung.to_owned()).filter(|rung| !rung.is_empty()),
        entry.model.clone(),
        entry.effort.clone(),
        took,
        cost.map(|cost| format::money(Some(cost))),
        cut,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
