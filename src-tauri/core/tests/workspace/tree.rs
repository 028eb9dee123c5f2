//! Items made, moved, renamed, copied, deleted, put back and found.

use rheostat_core::error::ErrorCode;
use serde_json::json;

use super::bench::{Bench, files, request};

fn three() -> Bench {
    Bench::over(&[
        ("a.yaml", &request("id-a", "Alpha")),
        ("review/b.yaml", &request("id-b", "Beta")),
        ("review/deep/c.yaml", &request("id-c", "Gamma")),
    ])
}

#[tokio::test]
async fn a_request_moves_with_its_id_and_its_comments() {
    let bench = three();
    let text = format!("# mine\n{}", request("id-a", "Alpha"));
    std::fs::write(bench.root().join("a.yaml"), &text).unwrap();
    let moved = bench
        .call(
            "move_item",
            json!({ "path": "a.yaml", "toFolder": "review/deep" }),
        )
        .await;
    assert_eq!(moved["path"], "review/deep/a.yaml");
    assert_eq!(bench.text("review/deep/a.yaml"), text);
    assert_eq!(
        (&moved["moved"][0]["from"], &moved["moved"][0]["to"]),
        (&json!("a.yaml"), &json!("review/deep/a.yaml"))
    );
    assert_eq!(moved["news"]["removed"], json!(["a.yaml"]));
    assert_eq!(moved["news"]["requests"][0]["id"], "id-a");
}

#[tokio::test]
async fn a_folder_moves_whole_but_not_into_itself() {
    let bench = three();
    bench
        .call("create_folder", json!({ "folder": "", "name": "Archive" }))
        .await;
    let moved = bench
        .call(
            "move_item",
            json!({ "path": "review", "toFolder": "Archive" }),
        )
        .await;
    assert_eq!(moved["path"], "Archive/review");
    assert_eq!(moved["moved"].as_array().unwrap().len(), 2);
    assert_eq!(
        bench.tree().await,
        [
            "Archive/",
            "Archive/review/",
            "Archive/review/deep/",
            "Archive/review/deep/c.yaml",
            "Archive/review/b.yaml",
            "a.yaml"
        ]
    );
    for to in ["Archive", "Archive/review", "Archive/review/deep"] {
        let input = json!({ "path": "Archive", "toFolder": to });
        assert_eq!(bench.refused("move_item", input).await, ErrorCode::BadInput);
    }
}

#[tokio::test]
async fn nothing_is_overwritten_whatever_the_capitals() {
    let bench = three();
    std::fs::write(bench.root().join("review/A.yaml"), "mine").unwrap();
    let before = files(&bench.root());
    let onto = json!({ "path": "a.yaml", "toFolder": "review" });
    assert_eq!(bench.refused("move_item", onto).await, ErrorCode::NameTaken);
    let same = json!({ "folder": "", "name": "REVIEW" });
    assert_eq!(
        bench.refused("create_folder", same).await,
        ErrorCode::NameTaken
    );
    bench
        .call("create_folder", json!({ "folder": "", "name": "other" }))
        .await;
    let renamed = json!({ "path": "other", "name": "Review" });
    assert_eq!(
        bench.refused("rename_item", renamed).await,
        ErrorCode::NameTaken
    );
    assert_eq!(files(&bench.root()), before);
}

#[tokio::test]
async fn an_order_is_written_down_kept_up_and_left() {
    let bench = Bench::over(&[
        ("a.yaml", &request("a", "Alpha")),
        ("b.yaml", &request("b", "Beta")),
        ("c.yaml", &request("c", "Gamma")),
        ("folder/d.yaml", &request("d", "Delta")),
    ]);
    let at =
        |path: &str, position: u32| json!({ "path": path, "toFolder": "", "position": position });
    bench.call("move_item", at("c.yaml", 0)).await;
    assert_eq!(
        bench.text("folder.yaml"),
        "# yaml-language-server: $schema=.rheostat/schemas/folder.json\norder:\n  - c.yaml\n  - folder\n  - a.yaml\n  - b.yaml\n"
    );
    bench
        .call("rename_item", json!({ "path": "folder", "name": "last" }))
        .await;
    bench.call("move_item", at("last", 9)).await;
    bench
        .call("duplicate_item", json!({ "path": "a.yaml" }))
        .await;
    let order = |text: String| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.strip_prefix("  - "))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        order(bench.text("folder.yaml")),
        ["c.yaml", "a.yaml", "alpha-copy.yaml", "b.yaml", "last"]
    );
    let gone = bench.call("delete_item", json!({ "path": "a.yaml" })).await;
    assert!(!bench.text("folder.yaml").contains("- a.yaml"));
    bench
        .call("restore_item", json!({ "handle": gone["handle"] }))
        .await;
    bench
        .call("move_item", json!({ "path": "b.yaml", "toFolder": "last" }))
        .await;
    assert_eq!(
        order(bench.text("folder.yaml")),
        ["c.yaml", "a.yaml", "alpha-copy.yaml", "last"],
        "back in its place, and gone from where it left"
    );
    assert_eq!(
        bench.tree().await,
        [
            "last/",
            "c.yaml",
            "a.yaml",
            "alpha-copy.yaml",
            "last/b.yaml",
            "last/d.yaml"
        ]
    );
}

#[tokio::test]
async fn a_folder_file_that_is_broken_or_commented_stands_in_no_ones_way() {
    let bench = Bench::over(&[
        ("x/a.yaml", &request("a", "Alpha")),
        ("x/b.yaml", &request("b", "B")),
        ("x/folder.yaml", "order: [b.yaml\n"),
        ("y/c.yaml", &request("c", "Gamma")),
        (
            "y/folder.yaml",
            "order: # the order\n  # of old\n  c.yaml\n",
        ),
    ]);
    let before = files(&bench.root());
    // A place is written down or the move is refused; without one it needs no file.
    for to in ["x", "y"] {
        let at = json!({ "path": if to == "x" { "y/c.yaml" } else { "x/a.yaml" }, "toFolder": to, "position": 0 });
        assert_eq!(bench.refused("move_item", at).await, ErrorCode::FileInvalid);
    }
    assert_eq!(files(&bench.root()), before);
    bench
        .call("move_item", json!({ "path": "x/a.yaml", "toFolder": "y" }))
        .await;
    let gone = bench
        .call("delete_item", json!({ "path": "x/b.yaml" }))
        .await;
    bench
        .call("restore_item", json!({ "handle": gone["handle"] }))
        .await;
    let renamed = bench
        .call(
            "rename_item",
            json!({ "path": "x/b.yaml", "name": "Better" }),
        )
        .await;
    assert_eq!(renamed["path"], "x/better.yaml");
    assert_eq!(bench.text("x/folder.yaml"), "order: [b.yaml\n");
}

#[tokio::test]
async fn a_file_follows_the_name_it_was_made_from() {
    let bench = Bench::over(&[("by-hand.yaml", &request("h", "Alpha"))]);
    let made = bench
        .call(
            "create_request",
            json!({ "folder": "", "name": "Flag DDL", "like": null }),
        )
        .await;
    assert_eq!(made["opened"]["path"], "flag-ddl.yaml");
    let line = "# yaml-language-server: $schema=.rheostat/schemas/request.json\n";
    assert!(bench.text("flag-ddl.yaml").starts_with(line));

    let renamed = bench
        .call(
            "rename_item",
            json!({ "path": "flag-ddl.yaml", "name": "Flag locks" }),
        )
        .await;
    assert_eq!(renamed["path"], "flag-locks.yaml");
    let stayed = bench
        .call(
            "rename_item",
            json!({ "path": "by-hand.yaml", "name": "Omega" }),
        )
        .await;
    assert_eq!(stayed["path"], "by-hand.yaml");
    assert_eq!(
        bench.text("by-hand.yaml"),
        request("h", "Alpha").replace("name: Alpha", "name: Omega")
    );

    // The open tab goes on with the stamp it is told.
    let read = bench
        .call("read_request", json!({ "path": "by-hand.yaml" }))
        .await;
    assert_eq!(stayed["moved"][0]["stamp"], read["stamp"]);
    assert_eq!(
        bench
            .refused(
                "rename_item",
                json!({ "path": "by-hand.yaml", "name": " " })
            )
            .await,
        ErrorCode::BadInput
    );
}

#[tokio::test]
async fn a_copy_has_an_id_of_its_own_and_the_comments() {
    let bench = three();
    let text = request("id-b", "Beta").replace("body:", "# about the body\nbody:");
    std::fs::write(bench.root().join("review/b.yaml"), &text).unwrap();
    let copy = bench
        .call("duplicate_item", json!({ "path": "review/b.yaml" }))
        .await;
    assert_eq!(copy["path"], "review/beta-copy.yaml");
    let copied = bench
        .call("read_request", json!({ "path": "review/beta-copy.yaml" }))
        .await;
    let id = copied["request"]["id"].as_str().unwrap();
    assert_eq!(
        bench.text("review/beta-copy.yaml"),
        text.replace("id: id-b", &format!("id: {id}"))
            .replace("name: Beta", "name: Beta copy")
    );
    let again = bench
        .call("duplicate_item", json!({ "path": "review/b.yaml" }))
        .await;
    assert_eq!(again["path"], "review/beta-copy-2.yaml");

    std::fs::write(bench.root().join("review/notes.yaml"), "no request").unwrap();
    let folder = bench
        .call("duplicate_item", json!({ "path": "review" }))
        .await;
    assert_eq!(folder["path"], "review copy");
    let listed = bench.call("list_requests", json!({})).await;
    let requests = listed["requests"].as_array().unwrap();
    let ids: std::collections::HashSet<_> =
        requests.iter().map(|it| it["id"].to_string()).collect();
    assert_eq!(ids.len(), requests.len(), "every copy has an id of its own");
    assert_eq!(bench.text("review copy/notes.yaml"), "no request");
    assert!(requests.iter().all(|it| it["notice"].is_null()));
}

#[tokio::test]
async fn what_is_deleted_can_be_put_back_even_where_something_else_is_now() {
    let bench = three();
    let before = files(&bench.root().join("review"));
    let gone = bench.call("delete_item", json!({ "path": "review" })).await;
    assert!(!bench.root().join("review").exists());
    assert_eq!(
        gone["news"]["removed"],
        json!(["review/deep/c.yaml", "review/b.yaml"])
    );
    let back = bench
        .call("restore_item", json!({ "handle": gone["handle"] }))
        .await;
    assert_eq!(back["path"], "review");
    assert_eq!(files(&bench.root().join("review")), before);
    let twice = json!({ "handle": gone["handle"] });
    assert_eq!(
        bench.refused("restore_item", twice).await,
        ErrorCode::BadInput
    );

    let gone = bench.call("delete_item", json!({ "path": "a.yaml" })).await;
    std::fs::write(bench.root().join("a.yaml"), "mine").unwrap();
    let back = bench
        .call("restore_item", json!({ "handle": gone["handle"] }))
        .await;
    assert_eq!(back["path"], "a-2.yaml");
    assert_eq!(bench.text("a.yaml"), "mine");
    assert_eq!(bench.text("a-2.yaml"), request("id-a", "Alpha"));

    let gone = bench
        .call("delete_item", json!({ "path": "review/b.yaml" }))
        .await;
    std::fs::remove_dir_all(bench.root().join("review")).unwrap();
    let back = bench
        .call("restore_item", json!({ "handle": gone["handle"] }))
        .await;
    assert_eq!(back["path"], "review/b.yaml", "its folder is made again");
}

#[tokio::test]
async fn what_is_no_item_is_not_touched() {
    let bench = Bench::over(&[
        ("mock.yaml", "open: false\n"),
        ("environments/dev.yaml", "name: dev\n"),
        (".git/config", "[core]\n"),
        ("note.txt", "hello"),
    ]);
    std::fs::write(
        bench.folder.path().join("outside.yaml"),
        request("o", "Out"),
    )
    .unwrap();
    let before = files(&bench.root());
    let paths = [
        "",
        "rheostat.yaml",
        "mock.yaml",
        "environments",
        "environments/dev.yaml",
        ".git",
        ".git/config",
        "note.txt",
        "nowhere.yaml",
        "../outside.yaml",
        "/etc/passwd",
        "..",
    ];
    for path in paths {
        let item = json!({ "path": path });
        for verb in ["delete_item", "duplicate_item", "give_new_id"] {
            assert_eq!(
                bench.refused(verb, item.clone()).await,
                ErrorCode::BadInput,
                "{verb} {path:?}"
            );
        }
        let moved = json!({ "path": path, "toFolder": "" });
        assert_eq!(
            bench.refused("move_item", moved).await,
            ErrorCode::BadInput,
            "{path:?}"
        );
        let renamed = json!({ "path": path, "name": "x" });
        assert_eq!(
            bench.refused("rename_item", renamed).await,
            ErrorCode::BadInput,
            "{path:?}"
        );
    }
    for folder in ["..", "/tmp", "nowhere", "note.txt"] {
        let made = json!({ "folder": folder, "name": "x" });
        assert_eq!(
            bench.refused("create_folder", made).await,
            ErrorCode::BadInput,
            "{folder}"
        );
    }
    for name in ["recordings", "a/b", "..", "NUL"] {
        let made = json!({ "folder": "", "name": name });
        assert_eq!(
            bench.refused("create_folder", made).await,
            ErrorCode::BadInput,
            "{name}"
        );
    }
    assert_eq!(files(&bench.root()), before, "nothing came or went");
    assert!(!bench.folder.path().join("data/trash").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_leads_out() {
    let bench = three();
    let outside = bench.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("x.yaml"), request("x", "X")).unwrap();
    std::os::unix::fs::symlink(&outside, bench.root().join("link")).unwrap();
    std::os::unix::fs::symlink(outside.join("x.yaml"), bench.root().join("x.yaml")).unwrap();
    let before = files(&outside);
    assert!(
        !bench
            .tree()
            .await
            .iter()
            .any(|path| path.contains("link") || path == "x.yaml")
    );
    for (path, to) in [
        ("link/x.yaml", ""),
        ("a.yaml", "link"),
        ("x.yaml", "review"),
        ("link", "review"),
    ] {
        let input = json!({ "path": path, "toFolder": to });
        assert_eq!(
            bench.refused("move_item", input).await,
            ErrorCode::BadInput,
            "{path} to {to}"
        );
    }
    let made = json!({ "folder": "link", "name": "made" });
    assert_eq!(
        bench.refused("create_folder", made).await,
        ErrorCode::BadInput
    );
    // A folder with a link in it: the copy has none, and what it leads to is neither read nor changed.
    std::os::unix::fs::symlink(&outside, bench.root().join("review/link")).unwrap();
    let copy = bench
        .call("duplicate_item", json!({ "path": "review" }))
        .await;
    assert!(
        !bench
            .root()
            .join(copy["path"].as_str().unwrap())
            .join("link")
            .exists()
    );
    bench.call("delete_item", json!({ "path": "review" })).await;
    assert_eq!(files(&outside), before);
}

#[tokio::test]
async fn requests_are_found_by_name_tag_folder_and_prompt() {
    let bench = Bench::over(&[
        (
            "review/a.yaml",
            "id: a\nname: Flag locks\ntags: [ddl, Urgent]\nbody:\n  instructions: Be brief.\n  input:\n    - role: user\n      content: |\n        Which statement\n        locks the Table?\n",
        ),
        (
            "review/b.yaml",
            "id: b\nname: Roll back\nbody:\n  model: table-model\n  input: How to undo it\n",
        ),
        (
            "c.yaml",
            "id: c\nname: Review notes\ntags: [ddl]\nbody:\n  input: []\n",
        ),
        ("d.yaml", "id: [\n"),
    ]);
    let found = async |text: &str| -> Vec<(String, serde_json::Value)> {
        let found = bench.call("find_requests", json!({ "text": text })).await;
        let hits = found["hits"].as_array().unwrap().iter();
        hits.map(|hit| {
            (
                hit["request"]["id"].as_str().unwrap().to_owned(),
                hit["foundIn"].clone(),
            )
        })
        .collect()
    };
    assert_eq!(
        found("REVIEW").await,
        [
            ("c".to_owned(), json!(["name"])),
            ("a".to_owned(), json!(["folder"])),
            ("b".to_owned(), json!(["folder"]))
        ]
    );
    assert_eq!(
        found("table").await,
        [("a".to_owned(), json!(["prompt"]))],
        "a model is no prompt"
    );
    assert_eq!(found("user").await, [], "nor is a role");
    assert_eq!(
        found("statement locks").await,
        [("a".to_owned(), json!(["name", "prompt"]))]
    );
    assert_eq!(found("tag:ddl").await.len(), 2);
    assert_eq!(
        found("tag:urgent review").await,
        [("a".to_owned(), json!(["tags", "folder"]))]
    );
    assert_eq!(found("tag:table").await, []);
    let all = bench
        .call("find_requests", json!({ "text": "locks brief" }))
        .await;
    assert_eq!(all["hits"][0]["excerpt"], "Be brief.");
    assert_eq!(
        bench
            .refused("find_requests", json!({ "text": "  " }))
            .await,
        ErrorCode::BadInput
    );
}

#[tokio::test]
async fn two_files_of_one_id_are_both_listed_and_told() {
    let bench = Bench::over(&[
        ("a.yaml", &request("same", "Alpha")),
        ("review/b.yaml", &request("same", "Beta")),
    ]);
    let listed = bench.call("list_requests", json!({})).await;
    let notices: Vec<_> = listed["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["path"].clone(),
                it["notice"]["code"].clone(),
                it["notice"]["place"].clone(),
            )
        })
        .collect();
    assert_eq!(
        notices,
        [
            (json!("review/b.yaml"), json!("id_taken"), json!("a.yaml")),
            (json!("a.yaml"), json!("id_taken"), json!("review/b.yaml"))
        ]
    );
    let given = bench
        .call("give_new_id", json!({ "path": "review/b.yaml" }))
        .await;
    let id = given["id"].as_str().unwrap();
    assert_eq!(
        bench.text("review/b.yaml"),
        request(id, "Beta"),
        "one line is another"
    );
    let shown = given["news"]["requests"].as_array().unwrap();
    assert_eq!(shown.len(), 2, "the other is freed of it too");
    assert!(shown.iter().all(|it| it["notice"].is_null()));
}
