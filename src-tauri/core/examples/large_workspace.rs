//! Measures a large workspace: `large_workspace [FILES]` makes a folder of so many requests, 10 000 unless it
//! is told, and says what each step took. Run it with `--release`.

// A measurement that can't go on says why and ends.
#![allow(clippy::unwrap_used, reason = "there is nothing to save here")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rheostat_core::auth::keychain::Keychain;
use rheostat_core::clock::SystemClock;
use rheostat_core::contract::{self, Sink};
use rheostat_core::openai::network::Network;
use rheostat_core::paths::Paths;
use rheostat_core::workbench::{Setup, StandIn, Workbench};
use rheostat_core::workspace::listing::TreeNews;
use serde_json::{Value, json};

#[tokio::main]
async fn main() {
    let count: usize = std::env::args()
        .nth(1)
        .map_or(10_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workspace");
    let took = Instant::now();
    let bytes = fill(&root, count);
    say(
        &format!("{count} files written ({} KB)", bytes / 1024),
        took,
    );

    let took = Instant::now();
    let bench = Arc::new(open(folder.path(), &root));
    say("engine opened", took);
    for turn in ["first", "again"] {
        let took = Instant::now();
        let opened = call(&bench, "open_workbench", json!({})).await;
        let listed = opened["requests"].as_array().unwrap();
        let pending = listed.iter().filter(|it| it["pending"] == true).count();
        say(
            &format!(
                "open_workbench, {turn}: {} listed, {pending} not read yet, {} KB of JSON",
                listed.len(),
                opened.to_string().len() / 1024
            ),
            took,
        );
    }
    let took = Instant::now();
    let (sender, mut news) = tokio::sync::mpsc::unbounded_channel::<TreeNews>();
    let sink: Sink = Arc::new(move |item: String| {
        let _ = sender.send(serde_json::from_str(&item).unwrap());
    });
    let watching = tokio::spawn({
        let bench = Arc::clone(&bench);
        async move {
            contract::dispatch(&bench, "watch_workspace", json!({ "ticket": "w" }), sink).await
        }
    });
    let mut messages = 0;
    loop {
        let item = news.recv().await.unwrap();
        messages += 1;
        if item.pending == 0 {
            break;
        }
    }
    say(
        &format!("watch_workspace: all read, in {messages} messages"),
        took,
    );
    tokio::time::sleep(Duration::from_millis(300)).await;
    let took = Instant::now();
    std::fs::write(root.join("folder-3/sub-3/new.yaml"), request(count, "New")).unwrap();
    while !news
        .recv()
        .await
        .unwrap()
        .requests
        .iter()
        .any(|it| it.name == "New")
    {}
    say("a new file shown", took);

    for (what, verb, input) in [
        ("list_requests", "list_requests", json!({})),
        (
            "find by a word of one prompt",
            "find_requests",
            json!({ "text": "number-4321x" }),
        ),
        (
            "find by name",
            "find_requests",
            json!({ "text": "Request 77" }),
        ),
        (
            "move_item",
            "move_item",
            json!({ "path": "folder-3/sub-3/new.yaml", "toFolder": "folder-4" }),
        ),
        (
            "create_folder",
            "create_folder",
            json!({ "folder": "", "name": "Another" }),
        ),
        (
            "duplicate_item of a folder",
            "duplicate_item",
            json!({ "path": "folder-4" }),
        ),
        (
            "delete_item of that folder",
            "delete_item",
            json!({ "path": "folder-4 copy" }),
        ),
    ] {
        let took = Instant::now();
        let out = call(&bench, verb, input).await;
        let hits = out["hits"]
            .as_array()
            .map_or(String::new(), |hits| format!(", {} hits", hits.len()));
        say(&format!("{what}{hits}"), took);
    }
    watching.abort();
}

fn fill(root: &Path, count: usize) -> usize {
    let mut bytes = 0;
    std::fs::create_dir_all(root).unwrap();
    std::fs::write(root.join("rheostat.yaml"), "name: Large\n").unwrap();
    for number in 0..count {
        let folder = root.join(format!("folder-{}/sub-{}", number % 20, number % 5));
        std::fs::create_dir_all(&folder).unwrap();
        let text = request(number, &format!("Request {number}"));
        bytes += text.len();
        std::fs::write(folder.join(format!("request-{number}.yaml")), text).unwrap();
    }
    bytes
}

fn request(number: usize, name: &str) -> String {
    let lines = "        A line of a prompt, as long as such lines are, with a few words in it.\n"
        .repeat(12);
    format!(
        "id: 0199b3c0-0000-7000-8000-{number:012}\nname: {name}\ntags:\n  - t{}\nendpoint: responses\nbody:\n  model: gpt-5.5\n  reasoning:\n    effort: low\n  input:\n    - role: system\n      content: You are careful.\n    - role: user\n      content: |\n        number-{number}x\n{lines}checks:\n  - contains: line\n",
        number % 9
    )
}

fn open(folder: &Path, root: &Path) -> Workbench {
    Workbench::open(Setup {
        paths: Paths {
            data: folder.join("data"),
            workspace: root.to_owned(),
        },
        stand_in: StandIn::At("http://127.0.0.1:9/v1".to_owned()),
        sample_speed: None,
        environment_key: None,
        keychain: Keychain::none("this measurement has none"),
        codex_home: None,
        variable: Arc::new(|_| None),
        network: Network::default(),
        clock: Arc::new(SystemClock),
        show_sample: false,
    })
    .unwrap()
}

async fn call(bench: &Workbench, name: &str, input: Value) -> Value {
    let sink: Sink = Arc::new(|_| {});
    contract::dispatch(bench, name, input, sink).await.unwrap()
}

fn say(what: &str, since: Instant) {
    println!("{:>8.1} ms  {what}", since.elapsed().as_secs_f64() * 1000.0);
}
