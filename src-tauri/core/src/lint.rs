//! What is wrong with a request, said before it costs anything: one rule per file, each finding with
//! its reason and, where there is one, its fix.

use std::collections::BTreeMap;

use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::{Catalog, Model, ModelNotes};
use crate::catalog::parameters::ParameterTable;
use crate::media::FileTrouble;
use crate::place::{self, Body};

mod attachments;
mod cap;
mod finding;
mod fix;
mod format;
mod inherited;
mod input;
mod metadata;
mod model;
mod names;
mod rules;
mod schema_file;
mod schema_problems;
mod tools;
mod values;
mod variables;
mod window;

pub use finding::{Edit, Finding, FindingOrigin, Fix, Severity};
pub use fix::{Change, Fixed, apply_fix, fix_all};
pub use inherited::HandedDown;
pub use window::input_tokens;

/// The tables that the rules read.
#[derive(Debug, Clone, Copy)]
pub struct Knowledge<'a> {
    pub catalog: &'a Catalog,
    pub table: &'a ParameterTable,
}

/// What earlier runs of this request used, at its model and effort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedTokens {
    /// How many completed runs the figures stand on.
    pub runs: u32,
    /// Reasoning and visible output together, in tokens.
    pub median: u64,
    /// 95th percentile, in tokens.
    pub high: u64,
}

/// What is known besides the body. What is not known is not judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    pub used: Option<UsedTokens>,
    /// The variables that can be filled in, by name. `None`: a `{{name}}` is not judged.
    pub variables: Option<BTreeMap<String, String>>,
    /// The input's size in tokens, an estimate.
    pub input_tokens: Option<u64>,
    /// Why workspace files can't be sent, by the text that names them in the body.
    pub files: BTreeMap<String, FileTrouble>,
    /// The input tokens beyond which the whole request is priced higher (API.md 1.2).
    pub long_context_over: Option<u64>,
    /// The schema file that the request refers to.
    pub schema_file: Option<SchemaFile>,
    /// What the folders above the request hand down.
    pub inherited: HandedDown,
}

/// A schema that a request refers to instead of holding it.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaFile {
    /// As the request has it.
    pub path: String,
    /// What is in the file, or why it can't be used.
    pub schema: crate::error::Result<serde_json::Value>,
}

/// A request as the rules see it.
pub(crate) struct Asked<'a> {
    /// With what its folders hand down.
    pub body: &'a Body,
    /// Without it.
    pub own: &'a Body,
    pub endpoint: Endpoint,
    pub catalog: &'a Catalog,
    pub table: &'a ParameterTable,
    pub context: &'a Context,
    /// `None` for a model that the catalog does not know: nothing limits it.
    pub model: Option<&'a Model>,
    pub notes: Option<&'a ModelNotes>,
    /// The body's effort, else the model's default.
    pub effort: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// What stands at the path of one of our parameters on this endpoint; null is as good as nothing.
    pub(crate) fn given(&self, id: &str) -> Option<&'a serde_json::Value> {
        let wire = self.table.parameter(id)?.wire(self.endpoint)?;
        place::given(self.body, &wire.path)
    }

    /// The pointer of one of our parameters on this endpoint.
    pub(crate) fn pointer(&self, id: &str) -> String {
        self.table
            .parameter(id)
            .and_then(|row| row.wire(self.endpoint))
            .map(|wire| wire.pointer())
            .unwrap_or_default()
    }
}

use inherited::Whole;

type Rule = fn(&Asked, &mut Vec<Finding>);

/// In the order in which they are told.
const RULES: [Rule; 14] = [
    model::check,
    names::check,
    input::check,
    attachments::check,
    values::check,
    rules::check,
    metadata::check,
    format::check,
    schema_file::check,
    schema_problems::check,
    tools::check,
    cap::check,
    window::check,
    variables::check,
];

/// Everything that is the matter with the request of this own `body` on `endpoint`, with what its folders hand down:
/// what would be refused first, then what would cost, change or lose something. A fix changes the own body alone.
/// Reads nothing but its arguments.
pub fn lint(
    body: &Body,
    endpoint: Endpoint,
    knowledge: Knowledge,
    context: &Context,
) -> Vec<Finding> {
    let handed = context.inherited.on(endpoint);
    if handed.is_empty() {
        return judge(body, body, endpoint, knowledge, context);
    }
    let whole = Whole::new(body, handed);
    let judge = |whole: &Body| judge(whole, body, endpoint, knowledge, context);
    let mut findings = judge(&whole.body);
    whole.trace(&mut findings, judge);
    findings
}

fn judge(
    body: &Body,
    own: &Body,
    endpoint: Endpoint,
    knowledge: Knowledge,
    context: &Context,
) -> Vec<Finding> {
    let name = place::given(body, "model").and_then(|name| name.as_str());
    let model = name.and_then(|name| knowledge.catalog.model(name));
    let mut asked = Asked {
        body,
        own,
        endpoint,
        catalog: knowledge.catalog,
        table: knowledge.table,
        context,
        model,
        notes: name.and_then(|name| knowledge.catalog.notes(name)),
        effort: None,
    };
    asked.effort = asked
        .given("effort")
        .and_then(|effort| effort.as_str())
        .or(model.map(|model| model.default_effort.as_str()));
    let mut findings = Vec::new();
    for rule in RULES {
        rule(&asked, &mut findings);
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

#[cfg(test)]
mod tests;
