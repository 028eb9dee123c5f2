//! The table is whole: every name that the official SDK sends, and nothing it does not explain.

use super::*;

fn table() -> &'static ParameterTable {
    ParameterTable::builtin().expect("the embedded table is sound")
}

/// API.md 2.1.
const RESPONSES: [&str; 34] = [
    "model",
    "input",
    "instructions",
    "reasoning",
    "text",
    "max_output_tokens",
    "include",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "max_tool_calls",
    "temperature",
    "top_p",
    "top_logprobs",
    "stream",
    "stream_options",
    "service_tier",
    "background",
    "background_options",
    "store",
    "previous_response_id",
    "conversation",
    "truncation",
    "context_management",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_retention",
    "prompt_cache_options",
    "metadata",
    "safety_identifier",
    "user",
    "moderation",
    "image",
    "access_programs",
];

#[test]
fn every_parameter_of_responses_is_there_and_no_other() {
    let keys = table().keys(Endpoint::Responses);
    let keys: HashSet<&str> = keys.into_iter().collect();
    assert_eq!(keys, HashSet::from(RESPONSES));
}

#[test]
fn every_parameter_of_chat_completions_is_there_and_no_other() {
    // API.md 3.3 names 37.
    let named = "messages model audio frequency_penalty presence_penalty function_call functions logit_bias \
        logprobs top_logprobs max_completion_tokens max_tokens metadata modalities moderation n \
        parallel_tool_calls prediction prompt_cache_key prompt_cache_options prompt_cache_retention \
        reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options \
        temperature tool_choice tools top_p user verbosity web_search_options";
    let keys: HashSet<&str> = table()
        .keys(Endpoint::ChatCompletions)
        .into_iter()
        .collect();
    assert_eq!(keys, named.split_whitespace().collect());
    assert_eq!(keys.len(), 37);
}

#[test]
fn every_row_says_what_it_is_and_where_that_stands() {
    for row in table().parameters() {
        assert!(row.help.ends_with('.'), "{} has help", row.id);
        assert!(row.source.starts_with("API.md "), "{} has a source", row.id);
        assert!(!row.types.is_empty(), "{} has a type", row.id);
        assert!(
            row.responses.is_some() || row.chat_completions.is_some(),
            "{} can be sent",
            row.id
        );
        for rule in &row.rules {
            assert!(
                rule.source.starts_with("API.md "),
                "{}: {}",
                row.id,
                rule.message
            );
        }
    }
    for tool in table().tools() {
        assert!(
            tool.help.ends_with('.') && tool.source.starts_with("API.md "),
            "{}",
            tool.kind
        );
        for field in &tool.requires {
            assert!(
                tool.fields.iter().any(|row| row.path == *field),
                "{} requires {field}, which is described",
                tool.kind
            );
        }
    }
}

#[test]
fn what_is_not_settled_says_so() {
    let unsettled: Vec<&str> = table()
        .parameters()
        .iter()
        .filter(|row| !row.verified)
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(
        unsettled,
        [
            "background_completion_window",
            "background_continuation_id",
            "safety_identifier"
        ]
    );
    let rules = table().parameters().iter().flat_map(|row| &row.rules);
    let said = rules
        .filter(|rule| rule.why.contains("is silent") || rule.why.contains("No live test"))
        .all(|rule| !rule.verified);
    assert!(said, "a rule that rests on little is marked");
}

#[test]
fn models_that_rules_name_are_in_the_catalog() {
    let models = crate::catalog::models::Catalog::builtin().expect("sound");
    let rules = table().parameters().iter().flat_map(|row| &row.rules);
    let named = rules.flat_map(|rule| &rule.when.models);
    for id in named.chain(table().tools().iter().flat_map(|tool| &tool.unlisted_for)) {
        assert_eq!(models.model(id).map(|model| &model.id), Some(id));
    }
}

#[test]
fn a_parameter_is_found_by_its_place() {
    let id = |endpoint, path| table().at(endpoint, path).map(|row| row.id.as_str());
    assert_eq!(id(Endpoint::Responses, "reasoning.effort"), Some("effort"));
    assert_eq!(
        id(Endpoint::ChatCompletions, "reasoning_effort"),
        Some("effort")
    );
    assert_eq!(id(Endpoint::Responses, "reasoning_effort"), None);
    let row = table().parameter("effort").expect("there");
    assert!(row.values(Endpoint::Responses).contains(&"max".to_owned()));
    assert!(
        !row.values(Endpoint::ChatCompletions)
            .contains(&"max".to_owned()),
        "Chat Completions ends at xhigh"
    );
    let cap = table().parameter("max_output_tokens").expect("there");
    assert_eq!(cap.min(Endpoint::Responses), Some(16.0));
    assert_eq!(
        cap.wire(Endpoint::Responses).map(Wire::pointer).as_deref(),
        Some("/max_output_tokens")
    );
    assert_eq!(
        table()
            .tool("web_search_2025_08_26")
            .map(|tool| tool.kind.as_str()),
        Some("web_search")
    );
}

#[test]
fn a_broken_table_is_an_error_with_its_cause() {
    let whole = include_str!("../../../data/parameters.json");
    let cases = [
        ("{", "EOF"),
        (
            &*whole.replace("\"id\": \"top_p\"", "\"id\": \"temperature\""),
            "temperature stands twice",
        ),
        (
            &*whole.replace("\"path\": \"top_p\"", "\"path\": \"temperature\""),
            "temperature is the path of two rows",
        ),
        (
            &*whole.replace("\"group\": \"sampling\"", "\"group\": \"luck\""),
            "temperature has a group that is not there",
        ),
        (
            &*whole.replace("\"movedTo\": \"tools\"", "\"movedTo\": \"tulls\""),
            "functions moves to tulls, which is not there",
        ),
        (
            &*whole.replace("\"help\"", "\"halp\""),
            "unknown field `halp`",
        ),
    ];
    for (text, cause) in cases {
        let error = ParameterTable::parse(text).expect_err("a broken table is refused");
        let detail = error.detail.expect("a cause");
        assert!(detail.contains(cause), "{detail:?} names {cause:?}");
    }
}
