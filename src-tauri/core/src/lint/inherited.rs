//! A request below folders: looked at as it is sent, and mended in its own body alone.

use super::{Edit, Finding, FindingOrigin, Fix};
use crate::catalog::endpoint::Endpoint;
use crate::place::{self, Body};
use crate::workspace::defaults::{self, CHAT_EFFORT, EFFORT, Inherited};

/// What the folders above a request hand down, in the words of either endpoint: a fix may change it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HandedDown {
    pub responses: Vec<Inherited>,
    pub chat_completions: Vec<Inherited>,
}

impl HandedDown {
    /// On an endpoint.
    pub fn on(&self, endpoint: Endpoint) -> &[Inherited] {
        match endpoint {
            Endpoint::Responses => &self.responses,
            Endpoint::ChatCompletions => &self.chat_completions,
        }
    }
}

/// A body with what it inherits.
pub(super) struct Whole<'a> {
    own: &'a Body,
    pub body: Body,
    /// What it has from its folders; the rest of what they say, it says itself.
    inherited: Vec<&'a Inherited>,
}

impl<'a> Whole<'a> {
    pub fn new(own: &'a Body, handed: &'a [Inherited]) -> Self {
        let mut body = own.clone();
        defaults::apply(&mut body, handed);
        let inherited = handed
            .iter()
            .filter(|one| {
                place::look(own, &one.pointer).is_none()
                    && place::look(&body, &one.pointer) == Some(&one.value)
            })
            .collect();
        Self {
            own,
            body,
            inherited,
        }
    }

    /// Says in each finding which inherited values it rests on, and turns its fix to the request's own body. `judge`
    /// looks at another body in the same way: what is found no more, or found otherwise, without a value rests on it.
    pub fn trace(&self, findings: &mut [Finding], judge: impl Fn(&Body) -> Vec<Finding>) {
        if findings.is_empty() {
            return;
        }
        for one in &self.inherited {
            let mut without = self.own.clone();
            for other in &self.inherited {
                if other.pointer != one.pointer {
                    defaults::apply(&mut without, std::slice::from_ref(*other));
                }
            }
            let still = judge(&without);
            let same = |it: &Finding, finding: &Finding| {
                (&it.code, &it.pointer, &it.message)
                    == (&finding.code, &finding.pointer, &finding.message)
            };
            for finding in &mut *findings {
                if !still.iter().any(|it| same(it, finding)) {
                    finding.inherited.push(FindingOrigin {
                        pointer: one.pointer.clone(),
                        folder: one.from.clone(),
                    });
                }
            }
        }
        for finding in findings {
            for origin in &finding.inherited {
                finding.reason += &format!(" {}", said(origin));
            }
            finding.fix = finding.fix.take().and_then(|fix| self.for_own(fix));
        }
    }

    /// The same mending as a change of the request's own body: where the fix would change what a folder says, the
    /// request says it itself from now on. None where it can't.
    fn for_own(&self, mut fix: Fix) -> Option<Fix> {
        // The body is written for the other endpoint first; what it inherits there is another matter.
        if fix.endpoint.is_some() {
            return Some(fix);
        }
        let mut mended = self.body.clone();
        for edit in &fix.edits {
            edit.apply(&mut mended);
        }
        let overridden: Vec<&Inherited> = self
            .inherited
            .iter()
            .filter(|one| place::look(&mended, &one.pointer) != Some(&one.value))
            .copied()
            .collect();
        if overridden.is_empty() {
            return Some(fix);
        }
        fix.edits.retain(|edit| {
            let pointer = edit.pointer();
            !overridden.iter().any(|one| within(pointer, &one.pointer))
        });
        for one in overridden {
            let value = match place::look(&mended, &one.pointer) {
                Some(value) => value.clone(),
                None => nothing(&one.pointer)?,
            };
            fix.edits.push(Edit::set(&one.pointer, value));
        }
        fix.label += " for this request";
        Some(fix)
    }
}

/// At `place` or below it.
fn within(pointer: &str, place: &str) -> bool {
    pointer
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a request says to have nothing of what a folder hands down. A request without a model is none.
fn nothing(pointer: &str) -> Option<serde_json::Value> {
    match pointer {
        EFFORT | CHAT_EFFORT | "/instructions" => Some(serde_json::Value::Null),
        "/tools" => Some(serde_json::json!([])),
        "/text/format" => Some(serde_json::json!({ "type": "text" })),
        _ => None,
    }
}

fn said(origin: &FindingOrigin) -> String {
    let what = match origin.pointer.as_str() {
        "/model" => "The model comes",
        EFFORT | CHAT_EFFORT => "The effort comes",
        "/instructions" => "The instructions come",
        "/tools" => "The tools come",
        "/text/format" => "The output format comes",
        other => return format!("{other} comes from {}.", folder(&origin.folder)),
    };
    format!("{what} from {}.", folder(&origin.folder))
}

fn folder(path: &str) -> String {
    match path {
        "" => "the top folder".to_owned(),
        _ => format!("the folder {path}"),
    }
}

#[cfg(test)]
mod tests;
