//! Keys without a keychain, keys that are checked, and the key of a Codex sign-in.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::auth::keychain::Keychain;
use rheostat_core::error::ErrorCode;
use rheostat_core::ops::open_workbench::ConnectionMode;
use rheostat_tests::environments::{
    KEY, STAGING, choose, engine, engine_with, saying, send, server, staging, stands_in,
};
use rheostat_tests::scripted::{Reply, Scripted, http};
use serde_json::{Value, json};

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
