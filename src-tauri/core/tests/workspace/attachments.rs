//! Pictures and files that messages name: taken into the workspace, described, and never sent when something is off.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::ops::attach_file::AttachFileOutput;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::bench::Bench;

/// The head of a PNG of 1440 by 900 px, which is all that is read of it.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\xa0\0\0\x03\x84";

fn bench() -> Bench {
    Bench::over(&[("note.txt", "hello"), (".git/config", "token = x")])
}

async fn attach(bench: &Bench, name: &str, bytes: &[u8]) -> AttachFileOutput {
    let input = json!({ "name": name, "data": STANDARD.encode(bytes), "path": null });
    serde_json::from_value(bench.call("attach_file", input).await).unwrap()
}

async fn refused(bench: &Bench, name: &str, input: Value) -> Error {
    bench.try_call(name, input).await.unwrap_err()
}

/// A request with one picture, or with one file.
fn request(source: &str, picture: bool) -> Value {
    let part = if picture {
        json!({"type": "input_image", "image_url": source})
    } else {
        json!({"type": "input_file", "filename": "a", "file_data": source})
    };
    json!({"id": "r", "name": "R", "endpoint": "responses", "body": {
        "model": "gpt-5.5", "input": [{"role": "user", "content": [part]}]
    }})
}

async fn listed(bench: &Bench, request: &Value) -> Value {
    let all = bench
        .call("list_attachments", json!({ "request": request }))
        .await;
    all["attachments"][0].clone()
}

#[tokio::test]
async fn a_file_is_taken_in_once_under_a_name_that_every_system_takes() {
    let bench = bench();
    let first = attach(&bench, "C:\\Shots\\Über Plan.PNG", PNG).await;
    assert_eq!(first.path, "attachments/über-plan.png");
    assert!(first.picture);
    assert!(
        first
            .reference
            .starts_with("{{file:attachments/über-plan.png#"),
        "{}",
        first.reference
    );
    assert_eq!(
        attach(&bench, "über plan.png", PNG).await,
        first,
        "the same bytes"
    );
    let other = attach(&bench, "über plan.png", &[PNG, b"x"].concat()).await;
    assert_eq!(other.path, "attachments/über-plan-2.png");
    let listing = bench.call("list_requests", json!({})).await;
    assert_eq!(
        listing["requests"],
        json!([]),
        "an attachment is no request"
    );
}

#[tokio::test]
async fn what_can_t_be_attached_is_told_and_leaves_nothing_behind() {
    let bench = bench();
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    for (name, bytes, code, says) in [
        (
            "a.zip",
            &b"PK\x03\x04\0\0"[..],
            ErrorCode::FileInvalid,
            "a.zip is of a type that can't be attached.",
        ),
        ("a.png", b"", ErrorCode::FileInvalid, "a.png is empty."),
        (
            "a.txt",
            &large,
            ErrorCode::FileInvalid,
            "a.txt has 21 MB; a file may have 20 MB.",
        ),
    ] {
        let input = json!({ "name": name, "data": STANDARD.encode(bytes), "path": null });
        let error = refused(&bench, "attach_file", input).await;
        assert_eq!((error.code, error.message.as_str()), (code, says));
    }
    for (path, code, says) in [
        (
            "no/such.png",
            ErrorCode::FileUnreadable,
            "no/such.png is not there.",
        ),
        (
            ".",
            ErrorCode::FileUnreadable,
            ". could not be read: it is no file.",
        ),
        (" ", ErrorCode::BadInput, "No file was named."),
    ] {
        let input = json!({ "name": null, "data": null, "path": path });
        let error = refused(&bench, "attach_file", input).await;
        assert_eq!((error.code, error.message.as_str()), (code, says));
    }
    let broken = json!({ "name": "a.txt", "data": "???", "path": null });
    let error = refused(&bench, "attach_file", broken).await;
    assert_eq!(error.code, ErrorCode::BadInput);
    assert!(!bench.root().join("attachments").exists());
}

#[tokio::test]
async fn a_file_of_the_workspace_stays_where_it_is_and_any_other_is_copied() {
    let bench = bench();
    let by_path = |path: String| json!({ "name": null, "data": null, "path": path });
    let inside = bench.call("attach_file", by_path("note.txt".into())).await;
    assert_eq!(inside["path"], "note.txt");
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("plan.pdf");
    std::fs::write(&file, "%PDF-1.7\n").unwrap();
    let path = file.display().to_string();
    let outside = bench.call("attach_file", by_path(path)).await;
    assert_eq!(
        (&outside["path"], &outside["mediaType"]),
        (&json!("attachments/plan.pdf"), &json!("application/pdf"))
    );
}

#[tokio::test]
async fn each_attachment_says_what_it_is_and_what_it_may_take() {
    let bench = bench();
    let picture = attach(&bench, "shot.png", PNG).await;
    let facts = listed(&bench, &request(&picture.reference, true)).await;
    assert_eq!(
        facts,
        json!({
            "pointer": "/input/0/content/0", "picture": true, "source": "workspace", "name": "shot.png",
            "mediaType": "image/png", "bytes": PNG.len(), "width": 1440, "height": 900, "tokens": 45 * 29,
            "tokensNote": "1305 patches of 32 px at detail auto. One token each is inferred, not stated.",
            "problem": null,
        })
    );
    let inline = format!("data:image/png;base64,{}", STANDARD.encode(PNG));
    let facts = listed(&bench, &request(&inline, true)).await;
    assert_eq!(
        (&facts["source"], &facts["tokens"]),
        (&json!("inline"), &json!(1305))
    );
    let facts = listed(&bench, &request("https://example.com/a.png", true)).await;
    assert_eq!(
        (&facts["source"], &facts["tokens"]),
        (&json!("web"), &Value::Null)
    );
    let mut other = request(&inline, true);
    other["body"]["model"] = json!("gpt-5.4");
    let facts = listed(&bench, &other).await;
    assert_eq!(
        (&facts["tokens"], &facts["tokensNote"]),
        (
            &Value::Null,
            &json!("No source states how gpt-5.4 counts pictures.")
        )
    );
    let preview = json!({ "reference": picture.reference });
    let preview = bench.call("preview_file", preview).await;
    assert_eq!(preview["dataUrl"], inline);
}

#[tokio::test]
async fn what_is_off_with_a_file_is_found_before_and_stops_the_send() {
    let bench = bench();
    let picture = attach(&bench, "shot.png", PNG).await;
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", bench.root().join("link.txt")).unwrap();
    std::fs::write(bench.root().join(&picture.path), [PNG, b"x"].concat()).unwrap();
    let cases = [
        (
            picture.reference.as_str(),
            true,
            "attachment_changed",
            ErrorCode::FileInvalid,
        ),
        (
            "{{file:gone.png}}",
            true,
            "attachment_missing",
            ErrorCode::FileUnreadable,
        ),
        (
            "{{file:../a.png}}",
            true,
            "attachment_outside",
            ErrorCode::BadInput,
        ),
        (
            "{{file:/etc/hostname}}",
            false,
            "attachment_outside",
            ErrorCode::BadInput,
        ),
        #[cfg(unix)]
        (
            "{{file:link.txt}}",
            false,
            "attachment_outside",
            ErrorCode::BadInput,
        ),
        (
            "{{file:.git/config}}",
            false,
            "attachment_hidden",
            ErrorCode::BadInput,
        ),
        (
            "{{file:note.txt}}",
            true,
            "attachment_type",
            ErrorCode::FileInvalid,
        ),
    ];
    for (source, is_picture, finding, code) in cases {
        let request = request(source, is_picture);
        let asked = json!({ "endpoint": "responses", "body": request["body"] });
        let findings = bench.call("lint_request", asked).await;
        assert_eq!(
            findings["findings"][0]["code"], finding,
            "{source}: {findings}"
        );
        let field = if is_picture { "image_url" } else { "file_data" };
        let pointer = format!("/input/0/content/0/{field}");
        assert_eq!(findings["findings"][0]["pointer"], json!(pointer));
        let error = refused(&bench, "send", json!({ "ticket": "t", "request": request })).await;
        assert_eq!((error.code, error.place), (code, Some(pointer)), "{source}");
    }
    let sound =
        json!({ "endpoint": "responses", "body": request("{{file:note.txt}}", false)["body"] });
    let findings = bench.call("lint_request", sound).await;
    assert_eq!(findings["findings"], json!([]));
}

#[tokio::test]
async fn a_folder_says_what_a_variable_means_and_the_nearest_one_wins() {
    let bench = Bench::over(&[
        (
            "rheostat.yaml",
            "name: W\nvariables: {a: workspace, b: workspace}\n",
        ),
        ("folder.yaml", "defaults:\n  variables: {b: top, c: top}\n"),
        ("team/folder.yaml", "defaults:\n  variables: {c: team}\n"),
        (
            "team/ask.yaml",
            "id: ask\nname: Ask\nvariables: {d: own, c: own}\nbody: {model: gpt-5.5, input: '{{a}}{{b}}{{c}}{{d}}'}\n",
        ),
        ("odd/folder.yaml", "defaults:\n  variables: {n: 5}\n"),
        (
            "odd/ask.yaml",
            "id: odd\nname: Odd\nbody: {model: gpt-5.5, input: '{{n}}'}\n",
        ),
    ]);
    bench.call("list_requests", json!({})).await;
    let opened = bench
        .call("read_request", json!({ "path": "team/ask.yaml" }))
        .await;
    let listed = bench
        .call("list_variables", json!({ "request": opened["request"] }))
        .await;
    let means: Vec<_> = listed["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            [&it["name"], &it["value"], &it["scope"], &it["setBy"]].map(|it| it.as_str().unwrap())
        })
        .collect();
    assert_eq!(
        means,
        [
            ["a", "workspace", "workspace", "the workspace"],
            ["b", "top", "folder", "the top folder"],
            ["c", "team", "folder", "the folder team"],
            ["d", "own", "request", "this request"],
        ]
    );
    let odd = bench
        .call("read_request", json!({ "path": "odd/ask.yaml" }))
        .await;
    let error = refused(
        &bench,
        "send",
        json!({ "ticket": "t", "request": odd["request"] }),
    )
    .await;
    assert_eq!(error.code, ErrorCode::FileInvalid);
    assert!(
        error.message.contains("the variable n is no text"),
        "{error}"
    );
}

/// A server that answers one request, and what it was sent.
async fn api() -> (String, tokio::task::JoinHandle<Value>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut got = Vec::new();
        let mut chunk = [0; 4096];
        let body = loop {
            let read = stream.read(&mut chunk).await.unwrap();
            assert!(read > 0, "the request ended early");
            got.extend_from_slice(&chunk[..read]);
            let Some(end) = got.windows(4).position(|it| it == b"\r\n\r\n") else {
                continue;
            };
            if let Ok(body) = serde_json::from_slice(&got[end + 4..]) {
                break body;
            }
        };
        let done = json!({"type": "response.completed", "sequence_number": 0, "response": {
            "id": "resp_1", "status": "completed", "model": "gpt-5.5", "output": [],
            "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        }});
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: {done}\n\n"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        body
    });
    (url, served)
}

#[tokio::test]
async fn live_the_data_goes_out_and_the_record_keeps_the_name() {
    let bench = bench();
    let picture = attach(&bench, "shot.png", PNG).await;
    let (url, served) = api().await;
    let live = json!({ "mode": "live", "liveBaseUrl": url });
    bench.call("set_connection", live).await;
    bench
        .call(
            "set_key",
            json!({ "key": "sk-test-7f3Kq9ZpLm2Xv8Rt", "keep": "session" }),
        )
        .await;
    let request = request(&picture.reference, true);
    let sent = bench
        .call("send", json!({ "ticket": "t", "request": request }))
        .await;
    assert_eq!(sent["run"]["facts"]["status"], "completed", "{sent}");
    let source = |body: &Value| body["input"][0]["content"][0]["image_url"].clone();
    let data = format!("data:image/png;base64,{}", STANDARD.encode(PNG));
    assert_eq!(source(&served.await.unwrap()), json!(data));
    let id = sent["run"]["facts"]["id"].as_str().unwrap().to_owned();
    let kept = bench
        .workbench
        .read_history(move |history| history.run_body(&id))
        .await
        .unwrap()
        .unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!(source(&kept), json!(picture.reference));
}
