//! Values: of the right type, one of those that are taken, within their bounds.

use serde_json::{Value, json};

use super::{Asked, Edit, Finding, Fix};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::{Limit, Parameter, ToolField, ValueType};
use crate::place::{self, join};
use crate::variables;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    for row in asked.table.parameters() {
        let Some(wire) = row.wire(asked.endpoint) else {
            continue;
        };
        let Some(value) = place::given(asked.body, &wire.path) else {
            continue;
        };
        let bounds = Bounds {
            name: &wire.path,
            pointer: wire.pointer(),
            types: row.types(asked.endpoint),
            values: row.values(asked.endpoint),
            min: row.min(asked.endpoint),
            max: row.max,
            max_length: row.max_length.filter(|_| row.max_key_length.is_none()),
            max_items: row.max_items.filter(|_| row.max_key_length.is_none()),
            verified: row.verified,
        };
        let before = findings.len();
        bounds.check(value, findings);
        // One fault per place is enough.
        if findings.len() > before {
            continue;
        }
        items(row, value, &bounds, findings);
        match row.limit {
            Some(Limit::ModelEfforts) => effort(asked, value, &bounds.pointer, findings),
            Some(Limit::ModelOutput) => most(asked, value, &bounds, findings),
            None => {}
        }
    }
}

/// What a value may be.
pub(super) struct Bounds<'a> {
    pub name: &'a str,
    pub pointer: String,
    pub types: &'a [ValueType],
    pub values: &'a [String],
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub max_length: Option<usize>,
    pub max_items: Option<usize>,
    pub verified: bool,
}

impl<'a> Bounds<'a> {
    /// Those of a tool's field.
    pub(super) fn of(field: &'a ToolField, pointer: String) -> Self {
        Self {
            name: &field.path,
            pointer,
            types: &field.types,
            values: &field.values,
            min: field.min,
            max: field.max,
            max_length: field.max_length,
            max_items: field.max_items,
            verified: true,
        }
    }

    pub(super) fn check(&self, value: &Value, findings: &mut Vec<Finding>) {
        let found = if !self.types.iter().any(|kind| kind.fits(value)) {
            Some(self.wrong_type())
        } else {
            match value {
                Value::String(text) => self.text(text),
                Value::Number(number) => number.as_f64().and_then(|number| self.number(number)),
                Value::Array(items) => {
                    self.max_items
                        .filter(|most| items.len() > *most)
                        .map(|most| {
                            self.finding(
                                "too_many",
                                format!("{} holds {} items.", self.name, items.len()),
                            )
                            .reason(format!("At most {most} are taken."))
                        })
                }
                _ => None,
            }
        };
        findings.extend(found);
    }

    fn finding(&self, code: &str, message: String) -> Finding {
        if self.verified {
            Finding::error(code, &self.pointer, message)
        } else {
            Finding::warning(code, &self.pointer, message)
        }
    }

    fn wrong_type(&self) -> Finding {
        let names: Vec<&str> = self.types.iter().map(|kind| kind.name()).collect();
        Finding::error(
            "wrong_type",
            &self.pointer,
            format!("{} should be {}.", self.name, names.join(" or ")),
        )
        .reason("A value of another type is answered with 400.")
    }

    fn text(&self, text: &str) -> Option<Finding> {
        if variables::mentions(text) {
            return None;
        }
        if !self.values.is_empty() && !self.values.iter().any(|known| known == text) {
            let message = format!("{} does not take {text:?}.", self.name);
            return Some(
                Finding::error("value_not_taken", &self.pointer, message)
                    .reason(format!("It is one of {}.", self.values.join(", ")))
                    .fix(Fix::offered(
                        format!("Leave {} out", self.name),
                        [Edit::remove(&self.pointer)],
                    )),
            );
        }
        let most = self.max_length?;
        let length = text.chars().count();
        (length > most).then(|| {
            let message = format!("{} is {length} characters long.", self.name);
            let reason = if self.verified {
                format!("At most {most} are taken.")
            } else {
                format!("Sources differ on the limit; up to {most} is safe.")
            };
            self.finding("too_long", message).reason(reason)
        })
    }

    fn number(&self, number: f64) -> Option<Finding> {
        let (code, bound, word) = match (self.min, self.max) {
            (Some(min), _) if number < min => ("below_minimum", min, "smallest"),
            (_, Some(max)) if number > max => ("above_maximum", max, "largest"),
            _ => return None,
        };
        let message = format!(
            "{} is {number}; the {word} that is taken is {bound}.",
            self.name
        );
        Some(
            self.finding(code, message)
                .reason("A value out of range is answered with 400.")
                .fix(Fix::safe(
                    format!("Set it to {bound}"),
                    [Edit::set(&self.pointer, whole(bound))],
                )),
        )
    }
}

/// A bound as JSON: whole numbers without a point.
fn whole(bound: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounds are small, and checked to be whole"
    )]
    if bound.fract() == 0.0 {
        json!(bound as i64)
    } else {
        json!(bound)
    }
}

/// The items of a list of fixed words.
fn items(row: &Parameter, value: &Value, bounds: &Bounds, findings: &mut Vec<Finding>) {
    if row.item_values.is_empty() {
        return;
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        let known = item.as_str().is_some_and(|text| {
            variables::mentions(text) || row.item_values.iter().any(|it| it == text)
        });
        if !known {
            let pointer = join(&bounds.pointer, index);
            findings.push(
                Finding::error(
                    "value_not_taken",
                    pointer.clone(),
                    format!("{} does not take {item}.", bounds.name),
                )
                .reason(format!("It is one of {}.", row.item_values.join(", ")))
                .fix(Fix::offered("Leave it out", [Edit::remove(pointer)])),
            );
        }
    }
}

/// The efforts that a model takes on this endpoint, in rising order.
fn open_efforts<'a>(asked: &Asked<'a>) -> Option<Vec<&'a str>> {
    let model = asked.model?;
    let row = asked.table.parameter("effort")?;
    let known = row.values(asked.endpoint);
    let open = model.efforts.iter().filter(|effort| known.contains(effort));
    Some(open.map(String::as_str).collect())
}

fn effort(asked: &Asked, value: &Value, pointer: &str, findings: &mut Vec<Finding>) {
    let (Some(effort), Some(model)) = (value.as_str(), asked.model) else {
        return;
    };
    let open = open_efforts(asked).unwrap_or_default();
    if open.contains(&effort) || variables::mentions(effort) {
        return;
    }
    // The nearest below, else the lowest: it never costs more than what was asked for, if it can.
    let rank = asked.catalog.rank(effort);
    let below = open.iter().rev().find(|it| asked.catalog.rank(it) < rank);
    let fix = below
        .or(open.first())
        .map(|nearest| Fix::safe(format!("Use {nearest}"), [Edit::set(pointer, *nearest)]));
    let place = match asked.endpoint {
        Endpoint::Responses => "",
        Endpoint::ChatCompletions => " on Chat Completions",
    };
    findings.push(
        Finding::error(
            "effort_not_offered",
            pointer,
            format!("{} does not offer the effort {effort:?}{place}.", model.id),
        )
        .reason(format!(
            "It offers {}; another is answered with 400.",
            open.join(", ")
        ))
        .fix(fix),
    );
}

/// The cap on output is at most what the model can put out.
fn most(asked: &Asked, value: &Value, bounds: &Bounds, findings: &mut Vec<Finding>) {
    let (Some(cap), Some(model)) = (value.as_f64(), asked.model) else {
        return;
    };
    let most = model.max_output_tokens;
    #[expect(
        clippy::cast_precision_loss,
        reason = "token counts are far below 2^53"
    )]
    if cap > most as f64 {
        findings.push(
            Finding::error(
                "above_maximum",
                &bounds.pointer,
                format!(
                    "{} is {value}; {} puts out at most {most}.",
                    bounds.name, model.id
                ),
            )
            .reason("A larger cap is answered with 400.")
            .fix(Fix::safe(
                format!("Set it to {most}"),
                [Edit::set(&bounds.pointer, most)],
            )),
        );
    }
}
