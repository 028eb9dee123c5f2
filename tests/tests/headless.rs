//! The headless face as a shell sees it: stdout, stderr, exit codes, and what is left after a kill.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::Path;
use std::process::Stdio;

use rheostat_core::ops::compare_efforts::CompareEffortsOutput;
use rheostat_core::run::facts::{RunStatus, RunView, SampleKind};
use rheostat_tests::programs::{TERMINAL, built};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// What a run of the program left behind.
struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(built(TERMINAL).unwrap());
    command
        .args(arguments)
        .env("RHEOSTAT_DATA", folder.join("data"))
        .env_remove("RHEOSTAT_WORKSPACE")
        .env("RHEOSTAT_SAMPLE_SPEED", "instant")
        .env("RHEOSTAT_KEYCHAIN", "off")
        .env_remove("OPENAI_API_KEY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn rheostat(folder: &TempDir, arguments: &[&str]) -> Outcome {
    finish(program(folder.path(), arguments)).await
}

async fn finish(mut command: Command) -> Outcome {
    let output = command.output().await.unwrap();
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A request file in `folder`, from its text.
fn file(folder: &TempDir, text: &str) -> String {
    let path = folder.path().join("request.yaml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

const GOOD: &str = "id: 0199b3c0-0000-7000-8000-00000000e572\nname: Greeting\nbody:\n  model: gpt-5.5\n  input: Say hello\n";

#[tokio::test]
async fn a_comparison_prints_one_object_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut summaries = Vec::new();
    for _ in 0..2 {
        let outcome = rheostat(
            &folder,
            &["compare", "--sample", "--repeats", "2", "--json"],
        )
        .await;
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let output: CompareEffortsOutput = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(output.efforts, ["none", "low", "medium", "high", "xhigh"]);
        assert_eq!(output.summary.totals.completed, 10);
        assert!(
            output
                .runs
                .iter()
                .all(|run| run.facts.sample == Some(SampleKind::Written)),
            "every reply is marked as a sample"
        );
        assert_eq!(
            outcome
                .stderr
                .lines()
                .filter(|line| line.contains("completed"))
                .count(),
            10,
            "a line per lane: {}",
            outcome.stderr
        );
        summaries.push((
            output.summary.totals,
            output
                .summary
                .levels
                .into_iter()
                .map(|level| (level.effort, level.checks, level.cost))
                .collect::<Vec<_>>(),
        ));
    }
    assert_eq!(
        summaries[0], summaries[1],
        "the same request, the same replies"
    );
}

#[tokio::test]
async fn what_a_person_reads_says_that_it_is_a_sample() {
    let folder = tempfile::tempdir().unwrap();
    let request = file(&folder, GOOD);
    let run = rheostat(&folder, &["run", &request, "--effort", "low"]).await;
    assert_eq!(
        (run.code, run.stdout.lines().next()),
        (Some(0), Some("Sample reply: not from a model."))
    );
    let compared = rheostat(&folder, &["compare", &request, "--efforts", "low,high"]).await;
    assert_eq!(
        (compared.code, compared.stdout.lines().nth(1)),
        (Some(0), Some("Sample replies: not from a model."))
    );
}

#[tokio::test]
async fn a_run_that_does_not_complete_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let request = file(
        &folder,
        &GOOD.replace("  input", "  max_output_tokens: 16\n  input"),
    );
    let outcome = rheostat(&folder, &["run", &request, "--json"]).await;
    let run: RunView = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (
            outcome.code,
            run.facts.status,
            run.facts.incomplete_reason.as_deref()
        ),
        (Some(1), RunStatus::Incomplete, Some("max_output_tokens"))
    );
}

#[tokio::test]
async fn bad_input_exits_with_2_and_names_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let broken = file(&folder, "id: x\nname: [\nbody: {}\n");
    let outcome = rheostat(&folder, &["run", &broken]).await;
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("request.yaml is not a request")
            && outcome.stderr.contains("request.yaml:2"),
        "names file and line: {}",
        outcome.stderr
    );

    let good = file(&folder, GOOD);
    let outcome = rheostat(&folder, &["run", &good, "--effort", "ultra"]).await;
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("ultra") && outcome.stderr.contains("xhigh"),
        "names the effort and those on offer: {}",
        outcome.stderr
    );

    let outcome = rheostat(&folder, &["run", "nowhere.yaml"]).await;
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("nowhere.yaml"),
        "{}",
        outcome.stderr
    );
}

#[tokio::test]
async fn a_file_is_looked_over_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(&folder, GOOD);
    let sound = rheostat(&folder, &["check", &good]).await;
    assert_eq!(
        (sound.code, sound.stdout.as_str(), sound.stderr.as_str()),
        (Some(0), "", "")
    );

    let bad = file(
        &folder,
        &GOOD.replace("  input", "  temperature: 0.7\n  wonder: 1\n  input"),
    );
    let told = rheostat(&folder, &["check", &bad]).await;
    assert_eq!(
        (told.code, told.stdout.replace(&bad, "F")),
        (
            Some(1),
            "F: /temperature: error: temperature is refused at effort medium. (While the model reasons, only the \
             default of 1 is taken; anything else is answered with 400) --fix: Leave temperature out.\n\
             F: /wonder: warning: wonder is not in the list of parameters. (It is sent as it is. If the API does \
             not know it either, the answer is 400 unknown_parameter) By hand: Leave wonder out.\n\
             1 error and 1 warning.\n"
                .to_owned()
        )
    );
    let json = rheostat(&folder, &["check", &bad, "--json"]).await;
    let reports: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json.code, Some(1));
    assert_eq!(reports[0]["findings"][0]["code"], "sampling_rejected");
    assert_eq!(reports[0]["findings"][0]["fix"]["edits"][0]["op"], "remove");

    let mended = rheostat(&folder, &["check", &bad, "--fix"]).await;
    assert_eq!(
        mended.code,
        Some(0),
        "a warning is no error: {}",
        mended.stdout
    );
    let text = std::fs::read_to_string(&bad).unwrap();
    assert!(
        !text.contains("temperature") && text.contains("wonder: 1"),
        "{text}"
    );

    let commented = file(
        &folder,
        &format!("# mine\n{}", GOOD.replace("  input", "  seed: 1\n  input")),
    );
    let kept = rheostat(&folder, &["check", &commented, "--fix"]).await;
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);
    let text = std::fs::read_to_string(&commented).unwrap();
    assert!(
        text.starts_with("# mine\n") && !text.contains("seed"),
        "mended beside what else was written in it: {text}"
    );

    let gone = rheostat(&folder, &["check", "nowhere.yaml", &good]).await;
    assert_eq!(gone.code, Some(2));
    assert!(gone.stderr.contains("nowhere.yaml"), "{}", gone.stderr);
}

#[tokio::test]
async fn an_effort_that_the_user_s_models_drop_is_gone_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let own = data.join("models.json");
    let without = r#"{"models": [{"id": "gpt-5.5", "efforts": ["none", "low", "medium"]}]}"#;
    std::fs::write(&own, without).unwrap();
    let request = file(&folder, GOOD);
    let compared = rheostat(&folder, &["compare", &request, "--json"]).await;
    let output: CompareEffortsOutput = serde_json::from_str(&compared.stdout).unwrap();
    assert_eq!(output.efforts, ["none", "low", "medium"], "the sweep");
    let run = rheostat(&folder, &["run", &request, "--effort", "high"]).await;
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("none, low, medium"), "{}", run.stderr);
    let high = GOOD.replace("  input", "  reasoning:\n    effort: xhigh\n  input");
    let checked = rheostat(&folder, &["check", &file(&folder, &high)]).await;
    assert!(
        checked
            .stdout
            .contains("does not offer the effort \"xhigh\""),
        "{}",
        checked.stdout
    );

    std::fs::write(&own, "{ broken").unwrap();
    let request = file(&folder, GOOD);
    let compared = rheostat(&folder, &["compare", &request, "--json"]).await;
    let output: CompareEffortsOutput = serde_json::from_str(&compared.stdout).unwrap();
    assert_eq!(output.efforts.len(), 5, "ours are used");
    assert!(
        compared
            .stderr
            .contains("models.json in the data folder can't be used")
            && compared.stderr.contains("models.json:1"),
        "{}",
        compared.stderr
    );
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let outcome = rheostat(&folder, &["mock", "--port", &port]).await;
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains(&port), "{}", outcome.stderr);
}

#[tokio::test]
async fn the_mock_serves_rules_asks_for_its_token_and_tells_what_came() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.yaml");
    let once = "- {id: limited, times: 1, action: {fault: {kind: rate_limited}}}\n";
    std::fs::write(&rules, once).unwrap();
    let rules = rules.display().to_string();
    let arguments = [
        "mock",
        "--port",
        "0",
        "--rules",
        &rules,
        "--token-from",
        "MOCK_TOKEN",
    ];
    let mut command = program(folder.path(), &arguments);
    command.env("MOCK_TOKEN", "a-token-of-mine");
    let mut child = command.spawn().unwrap();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let said = until(&mut stdout, "/v1\n").await;
    let base_url = said.trim().strip_prefix("Mock at ").unwrap().to_owned();

    let client = reqwest::Client::new();
    let send = |key: &'static str| {
        let body = serde_json::json!({ "model": "gpt-5.5", "input": "hi" });
        let url = format!("{base_url}/responses");
        client.post(url).bearer_auth(key).json(&body).send()
    };
    let statuses = [
        send("another").await.unwrap().status().as_u16(),
        send("a-token-of-mine").await.unwrap().status().as_u16(),
        send("a-token-of-mine").await.unwrap().status().as_u16(),
    ];
    assert_eq!(statuses, [401, 429, 200]);
    let told = until(&mut stderr, "composed gpt-5.5 medium").await;
    assert!(
        told.contains("POST /v1/responses 429 limited gpt-5.5"),
        "{told}"
    );
    child.kill().await.unwrap();
}

/// What a program says until it has said `end`.
async fn until(from: &mut (impl AsyncReadExt + Unpin), end: &str) -> String {
    let mut seen = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if text.contains(end) {
            return text;
        }
        assert!(
            from.read_buf(&mut seen).await.unwrap() > 0,
            "it ended after {text:?}"
        );
    }
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_stops_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let request = file(&folder, GOOD);
    let mut command = program(folder.path(), &["run", &request]);
    // Below a file nothing can be made, whoever asks.
    let inside_a_file = folder.path().join("request.yaml").join("data");
    command.env("RHEOSTAT_DATA", &inside_a_file);
    let outcome = finish(command).await;
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(
        outcome.stderr.contains("request.yaml") && outcome.stderr.contains("RHEOSTAT_DATA"),
        "names the folder and the way out: {}",
        outcome.stderr
    );
}

#[tokio::test]
async fn a_refused_key_and_nobody_there_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let request = file(&folder, GOOD);
    let stand_in = rheostat_mock::start(rheostat_mock::Options::default())
        .await
        .unwrap();
    let base_url = stand_in.base_url();
    let mut command = program(folder.path(), &["run", &request, "--base-url", &base_url]);
    command.env("OPENAI_API_KEY", "sk-invalid-0123456789abcdef");
    let outcome = finish(command).await;
    assert_eq!(outcome.code, Some(1));
    assert!(
        !outcome.stderr.contains("0123456789") && !outcome.stdout.contains("0123456789"),
        "the key is not repeated: {}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("Replace the key"),
        "{}",
        outcome.stderr
    );
    stand_in.stop().await;

    let outcome = rheostat(&folder, &["run", &request, "--base-url", &base_url]).await;
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("nothing listens there"),
        "{}",
        outcome.stderr
    );
}

#[tokio::test]
async fn a_kill_in_mid_stream_loses_no_run_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), &["compare", "--sample", "--repeats", "2"]);
    // Slow enough that the higher levels still reason when the lower ones have ended.
    command.env("RHEOSTAT_SAMPLE_SPEED", "4");
    let mut child = command.spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut seen = Vec::new();
    while seen.iter().filter(|byte| **byte == b'\n').count() < 3 {
        assert!(
            stderr.read_buf(&mut seen).await.unwrap() > 0,
            "three lanes end before it does"
        );
    }
    child.kill().await.unwrap();

    let database = rusqlite::Connection::open(folder.path().join("data/history.sqlite")).unwrap();
    let integrity: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(integrity, "ok");
    drop(database);
    // The next start settles what the killed process left.
    let request = file(&folder, GOOD);
    assert_eq!(rheostat(&folder, &["run", &request]).await.code, Some(0));
    let database = rusqlite::Connection::open(folder.path().join("data/history.sqlite")).unwrap();
    let mut statuses = database.prepare("SELECT status, count(*) FROM run WHERE comparison_id IS NOT NULL GROUP BY status ORDER BY status").unwrap();
    let counts: Vec<(String, u32)> = statuses
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let known: Vec<&str> = counts.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(
        known,
        ["completed", "cut"],
        "every run is whole or marked cut: {counts:?}"
    );
    assert_eq!(
        counts.iter().map(|(_, count)| count).sum::<u32>(),
        10,
        "no lane is lost"
    );
    let unbilled: u32 = database
        .query_row(
            "SELECT count(*) FROM run WHERE status = 'completed' AND cost_nanos IS NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(unbilled, 0, "what completed has its bill");
}

/// An environment in the workspace of `folder`.
fn environment(folder: &TempDir, text: &str) {
    let environments = folder.path().join("data/workspace/environments");
    std::fs::create_dir_all(&environments).unwrap();
    std::fs::write(environments.join("staging.yaml"), text).unwrap();
}

#[tokio::test]
async fn environments_are_named_shown_and_used() {
    let folder = tempfile::tempdir().unwrap();
    let file_text = "id: one\nname: Staging\nproduction: true\nbase_url: http://127.0.0.1:9/v1\nkey: env:NO_SUCH_KEY\nlimits: {per_day: 20}\nvariables:\n  name: Ada\n  token: {secret: env:NO_SUCH_TOKEN}\n";
    environment(&folder, file_text);
    let listed = rheostat(&folder, &["env", "list"]).await;
    assert_eq!(
        (listed.code, listed.stdout.as_str()),
        (Some(0), "Staging  production  environments/staging.yaml\n")
    );
    let shown = rheostat(&folder, &["env", "show", "Staging"]).await;
    for line in [
        "  per day       $20.00",
        "  {{name}} = \"Ada\"",
        "  {{token}} = secret in env:NO_SUCH_TOKEN",
    ] {
        assert!(shown.stdout.contains(line), "{line}: {}", shown.stdout);
    }
    let request = file(&folder, &GOOD.replace("Say hello", "Say hello to {{name}}"));
    let unset = rheostat(&folder, &["run", &request]).await;
    assert_eq!(unset.code, Some(2));
    assert!(
        unset
            .stderr
            .contains("The variable name (at /input) has no value."),
        "{}",
        unset.stderr
    );
    let run = rheostat(&folder, &["run", &request, "--env", "Staging", "--json"]).await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let view: RunView = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(view.facts.environment.unwrap().name, "Staging");

    let live = ["run", &request, "--live", "--env", "Staging"];
    let asked = rheostat(&folder, &live).await;
    assert_eq!(asked.code, Some(2));
    assert!(
        asked.stderr.contains("Staging is production"),
        "{}",
        asked.stderr
    );
    let confirmed = rheostat(&folder, &[&live[..], &["--confirm-production"]].concat()).await;
    assert_eq!(confirmed.code, Some(2));
    assert!(
        confirmed.stderr.contains("env:NO_SUCH_KEY gave no secret"),
        "{}",
        confirmed.stderr
    );

    let unknown = rheostat(&folder, &["run", &request, "--env", "Prod"]).await;
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("There are: Staging."),
        "{}",
        unknown.stderr
    );
    environment(
        &folder,
        &file_text.replace("env:NO_SUCH_KEY", "sk-test-7f3Kq9ZpLm2Xv8Rt"),
    );
    let refused = rheostat(&folder, &["env", "list"]).await;
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("line 5 holds an API key"),
        "{}",
        refused.stderr
    );
    assert!(!refused.stderr.contains("7f3Kq9"), "{}", refused.stderr);
}

#[tokio::test]
async fn a_file_of_a_workspace_is_looked_over_with_what_its_folders_say() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir_all(home.join("deep")).unwrap();
    std::fs::create_dir_all(home.join("environments")).unwrap();
    let write = |path: &str, text: &str| std::fs::write(home.join(path), text).unwrap();
    write("rheostat.yaml", "name: W\nvariables: {tone: kind}\n");
    write(
        "environments/staging.yaml",
        "id: 0199b3c0-0000-7000-8000-0000000000e1\nname: Staging\nvariables: {place: Rome}\n",
    );
    let handed = "defaults:\n  effort: high\n  variables: {team: B}\n";
    write("deep/folder.yaml", handed);
    let warm = GOOD
        .replace("gpt-5.5", "gpt-5.4")
        .replace("Say hello", "\"{{tone}} {{place}} {{team}}\"")
        .replace("  input", "  temperature: 0.2\n  input");
    write("warm.yaml", &warm);
    let top = home.join("warm.yaml").display().to_string();
    let told = rheostat(&folder, &["check", &top]).await;
    assert_eq!(
        (told.code, told.stdout.lines().count()),
        (Some(1), 2),
        "there, team has no value: {}",
        told.stdout
    );
    assert!(told.stdout.contains("The variable team has no value."));

    write("deep/warm.yaml", &warm);
    let below = home.join("deep/warm.yaml").display().to_string();
    let told = rheostat(&folder, &["check", &below]).await;
    assert_eq!(
        told.stdout.replace(&below, "F"),
        "F: /temperature: error: temperature is refused at effort high. (While the model reasons, only the default of 1 \
         is taken; anything else is answered with 400. The effort comes from the folder deep) --fix: Leave temperature \
         out.\n1 error and 0 warnings.\n"
    );
    assert_eq!(told.code, Some(1));
    let mended = rheostat(&folder, &["check", &below, "--fix"]).await;
    assert_eq!(mended.code, Some(0), "{}", mended.stdout);
    let read = |path: &str| std::fs::read_to_string(home.join(path)).unwrap();
    assert!(!read("deep/warm.yaml").contains("temperature"));
    assert!(!read("deep/warm.yaml").contains("effort"));
    assert_eq!(read("deep/folder.yaml"), handed);

    write("deep/folder.yaml", "defaults: [\n");
    let broken = rheostat(&folder, &["check", &below]).await;
    assert_eq!(broken.code, Some(2));
    assert!(broken.stderr.contains("folder.yaml"), "{}", broken.stderr);
}

#[tokio::test]
async fn a_file_that_is_too_long_is_told_by_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let long = GOOD.replace("Say hello", &"a b ".repeat(140_000));
    let told = rheostat(&folder, &["check", &file(&folder, &long)]).await;
    assert_eq!(told.code, Some(0), "it costs more, and is taken");
    assert!(
        told.stdout
            .contains("is over 272000: the whole request costs more."),
        "{}",
        told.stdout
    );
    let long = GOOD.replace("Say hello", &"a b ".repeat(600_000));
    let told = rheostat(&folder, &["check", &file(&folder, &long)]).await;
    assert_eq!(told.code, Some(1));
    assert!(
        told.stdout.contains("gpt-5.5 takes 1050000."),
        "{}",
        told.stdout
    );
}
