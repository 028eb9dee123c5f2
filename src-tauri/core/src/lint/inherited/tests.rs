//! What folders hand down is looked at, named, and never changed.

use serde_json::{Value, json};

use super::super::{Context, Knowledge, apply_fix, fix_all, lint};
use super::*;
use crate::catalog::models::Catalog;
use crate::catalog::parameters::ParameterTable;

fn knowledge() -> Knowledge<'static> {
    Knowledge {
        catalog: Catalog::builtin().expect("sound"),
        table: ParameterTable::builtin().expect("sound"),
    }
}

fn one(pointer: &str, value: Value, from: &str) -> Inherited {
    Inherited {
        pointer: pointer.into(),
        value,
        from: from.into(),
    }
}

/// On Responses, what `responses` says; on Chat Completions, model and effort alone.
fn below(responses: Vec<Inherited>) -> Context {
    let chat = responses.iter().filter_map(|it| match it.pointer.as_str() {
        "/model" => Some(it.clone()),
        EFFORT => Some(one(CHAT_EFFORT, it.value.clone(), &it.from)),
        _ => None,
    });
    Context {
        inherited: HandedDown {
            chat_completions: chat.collect(),
            responses,
        },
        ..Context::default()
    }
}

fn body(value: &Value) -> Body {
    value.as_object().cloned().expect("an object")
}

fn found(it: &Value, endpoint: Endpoint, context: &Context) -> Vec<Finding> {
    lint(&body(it), endpoint, knowledge(), context)
}

/// The body that the fix of the one finding leaves, and that nothing is found in it any more.
#[track_caller]
fn mended(it: &Value, endpoint: Endpoint, context: &Context) -> (Finding, Value) {
    let findings = found(it, endpoint, context);
    let [finding] = &findings[..] else {
        panic!("one is expected: {findings:#?}");
    };
    let fixed = apply_fix(&body(it), endpoint, finding, knowledge().table);
    let left = lint(&fixed.body, fixed.endpoint, knowledge(), context);
    assert_eq!(left, [], "{:?}", fixed.body);
    (finding.clone(), Value::Object(fixed.body))
}

fn origin(pointer: &str, folder: &str) -> FindingOrigin {
    FindingOrigin {
        pointer: pointer.into(),
        folder: folder.into(),
    }
}

#[test]
fn an_effort_of_a_folder_refuses_and_allows_as_one_of_the_request_does() {
    let it = json!({"model": "gpt-5.4", "input": "Hi", "temperature": 0.2});
    assert_eq!(found(&it, Endpoint::Responses, &Context::default()), []);
    let high = below(vec![one(EFFORT, json!("high"), "review/deep")]);
    let (finding, left) = mended(&it, Endpoint::Responses, &high);
    assert_eq!(finding.code, "sampling_rejected");
    assert_eq!(finding.message, "temperature is refused at effort high.");
    assert_eq!(finding.inherited, [origin(EFFORT, "review/deep")]);
    assert!(
        finding
            .reason
            .ends_with(" The effort comes from the folder review/deep."),
        "{}",
        finding.reason
    );
    assert_eq!(left, json!({"model": "gpt-5.4", "input": "Hi"}));

    let it = json!({"model": "gpt-5.5", "input": "Hi", "temperature": 0.2});
    let none = below(vec![one(EFFORT, json!("none"), "")]);
    assert_eq!(found(&it, Endpoint::Responses, &none), []);
    let own = json!({"model": "gpt-5.5", "input": "Hi", "temperature": 0.2, "reasoning": {"effort": "low"}});
    let findings = found(&own, Endpoint::Responses, &none);
    assert_eq!(findings[0].code, "sampling_rejected");
    assert_eq!(findings[0].inherited, [], "its own goes first");
}

#[test]
fn a_fix_says_it_in_the_request_and_leaves_the_folder_alone() {
    let it = json!({"model": "gpt-5.5", "input": "Hi", "reasoning": {"summary": "auto"}});
    let (finding, left) = mended(
        &it,
        Endpoint::Responses,
        &below(vec![one(EFFORT, json!("max"), "")]),
    );
    assert_eq!(finding.code, "effort_not_offered");
    assert!(
        finding
            .reason
            .ends_with(" The effort comes from the top folder.")
    );
    let fix = finding.fix.expect("one");
    assert_eq!(fix.label, "Use xhigh for this request");
    assert_eq!(
        left["reasoning"],
        json!({"summary": "auto", "effort": "xhigh"})
    );

    // Mended within the list: the request has the whole of it from now on.
    let tools = json!([{"type": "web_search"}, {"type": "code_interpreter"}]);
    let it = json!({"model": "gpt-5.5", "input": "Hi"});
    let (_, left) = mended(
        &it,
        Endpoint::Responses,
        &below(vec![one("/tools", tools, "a")]),
    );
    assert_eq!(
        left["tools"],
        json!([{"type": "web_search"}, {"type": "code_interpreter", "container": {"type": "auto"}}])
    );

    // Taken out of the list until nothing is left: none, said by the request itself.
    let it = json!({"model": "gpt-5.5", "input": "Hi"});
    let search = below(vec![one("/tools", json!([{"type": "file_search"}]), "a")]);
    let (_, left) = mended(&it, Endpoint::Responses, &search);
    assert_eq!(left["tools"], json!([]));
}

#[test]
fn a_value_under_another_name_goes_before_that_of_a_folder() {
    let it = json!({"model": "gpt-5.5", "input": "Hi", "reasoning_effort": "low"});
    let (_, left) = mended(
        &it,
        Endpoint::Responses,
        &below(vec![one(EFFORT, json!("high"), "a")]),
    );
    assert_eq!(
        left,
        json!({"model": "gpt-5.5", "input": "Hi", "reasoning": {"effort": "low"}})
    );
}

#[test]
fn model_and_effort_are_both_named_where_both_matter() {
    let it = json!({"messages": [{"role": "user", "content": "Hi"}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]});
    let context = below(vec![
        one("/model", json!("gpt-5.5"), ""),
        one(EFFORT, json!("low"), "a"),
    ]);
    let findings = found(&it, Endpoint::ChatCompletions, &context);
    let finding = findings
        .iter()
        .find(|it| it.code == "function_tools_with_effort")
        .expect("found");
    assert!(finding.inherited.contains(&origin(CHAT_EFFORT, "a")));
    let fixed = apply_fix(
        &body(&it),
        Endpoint::ChatCompletions,
        finding,
        knowledge().table,
    );
    assert_eq!(fixed.endpoint, Endpoint::Responses);
    assert_eq!(
        fixed.body.get("model"),
        None,
        "what the folder says stays there"
    );
    let pro = below(vec![one("/model", json!("gpt-5.5-pro"), "slow")]);
    let it = json!({"input": "Hi", "reasoning": {"effort": "low"}});
    let (finding, left) = mended(&it, Endpoint::Responses, &pro);
    assert_eq!(finding.inherited, [origin("/model", "slow")]);
    assert_eq!(
        left,
        json!({"input": "Hi", "reasoning": {"effort": "medium"}})
    );
}

#[test]
fn everything_is_mended_in_the_request_alone() {
    let it = json!({"input": "Hi", "temperature": 0.5, "seed": 1});
    let context = below(vec![
        one("/model", json!("gpt-5.5"), ""),
        one(EFFORT, json!("max"), "a"),
        one("/tools", json!([{"type": "code_interpreter"}]), "a"),
    ]);
    let fixed = fix_all(&body(&it), Endpoint::Responses, knowledge(), &context);
    assert_eq!(
        Value::Object(fixed.body.clone()),
        json!({
            "input": "Hi",
            "reasoning": {"effort": "xhigh"},
            "tools": [{"type": "code_interpreter", "container": {"type": "auto"}}],
        })
    );
    assert_eq!(fixed.changes.len(), 4);
    assert_eq!(
        lint(&fixed.body, Endpoint::Responses, knowledge(), &context),
        []
    );
}
