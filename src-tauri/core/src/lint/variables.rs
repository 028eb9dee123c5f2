//! Variables that have no value.

use std::collections::HashSet;

use super::{Asked, Edit, Finding, Fix};
use crate::place;
use crate::variables::{Variable, Variables, escape, uses};

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let Some(known) = &asked.context.variables else {
        return;
    };
    let known: Variables = known
        .iter()
        .map(|(name, value)| {
            let variable = Variable {
                value: value.clone(),
                scope: String::new(),
            };
            (name.clone(), variable)
        })
        .collect();
    let mut told = HashSet::new();
    let uses = uses(asked.body, &known);
    for one in uses.into_iter().filter(|one| one.scope.is_none()) {
        if !told.insert((one.pointer.clone(), one.name.clone())) {
            continue;
        }
        let name = &one.name;
        let text = place::look(asked.body, &one.pointer).and_then(|text| text.as_str());
        let fix = text.map(|text| {
            Fix::offered(
                "Send the braces as text",
                [Edit::set(&one.pointer, escape(text))],
            )
        });
        findings.push(
            Finding::error(
                "unresolved_variable",
                &one.pointer,
                format!("The variable {name} has no value."),
            )
            .reason(format!(
                "{{{{{name}}}}} would be sent as it stands. Give it a value in the environment, or write \
                 \\{{{{{name}}}}} to send the braces."
            ))
            .fix(fix),
        );
    }
}
