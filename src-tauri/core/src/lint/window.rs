//! Input and output against the model's window, and against the price of long input.

use super::{Asked, Finding};

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let Some(input) = asked.context.input_tokens else {
        return;
    };
    let pointer = format!("/{}", asked.endpoint.input_key());
    if let (Some(model), Some(notes)) = (asked.model, asked.notes) {
        let window = model.context_window;
        let most = notes.max_input_tokens.unwrap_or(window);
        let cap = asked
            .given("max_output_tokens")
            .and_then(|cap| cap.as_u64());
        if input > most {
            findings.push(
                Finding::error(
                    "input_over_window",
                    &pointer,
                    format!(
                        "The input is about {input} tokens; {} takes {most}.",
                        model.id
                    ),
                )
                .reason("An input that does not fit is answered with 400 context_length_exceeded."),
            );
        } else if let Some(cap) = cap.filter(|cap| input.saturating_add(*cap) > window) {
            findings.push(
                Finding::warning(
                    "window_may_run_out",
                    asked.pointer("max_output_tokens"),
                    format!(
                        "About {input} tokens of input and a cap of {cap} are more than the window of {window}."
                    ),
                )
                .reason(
                    "The request is taken. Where the room runs out while the answer is made, it ends incomplete, \
                     and is charged.",
                ),
            );
        }
    }
    if let Some(limit) = asked
        .context
        .long_context_over
        .filter(|limit| input > *limit)
    {
        findings.push(
            Finding::warning(
                "long_context_price",
                &pointer,
                format!("About {input} input tokens is over {limit}: the whole request costs more."),
            )
            .reason("Over that size, all input is billed at twice and all output at one and a half times the price."),
        );
    }
}
