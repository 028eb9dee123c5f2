//! Environments across the seams: where a request goes and with what, and what stops it.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::arm_live::ArmLiveOutput;
use rheostat_core::ops::list_environments::ListEnvironmentsOutput;
use rheostat_core::ops::read_environment::ReadEnvironmentOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::RunStatus;
use rheostat_core::workspace::environment_file::EnvironmentColor;
use rheostat_tests::engine::Engine;
use rheostat_tests::environments::{
    KEY, STAGING, answer, body, choose, engine, engine_with, saying, send, server, staging,
    stands_in, write,
};
use rheostat_tests::scripted::{Reply, Scripted, http};
use serde_json::{Value, json};

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
        ..
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
    let back = json!({ "handle": deleted["handle"] });
    let back: Value = engine.call("restore_item", back).await.unwrap().0;
    assert_eq!(back["path"], "environments/dev.yaml");
    let restored = std::fs::read_to_string(engine.workbench.workspace.root().join(&path)).unwrap();
    assert_eq!(restored, after, "as it was, byte by byte");
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
