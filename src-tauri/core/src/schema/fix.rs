//! Mends a schema so that strict mode takes it, changing what it means no more than needed, and says what it did.

mod apply;
mod keyword;
mod merge;
pub(in crate::schema) use merge::merged;
mod nullable;
pub(in crate::schema) mod offer;
mod root;
mod siblings;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::strict::{self, Problem, ProblemCode};
use siblings::Moves;

/// What a change does to the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SchemaEffect", rename_all = "snake_case")]
pub enum Effect {
    /// Takes what it took before.
    Same,
    /// What could be missing is null instead.
    Nullable,
    /// Keys that it doesn't name are no longer taken.
    Closed,
    /// Takes more than before: a rule is gone.
    Looser,
    /// Takes less than before.
    Narrower,
    /// The value has another form than before.
    Reshaped,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SchemaChange", rename_all = "camelCase")]
pub struct Change {
    /// Where the problem was, in the schema as it was at that moment.
    pub pointer: String,
    pub message: String,
    pub effect: Effect,
}

/// The mended schema, what was done to it, and what strict mode still refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FixSchemaOutput", rename_all = "camelCase")]
pub struct FixOutcome {
    #[ts(type = "unknown")]
    pub schema: Value,
    pub changes: Vec<Change>,
    pub left: Vec<Problem>,
}

/// Mends one problem: the one with this code at this place. None where the schema has no such
/// problem, or nothing can be done about it.
pub fn fix(schema: &Value, code: ProblemCode, pointer: &str) -> Option<FixOutcome> {
    strict::check(schema)
        .problems
        .into_iter()
        .find(|problem| problem.code == code && problem.pointer == pointer)?
        .fix?;
    let mut mended = schema.clone();
    let mut moves = Moves::default();
    let change = apply::apply(&mut mended, code, pointer, &mut moves)?;
    moves.settle(&mut mended);
    let left = strict::check(&mended).problems;
    Some(FixOutcome {
        schema: mended,
        changes: vec![change],
        left,
    })
}

/// Mends all that can be mended without a person's choice. What is left is named, and stands in the
/// schema as it was.
pub fn fix_all(schema: &Value) -> FixOutcome {
    // One mend may uncover the next, a level of the tree at a time; no tree is deeper than this.
    const MOST_ROUNDS: usize = 500;
    let mut mended = schema.clone();
    let mut changes = Vec::new();
    let mut left = strict::check(&mended).problems;
    for _ in 0..MOST_ROUNDS {
        let known = changes.len();
        round(&mut mended, &left, &mut changes);
        if changes.len() == known {
            break;
        }
        left = strict::check(&mended).problems;
    }
    FixOutcome {
        schema: mended,
        changes,
        left,
    }
}

fn round(schema: &mut Value, problems: &[Problem], changes: &mut Vec<Change>) {
    let mut moves = Moves::default();
    let mut mend = |schema: &mut Value, problems: &mut dyn Iterator<Item = &Problem>| {
        let known = changes.len();
        for problem in problems {
            changes.extend(apply::apply(
                schema,
                problem.code,
                &problem.pointer,
                &mut moves,
            ));
        }
        moves.settle(schema);
        changes.len() > known
    };
    let (merges, others): (Vec<&Problem>, Vec<&Problem>) = problems
        .iter()
        .filter(|problem| problem.fix.as_ref().is_some_and(|fix| !fix.is_choice))
        .partition(|problem| problem.pointer.ends_with("/allOf"));
    // Parts are put together while they are open; once each is closed they contradict one another.
    if mend(schema, &mut merges.into_iter().rev()) {
        return;
    }
    // From the leaves to the root, and from the last of a list to its first, so that no mend moves
    // the place of the next one. Only the names in `required` come in their own order.
    let (optional, others): (Vec<&Problem>, Vec<&Problem>) = others
        .into_iter()
        .partition(|problem| problem.code == ProblemCode::NotRequired);
    // One way out may end several circles; the next round sees which are left.
    let mut has_ended = false;
    let mut others = others.into_iter().rev().filter(|problem| {
        problem.code != ProblemCode::RefEndless || !std::mem::replace(&mut has_ended, true)
    });
    mend(schema, &mut others);
    mend(schema, &mut optional.into_iter());
}
