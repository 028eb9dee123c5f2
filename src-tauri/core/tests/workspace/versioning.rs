//! Versions of a file: Git's commits where there is a repository, what was saved over in any case.

use std::path::Path;
use std::process::Command;

use rheostat_core::error::ErrorCode;
use serde_json::{Value, json};

use super::bench::{Bench, files, request};

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=A Person",
            "-c",
            "user.email=a@example.invalid",
        ])
        .args(["-c", "commit.gpgSign=false", "-C"])
        .arg(folder)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

async fn save(bench: &Bench, path: &str, change: impl FnOnce(&mut Value)) {
    let opened = bench.call("read_request", json!({ "path": path })).await;
    let mut request = opened["request"].clone();
    change(&mut request);
    let input = json!({ "path": path, "request": request, "stamp": opened["stamp"] });
    bench.call("save_request", input).await;
}

async fn versions(bench: &Bench, path: &str) -> Vec<Value> {
    let listed = bench.call("list_versions", json!({ "path": path })).await;
    assert_eq!(listed["problem"], Value::Null);
    listed["versions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn without_git_what_was_saved_over_can_be_read_compared_and_put_back() {
    let bench = Bench::over(&[("a.yaml", &request("a", "Alpha"))]);
    let changed = bench.call("changed_items", json!({})).await;
    assert_eq!(changed, json!({ "git": false, "items": [] }));
    save(&bench, "a.yaml", |it| {
        it["body"]["input"] = json!("One\ntwo\n")
    })
    .await;
    save(&bench, "a.yaml", |it| {
        it["body"]["input"] = json!("One\nTWO\n")
    })
    .await;
    bench
        .call(
            "move_item",
            json!({ "path": "a.yaml", "toFolder": "", "position": 0 }),
        )
        .await;
    std::fs::create_dir(bench.root().join("x")).unwrap();
    bench
        .call("move_item", json!({ "path": "a.yaml", "toFolder": "x" }))
        .await;

    let listed = versions(&bench, "x/a.yaml").await;
    assert_eq!(listed.len(), 2, "they follow the item");
    assert!(
        listed
            .iter()
            .all(|it| it["source"] == "save" && it["at"].is_i64())
    );
    let version = |at: usize| listed[at]["id"].clone();
    let read = bench
        .call(
            "read_version",
            json!({ "path": "x/a.yaml", "version": version(1) }),
        )
        .await;
    assert_eq!(read["text"], request("a", "Alpha"));
    assert_eq!(read["request"]["body"]["input"], "Say Alpha");
    let diff = json!({ "path": "x/a.yaml", "before": version(0), "after": null });
    let diff = bench.call("diff_versions", diff).await;
    assert_eq!(diff["changes"][0]["pointer"], "/body/input");
    assert_eq!(
        diff["changes"][0]["lines"][0]["lines"],
        json!([
            { "kind": "same", "text": "One" },
            { "kind": "removed", "text": "two" },
            { "kind": "added", "text": "TWO" },
        ])
    );

    let now = bench.text("x/a.yaml");
    let restore =
        |stamp: &str| json!({ "path": "x/a.yaml", "version": version(1), "stamp": stamp });
    assert_eq!(
        bench.refused("restore_version", restore("old")).await,
        ErrorCode::FileChanged
    );
    let opened = bench
        .call("read_request", json!({ "path": "x/a.yaml" }))
        .await;
    let restored = bench
        .call(
            "restore_version",
            restore(opened["stamp"].as_str().unwrap()),
        )
        .await;
    assert_eq!(bench.text("x/a.yaml"), request("a", "Alpha"));
    assert_eq!(restored["news"]["requests"][0]["stamp"], restored["stamp"]);
    let newest = versions(&bench, "x/a.yaml").await[0]["id"].clone();
    let read = bench
        .call(
            "read_version",
            json!({ "path": "x/a.yaml", "version": newest }),
        )
        .await;
    assert_eq!(read["text"], json!(now), "what it held is a version itself");

    // A file that someone deleted outside comes back the same way.
    std::fs::remove_file(bench.root().join("x/a.yaml")).unwrap();
    assert_eq!(versions(&bench, "x/a.yaml").await.len(), 3);
    bench
        .call(
            "restore_version",
            json!({ "path": "x/a.yaml", "version": newest, "stamp": "" }),
        )
        .await;
    assert_eq!(bench.text("x/a.yaml"), now);
}

#[tokio::test]
async fn with_git_commits_are_versions_through_renames() {
    let bench = Bench::over(&[
        ("prüfung/a b.yaml", &request("a", "Alpha")),
        ("c.yaml", &request("c", "Gamma")),
    ]);
    // The workspace is a folder of a larger repository.
    let top = bench.folder.path();
    git(top, &["init", "--quiet"]);
    std::fs::write(top.join(".gitignore"), "data/\n").unwrap();
    assert_eq!(
        versions(&bench, "c.yaml").await,
        [] as [Value; 0],
        "nothing was committed yet"
    );
    commit(top, "First: all of it");
    let root = bench.root();
    std::fs::write(root.join("prüfung/a b.yaml"), request("a", "Beta")).unwrap();
    commit(top, "Second");
    git(&root, &["mv", "prüfung/a b.yaml", "moved.yaml"]);
    commit(top, "Third, moved");

    let listed = versions(&bench, "moved.yaml").await;
    let shown: Vec<_> = listed
        .iter()
        .map(|it| {
            (
                it["subject"].as_str().unwrap(),
                it["path"].as_str(),
                it["author"].as_str().unwrap(),
            )
        })
        .collect();
    let old = Some("prüfung/a b.yaml");
    assert_eq!(
        shown,
        [
            ("Third, moved", None, "A Person"),
            ("Second", old, "A Person"),
            ("First: all of it", old, "A Person")
        ]
    );
    let first = json!({ "path": "moved.yaml", "version": listed[2]["id"] });
    let read = bench.call("read_version", first.clone()).await;
    assert_eq!(read["text"], request("a", "Alpha"));
    let diff = json!({ "path": "moved.yaml", "before": listed[2]["id"], "after": listed[1]["id"] });
    let diff = bench.call("diff_versions", diff).await;
    assert_eq!(
        diff["changes"][0],
        json!({ "pointer": "/name", "before": "Alpha", "after": "Beta", "lines": [] })
    );
    let opened = bench
        .call("read_request", json!({ "path": "moved.yaml" }))
        .await;
    let mut restore = first;
    restore["stamp"] = opened["stamp"].clone();
    bench.call("restore_version", restore).await;
    assert_eq!(bench.text("moved.yaml"), request("a", "Alpha"));
    assert_eq!(
        versions(&bench, "moved.yaml").await.len(),
        4,
        "a save and three commits"
    );

    // A commit that has nothing to do with it is none of its versions, nor is anything else a revision.
    let other = versions(&bench, "c.yaml").await;
    assert_eq!(other.len(), 1);
    for version in [
        listed[0]["id"].clone(),
        json!("HEAD"),
        json!("--help"),
        json!(""),
        json!("../x-y"),
    ] {
        let read = json!({ "path": "c.yaml", "version": version });
        assert_eq!(
            bench.refused("read_version", read).await,
            ErrorCode::BadInput,
            "{version}"
        );
    }
}

#[tokio::test]
async fn with_git_changes_are_marked_and_git_is_not_touched() {
    let bench = Bench::over(&[
        ("same.yaml", &request("s", "Same")),
        ("edited.yaml", &request("e", "Edited")),
        ("gone.yaml", &request("g", "Gone")),
        ("old name.yaml", &request("o", "Old")),
    ]);
    let root = bench.root();
    git(&root, &["init", "--quiet"]);
    std::fs::write(root.join(".gitignore"), "ignored.yaml\n.rheostat/\n").unwrap();
    commit(&root, "All");
    // What a hostile repository would have run by asking for its state.
    let trap = root.join("trap.sh");
    let sprung = bench.folder.path().join("sprung");
    std::fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\n", sprung.display())).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&trap, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    for setting in [
        "core.fsmonitor",
        "diff.external",
        "core.pager",
        "core.sshCommand",
    ] {
        git(&root, &["config", setting, trap.to_str().unwrap()]);
    }
    std::fs::write(root.join("edited.yaml"), request("e", "Other")).unwrap();
    std::fs::remove_file(root.join("gone.yaml")).unwrap();
    std::fs::write(root.join("new.yaml"), request("n", "New")).unwrap();
    std::fs::write(root.join("ignored.yaml"), request("i", "Ignored")).unwrap();
    std::fs::rename(root.join("old name.yaml"), root.join("new name.yaml")).unwrap();
    git(
        &root,
        &[
            "-c",
            "core.fsmonitor=false",
            "add",
            "old name.yaml",
            "new name.yaml",
        ],
    );
    let before = files(&root.join(".git"));

    let changed = bench.call("changed_items", json!({})).await;
    let mut marks: Vec<_> = changed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["path"].as_str().unwrap(), it["mark"].as_str().unwrap()))
        .collect();
    marks.retain(|(path, _)| path.ends_with(".yaml"));
    assert_eq!(
        marks,
        [
            ("edited.yaml", "changed"),
            ("gone.yaml", "deleted"),
            ("new name.yaml", "renamed"),
            ("new.yaml", "added"),
        ]
    );
    versions(&bench, "edited.yaml").await;
    assert_eq!(
        files(&root.join(".git")),
        before,
        "nothing of Git's was written"
    );
    assert!(!sprung.exists(), "nothing of the repository's was run");
}
