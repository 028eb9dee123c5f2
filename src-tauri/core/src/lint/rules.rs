//! The rules that the table of parameters states as data.

use serde_json::Value;

use super::{Asked, Edit, Finding, Fix, Severity};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::{Effect, Parameter, ParameterRule, RuleFix, When};
use crate::place::{self, join};
use crate::translate::{modern_choice, modern_tools};

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    for row in asked.table.parameters() {
        let Some(wire) = row.wire(asked.endpoint) else {
            continue;
        };
        let Some(value) = place::given(asked.body, &wire.path) else {
            continue;
        };
        let holding = row
            .rules
            .iter()
            .filter(|rule| holds(&rule.when, asked, value));
        // The first that applies says enough.
        if let Some(rule) = holding.into_iter().next() {
            findings.push(finding(rule, row, value, &wire.pointer(), asked));
        }
    }
}

fn holds(when: &When, asked: &Asked, value: &Value) -> bool {
    let model = asked.model.map(|model| model.id.as_str());
    let at = |path: &str| place::given(asked.body, path);
    when.endpoint
        .is_none_or(|endpoint| endpoint == asked.endpoint)
        && (when.models.is_empty()
            || model.is_some_and(|model| when.models.iter().any(|id| id == model)))
        && (when.efforts_not.is_empty()
            || asked
                .effort
                .is_some_and(|effort| !when.efforts_not.iter().any(|it| it == effort)))
        && (when.values.is_empty() || when.values.iter().any(|it| same(it, value)))
        && !when.values_not.iter().any(|it| same(it, value))
        && when
            .contains
            .as_ref()
            .is_none_or(|item| value.as_array().is_some_and(|items| items.contains(item)))
        && when.with.iter().all(|path| at(path).is_some())
        && when.where_.iter().all(|(path, it)| at(path) == Some(it))
        && when.where_not.iter().all(|(path, it)| at(path) != Some(it))
        && when.lacks_item.as_ref().is_none_or(|lacks| {
            let items = at(&lacks.path).and_then(Value::as_array);
            items.is_none_or(|items| !items.contains(&lacks.item))
        })
        && (!when.function_tools || has_function_tools(asked))
}

/// Equal as JSON, and as numbers: 1 is 1.0.
fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a == b)
}

fn has_function_tools(asked: &Asked) -> bool {
    let tools = place::given(asked.body, "tools").and_then(Value::as_array);
    tools.is_some_and(|tools| tools.iter().any(|tool| tool["type"] == "function"))
}

fn finding(
    rule: &ParameterRule,
    row: &Parameter,
    value: &Value,
    pointer: &str,
    asked: &Asked,
) -> Finding {
    let severity = if rule.effect == Effect::Rejected && rule.verified {
        Severity::Error
    } else {
        Severity::Warning
    };
    let model = asked.model.map_or("the model", |model| &model.id);
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned);
    let filled = |text_with_names: &str| {
        text_with_names
            .replace("{model}", model)
            .replace("{effort}", asked.effort.unwrap_or("its default"))
            .replace("{value}", &text)
    };
    Finding {
        code: rule.code.clone(),
        severity,
        pointer: pointer.to_owned(),
        message: filled(&rule.message),
        reason: filled(&rule.why),
        fix: rule
            .fix
            .as_ref()
            .map(|fix| make(fix, row, value, pointer, asked)),
        inherited: Vec::new(),
    }
}

fn make(fix: &RuleFix, row: &Parameter, value: &Value, pointer: &str, asked: &Asked) -> Fix {
    let mut edits = Vec::new();
    if fix.remove {
        edits.push(Edit::remove(pointer));
    }
    if let Some(path) = &fix.remove_path {
        edits.push(Edit::remove(place::pointer(path)));
    }
    if let Some(item) = &fix.remove_item {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        let index = items.iter().position(|it| it == item);
        edits.extend(index.map(|index| Edit::remove(join(pointer, index))));
    }
    if let Some(new) = &fix.value {
        edits.push(Edit::set(pointer, new.clone()));
    }
    let target = fix.move_to.as_ref().and_then(|id| {
        let wire = asked.table.parameter(id)?.wire(asked.endpoint)?;
        Some((id, wire))
    });
    if let Some((_, wire)) = target {
        edits.push(Edit::remove(pointer));
        if place::given(asked.own, &wire.path).is_none() {
            edits.push(Edit::set(
                wire.pointer(),
                renewed(&row.id, value, asked.endpoint),
            ));
        }
    }
    Fix {
        label: fix.label.clone(),
        endpoint: fix.endpoint,
        edits,
        safe: fix.safe || fix.endpoint.is_some(),
    }
}

/// The value in the form of its successor.
fn renewed(id: &str, value: &Value, endpoint: Endpoint) -> Value {
    match (id, endpoint) {
        ("functions", Endpoint::ChatCompletions) => Value::Array(modern_tools(value)),
        ("function_call", Endpoint::ChatCompletions) => modern_choice(value),
        _ => value.clone(),
    }
}
