//! What the variables of a request mean, and where its secrets go.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::list_variables::ListVariablesOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::RunStatus;
use rheostat_tests::environments::{
    TOKEN, body, choose, engine, saying, send, server, staging, stands_in,
};
use serde_json::{Value, json};

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
