//! Applies fixes, one or all, and tells every change.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{Context, Finding, Fix, Knowledge, lint};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::place::{self, Body};
use crate::translate::{Remark, translate};

/// One applied fix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FixChange", rename_all = "camelCase")]
pub struct Change {
    /// The rule that asked for it.
    pub code: String,
    /// Where the matter was.
    pub pointer: String,
    /// What was the matter.
    pub message: String,
    /// What was done about it.
    pub label: String,
    /// What stood there.
    #[ts(type = "unknown")]
    pub before: Option<Value>,
    /// What could not go over, where the endpoint changed.
    pub lost: Vec<Remark>,
}

/// A mended request.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    pub body: Body,
    pub endpoint: Endpoint,
    /// In the order in which they were made.
    pub changes: Vec<Change>,
}

/// The request with a finding's fix applied; as it was where the finding has none.
pub fn apply_fix(
    body: &Body,
    endpoint: Endpoint,
    finding: &Finding,
    table: &ParameterTable,
) -> Fixed {
    let mut fixed = Fixed {
        body: body.clone(),
        endpoint,
        changes: Vec::new(),
    };
    if let Some(fix) = &finding.fix {
        fixed.apply(finding, fix, table);
    }
    fixed
}

/// The request with every safe fix applied, one after the other: what one fix uncovers is mended too.
pub fn fix_all(body: &Body, endpoint: Endpoint, knowledge: Knowledge, context: &Context) -> Fixed {
    // A body has far fewer faults; the bound ends two fixes that undo each other.
    const MOST: usize = 500;
    let mut fixed = Fixed {
        body: body.clone(),
        endpoint,
        changes: Vec::new(),
    };
    for _ in 0..MOST {
        let findings = lint(&fixed.body, fixed.endpoint, knowledge, context);
        let next = findings
            .iter()
            .find_map(|finding| Some((finding, finding.fix.as_ref().filter(|fix| fix.safe)?)));
        let Some((finding, fix)) = next else {
            break;
        };
        let before = (fixed.body.clone(), fixed.endpoint);
        fixed.apply(finding, fix, knowledge.table);
        if before == (fixed.body.clone(), fixed.endpoint) {
            break;
        }
    }
    fixed
}

impl Fixed {
    fn apply(&mut self, finding: &Finding, fix: &Fix, table: &ParameterTable) {
        let before = place::look(&self.body, &finding.pointer).cloned();
        let mut lost = Vec::new();
        if let Some(to) = fix.endpoint.filter(|to| *to != self.endpoint) {
            let translation = translate(&self.body, self.endpoint, table);
            self.body = translation.body;
            self.endpoint = to;
            lost = translation.lost;
        }
        for edit in &fix.edits {
            edit.apply(&mut self.body);
        }
        self.changes.push(Change {
            code: finding.code.clone(),
            pointer: finding.pointer.clone(),
            message: finding.message.clone(),
            label: fix.label.clone(),
            before,
            lost,
        });
    }
}
