//! Where references lead: to no schema, round in a circle, or into a value without end.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::problem::{Problem, ProblemCode};
use super::{offer, shape};
use crate::schema::pointer;

/// One `$ref` that resolves.
pub struct Site<'a> {
    /// The schema that holds it.
    pub node: &'a Value,
    pub target: &'a Value,
    /// Of the node.
    pub pointer: String,
    pub reference: &'a str,
}

/// What is wrong with references. `nodes` are all schemas of the document, each once.
///
/// Nothing here recurses: a chain of ten thousand definitions is as safe as one.
pub fn examine(nodes: &[&Value], sites: &[Site<'_>]) -> Vec<Problem> {
    if sites.is_empty() {
        return Vec::new();
    }
    let number: HashMap<*const Value, usize> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| (std::ptr::from_ref(*node), index))
        .collect();
    let of = |value: &Value| number.get(&std::ptr::from_ref(value)).copied();
    let mut problems = Vec::new();
    let mut leads: HashMap<usize, usize> = HashMap::new();
    for site in sites {
        match (of(site.node), of(site.target)) {
            (Some(from), Some(to)) => {
                leads.insert(from, to);
            }
            _ => problems.push(problem(
                ProblemCode::RefMissing,
                format!("{}/$ref", site.pointer),
                format!(
                    "{} refers to {}, which is no place for a schema",
                    pointer::in_words(&site.pointer),
                    site.reference
                ),
                None,
            )),
        }
    }

    let in_place: Vec<Vec<usize>> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let mut next: Vec<usize> = leads.get(&index).copied().into_iter().collect();
            for keyword in ["anyOf", "oneOf", "allOf"] {
                next.extend(branches(node, keyword).filter_map(of));
            }
            next
        })
        .collect();
    let circular = core(&in_place, |_| true);

    let finite = finite(nodes, &leads, &of);
    let needs: Vec<Vec<usize>> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let clauses = clauses(node, leads.get(&index).copied(), &of);
            clauses.into_iter().flatten().collect()
        })
        .collect();
    let endless = core(&needs, |index| !finite[index]);

    for site in sites {
        let Some(from) = of(site.node) else { continue };
        let place = pointer::in_words(&site.pointer);
        if circular[from] {
            problems.push(problem(
                ProblemCode::RefCycle,
                format!("{}/$ref", site.pointer),
                format!("{place} refers to itself without ever saying what it holds"),
                None,
            ));
        } else if endless[from] {
            problems.push(problem(
                ProblemCode::RefEndless,
                format!("{}/$ref", site.pointer),
                format!("{place} needs itself again without end"),
                Some(offer::endless()),
            ));
        }
    }
    problems
}

/// The nodes on circles, or between two: what stays when ends are taken away again and again.
fn core(next: &[Vec<usize>], counts: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut alive: Vec<bool> = (0..next.len()).map(&counts).collect();
    let mut back = vec![Vec::new(); next.len()];
    for (from, targets) in next.iter().enumerate() {
        for &to in targets {
            back[to].push(from);
        }
    }
    for (forward, backward) in [(next, back.as_slice()), (back.as_slice(), next)] {
        let mut left: Vec<usize> = forward
            .iter()
            .map(|targets| targets.iter().filter(|&&to| alive[to]).count())
            .collect();
        let mut ends: Vec<usize> = (0..next.len())
            .filter(|&index| alive[index] && left[index] == 0)
            .collect();
        while let Some(end) = ends.pop() {
            if !std::mem::replace(&mut alive[end], false) {
                continue;
            }
            for &from in &backward[end] {
                if alive[from] {
                    left[from] = left[from].saturating_sub(1);
                    if left[from] == 0 {
                        ends.push(from);
                    }
                }
            }
        }
    }
    alive
}

/// Which nodes have a finite value: grown from those that need nothing.
fn finite(
    nodes: &[&Value],
    leads: &HashMap<usize, usize>,
    of: &impl Fn(&Value) -> Option<usize>,
) -> Vec<bool> {
    // A node waits for all of its clauses, a clause for any of its members.
    let mut waiting = vec![0usize; nodes.len()];
    let mut clause_owner = Vec::new();
    let mut clause_met = Vec::new();
    let mut member_of: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for clause in clauses(node, leads.get(&index).copied(), of) {
            waiting[index] += 1;
            for member in clause {
                member_of[member].push(clause_owner.len());
            }
            clause_owner.push(index);
            clause_met.push(false);
        }
    }
    let mut finite = vec![false; nodes.len()];
    let mut grown: Vec<usize> = (0..nodes.len()).filter(|&i| waiting[i] == 0).collect();
    while let Some(node) = grown.pop() {
        if std::mem::replace(&mut finite[node], true) {
            continue;
        }
        for &clause in &member_of[node] {
            if !std::mem::replace(&mut clause_met[clause], true) {
                let owner = clause_owner[clause];
                waiting[owner] -= 1;
                if waiting[owner] == 0 {
                    grown.push(owner);
                }
            }
        }
    }
    finite
}

/// What a node's value needs inside it: every clause, each by one of its members.
fn clauses(
    value: &Value,
    lead: Option<usize>,
    of: &impl Fn(&Value) -> Option<usize>,
) -> Vec<Vec<usize>> {
    let Value::Object(node) = value else {
        return Vec::new();
    };
    let mut clauses = Vec::new();
    clauses.extend(lead.map(|target| vec![target]));
    for keyword in ["anyOf", "oneOf"] {
        let any: Vec<usize> = branches(value, keyword).filter_map(of).collect();
        if !any.is_empty() {
            clauses.push(any);
        }
    }
    clauses.extend(
        branches(value, "allOf")
            .filter_map(of)
            .map(|part| vec![part]),
    );
    if node.contains_key("enum") || node.contains_key("const") || has_simple_type(node) {
        return clauses;
    }
    // With several types the node is nothing worse than its easiest one; that case is rare, and
    // only a type that stands alone is followed.
    if shape::is_object(node) && !shape::has_type(node, "array") {
        let properties = node.get("properties").and_then(Value::as_object);
        let required = node.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            let property = properties.and_then(|properties| properties.get(name));
            clauses.extend(property.and_then(of).map(|needed| vec![needed]));
        }
    } else if shape::has_type(node, "array") && !shape::has_type(node, "object") {
        let least = node.get("minItems").and_then(Value::as_f64).unwrap_or(0.0);
        if least >= 1.0 {
            clauses.extend(node.get("items").and_then(of).map(|items| vec![items]));
        }
    }
    clauses
}

/// Whether something other than an object or a list will do.
fn has_simple_type(node: &Map<String, Value>) -> bool {
    let simple = |kind: &Value| kind != "object" && kind != "array";
    match node.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(simple),
        Some(kind) => simple(kind),
        None => false,
    }
}

fn branches<'a>(value: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(keyword)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn problem(
    code: ProblemCode,
    pointer: String,
    message: String,
    fix: Option<super::problem::Fix>,
) -> Problem {
    Problem {
        code,
        pointer,
        message,
        reason: code.reason().to_owned(),
        fix,
    }
}
