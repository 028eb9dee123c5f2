//! Environments across the seams: where a request goes and with what, what its variables mean, and what stops it.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use rheostat_core::auth::keychain::Keychain;
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::ops::arm_live::ArmLiveOutput;
use rheostat_core::ops::list_environments::ListEnvironmentsOutput;
use rheostat_core::ops::list_variables::ListVariablesOutput;
use rheostat_core::ops::open_workbench::{Connection, ConnectionMode};
use rheostat_core::ops::read_environment::ReadEnvironmentOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::RunStatus;
use rheostat_core::workbench::{Setup, StandIn};
use rheostat_core::workspace::environment_file::EnvironmentColor;
use rheostat_tests::engine::{Engine, request};
use rheostat_tests::scripted::{Reply, Scripted, frame, http, stream_head};
use serde_json::{Value, json};

const KEY: &str = "sk-test-7f3Kq9ZpLm2Xv8Rt";
const TOKEN: &str = "token-9Zp2Xv8Rt7f3K";
const STAGING: &str = "0199b3c0-0000-7000-8000-0000000000e1";

/// An answer that costs 200 000 nano-dollars: 10 tokens in at $5, 5 out at $30 the million.
fn answer() -> Reply {
    let completed = json!({"type": "response.completed", "sequence_number": 0, "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "hello"}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }});
    Reply::whole([stream_head(), frame(&completed)].concat())
}

async fn server() -> Scripted {
    Scripted::in_turn(vec![answer()]).await.unwrap()
}

/// An engine with environments in its workspace, and two variables in the environment of its process.
async fn engine(files: &[(&str, &str)]) -> Engine {
    engine_with(files, |_| {}).await
}

async fn engine_with(files: &[(&str, &str)], change: impl FnOnce(&mut Setup)) -> Engine {
    let stand_in = rheostat_mock::start(rheostat_mock::Options::default())
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open_as(folder, StandIn::Own(stand_in), |setup| {
        setup.variable = Arc::new(|name| match name {
            "STAGING_KEY" => Some(KEY.to_owned().into()),
            "STAGING_TOKEN" => Some(TOKEN.to_owned().into()),
            _ => None,
        });
        change(setup);
    })
    .unwrap();
    for (name, text) in files {
        write(&engine, name, text);
    }
    engine
}

fn write(engine: &Engine, name: &str, text: &str) {
    let path = engine.workbench.workspace.root().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn staging(server: &Scripted, more: &str) -> String {
    format!(
        "id: {STAGING}\nname: Staging\ncolor: amber\nbase_url: {}\nkey: env:STAGING_KEY\n{more}",
        server.base_url()
    )
}

async fn choose(engine: &Engine, mode: &str, environment: &str) -> Result<Connection, Error> {
    let input = json!({ "mode": mode, "liveBaseUrl": null, "environment": environment });
    let output = engine.call::<Value>("set_connection", input).await?.0;
    Ok(serde_json::from_value(output["connection"].clone()).unwrap())
}

/// The small request with a cap, its text and its own variables.
fn saying(text: &str, variables: Value) -> Value {
    let mut request = serde_json::to_value(request().unwrap()).unwrap();
    request["body"]["input"][0]["content"] = text.into();
    request["body"]["max_output_tokens"] = 1_000.into();
    request["variables"] = variables;
    request
}

async fn send(engine: &Engine, request: &Value) -> Result<SendOutput, Error> {
    let input = json!({ "ticket": "t", "request": request });
    engine.call("send", input).await.map(|(output, _)| output)
}

/// The body of a request as it arrived.
fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Whether a text stands in any file below a folder.
fn stands_in(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path)
                .unwrap()
                .windows(text.len())
                .any(|it| it == text.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_request_goes_where_the_environment_says_with_its_key_and_headers() {
    let server = server().await;
    let more = "organization: org-1\nproject: proj_1\nvariables:\n  name: Ada\n";
    let engine = engine(&[("environments/staging.yaml", &staging(&server, more))]).await;
    let connection = choose(&engine, "live", "Staging").await.unwrap();
    let environment = connection.environment.unwrap();
    assert_eq!(
        (environment.name.as_str(), environment.color),
        ("Staging", EnvironmentColor::Amber)
    );
    assert_eq!(connection.base_url, server.base_url());
    assert_eq!(connection.key.unwrap().kept, "STAGING_KEY");

    let SendOutput { run } = send(&engine, &saying("Hi {{name}}", json!({})))
        .await
        .unwrap();
    assert_eq!(run.facts.status, RunStatus::Completed);
    assert_eq!(run.facts.environment.unwrap().name, "Staging");
    let seen = &server.requests()[0];
    for header in [
        &format!("authorization: Bearer {KEY}"),
        "openai-organization: org-1",
        "openai-project: proj_1",
    ] {
        assert!(seen.contains(&format!("{header}\r\n")), "{header}: {seen}");
    }
    assert_eq!(body(seen)["input"][0]["content"], "Hi Ada");
    engine.workbench.close();
    assert_eq!(stands_in(engine.folder.path(), KEY), Vec::<String>::new());
}

#[tokio::test]
async fn every_start_is_on_the_mock_and_without_an_environment() {
    let server = server().await;
    let engine = engine(&[("environments/staging.yaml", &staging(&server, ""))]).await;
    choose(&engine, "live", STAGING).await.unwrap();
    let again = Engine::open_own_in(engine.close()).await.unwrap();
    let output: Value = again.call("open_workbench", json!({})).await.unwrap().0;
    assert_eq!(output["connection"]["mode"], "sample");
    assert_eq!(output["connection"]["environment"], Value::Null);
}

#[tokio::test]
async fn retries_and_limits_are_the_environments() {
    let overloaded = Reply::whole(http("503 Service Unavailable", "application/json", "{}"));
    let server = Scripted::in_turn(vec![overloaded, answer()]).await.unwrap();
    let more = "retries: 0\nlimits:\n  per_session: '0.05'\n";
    let engine = engine(&[
        ("environments/staging.yaml", &staging(&server, more)),
        (
            "environments/free.yaml",
            &staging(&server, "")
                .replace(STAGING, "free")
                .replace("Staging", "Free"),
        ),
    ])
    .await;
    choose(&engine, "live", "Staging").await.unwrap();
    let request = saying("Hi", json!({}));
    let failed = send(&engine, &request).await.unwrap().run;
    assert_eq!(
        (failed.facts.status, failed.facts.attempts.len()),
        (RunStatus::Failed, 1)
    );

    // One run of 1 000 tokens may cost three cents; after it two more do not fit into five, though they cost little.
    send(&engine, &request).await.unwrap();
    let grid =
        json!({ "ticket": "t", "request": request, "efforts": ["low", "high"], "repeats": 1 });
    let refused = engine
        .call::<Value>("compare_efforts", grid)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BudgetExceeded);
    assert!(
        refused
            .message
            .contains("for this session in Staging, $0.000200 are spent"),
        "{refused}"
    );
    assert_eq!(server.requests().len(), 2);
    let armed = json!({ "request": request, "efforts": [], "repeats": 1 });
    let armed: ArmLiveOutput = engine.call("arm_live", armed).await.unwrap().0;
    let budget = armed.forecast.budget.environment.unwrap();
    assert_eq!(
        (budget.name.as_str(), budget.spent_session, budget.reserved),
        ("Staging", 200_000, 0)
    );
    assert_eq!(armed.environment.unwrap().id, STAGING);

    // Another environment has what is its own, and no part of this one's limit.
    choose(&engine, "live", "Free").await.unwrap();
    let grid =
        json!({ "ticket": "t", "request": request, "efforts": ["low", "high"], "repeats": 1 });
    engine.call::<Value>("compare_efforts", grid).await.unwrap();
}

#[tokio::test]
async fn a_variable_without_a_value_stops_everything_before_any_byte() {
    let server = server().await;
    let engine = engine(&[
        (
            "environments/staging.yaml",
            &staging(&server, "variables: {name: Ada}\n"),
        ),
        (
            "rheostat.yaml",
            "name: W\nvariables: {tone: kind, name: Bob}\n",
        ),
    ])
    .await;
    let request = saying(
        "{{name}} {{tone}} {{nobody}} {{mine}}",
        json!({"mine": "m", "name": "Eve"}),
    );
    for mode in ["sample", "live"] {
        choose(&engine, mode, "Staging").await.unwrap();
        let error = send(&engine, &request).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::VariableMissing);
        assert_eq!(
            error.message,
            "The variable nobody (at /input/0/content) has no value."
        );
        let grid = json!({ "ticket": "t", "request": request, "efforts": ["low"], "repeats": 1 });
        let error = engine
            .call::<Value>("compare_efforts", grid)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::VariableMissing);
    }
    assert_eq!(server.requests().len(), 0);

    let listed = json!({ "request": request });
    let listed: ListVariablesOutput = engine.call("list_variables", listed).await.unwrap().0;
    let is: Vec<_> = listed
        .variables
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.value.as_deref().unwrap(),
                it.set_by.as_str(),
            )
        })
        .collect();
    let expected = [
        ("mine", "m", "this request"),
        ("name", "Ada", "Staging"),
        ("tone", "kind", "the workspace"),
    ];
    assert_eq!(is, expected);
    let unset: Vec<_> = listed
        .uses
        .iter()
        .filter(|it| it.scope.is_none())
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(unset, ["nobody"]);

    // Without the environment, the workspace speaks for itself; the request only where nobody else does.
    choose(&engine, "sample", "").await.unwrap();
    let whole = saying(
        "{{name}} {{mine}} \\{{nobody}}",
        json!({"mine": "m", "name": "Eve"}),
    );
    let SendOutput { run } = send(&engine, &whole).await.unwrap();
    assert_eq!(run.facts.status, RunStatus::Completed);
    let id = run.facts.id.clone();
    let kept = engine
        .workbench
        .read_history(move |history| history.run_body(&id))
        .await
        .unwrap()
        .unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!(kept["input"][0]["content"], "Bob m {{nobody}}");
}

#[tokio::test]
async fn a_secret_reaches_the_api_and_nobody_else() {
    let server = server().await;
    let more =
        "variables:\n  token: {secret: env:STAGING_TOKEN}\n  typo: {secret: env:STAGING_TOKNE}\n";
    let engine = engine(&[("environments/staging.yaml", &staging(&server, more))]).await;
    let request = saying("Use {{token}}", json!({}));

    // On the mock a secret is not even read.
    choose(&engine, "sample", "Staging").await.unwrap();
    assert_eq!(
        send(&engine, &saying("{{typo}}", json!({})))
            .await
            .unwrap()
            .run
            .facts
            .status,
        RunStatus::Completed
    );

    choose(&engine, "live", "Staging").await.unwrap();
    let (SendOutput { run }, patches) = engine
        .call("send", json!({ "ticket": "t", "request": request }))
        .await
        .unwrap();
    let grid =
        json!({ "ticket": "t", "request": request, "efforts": ["low", "high"], "repeats": 1 });
    let compared: Value = engine.call("compare_efforts", grid).await.unwrap().0;
    assert_eq!(server.requests().len(), 3);
    for seen in server.requests() {
        assert_eq!(body(&seen)["input"][0]["content"], format!("Use {TOKEN}"));
    }
    let listed: Value = engine
        .call("list_variables", json!({ "request": request }))
        .await
        .unwrap()
        .0;
    assert_eq!(listed["variables"][0]["reference"], "env:STAGING_TOKEN");
    for said in [
        format!("{run:?}"),
        format!("{patches:?}"),
        compared.to_string(),
        listed.to_string(),
    ] {
        assert!(!said.contains(TOKEN), "{said}");
    }
    let id = run.facts.id.clone();
    let kept = engine
        .workbench
        .read_history(move |history| history.run_body(&id))
        .await
        .unwrap()
        .unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!(kept["input"][0]["content"], "Use {{token}}");
    let error = send(&engine, &saying("{{typo}}", json!({})))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.place.as_deref()),
        (ErrorCode::SecretUnreadable, Some("env:STAGING_TOKNE"))
    );
    assert_eq!(server.requests().len(), 3);
    engine.workbench.close();
    assert_eq!(stands_in(engine.folder.path(), TOKEN), Vec::<String>::new());
}

#[tokio::test]
async fn production_is_asked_about_once_a_session_and_anew_at_another_address() {
    let (server, other) = (server().await, server().await);
    let file = staging(&server, "production: true\n");
    let engine = engine(&[("environments/staging.yaml", &file)]).await;
    let connection = choose(&engine, "live", "Staging").await.unwrap();
    assert!(!connection.environment.unwrap().confirmed);
    let request = saying("Hi", json!({}));
    let error = send(&engine, &request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ConfirmProduction);
    let grid = json!({ "ticket": "t", "request": request, "efforts": ["low"], "repeats": 1 });
    let error = engine
        .call::<Value>("compare_efforts", grid)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::ConfirmProduction);
    let error = engine
        .call::<Value>("set_mock", json!({ "record": true }))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::ConfirmProduction);
    assert_eq!(server.requests().len(), 0);

    let confirmed: Value = engine
        .call("confirm_production", json!({}))
        .await
        .unwrap()
        .0;
    assert_eq!(confirmed["connection"]["environment"]["confirmed"], true);
    for _ in 0..2 {
        send(&engine, &request).await.unwrap();
    }
    // The mock is free at any time, and the file may change under the session.
    choose(&engine, "sample", "Staging").await.unwrap();
    send(&engine, &request).await.unwrap();
    write(
        &engine,
        "environments/staging.yaml",
        &staging(&other, "production: true\n"),
    );
    choose(&engine, "live", "Staging").await.unwrap();
    let error = send(&engine, &request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ConfirmProduction);
    assert_eq!((server.requests().len(), other.requests().len()), (2, 0));
}

#[tokio::test]
async fn an_environment_that_breaks_or_goes_is_named_and_nothing_is_sent() {
    let server = server().await;
    let engine = engine(&[("environments/staging.yaml", &staging(&server, ""))]).await;
    choose(&engine, "live", "Staging").await.unwrap();
    write(&engine, "environments/staging.yaml", "id: [");
    let error = send(&engine, &saying("Hi", json!({}))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::FileInvalid, "{error}");
    assert!(error.message.contains("staging.yaml"), "{error}");
    let output: Value = engine.call("open_workbench", json!({})).await.unwrap().0;
    let environment = &output["connection"]["environment"];
    assert_eq!(
        (&environment["name"], environment["problem"].is_object()),
        (&json!("Staging"), true)
    );
    let listed: ListEnvironmentsOutput =
        engine.call("list_environments", json!({})).await.unwrap().0;
    assert_eq!(listed.active.as_deref(), Some(STAGING));
    assert_eq!(
        listed.environments[0].problem.as_ref().unwrap().code,
        ErrorCode::FileInvalid
    );
    std::fs::remove_file(
        engine
            .workbench
            .workspace
            .root()
            .join("environments/staging.yaml"),
    )
    .unwrap();
    let error = send(&engine, &saying("Hi", json!({}))).await.unwrap_err();
    assert!(
        error.message.contains("The environment Staging is gone"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 0);
    let error = choose(&engine, "live", "nobody").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadInput);
}

#[tokio::test]
async fn a_window_makes_edits_and_deletes_an_environment() {
    let engine = engine(&[]).await;
    let new = json!({ "id": "", "name": "Dev", "color": "green", "limits": { "per_day": "2.5" }, "variables": { "a": "b" } });
    let input = json!({ "path": null, "environment": new, "stamp": null });
    let made: Value = engine.call("save_environment", input).await.unwrap().0;
    assert_eq!(made["path"], "environments/dev.yaml");
    let read = json!({ "environment": "Dev" });
    let ReadEnvironmentOutput {
        path,
        mut environment,
        stamp,
    } = engine
        .call("read_environment", read.clone())
        .await
        .unwrap()
        .0;
    let before = std::fs::read_to_string(engine.workbench.workspace.root().join(&path)).unwrap();
    environment
        .variables
        .insert("c".into(), serde_json::from_value(json!("d")).unwrap());
    let input = json!({ "path": path, "environment": environment, "stamp": stamp });
    let saved: Value = engine
        .call("save_environment", input.clone())
        .await
        .unwrap()
        .0;
    let after = std::fs::read_to_string(engine.workbench.workspace.root().join(&path)).unwrap();
    assert_eq!(after, before + "  c: d\n", "one variable is one line");
    let lost = engine
        .call::<Value>("save_environment", input)
        .await
        .unwrap_err();
    assert_eq!(lost.code, ErrorCode::FileChanged);
    let mut bad = serde_json::to_value(&environment).unwrap();
    for (field, value) in [
        ("base_url", json!("http://gateway.example/v1")),
        ("variables", json!({ "a": KEY })),
    ] {
        bad[field] = value;
        let input = json!({ "path": path, "environment": bad, "stamp": saved["stamp"] });
        let error = engine
            .call::<Value>("save_environment", input)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
        assert!(!format!("{error:?}").contains(KEY));
        bad["base_url"] = json!("https://gateway.example/v1");
    }
    choose(&engine, "live", "Dev").await.unwrap();
    let input = json!({ "path": path, "stamp": saved["stamp"] });
    let deleted: Value = engine.call("delete_environment", input).await.unwrap().0;
    assert_eq!(
        (
            &deleted["connection"]["mode"],
            &deleted["connection"]["environment"]
        ),
        (&json!("sample"), &Value::Null)
    );
}

#[tokio::test]
async fn where_there_is_no_keychain_the_session_keeps_a_key_and_says_why() {
    let server = server().await;
    let file = staging(&server, "").replace("env:STAGING_KEY", "keychain");
    let engine = engine_with(&[("environments/staging.yaml", &file)], |setup| {
        setup.keychain = Keychain::none("no bus");
    })
    .await;
    choose(&engine, "live", "Staging").await.unwrap();
    let strict = json!({ "key": KEY, "keep": "keychain" });
    let error = engine.call::<Value>("set_key", strict).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::KeychainMissing);
    let kept = json!({ "key": KEY, "keep": "keychain_else_session" });
    let kept: Value = engine.call("set_key", kept).await.unwrap().0;
    let label = &kept["connection"]["key"];
    assert_eq!(
        (&label["source"], &label["kept"]),
        (&json!("session"), &json!("memory"))
    );
    assert!(
        label["note"].as_str().unwrap().contains("no bus"),
        "{label}"
    );
    send(&engine, &saying("Hi", json!({}))).await.unwrap();
    assert!(server.requests()[0].contains(KEY));
    let forgotten: Value = engine.call("forget_key", json!({})).await.unwrap().0;
    assert_ne!(forgotten["connection"]["key"]["source"], "session");
}

#[tokio::test]
async fn a_check_tells_what_the_server_makes_of_a_key() {
    let models = |ids: &[&str]| {
        let data: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        let list = json!({ "object": "list", "data": data }).to_string();
        Reply::whole(http("200 OK", "application/json", &list))
    };
    let rejected = json!({"error": {"message": "Incorrect API key provided.", "type": "invalid_request_error",
        "param": null, "code": "invalid_api_key"}});
    let replies = vec![
        models(&["gpt-5.5-2026-04-23"]),
        models(&["gpt-5.5-pro", "gpt-5.4"]),
        Reply::whole(http(
            "401 Unauthorized",
            "application/json",
            &rejected.to_string(),
        )),
        Reply::whole(http("200 OK", "text/html", "<html>Sign in</html>")),
    ];
    let server = Scripted::in_turn(replies).await.unwrap();
    let gone = staging(&server, "")
        .replace(STAGING, "gone")
        .replace("Staging", "Gone");
    let gone = gone.replace(&server.base_url(), "http://127.0.0.1:9/v1");
    let unset = staging(&server, "")
        .replace(STAGING, "unset")
        .replace("name: Staging", "name: Unset");
    let engine = engine(&[
        ("environments/staging.yaml", &staging(&server, "")),
        ("environments/gone.yaml", &gone),
        (
            "environments/unset.yaml",
            &unset.replace("STAGING_KEY", "NO_KEY"),
        ),
    ])
    .await;
    let mut verdicts = Vec::new();
    for environment in ["Staging", "Staging", "Staging", "Staging", "Gone", "Unset"] {
        let check: Value = engine
            .call("check_key", json!({ "environment": environment }))
            .await
            .unwrap()
            .0;
        assert!(!check.to_string().contains(KEY));
        verdicts.push((check["verdict"].clone(), check["models"].clone()));
    }
    let expected = [
        ("accepted", json!(1)),
        ("no_model", json!(2)),
        ("rejected", Value::Null),
        ("unclear", Value::Null),
        ("offline", Value::Null),
        ("missing", Value::Null),
    ];
    assert_eq!(
        verdicts,
        expected.map(|(verdict, models)| (json!(verdict), models))
    );
    assert!(server.requests()[0].starts_with("GET /v1/models "));
}

#[tokio::test]
async fn on_the_mock_nothing_leaves_this_computer() {
    let proxy = Scripted::in_turn(vec![answer()]).await.unwrap();
    let file = "id: out\nname: Out\nkey: env:STAGING_KEY\nvariables: {token: {secret: env:STAGING_TOKEN}}\n";
    let engine = engine_with(&[("environments/out.yaml", file)], |setup| {
        setup.network.proxy = Some(format!("http://{}", proxy.authority()).into());
    })
    .await;
    choose(&engine, "sample", "Out").await.unwrap();
    let request = saying("Hi {{token}}", json!({}));
    send(&engine, &request).await.unwrap();
    let grid =
        json!({ "ticket": "t", "request": request, "efforts": ["low", "high"], "repeats": 2 });
    engine.call::<Value>("compare_efforts", grid).await.unwrap();
    let armed = json!({ "request": request, "efforts": ["low"], "repeats": 1 });
    for (name, input) in [
        ("open_workbench", json!({})),
        ("list_environments", json!({})),
        ("list_variables", json!({ "request": request })),
        ("forecast_run", armed.clone()),
        ("arm_live", armed),
        ("mock_state", json!({})),
        ("count_tokens", json!({ "request": request, "exact": true })),
        ("codex_status", json!({ "consent": false })),
    ] {
        engine.call::<Value>(name, input).await.unwrap();
    }
    assert_eq!(proxy.requests(), Vec::<String>::new());

    // The proxy would have seen it: live, it is asked for a way to the API.
    choose(&engine, "live", "Out").await.unwrap();
    let out = send(&engine, &request).await.unwrap().run;
    assert_ne!(out.facts.status, RunStatus::Completed);
    assert!(
        proxy.requests()[0].starts_with("CONNECT api.openai.com:443 "),
        "{:?}",
        proxy.requests()
    );
}

#[tokio::test]
async fn a_codex_sign_in_is_read_with_consent_and_its_key_used_for_the_session() {
    let server = server().await;
    let home = tempfile::tempdir().unwrap();
    let auth = home.path().join("auth.json");
    let text = json!({ "auth_mode": "apikey", "OPENAI_API_KEY": KEY, "tokens": null }).to_string();
    std::fs::write(&auth, &text).unwrap();
    let codex_home = home.path().to_owned();
    let engine = engine_with(&[], |setup| setup.codex_home = Some(codex_home)).await;
    let live = json!({ "mode": "live", "liveBaseUrl": server.base_url() });
    engine.call::<Value>("set_connection", live).await.unwrap();

    let status =
        |consent: bool| engine.call::<Value>("codex_status", json!({ "consent": consent }));
    let unasked = status(false).await.unwrap().0;
    assert_eq!(
        (&unasked["state"], &unasked["key"]),
        (&json!("not_asked"), &Value::Null)
    );
    let status = status(true).await.unwrap().0;
    assert_eq!(
        (&status["state"], &status["key"]),
        (&json!("api_key"), &json!("sk-…v8Rt"))
    );
    let refused = engine
        .call::<Value>("use_codex_key", json!({ "consent": false }))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadInput);
    let used: Value = engine
        .call("use_codex_key", json!({ "consent": true }))
        .await
        .unwrap()
        .0;
    assert_eq!(used["connection"]["key"]["source"], "session");
    assert_eq!(used["connection"]["mode"], json!(ConnectionMode::Live));
    send(&engine, &saying("Hi", json!({}))).await.unwrap();
    assert!(server.requests()[0].contains(&format!("Bearer {KEY}")));
    engine.workbench.close();
    assert_eq!(stands_in(engine.folder.path(), KEY), Vec::<String>::new());
    assert_eq!(std::fs::read_to_string(&auth).unwrap(), text);
}

#[tokio::test]
async fn a_codex_account_is_told_with_what_it_is_good_for() {
    let home = tempfile::tempdir().unwrap();
    let codex_home = home.path().to_owned();
    let engine = engine_with(&[], |setup| setup.codex_home = Some(codex_home)).await;
    let status = || engine.call::<Value>("codex_status", json!({ "consent": true }));
    assert_eq!(status().await.unwrap().0["state"], "signed_out");
    let token = |claims: Value| {
        use base64::Engine as _;
        let part = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
        format!("e30.{part}.c2ln")
    };
    let id = token(
        json!({ "email": "ada@example.com", "https://api.openai.com/auth": { "chatgpt_plan_type": "plus" } }),
    );
    for (exp, state) in [(4_102_444_800_u64, "chat_gpt"), (1_600_000_000, "expired")] {
        let tokens = json!({ "id_token": id, "access_token": token(json!({ "exp": exp })), "refresh_token": "r-0000" });
        let text = json!({ "OPENAI_API_KEY": null, "tokens": tokens }).to_string();
        std::fs::write(home.path().join("auth.json"), &text).unwrap();
        let status = status().await.unwrap().0;
        assert_eq!(status["state"], state);
        assert_eq!(
            (&status["email"], &status["plan"]),
            (&json!("ada@example.com"), &json!("plus"))
        );
        assert_eq!(status["expiresAt"], exp * 1000);
        assert!(
            !status["can"].as_array().unwrap().is_empty()
                && !status["cannot"].as_array().unwrap().is_empty()
        );
        assert!(!status.to_string().contains("r-0000") && !status.to_string().contains("c2ln"));
        let error = engine
            .call::<Value>("use_codex_key", json!({ "consent": true }))
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::KeyMissing);
        assert_eq!(
            std::fs::read_to_string(home.path().join("auth.json")).unwrap(),
            text
        );
    }
    std::fs::write(
        home.path().join("auth.json"),
        "{\"OPENAI_API_KEY\": \"sk-codex-00",
    )
    .unwrap();
    let status = status().await.unwrap().0;
    assert_eq!(status["state"], "unreadable");
    assert!(!status.to_string().contains("sk-codex"));
}
