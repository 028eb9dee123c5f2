//! The model: named, known, and open on this endpoint.

use super::{Asked, Finding, Fix};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::Door;
use crate::place;
use crate::variables;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let Some(name) = place::given(asked.body, "model") else {
        findings.push(
            Finding::error("model_missing", "/model", "The request names no model.")
                .reason("The API answers only with a model."),
        );
        return;
    };
    // A wrong type is told with the other types.
    let Some(name) = name.as_str().filter(|name| !variables::mentions(name)) else {
        return;
    };
    let Some(notes) = asked.notes else {
        findings.push(
            Finding::warning(
                "unknown_model",
                "/model",
                format!("{name} is not in the list of models."),
            )
            .reason(
                "It may exist all the same; its efforts, limits and prices are not known, so nothing is checked \
                 against them.",
            ),
        );
        return;
    };
    let door = match asked.endpoint {
        Endpoint::Responses => Door::Responses,
        Endpoint::ChatCompletions => Door::ChatCompletions,
    };
    if !notes.endpoints.contains(&door) {
        let other = asked.endpoint.other();
        findings.push(
            Finding::error(
                "model_not_on_endpoint",
                "/model",
                format!("{name} is not offered on {}.", asked.endpoint.name()),
            )
            .reason(format!("Its documentation lists {} instead.", other.name()))
            .fix(Fix::switch(other)),
        );
    }
}
