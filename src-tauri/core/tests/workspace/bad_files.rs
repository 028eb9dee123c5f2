//! Files that are none, and disks that are full: a message, nothing lost, nothing half written.

use std::path::Path;
use std::process::Command;

use rheostat_core::error::ErrorCode;
use rheostat_core::workspace::folder::Workspace;
use serde_json::json;

use super::bench::{Bench, files, request};

#[tokio::test]
async fn each_is_listed_with_its_reason_and_left_as_it_is() {
    let bench = Bench::over(&[("good.yaml", &request("good", "Good"))]);
    let mut bomb =
        String::from("id: x\nname: n\nbody:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("  a{level}: &a{level} [{items}]\n");
    }
    let deep = format!(
        "id: x\nname: n\nbody:\n  a: {}1{}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let bad: &[(&str, &[u8])] = &[
        ("latin1.yaml", b"id: x\nname: caf\xe9\nbody: {}\n"),
        ("bomb.yaml", bomb.as_bytes()),
        ("deep.yaml", deep.as_bytes()),
        ("tabs.yaml", b"id: x\nname: n\nbody:\n\tmodel: m\n"),
        ("twice.yaml", b"id: x\nid: y\nname: n\nbody: {}\n"),
        ("nul.yaml", b"id: x\nname: a\0b\nbody: {}\n"),
        ("list.yaml", b"- id: x\n"),
        ("empty.yaml", b""),
        ("no-id.yaml", b"id: ''\nname: n\nbody: {}\n"),
    ];
    for (name, bytes) in bad {
        std::fs::write(bench.root().join(name), bytes).unwrap();
    }
    let large = std::fs::File::create(bench.root().join("large.yaml")).unwrap();
    large.set_len(100 * 1024 * 1024).unwrap();
    let before = files(&bench.root());
    let listed = bench.call("list_requests", json!({})).await;
    let mut codes: Vec<_> = listed["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["path"].as_str().unwrap().to_owned(),
                it["problem"]["code"].clone(),
            )
        })
        .collect();
    codes.sort_by(|a, b| a.0.cmp(&b.0));
    let (invalid, unreadable) = (json!("file_invalid"), json!("file_unreadable"));
    let expected = [
        ("bomb.yaml", &invalid),
        ("deep.yaml", &invalid),
        ("empty.yaml", &invalid),
        ("good.yaml", &json!(null)),
        ("large.yaml", &unreadable),
        ("latin1.yaml", &unreadable),
        ("list.yaml", &invalid),
        ("no-id.yaml", &invalid),
        ("nul.yaml", &invalid),
        ("tabs.yaml", &invalid),
        ("twice.yaml", &invalid),
    ];
    assert_eq!(
        codes,
        expected.map(|(path, code)| (path.to_owned(), code.clone()))
    );
    // What can't be read can still be moved, deleted and put back.
    for (name, _) in bad {
        let gone = bench.call("delete_item", json!({ "path": name })).await;
        bench
            .call("restore_item", json!({ "handle": gone["handle"] }))
            .await;
    }
    assert_eq!(files(&bench.root()), before);
}

#[tokio::test]
async fn a_save_does_not_go_to_where_a_file_was() {
    let bench = Bench::over(&[("x/a.yaml", &request("a", "Alpha"))]);
    let opened = bench
        .call("read_request", json!({ "path": "x/a.yaml" }))
        .await;
    std::fs::rename(bench.root().join("x"), bench.root().join("y")).unwrap();
    let save =
        json!({ "path": "x/a.yaml", "request": opened["request"], "stamp": opened["stamp"] });
    assert_eq!(
        bench.refused("save_request", save.clone()).await,
        ErrorCode::FileChanged
    );
    assert!(!bench.root().join("x").exists());
    // The user wants it there all the same.
    let mut anew = save;
    anew["stamp"] = json!("");
    bench.call("save_request", anew).await;
    assert!(bench.text("x/a.yaml").contains("name: Alpha\n"));
}

const CHILD: &str = "RHEOSTAT_TEST_FULL_DISK_CHILD";

/// Not a test of its own: the process that may write no more than a little.
#[test]
fn a_child_that_can_write_only_little() {
    let Some(root) = std::env::var_os(CHILD) else {
        return;
    };
    let root = Path::new(&root);
    let workspace = Workspace::kept_in(root.to_owned(), root.join("../data"));
    let read = workspace.read("a.yaml").unwrap();
    let mut large = read.request.clone();
    large
        .body
        .insert("input".into(), json!("word ".repeat(200_000)));
    let refused = workspace.save("a.yaml", &large, &read.stamp).unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileUnwritable, "{refused}");
    let refused = workspace.create("", &large).unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileUnwritable, "{refused}");
    let refused = workspace
        .changing(|workspace| workspace.duplicate_item("folder"))
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileUnwritable, "{refused}");
    println!("refused as it should be");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workspace");
    std::fs::create_dir_all(root.join("folder")).unwrap();
    std::fs::write(root.join("rheostat.yaml"), "name: Test\n").unwrap();
    std::fs::write(root.join("a.yaml"), request("a", "Alpha")).unwrap();
    let large = request("b", "Beta") + &format!("  instructions: {}\n", "word ".repeat(100_000));
    std::fs::write(root.join("folder/b.yaml"), &large).unwrap();
    let before = files(&root);
    // No file may grow over 64 KB; a write beyond that fails as on a full disk, once the signal is ignored.
    let script = r#"trap '' XFSZ; ulimit -f 64; exec "$0" --exact bad_files::a_child_that_can_write_only_little --nocapture"#;
    let child = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, &root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("refused as it should be"),
        "{said} {}",
        String::from_utf8_lossy(&child.stderr)
    );
    assert_eq!(
        files(&root),
        before,
        "no file is another, and none is left over"
    );
}
