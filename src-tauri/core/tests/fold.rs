//! Streams of events and the state they fold to: every terminal state, and every oddity kept.

use rheostat_core::error::ErrorCode;
use rheostat_core::run::facts::{Phase, RunFacts, RunStatus, RunView, Section, SpanKind, TextPart};
use rheostat_core::run::fold::Fold;
use serde_json::{Value, json};

/// Numbers the events and feeds them 10 ms apart.
fn fold(events: &[Value]) -> Fold {
    let mut fold = Fold::new(RunFacts::default());
    fold.sent(0);
    fold.connected(5.0);
    for (number, event) in events.iter().enumerate() {
        let mut event = event.clone();
        if let Some(fields) = event.as_object_mut() {
            fields.entry("sequence_number").or_insert(json!(number));
        }
        fold.event(10.0 * (number + 1) as f64, &event.to_string());
    }
    fold
}

fn created() -> Value {
    json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress", "model": "gpt-5.5-2026-04-23", "reasoning": {"effort": "high"}}})
}

fn text_delta(output: u64, delta: &str) -> Value {
    json!({"type": "response.output_text.delta", "output_index": output, "content_index": 0, "item_id": "msg_1", "delta": delta})
}

fn completed(text: &str) -> Value {
    json!({"type": "response.completed", "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default", "reasoning": {"effort": "high"},
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 30, "output_tokens_details": {"reasoning_tokens": 20}, "total_tokens": 130}
    }})
}

fn output(view: &RunView) -> Vec<(Section, u32, &str)> {
    view.texts
        .iter()
        .map(
            |TextPart {
                 section,
                 part,
                 text,
             }| (*section, *part, text.as_str()),
        )
        .collect()
}

#[test]
fn a_whole_answer_folds_to_text_usage_and_phases() {
    let fold = fold(&[
        created(),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs_1", "summary": []}}),
        json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "Thinking"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Thinking"}]}}),
        json!({"type": "response.output_item.added", "output_index": 1, "item": {"type": "message", "id": "msg_1", "content": []}}),
        text_delta(1, "Hello "),
        text_delta(1, "world"),
        json!({"type": "response.output_text.done", "output_index": 1, "content_index": 0, "text": "Hello world"}),
        completed("ignored: index 0 is not the message here"),
    ]);
    let facts = fold.facts();
    assert_eq!(
        (facts.status, facts.phase, facts.events),
        (RunStatus::Completed, Phase::Done, 9)
    );
    assert_eq!(
        (
            facts.model_reported.as_deref().unwrap_or_default(),
            facts.effort_reported.as_deref(),
            facts.service_tier.as_deref()
        ),
        ("gpt-5.5-2026-04-23", Some("high"), Some("default"))
    );
    assert_eq!(facts.first_event_ms, Some(10.0));
    assert_eq!(
        facts.first_output_ms,
        Some(60.0),
        "the summary of the reasoning is no output"
    );
    let spans: Vec<_> = facts
        .spans
        .iter()
        .map(|span| (span.kind, span.start_ms, span.end_ms))
        .collect();
    assert_eq!(
        spans,
        [
            (SpanKind::Connect, 0.0, Some(5.0)),
            (SpanKind::Reasoning, 5.0, Some(40.0)),
            (SpanKind::Output, 60.0, Some(90.0))
        ]
    );
    let usage = facts.usage.unwrap();
    assert_eq!(
        (
            usage.input_tokens,
            usage.cached_tokens,
            usage.reasoning_tokens,
            usage.visible_tokens()
        ),
        (100, 40, 20, 10)
    );
}

#[test]
fn every_end_is_told_apart() {
    let end = |events: &[Value]| {
        let fold = fold(events);
        let facts = fold.facts().clone();
        (
            facts.status,
            facts.incomplete_reason,
            facts.fault.map(|fault| fault.code),
        )
    };
    assert_eq!(
        end(&[created(), text_delta(0, "a"), completed("a")]),
        (RunStatus::Completed, None, None)
    );
    let incomplete = json!({"type": "response.incomplete", "response": {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []}});
    assert_eq!(
        end(&[created(), incomplete]),
        (
            RunStatus::Incomplete,
            Some("max_output_tokens".into()),
            None
        )
    );
    let failed = json!({"type": "response.failed", "response": {"status": "failed", "error": {"code": "server_error", "message": "It broke"}, "output": []}});
    assert_eq!(
        end(&[created(), failed.clone()]),
        (RunStatus::Failed, None, Some(ErrorCode::ServerError))
    );
    let nested = json!({"type": "error", "error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "No credit", "param": null}});
    assert_eq!(
        end(&[created(), nested, failed]),
        (RunStatus::Failed, None, Some(ErrorCode::QuotaExceeded)),
        "the first cause stands, told once"
    );
    let flat =
        json!({"type": "error", "code": "server_is_overloaded", "message": "Busy", "param": null});
    assert_eq!(
        end(&[created(), flat]),
        (RunStatus::Failed, None, Some(ErrorCode::Overloaded))
    );
    assert!(
        !fold(&[created(), text_delta(0, "a")]).is_terminal(),
        "without a terminal event the caller says how it ended"
    );
}

#[test]
fn what_is_odd_is_kept_and_flagged_and_the_rest_folds() {
    let mut gap = text_delta(0, "b");
    gap["sequence_number"] = json!(7);
    let fold = fold(&[
        created(),
        text_delta(0, "a"),
        gap,
        json!({"type": "response.something_new", "sequence_number": 8, "payload": {"x": 1}}),
        json!({"type": "response.output_text.delta", "sequence_number": 9, "output_index": 0, "delta": 42}),
        json!({"type": "response.output_text.done", "sequence_number": 10, "output_index": 0, "content_index": 0, "text": "abc"}),
        {
            let mut event = completed("abc");
            event["sequence_number"] = json!(11);
            event
        },
    ]);
    assert_eq!(
        output(&fold.view()),
        [(Section::Output, 0, "abc")],
        "the finished text wins"
    );
    let oddities = &fold.facts().oddities;
    assert_eq!(
        oddities.len(),
        3,
        "a gap, an unreadable event, a differing end: {oddities:?}"
    );
    assert_eq!(fold.facts().status, RunStatus::Completed);
}

#[test]
fn interleaved_items_and_rotating_ids_stay_apart_by_place() {
    let mut events = vec![created()];
    for (index, word) in ["one ", "uno ", "two", "due"].iter().enumerate() {
        let mut event = text_delta(index as u64 % 2, word);
        event["item_id"] = json!(format!("msg_{index}"));
        events.push(event);
    }
    let fold = fold(&events);
    assert_eq!(
        output(&fold.view()),
        [
            (Section::Output, 0, "one two"),
            (Section::Output, 1, "uno due")
        ]
    );
}

#[test]
fn a_tool_call_has_its_name_arguments_and_time() {
    let item = |status: &str, arguments: &str| json!({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get_weather", "arguments": arguments, "status": status});
    let fold = fold(&[
        created(),
        json!({"type": "response.output_item.added", "output_index": 0, "item": item("in_progress", "")}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{\"city\":"}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "\"Oslo\"}"}),
        json!({"type": "response.function_call_arguments.done", "output_index": 0, "arguments": "{\"city\":\"Oslo\"}"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item("completed", "{\"city\":\"Oslo\"}")}),
    ]);
    let view = fold.view();
    assert_eq!(
        output(&view),
        [(Section::ToolCall, 0, "{\"city\":\"Oslo\"}")]
    );
    let calls: Vec<_> = view
        .facts
        .tool_calls
        .iter()
        .map(|call| {
            (
                call.name.as_str(),
                call.call_id.as_deref(),
                call.status.as_deref(),
            )
        })
        .collect();
    assert_eq!(calls, [("get_weather", Some("call_1"), Some("completed"))]);
    assert_eq!(view.facts.oddities, Vec::<String>::new());
}

#[test]
fn patches_add_up_to_the_view() {
    let mut fold = Fold::new(RunFacts::default());
    fold.sent(0);
    let mut text = String::new();
    for number in 0..40u64 {
        let mut event = text_delta(0, &format!("w{number} "));
        event["sequence_number"] = json!(number);
        fold.event(number as f64, &event.to_string());
        if number % 7 == 0 {
            for change in fold
                .take_patch(0, number as f64)
                .into_iter()
                .flat_map(|patch| patch.texts)
            {
                assert!(!change.replace, "only appends");
                text += &change.text;
            }
        }
    }
    for change in fold
        .take_patch(0, 40.0)
        .into_iter()
        .flat_map(|patch| patch.texts)
    {
        text += &change.text;
    }
    assert_eq!(output(&fold.view()), [(Section::Output, 0, text.as_str())]);
}

#[test]
fn a_refusal_is_not_an_output() {
    let fold = fold(&[
        created(),
        json!({"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": "I can't"}),
    ]);
    assert_eq!(output(&fold.view()), [(Section::Refusal, 0, "I can't")]);
}
