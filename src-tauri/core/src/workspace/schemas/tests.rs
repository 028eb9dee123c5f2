//! The schemas take what the product writes, and name what it refuses.

use super::*;
use crate::workspace::samples;

fn schemas() -> (Value, &'static Catalog, &'static ParameterTable) {
    let (catalog, table) = (
        Catalog::builtin().unwrap(),
        ParameterTable::builtin().unwrap(),
    );
    (request_schema(catalog, table), catalog, table)
}

/// The places that a schema refuses, in order.
fn refused(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    let mut places: Vec<String> = validator
        .iter_errors(document)
        .map(|error| error.instance_path().to_string())
        .collect();
    places.dedup();
    places
}

#[test]
fn they_are_sound_and_take_the_samples() {
    let (schema, catalog, table) = schemas();
    assert!(jsonschema::meta::is_valid(&schema), "a sound schema");
    for endpoint in Endpoint::ALL {
        assert!(jsonschema::meta::is_valid(&body_schema(
            endpoint, catalog, table
        )));
    }
    let folder = tempfile::tempdir().unwrap();
    samples::install(folder.path()).unwrap();
    let workspace = folder::Workspace::new(folder.path().to_owned());
    let requests = workspace.requests();
    assert_eq!(requests.len(), 3);
    for summary in requests {
        let request = workspace.read(&summary.path).unwrap().request;
        let document = serde_json::to_value(&request).unwrap();
        assert_eq!(refused(&schema, &document), [""; 0], "{}", summary.path);
    }
}

#[test]
fn the_body_is_that_of_the_endpoint() {
    let (schema, ..) = schemas();
    let request = |endpoint: &str, body: Value| json!({"id": "x", "name": "n", "endpoint": endpoint, "body": body});
    let responses = json!({
        "model": "mine", "input": "Hi", "reasoning": {"effort": "{{effort}}", "budget": 3}, "temperature": null,
        "tools": [{"type": "function", "name": "f"}, {"type": "of_tomorrow"}], "tool_choice": {"type": "x"},
        "wonder": 1,
    });
    assert_eq!(refused(&schema, &request("responses", responses)), [""; 0]);
    let broken = json!({
        "model": "mine", "reasoning": {"effort": "extreme"}, "temperature": 3, "max_output_tokens": 8,
        "tools": [{"type": "code_interpreter"}, {"type": "mcp", "server_label": "m"}], "metadata": {"a": 1},
        "include": ["all"],
    });
    let mut places = refused(&schema, &request("responses", broken));
    places.sort();
    assert_eq!(
        places,
        [
            "/body/include/0",
            "/body/max_output_tokens",
            "/body/metadata/a",
            "/body/reasoning/effort",
            "/body/temperature",
            "/body/tools/0",
            "/body/tools/1",
        ]
    );
    let chat = json!({"model": "m", "messages": [], "max_completion_tokens": 1, "tools": [{"type": "function", "function": {"name": "f"}}]});
    assert_eq!(
        refused(&schema, &request("chat_completions", chat)),
        [""; 0]
    );
    let broken = json!({"model": "m", "reasoning_effort": "max", "tools": [{"type": "function", "name": "f"}]});
    let mut places = refused(&schema, &request("chat_completions", broken));
    places.sort();
    assert_eq!(places, ["/body", "/body/reasoning_effort", "/body/tools/0"]);
}

#[test]
fn a_folder_is_held_to_what_its_values_become() {
    let (_, catalog, table) = schemas();
    let schema = folder_schema(catalog, table);
    assert!(jsonschema::meta::is_valid(&schema), "a sound schema");
    let folder = json!({
        "defaults": {"model": "mine", "effort": "high", "instructions": "Be brief.", "variables": {"a": 1},
            "tools": [{"type": "web_search"}], "text_format": {"type": "text"}, "of_tomorrow": 1},
        "order": ["b.yaml", "a"],
    });
    assert_eq!(refused(&schema, &folder), [""; 0]);
    let broken = json!({"defaults": {"effort": "extreme", "tools": [{"type": "code_interpreter"}]}, "order": [1]});
    let mut places = refused(&schema, &broken);
    places.sort();
    assert_eq!(
        places,
        ["/defaults/effort", "/defaults/tools/0", "/order/0"]
    );
}

#[test]
fn they_are_written_into_a_workspace_and_nowhere_else() {
    let (schema, catalog, table) = schemas();
    let folder = tempfile::tempdir().unwrap();
    install(folder.path(), catalog, table, &[]).unwrap();
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "not a workspace"
    );

    samples::install(folder.path()).unwrap();
    install(folder.path(), catalog, table, &[]).unwrap();
    let file = folder.path().join(".rheostat/schemas/request.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), schema);
    let written = std::fs::metadata(&file).unwrap().modified().unwrap();
    install(folder.path(), catalog, table, &[]).unwrap();
    assert_eq!(
        std::fs::metadata(&file).unwrap().modified().unwrap(),
        written,
        "left as it is"
    );
    std::fs::write(&file, "{}").unwrap();
    install(folder.path(), catalog, table, &[]).unwrap();
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        text,
        "an old one is made anew"
    );
    let workspace = folder::Workspace::new(folder.path().to_owned());
    assert_eq!(workspace.requests().len(), 3, "they are no requests");
}

#[test]
fn an_environment_is_described_as_it_is_read() {
    let schema = environment_schema();
    assert!(jsonschema::meta::is_valid(&schema), "a sound schema");
    let whole = json!({"id": "a", "name": "Staging", "color": "amber", "base_url": "https://gateway.example/v1",
        "production": true, "retries": 0, "limits": {"per_day": "20.00"}, "key": "env:STAGING_KEY",
        "variables": {"tenant": "t-1", "token": {"secret": "env:TOKEN"}}});
    assert_eq!(refused(&schema, &whole), [""; 0]);
    for (field, value) in [
        ("color", json!("pink")),
        ("retries", json!(-1)),
        ("limits", json!({"per_week": "1"})),
        ("variables", json!({"tenant": {"secrt": "env:TOKEN"}})),
        ("prodution", json!(true)),
    ] {
        let mut wrong = whole.clone();
        wrong[field] = value;
        assert_ne!(refused(&schema, &wrong), [""; 0], "{field}");
        let read = serde_json::from_value::<EnvironmentFile>(wrong);
        assert!(read.is_err(), "{field}: refused by both");
    }
}
