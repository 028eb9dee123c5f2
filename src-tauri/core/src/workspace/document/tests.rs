//! What someone else wrote in a file survives a save, and a save changes no more than it must.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

const HAND: &str = "\
# Why this request exists.
id: x   # never change
name: 'Hand made'

body:
  model: gpt-5.5 # pinned
  # The prompt.
  input:
    - role: system
      content: >-
        Folded words
        on two lines.

    # What the user says.
    - role: user
      content: |
        First line.
        # not a comment
          indented

        Last line.
  reasoning: {effort: high, summary: auto}
  tools:
  - type: web_search   # with care
  - {type: function, name: f}
  max_output_tokens: 0x10
unknown_key: [1, two, 3.50]
tags: [a, b]
# The end.
";

fn read(text: &str) -> RequestFile {
    request_file::parse(Path::new("a.yaml"), text).unwrap()
}

fn edited(text: &str, change: impl FnOnce(&mut RequestFile)) -> Result<String> {
    let mut request = read(text);
    change(&mut request);
    let text = rewrite(Path::new("a.yaml"), "a.yaml", text, &request)?;
    assert_eq!(read(&text), request, "it reads as what was saved: {text}");
    let twice = rewrite(Path::new("a.yaml"), "a.yaml", &text, &request)?;
    assert_eq!(twice, text, "a second save changes nothing");
    Ok(text)
}

/// The lines that went and came.
fn changes(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = (old.iter().rev().zip(new.iter().rev()))
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let lines = |all: &[&str]| -> Vec<String> {
        all[start..all.len() - end]
            .iter()
            .map(|line| (*line).to_owned())
            .collect()
    };
    (lines(&old), lines(&new))
}

fn one_line(change: impl FnOnce(&mut RequestFile), old: &str, new: &str) {
    let text = edited(HAND, change).unwrap();
    assert_eq!(
        changes(HAND, &text),
        (vec![old.to_owned()], vec![new.to_owned()])
    );
}

#[test]
fn one_value_is_one_line_and_its_remark_stays() {
    one_line(
        |it| it.body["model"] = json!("gpt-5.4"),
        "  model: gpt-5.5 # pinned",
        "  model: gpt-5.4 # pinned",
    );
    one_line(
        |it| it.name = "It's: other".into(),
        "name: 'Hand made'",
        "name: \"It's: other\"",
    );
    one_line(
        |it| it.body["reasoning"]["effort"] = json!("low"),
        "  reasoning: {effort: high, summary: auto}",
        "  reasoning: {effort: \"low\", summary: auto}",
    );
    one_line(
        |it| it.body["tools"][0]["type"] = json!("file_search"),
        "  - type: web_search   # with care",
        "  - type: file_search   # with care",
    );
    one_line(
        |it| it.other["unknown_key"][1] = json!(2),
        "unknown_key: [1, two, 3.50]",
        "unknown_key: [1, 2, 3.50]",
    );
}

#[test]
fn one_word_of_a_prompt_is_one_line() {
    one_line(
        |it| {
            it.body["input"][1]["content"] =
                json!("First line.\n# not a comment\n  indented\n\nFinal line.\n");
        },
        "        Last line.",
        "        Final line.",
    );
}

#[test]
fn words_that_yaml_takes_for_something_else_stay_words() {
    for word in [
        "n",
        "no",
        "null",
        "~",
        "1.0",
        "0x1",
        "- x",
        "#x",
        "a: b",
        "",
        " x",
        "x ",
        "{{a}}",
        "2026-01-01",
    ] {
        let text = edited(HAND, |it| it.body["model"] = json!(word)).unwrap();
        assert_eq!(read(&text).body["model"], json!(word));
        assert!(text.contains("# pinned"), "{text}");
    }
}

#[test]
fn what_comes_stands_behind_its_neighbour_and_what_goes_takes_its_own_lines() {
    let text = edited(HAND, |it| {
        it.body
            .shift_insert(1, "instructions".into(), json!("Be brief.\nBe kind.\n"));
        it.body.shift_remove("max_output_tokens");
        it.body["input"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "role": "user", "content": "More." }));
        it.body["tools"].as_array_mut().unwrap().remove(1);
        it.tags.clear();
    })
    .unwrap();
    let expected = HAND
        .replace(
            "# pinned\n",
            "# pinned\n  instructions: |\n    Be brief.\n    Be kind.\n",
        )
        .replace(
            "        Last line.\n",
            "        Last line.\n    - role: user\n      content: More.\n",
        )
        .replace("  - {type: function, name: f}\n", "")
        .replace("  max_output_tokens: 0x10\n", "")
        .replace("tags: [a, b]\n", "");
    assert_eq!(text, expected);
}

#[test]
fn the_first_key_behind_a_dash_can_go() {
    let text =
        "id: x\nname: n\nbody:\n  input:\n    - role: user # who\n      content: hi # what\n";
    let out = edited(text, |it| {
        it.body["input"][0]
            .as_object_mut()
            .unwrap()
            .shift_remove("role");
    })
    .unwrap();
    assert_eq!(
        out,
        "id: x\nname: n\nbody:\n  input:\n    - content: hi # what\n"
    );
}

#[test]
fn what_would_cost_a_comment_is_refused_and_told() {
    // The folded text and the remark in it can't both stay.
    let text = "id: x\nname: n\nbody:\n  input: # the prompt\n    # of old\n    one\n";
    let refused = edited(text, |it| it.body["input"] = json!("two")).unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::FileUnwritable, Some("a.yaml:4")),
        "{refused}"
    );
    // Where an anchor is in the way, a file without comments is written anew.
    let anchored = "id: x\nname: n\nbody: &all\n  input: one\n  again: [1]\n";
    let out = edited(anchored, |it| it.body["input"] = json!("two")).unwrap();
    assert_eq!(out, read(&out).to_yaml().unwrap());
    let refused = edited(&format!("{anchored}# mine\n"), |it| {
        it.body["input"] = json!("two")
    });
    assert_eq!(refused.unwrap_err().place.as_deref(), Some("a.yaml:6"));
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let text = format!("\u{feff}{}", HAND.replace('\n', "\r\n"));
    let out = edited(&text, |it| {
        it.body["input"][1]["content"] = json!("One.\nTwo.\n");
        it.body["model"] = json!("m");
    })
    .unwrap();
    assert!(out.starts_with("\u{feff}# Why"));
    assert_eq!(
        out.matches('\n').count(),
        out.matches("\r\n").count(),
        "{out:?}"
    );
}

#[test]
fn the_line_for_editors_stays_and_follows_a_move() {
    let line = schema_line_for::<RequestFile>("a/b/c.yaml");
    assert_eq!(
        line,
        "# yaml-language-server: $schema=../../.rheostat/schemas/request.json\n"
    );
    // Written anew, as the anchor asks for it.
    let text = format!("{line}id: x\nname: n\nbody: &all\n  input: one\n");
    let out = edited(&text, |it| it.body["input"] = json!("two")).unwrap();
    assert!(out.starts_with(&line), "{out}");
    let moved = with_schema_from("c.yaml", &text).unwrap();
    assert_eq!(
        moved.lines().next(),
        Some("# yaml-language-server: $schema=.rheostat/schemas/request.json")
    );
    assert_eq!(with_schema_from("c.yaml", &moved), None);
    assert_eq!(with_schema_from("c.yaml", HAND), None);
    let foreign = "# yaml-language-server: $schema=https://example.com/a.json\nid: x\n";
    assert_eq!(
        with_schema_from("a/c.yaml", foreign),
        None,
        "another's is left alone"
    );
}

#[test]
fn comments_are_told_from_prompt_lines() {
    let text = "id: x\nname: N\nbody:\n  input: |\n    # a heading\n    b # c\n";
    assert_eq!(comment_line(text), None);
    assert_eq!(comment_line(&format!("{text}# mine\n")), Some(7));
}

#[test]
fn a_file_that_went_or_changed_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    let request = read(HAND);
    let first = save(&file, "a.yaml", &request, "").unwrap();
    assert_eq!(first.before, None);
    let refused = save(&file, "a.yaml", &request, "").unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::FileChanged,
        "someone made it meanwhile"
    );
    std::fs::remove_file(&file).unwrap();
    let refused = save(&file, "a.yaml", &request, &first.stamp).unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::FileChanged,
        "someone moved it away"
    );
    assert!(!file.exists());
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1.0e6..1.0e6_f64).prop_map(Value::from),
        "[ -~äß€\u{1F600}\\t]{0,40}".prop_map(Value::from),
        "([ -~äß]{0,12}\n){1,6}[ -~]{0,8}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z_]{1,8}", value(), 0..6)
        .prop_map(|fields| fields.into_iter().collect())
}

fn request(body: Map<String, Value>) -> RequestFile {
    RequestFile { body, ..read(HAND) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_body_is_written_and_read_and_written_the_same(body in body()) {
        let once = request(body).to_yaml().unwrap();
        let again = read(&once).to_yaml().unwrap();
        prop_assert_eq!(once, again);
    }

    /// From any body to any other: what is saved reads as what was meant, whatever the way to it.
    #[test]
    fn any_edit_gives_what_was_meant(from in body(), to in body()) {
        let (from, to) = (request(from), request(to));
        let old = from.to_yaml().unwrap();
        // What YAML does not keep, such as a number's last digit, is none of an edit's doing.
        let to = read(&to.to_yaml().unwrap());
        let new = rewrite(Path::new("a.yaml"), "a.yaml", &old, &to).unwrap();
        prop_assert_eq!(&read(&new), &to);
        let twice = rewrite(Path::new("a.yaml"), "a.yaml", &new, &to).unwrap();
        prop_assert_eq!(new, twice);
    }

    /// A comment above every line, and any edit: it is refused, or no comment is lost but with what went.
    #[test]
    fn no_edit_costs_a_comment(from in body(), to in body(), prompt in "([ -~]{1,20}\n){1,4}") {
        let mut from = request(from);
        from.body.insert("kept".into(), json!("as it is"));
        from.body.insert("input".into(), json!("Some\nlines.\n"));
        let text = from.to_yaml().unwrap();
        let text = text.replace("\n  kept:", "\n  # about kept\n  kept:") + "# the end\n";
        let mut to = read(&request(to).to_yaml().unwrap());
        to.body.insert("kept".into(), json!("as it is"));
        to.body.insert("input".into(), json!(prompt));
        let to = read(&to.to_yaml().unwrap());
        match rewrite(Path::new("a.yaml"), "a.yaml", &text, &to) {
            Ok(new) => {
                prop_assert_eq!(&read(&new), &to);
                prop_assert!(new.contains("# about kept\n  kept:"), "{}", new);
                prop_assert!(new.ends_with("# the end\n"), "{}", new);
            }
            Err(refused) => prop_assert_eq!(refused.code, ErrorCode::FileUnwritable),
        }
    }
}
