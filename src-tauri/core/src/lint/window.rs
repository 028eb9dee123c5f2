//! Input and output against the model's window, and against the price of long input.

use super::{Asked, Finding};
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::Catalog;
use crate::error::Result;
use crate::input_size::{self, PictureRule};
use crate::place::Body;
use crate::workspace::folder::Workspace;

/// About how many tokens `body` puts in as it is sent, for [`super::Context`]. None, without counting, where it is so
/// short that no rule could have anything against it.
///
/// # Errors
/// As [`crate::tokens::count`].
pub fn input_tokens(
    workspace: Option<&Workspace>,
    endpoint: Endpoint,
    body: &Body,
    catalog: &Catalog,
    long_context_over: Option<u64>,
) -> Result<Option<u64>> {
    let rule = PictureRule::of(catalog, body);
    let room = body::model(body).and_then(|name| {
        let window = catalog.model(name)?.context_window;
        let most = catalog.notes(name).and_then(|notes| notes.max_input_tokens);
        let left = window.saturating_sub(body::output_cap(body).unwrap_or(0));
        Some(left.min(most.unwrap_or(window)))
    });
    let told_over = room.into_iter().chain(long_context_over).min();
    if told_over.is_none_or(|limit| input_size::at_most(body, &rule) <= limit) {
        return Ok(None);
    }
    input_size::about(workspace, endpoint, body, &rule).map(|size| Some(size.total()))
}

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
