//! Bodies that go on with a turn, and what is refused.

use serde_json::{Map, Value, json};

use super::said::Reading;
use super::{Said, ToolReply, next};
use crate::catalog::endpoint::Endpoint::{self, ChatCompletions, Responses};

fn body(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn reply(id: &str, output: &str) -> ToolReply {
    ToolReply {
        call_id: id.into(),
        output: output.into(),
    }
}

fn reasoning() -> Value {
    json!({"type": "reasoning", "id": "rs_1", "summary": []})
}

fn call(id: &str) -> Value {
    json!({"type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": "look_up", "arguments": "{}", "status": "completed"})
}

fn said(items: &[Value]) -> Said {
    Said::Items {
        id: "resp_1".into(),
        items: items.to_vec(),
    }
}

fn input(body: &Map<String, Value>) -> &Value {
    &body["input"]
}

fn refused(items: &[Value], replies: &[ToolReply], endpoint: Endpoint) -> (String, Option<String>) {
    let error = next(
        &body(json!({"input": "hi"})),
        endpoint,
        &said(items),
        replies,
    )
    .unwrap_err();
    (error.message, error.place)
}

#[test]
fn every_item_goes_back_with_the_replies_behind() {
    let first = body(json!({"model": "m", "input": "hi", "tools": [1]}));
    let items = [reasoning(), call("a"), call("b")];
    let replies = [reply("b", "two"), reply("a", "one")];
    let next = next(&first, Responses, &said(&items), &replies).unwrap();
    assert_eq!(
        Value::Object(next.body),
        json!({"model": "m", "input": [
            {"role": "user", "content": "hi"},
            items[0], items[1], items[2],
            {"type": "function_call_output", "call_id": "a", "output": "one"},
            {"type": "function_call_output", "call_id": "b", "output": "two"},
        ], "tools": [1]})
    );
    assert_eq!((next.holds_input, next.left_out), (true, None));
}

#[test]
fn what_the_api_keeps_is_named_and_not_repeated() {
    let items = [reasoning(), call("a")];
    let only = json!([{"type": "function_call_output", "call_id": "a", "output": "one"}]);
    let stored = body(json!({"input": [1, 2], "store": true, "previous_response_id": "resp_0"}));
    let step = next(&stored, Responses, &said(&items), &[reply("a", "one")]).unwrap();
    assert_eq!(step.body["previous_response_id"], "resp_1");
    assert_eq!((input(&step.body), step.holds_input), (&only, false));

    let talk = body(json!({"input": [1, 2], "conversation": {"id": "conv_1"}}));
    let step = next(&talk, Responses, &said(&items), &[reply("a", "one")]).unwrap();
    assert!(
        !step.body.contains_key("previous_response_id"),
        "the two exclude one another"
    );
    assert_eq!(input(&step.body), &only);
}

#[test]
fn reasoning_that_nobody_kept_goes_back_encrypted_or_not_at_all() {
    let mut sealed = reasoning();
    sealed["encrypted_content"] = json!("gAAA");
    let unstored = body(json!({"input": [], "store": false}));
    let items = [sealed.clone(), call("a")];
    let step = next(&unstored, Responses, &said(&items), &[reply("a", "")]).unwrap();
    assert_eq!((&input(&step.body)[0], step.left_out), (&sealed, None));

    let bare = [reasoning(), call("a")];
    let step = next(&unstored, Responses, &said(&bare), &[reply("a", "")]).unwrap();
    let back = &input(&step.body)[0];
    assert_eq!(
        (&back["type"], back.get("id")),
        (&json!("function_call"), None)
    );
    assert!(
        step.left_out
            .unwrap()
            .contains("reasoning.encrypted_content")
    );
}

#[test]
fn custom_tools_and_approvals_have_outputs_of_their_own() {
    let items = [
        json!({"type": "custom_tool_call", "id": "ctc_1", "call_id": "c", "name": "sql", "input": "select 1"}),
        json!({"type": "mcp_approval_request", "id": "mcpr_1", "name": "delete", "server_label": "s", "arguments": "{}"}),
    ];
    let replies = [reply("c", "1"), reply("mcpr_1", "deny")];
    let step = next(
        &body(json!({"input": []})),
        Responses,
        &said(&items),
        &replies,
    )
    .unwrap();
    assert_eq!(
        input(&step.body).as_array().unwrap()[2..],
        [
            json!({"type": "custom_tool_call_output", "call_id": "c", "output": "1"}),
            json!({"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": false}),
        ]
    );
    let (message, place) = refused(
        &items,
        &[reply("c", "1"), reply("mcpr_1", "maybe")],
        Responses,
    );
    assert_eq!(
        message,
        "delete is to be approved or denied, and the reply is \"maybe\"."
    );
    assert_eq!(place.as_deref(), Some("mcpr_1"));
}

#[test]
fn replies_that_do_not_fit_are_named() {
    let two = [call("a"), call("b")];
    let cases: [(&[Value], &[ToolReply], &str); 5] = [
        (
            &two,
            &[reply("a", "1")],
            "The call of look_up (b) has no reply.",
        ),
        (
            &two,
            &[reply("a", "1"), reply("x", "2")],
            "There is no call x in this run that waits for a reply.",
        ),
        (
            &two,
            &[reply("a", "1"), reply("a", "2")],
            "The call a has two replies.",
        ),
        (
            &[reasoning()],
            &[],
            "This run made no call that waits for a reply.",
        ),
        (
            &[json!({"type": "computer_call", "call_id": "k"})],
            &[],
            "computer_call needs more than a text for a reply, so this turn can't go on here.",
        ),
    ];
    for (items, replies, message) in cases {
        assert_eq!(refused(items, replies, Responses).0, message);
    }
}

#[test]
fn what_the_api_answers_itself_needs_no_reply() {
    let items = [
        json!({"type": "shell_call", "call_id": "s"}),
        json!({"type": "shell_call_output", "call_id": "s", "output": []}),
        json!({"type": "web_search_call", "id": "ws_1"}),
        call("a"),
    ];
    let step = next(
        &body(json!({"input": []})),
        Responses,
        &said(&items),
        &[reply("a", "x")],
    )
    .unwrap();
    assert_eq!(input(&step.body).as_array().unwrap().len(), 5);
}

#[test]
fn a_chat_message_is_put_together_from_its_chunks() {
    let chunk = |delta: Value| {
        json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta}]})
            .to_string()
    };
    let mut reading = Reading::default();
    for delta in [
        json!({"role": "assistant", "content": "Let me "}),
        json!({"content": "see."}),
        json!({"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "look_up", "arguments": ""}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"q\""}}]}),
        json!({"tool_calls": [{"index": 1, "id": "b", "type": "function", "function": {"name": "other", "arguments": "{}"}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]}),
    ] {
        reading.event(&chunk(delta));
    }
    let said = reading.finish(ChatCompletions);
    let first = body(json!({"messages": [{"role": "user", "content": "hi"}]}));
    let replies = [reply("a", "1"), reply("b", "2")];
    let step = next(&first, ChatCompletions, &said, &replies).unwrap();
    assert_eq!(
        step.body["messages"],
        json!([
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "Let me see.", "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "look_up", "arguments": "{\"q\":1}"}},
                {"id": "b", "type": "function", "function": {"name": "other", "arguments": "{}"}},
            ]},
            {"role": "tool", "tool_call_id": "a", "content": "1"},
            {"role": "tool", "tool_call_id": "b", "content": "2"},
        ])
    );
}

#[test]
fn the_end_of_a_response_tells_its_output_and_items_do_where_it_lacks() {
    let events = [
        json!({"type": "response.created", "response": {"id": "resp_9", "output": []}}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": call("a")}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": reasoning()}),
    ];
    let read = |more: Option<Value>| {
        let mut reading = Reading::default();
        for event in events.iter().chain(&more) {
            reading.event(&event.to_string());
        }
        reading.finish(Responses)
    };
    let items = |items: Vec<Value>| Said::Items {
        id: "resp_9".into(),
        items,
    };
    assert_eq!(read(None), items(vec![reasoning(), call("a")]));
    let done =
        json!({"type": "response.completed", "response": {"id": "resp_9", "output": [call("z")]}});
    assert_eq!(read(Some(done)), items(vec![call("z")]));
}
