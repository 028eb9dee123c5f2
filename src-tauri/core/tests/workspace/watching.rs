//! What changes outside shows; what vanishes is told, and shows again when it is back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rheostat_core::contract::{self, Sink};
use rheostat_core::workspace::listing::TreeNews;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::bench::{Bench, request};

/// The list of a face that only applies what it is told.
struct Face {
    news: UnboundedReceiver<TreeNews>,
    paths: std::collections::BTreeMap<String, String>,
    folders: Vec<String>,
    changed: Vec<String>,
    problem: Option<String>,
    pending: u32,
    ticket: String,
    task: tokio::task::JoinHandle<()>,
}

impl Face {
    fn over(bench: &Bench) -> Self {
        let (sender, news) = unbounded_channel();
        let sink: Sink = Arc::new(move |item: String| {
            let _ = sender.send(serde_json::from_str(&item).unwrap());
        });
        let ticket = "watch".to_owned();
        let (workbench, input) = (Arc::clone(&bench.workbench), json!({ "ticket": ticket }));
        let task = tokio::spawn(async move {
            contract::dispatch(&workbench, "watch_workspace", input, sink)
                .await
                .unwrap();
        });
        Self {
            news,
            paths: Default::default(),
            folders: Vec::new(),
            changed: Vec::new(),
            problem: None,
            pending: u32::MAX,
            ticket,
            task,
        }
    }

    fn apply(&mut self, news: TreeNews) {
        if news.whole {
            self.paths.clear();
        }
        for path in &news.removed {
            self.paths.remove(path);
        }
        for summary in news.requests {
            self.paths.insert(summary.path, summary.name);
        }
        if let Some(folders) = news.folders {
            self.folders = folders.into_iter().map(|it| it.path).collect();
        }
        self.changed.extend(news.changed);
        self.problem = news.problem.map(|problem| format!("{:?}", problem.code));
        self.pending = news.pending;
    }

    /// Applies news until the face shows what it should. The limit only ends a broken test.
    async fn until(&mut self, what: &str, shows: impl Fn(&Self) -> bool) {
        let limit = tokio::time::Instant::now() + Duration::from_secs(30);
        while !shows(self) {
            match tokio::time::timeout_at(limit, self.news.recv()).await {
                Ok(Some(news)) => self.apply(news),
                _ => panic!(
                    "never shown: {what}; it is {:?} {:?}",
                    self.paths, self.problem
                ),
            }
        }
    }

    async fn ready(&mut self) {
        self.until("everything read", |face| face.pending == 0)
            .await;
        // The watch begins to follow right after the first look.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn numbered(count: usize) -> Vec<(PathBuf, String)> {
    (0..count)
        .map(|number| {
            let path = format!("f{}/r{number}.yaml", number % 7);
            (
                path.into(),
                request(&format!("id-{number}"), &format!("Name {number}")),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_from_outside_show() {
    let bench = Bench::over(&[
        ("a.yaml", &request("a", "Alpha")),
        ("folder.yaml", "defaults: {effort: low}\n"),
    ]);
    let mut face = Face::over(&bench);
    face.ready().await;
    let root = bench.root();

    std::fs::write(root.join("a.yaml"), request("a", "Other")).unwrap();
    face.until("the new name", |face| face.paths["a.yaml"] == "Other")
        .await;
    assert!(face.changed.contains(&"a.yaml".to_owned()));

    std::fs::create_dir_all(root.join("new/deep")).unwrap();
    std::fs::write(root.join("new/deep/b.yaml"), request("b", "Beta")).unwrap();
    face.until("a file in new folders", |face| {
        face.paths.contains_key("new/deep/b.yaml") && face.folders.contains(&"new/deep".to_owned())
    })
    .await;
    std::fs::write(root.join("new/deep/b.yaml"), request("b", "Again")).unwrap();
    face.until("a change in a folder that came later", |face| {
        face.paths["new/deep/b.yaml"] == "Again"
    })
    .await;

    std::fs::rename(root.join("new"), root.join("old")).unwrap();
    face.until("the renamed folder", |face| {
        face.paths.contains_key("old/deep/b.yaml") && !face.paths.contains_key("new/deep/b.yaml")
    })
    .await;

    face.changed.clear();
    std::fs::write(
        root.join("folder.yaml"),
        "defaults: {effort: low, instructions: Be brief.}\n",
    )
    .unwrap();
    face.until("the folder's file", |face| {
        face.changed.contains(&"folder.yaml".to_owned())
    })
    .await;
    std::fs::write(root.join("mock.yaml"), "open: false\n").unwrap();
    face.until("the mock's settings", |face| {
        face.changed.contains(&"mock.yaml".to_owned())
    })
    .await;

    std::fs::remove_file(root.join("a.yaml")).unwrap();
    face.until("that it is gone", |face| !face.paths.contains_key("a.yaml"))
        .await;

    let stopped = bench
        .call("stop_run", json!({ "ticket": face.ticket, "lane": null }))
        .await;
    assert_eq!(stopped["stopped"], true);
    face.task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_seen_by_the_stamp_and_neither_side_is_lost() {
    let bench = Bench::over(&[("a.yaml", &request("a", "Alpha"))]);
    let mine = bench
        .call("read_request", json!({ "path": "a.yaml" }))
        .await;
    std::fs::write(bench.root().join("a.yaml"), request("a", "Theirs")).unwrap();
    let listed = bench.call("list_requests", json!({})).await;
    assert_ne!(listed["requests"][0]["stamp"], mine["stamp"]);
    let mut request_of_mine = mine["request"].clone();
    request_of_mine["name"] = json!("Mine");
    let save = |stamp: &serde_json::Value| json!({ "path": "a.yaml", "request": request_of_mine, "stamp": stamp });
    let refused = bench
        .try_call("save_request", save(&mine["stamp"]))
        .await
        .unwrap_err();
    assert_eq!(format!("{:?}", refused.code), "FileChanged");
    let theirs = bench
        .call("read_request", json!({ "path": "a.yaml" }))
        .await;
    assert_eq!(theirs["stamp"], listed["requests"][0]["stamp"]);
    bench.call("save_request", save(&theirs["stamp"])).await;
    assert_eq!(
        bench.text("a.yaml"),
        request("a", "Alpha").replace("name: Alpha", "name: Mine")
    );
    let kept = bench.workbench.workspace.kept().unwrap();
    let listed = kept.list("a.yaml", &bench.text("a.yaml"));
    let text = kept
        .read("a.yaml", &bench.text("a.yaml"), &listed[0].id)
        .unwrap();
    assert_eq!(text, request("a", "Theirs"), "what was saved over is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_vanishes_is_told_and_shows_again() {
    let bench = Bench::over(&[
        ("a.yaml", &request("a", "Alpha")),
        ("x/b.yaml", &request("b", "Beta")),
    ]);
    let mut face = Face::over(&bench);
    face.ready().await;
    let away = bench.folder.path().join("away");
    std::fs::rename(bench.root(), &away).unwrap();
    face.until("that it is gone", |face| {
        face.problem.as_deref() == Some("WorkspaceGone")
    })
    .await;
    assert_eq!(face.paths.len(), 2, "what was known stays");
    let gone = bench
        .try_call("read_request", json!({ "path": "a.yaml" }))
        .await
        .unwrap_err();
    assert_eq!(format!("{:?}", gone.code), "WorkspaceGone");
    let opened = bench.call("open_workbench", json!({})).await;
    assert_eq!(opened["workspaceProblem"]["code"], "workspace_gone");

    std::fs::write(away.join("c.yaml"), request("c", "Gamma")).unwrap();
    std::fs::rename(&away, bench.root()).unwrap();
    face.until("everything, and what came meanwhile", |face| {
        face.problem.is_none() && face.paths.contains_key("c.yaml") && face.paths.len() == 3
    })
    .await;
    face.ready().await;
    std::fs::write(bench.root().join("d.yaml"), request("d", "Delta")).unwrap();
    face.until("changes after that", |face| {
        face.paths.contains_key("d.yaml")
    })
    .await;

    // Another folder in its place at once, as some tools write.
    std::fs::rename(bench.root(), &away).unwrap();
    std::fs::create_dir(bench.root()).unwrap();
    std::fs::write(bench.root().join("e.yaml"), request("e", "Eps")).unwrap();
    face.until("the other folder", |face| {
        face.paths.keys().eq(["e.yaml"]) && face.problem.is_none()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_renames_ends_in_what_is_there() {
    let bench = Bench::over(&[]);
    for (path, text) in numbered(700) {
        let file = bench.root().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let mut face = Face::over(&bench);
    face.ready().await;
    assert_eq!(face.paths.len(), 700);
    let root = bench.root();
    let storm = tokio::task::spawn_blocking(move || {
        for round in 0..20 {
            for folder in 0..7 {
                let name = |round: usize| match round {
                    0 => format!("f{folder}"),
                    _ => format!("f{folder}-{round}"),
                };
                std::fs::rename(root.join(name(round)), root.join(name(round + 1))).unwrap();
            }
            for number in (0..700).filter(|number| number % 7 == round % 7) {
                let folder = root.join(format!("f{}-{}", number % 7, round + 1));
                std::fs::write(
                    folder.join(format!("r{number}.yaml")),
                    request(&format!("id-{number}"), &format!("Round {round}")),
                )
                .unwrap();
            }
        }
    });
    storm.await.unwrap();
    face.until("the last names", |face| {
        face.paths.len() == 700 && face.paths.keys().all(|path| path.contains("-20/"))
    })
    .await;
    face.until("the last texts", |face| {
        let last = |folder: &str| {
            face.paths
                .iter()
                .find(|(path, _)| path.starts_with(folder))
                .unwrap()
                .1
                == "Round 19"
        };
        last("f5-20/")
    })
    .await;
    let listed = bench.tree().await;
    assert_eq!(listed.len(), 707);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_workspace_is_listed_at_once_and_read_bit_by_bit() {
    let bench = Bench::over(&[]);
    for (path, text) in numbered(3_000) {
        let file = bench.root().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let opened = bench.call("open_workbench", json!({})).await;
    let requests = opened["requests"].as_array().unwrap();
    let pending = requests.iter().filter(|it| it["pending"] == true).count();
    assert_eq!((requests.len(), pending), (3_000, 2_600));
    assert_eq!(opened["folders"].as_array().unwrap().len(), 8);
    let mut face = Face::over(&bench);
    face.until("all names", |face| face.pending == 0).await;
    assert_eq!(face.paths.len(), 3_000);
    assert!(face.paths.values().all(|name| name.starts_with("Name ")));
}
