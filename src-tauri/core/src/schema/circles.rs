//! References that lead round in a circle, looked for in the whole document before anything follows them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::pointer;

/// How many schemas may judge the same value one inside the other. Far more than a person writes,
/// and few enough for the stack.
const MOST_IN_PLACE: usize = 300;
/// In how many ways one value may be passed on. Choices of choices multiply, and each way is tried.
const MOST_WAYS: usize = 100_000;

/// What is wrong with following this schema's references.
#[derive(Debug, PartialEq, Eq)]
pub enum Trap {
    /// JSON Pointer to a schema that judges the same value again and again.
    Circle(String),
    /// JSON Pointer to a schema that passes the value on through too many others.
    Long(String),
    /// A reference out of the document.
    Remote(String),
}

/// Looks for a trap. Nothing here recurses along references.
pub fn trap(schema: &Value) -> Option<Trap> {
    let mut nodes = Nodes::default();
    nodes.collect(schema, &mut String::new());
    if let Some(remote) = nodes.remote {
        return Some(Trap::Remote(remote));
    }
    let edges: Vec<Vec<usize>> = nodes
        .list
        .iter()
        .map(|(node, _)| nodes.next(schema, node))
        .collect();
    nodes.longest(&edges)
}

#[derive(Default)]
struct Nodes<'a> {
    list: Vec<(&'a Map<String, Value>, String)>,
    number: HashMap<*const Map<String, Value>, usize>,
    anchors: HashMap<&'a str, usize>,
    remote: Option<String>,
}

impl<'a> Nodes<'a> {
    /// Takes every object of the document for a schema: which are none does no harm.
    fn collect(&mut self, value: &'a Value, at: &mut String) {
        let length = at.len();
        match value {
            Value::Object(map) => {
                let number = self.list.len();
                self.number.insert(std::ptr::from_ref(map), number);
                self.list.push((map, at.clone()));
                for keyword in ["$anchor", "$dynamicAnchor"] {
                    if let Some(name) = map.get(keyword).and_then(Value::as_str) {
                        self.anchors.insert(name, number);
                    }
                }
                if let Some(reference) = map.get("$ref").and_then(Value::as_str)
                    && !reference.starts_with('#')
                    && self.remote.is_none()
                {
                    self.remote = Some(reference.to_owned());
                }
                for (key, inner) in map {
                    // Values of an enum are no schemas. Under `properties` the same name holds an object.
                    let holds_values = matches!(key.as_str(), "enum" | "examples");
                    if !(holds_values && inner.is_array()) {
                        at.push_str(&pointer::text(&[pointer::Step::Key(key)]));
                        self.collect(inner, at);
                        at.truncate(length);
                    }
                }
            }
            Value::Array(list) => {
                for (index, inner) in list.iter().enumerate() {
                    at.push_str(&format!("/{index}"));
                    self.collect(inner, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// The schemas that judge the same value.
    fn next(&self, root: &Value, node: &Map<String, Value>) -> Vec<usize> {
        let mut next = Vec::new();
        let known = |value: &Value| {
            value
                .as_object()
                .and_then(|map| self.number.get(&std::ptr::from_ref(map)))
                .copied()
        };
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(reference) = node.get(keyword).and_then(Value::as_str) {
                next.extend(pointer::target(root, reference).and_then(known));
                let anchor = reference.strip_prefix('#').unwrap_or(reference);
                next.extend(self.anchors.get(anchor));
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let branches = node.get(keyword).and_then(Value::as_array);
            next.extend(branches.into_iter().flatten().filter_map(known));
        }
        for keyword in ["not", "if", "then", "else"] {
            next.extend(node.get(keyword).and_then(known));
        }
        for keyword in ["dependentSchemas", "dependencies"] {
            let schemas = node.get(keyword).and_then(Value::as_object);
            next.extend(schemas.into_iter().flat_map(Map::values).filter_map(known));
        }
        next
    }

    fn longest(&self, edges: &[Vec<usize>]) -> Option<Trap> {
        // How far each node passes a value on; 0 while it is not known.
        let mut length = vec![0usize; edges.len()];
        let mut ways = vec![0usize; edges.len()];
        let mut is_open = vec![false; edges.len()];
        for start in 0..edges.len() {
            if length[start] > 0 {
                continue;
            }
            let mut path = vec![(start, 0usize)];
            is_open[start] = true;
            while let Some((node, at)) = path.last_mut() {
                let node = *node;
                let Some(&next) = edges[node].get(*at) else {
                    let below = edges[node].iter().map(|&next| length[next]).max();
                    length[node] = 1 + below.unwrap_or(0);
                    ways[node] = edges[node]
                        .iter()
                        .fold(0usize, |sum, &next| sum.saturating_add(ways[next]))
                        .max(1);
                    is_open[node] = false;
                    path.pop();
                    continue;
                };
                *at += 1;
                if is_open[next] {
                    return Some(Trap::Circle(self.list[next].1.clone()));
                }
                if length[next] == 0 {
                    is_open[next] = true;
                    path.push((next, 0));
                }
            }
        }
        let far = (0..edges.len())
            .find(|&node| length[node] > MOST_IN_PLACE || ways[node] > MOST_WAYS)?;
        Some(Trap::Long(self.list[far].1.clone()))
    }
}
