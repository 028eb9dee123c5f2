//! The walk over a schema's tree: every rule at every node, and the sizes of the whole.

mod refusals;
mod values;

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::problem::{Counts, Problem, ProblemCode, Used};
use super::shape::{self, has_type, is_list, is_object};
use super::{Checked, offer, references};
use crate::schema::keywords::{MOST_CHARACTERS, MOST_LEVELS, MOST_PROPERTIES, MOST_VALUES};
use crate::schema::pointer::{self, Step};

/// Steps below the root after which the walk turns back: far beyond every limit of strict mode, and
/// beyond the 128 that a JSON text may nest when it is read, yet safe for the stack.
const DEEPEST_STEP: usize = 160;

pub struct Walk<'a> {
    root: &'a Value,
    path: Vec<Step<'a>>,
    problems: Vec<Problem>,
    properties: usize,
    levels: usize,
    values: usize,
    characters: usize,
    /// Every node that was entered.
    nodes: Vec<&'a Value>,
    references: Vec<references::Site<'a>>,
}

impl<'a> Walk<'a> {
    pub fn over(root: &'a Value) -> Checked {
        let mut walk = Self {
            root,
            path: Vec::new(),
            problems: Vec::new(),
            properties: 0,
            levels: 0,
            values: 0,
            characters: 0,
            nodes: Vec::new(),
            references: Vec::new(),
        };
        walk.node(root, 1);
        walk.references();
        walk.limits();
        let counts = Counts {
            problems: walk.problems.len(),
            properties: used(walk.properties, MOST_PROPERTIES),
            levels: used(walk.levels, MOST_LEVELS),
            values: used(walk.values, MOST_VALUES),
            characters: used(walk.characters, MOST_CHARACTERS),
        };
        Checked {
            problems: walk.problems,
            counts,
        }
    }

    /// `level` is the node's own, should it be an object or a list.
    fn node(&mut self, value: &'a Value, level: usize) {
        if self.path.len() > DEEPEST_STEP {
            self.tell(
                ProblemCode::TooDeep,
                &[],
                |place| format!("{place} lies so deep that it was not looked at"),
                None,
            );
            return;
        }
        let Value::Object(node) = value else {
            self.tell(
                ProblemCode::NotASchema,
                &[],
                |place| format!("{place} is {}, where a schema must stand", shown(value)),
                None,
            );
            return;
        };
        self.nodes.push(value);
        self.shapes(node);
        if self.path.is_empty() {
            self.root_rules(node);
        }
        self.refusals(node);
        if node.contains_key("$ref") {
            self.reference(value, node);
        } else if !self.path.is_empty() {
            self.kind(node);
        }
        self.values(node);
        let (object, list) = (is_object(node), is_list(node));
        if object || list {
            self.levels = self.levels.max(level);
            if level == MOST_LEVELS + 1 {
                self.tell(
                    ProblemCode::TooDeep,
                    &[],
                    |place| format!("{place} is nested {level} levels deep"),
                    None,
                );
            }
        }
        if object {
            self.object(node, level);
        }
        self.items(node, list, level);
        for keyword in ["anyOf", "oneOf", "allOf"] {
            self.each(node, keyword, level);
        }
        self.each(node, "prefixItems", level + 1);
        for group in ["$defs", "definitions"] {
            if let Some((key, Value::Object(definitions))) = node.get_key_value(group) {
                for (name, definition) in definitions {
                    self.characters += name.chars().count();
                    self.within(&[Step::Key(key), Step::Key(name)], definition, 1);
                }
            }
        }
    }

    fn shapes(&mut self, node: &'a Map<String, Value>) {
        for (keyword, value) in node {
            if let Some(wanted) = shape::fault(keyword, value) {
                self.tell(
                    ProblemCode::Malformed,
                    &[Step::Key(keyword)],
                    |place| {
                        format!(
                            "{keyword} of {place} is {}, it must be {wanted}",
                            shown(value)
                        )
                    },
                    None,
                );
            }
        }
    }

    fn root_rules(&mut self, node: &'a Map<String, Value>) {
        if let Some((keyword, _)) = node.get_key_value("anyOf") {
            let fix = offer::root_any_of();
            self.tell(
                ProblemCode::RootAnyOf,
                &[Step::Key(keyword)],
                |_| "The root is a choice of several schemas".to_owned(),
                Some(fix),
            );
            if !node.contains_key("type") {
                return;
            }
        }
        let message = match node.get("type") {
            Some(Value::String(kind)) if kind == "object" => return,
            Some(kind) => format!("The root's type is {}", shown(kind)),
            None if node.contains_key("$ref") => "The root only refers to a schema".to_owned(),
            None => "The root has no type".to_owned(),
        };
        let fix = offer::root_not_object(self.root, node);
        self.tell(ProblemCode::RootNotObject, &[], |_| message.clone(), fix);
    }

    fn kind(&mut self, node: &'a Map<String, Value>) {
        // Of these the refused ones have their own problem; a second one would only confuse.
        const SAYS: [&str; 8] = [
            "type",
            "enum",
            "const",
            "anyOf",
            "oneOf",
            "allOf",
            "$dynamicRef",
            "$recursiveRef",
        ];
        if !SAYS.iter().any(|keyword| node.contains_key(*keyword)) {
            let fix = offer::type_missing(node);
            self.tell(
                ProblemCode::TypeMissing,
                &[],
                |place| format!("{place} has no type"),
                fix,
            );
        }
    }

    fn object(&mut self, node: &'a Map<String, Value>, level: usize) {
        if node.get("additionalProperties") != Some(&Value::Bool(false)) {
            let fix = offer::extra_keys(node);
            self.tell(
                ProblemCode::ExtraKeys,
                &[],
                |place| format!("{place} allows extra keys"),
                fix,
            );
        }
        let required: HashSet<&str> = node
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = node.get_key_value("properties");
        let known = properties.and_then(|(_, value)| value.as_object());
        if let Some((keyword, Value::Array(names))) = node.get_key_value("required") {
            for (index, name) in names.iter().enumerate() {
                let Some(name) = name.as_str() else { continue };
                if !known.is_some_and(|known| known.contains_key(name)) {
                    self.tell(
                        ProblemCode::RequiredUnknown,
                        &[Step::Key(keyword), Step::Index(index)],
                        |place| format!("{place} requires {}, which is no property", cut(name)),
                        Some(offer::required_unknown()),
                    );
                }
            }
        }
        let Some((key, Value::Object(properties))) = properties else {
            if let Some((key, Value::Object(_))) = node.get_key_value("additionalProperties") {
                self.within(&[Step::Key(key)], &node["additionalProperties"], level + 1);
            }
            return;
        };
        self.properties += properties.len();
        for (name, property) in properties {
            self.characters += name.chars().count();
            let place = [Step::Key(key.as_str()), Step::Key(name)];
            if !required.contains(name.as_str()) {
                let fix = offer::not_required(self.root, property);
                self.tell(
                    ProblemCode::NotRequired,
                    &place,
                    |words| format!("{words} is not required"),
                    Some(fix),
                );
            }
            self.within(&place, property, level + 1);
        }
    }

    fn items(&mut self, node: &'a Map<String, Value>, list: bool, level: usize) {
        match node.get_key_value("items") {
            Some((_, Value::Array(_))) => self.each(node, "items", level + 1),
            // After a tuple, `false` only says that the list ends.
            Some((_, Value::Bool(_))) if node.contains_key("prefixItems") => {}
            Some((key, items)) => self.within(&[Step::Key(key)], items, level + 1),
            None if list && has_type(node, "array") && !node.contains_key("prefixItems") => {
                self.tell(
                    ProblemCode::ItemsMissing,
                    &[],
                    |place| format!("{place} doesn't say what the list holds"),
                    None,
                );
            }
            None => {}
        }
    }

    fn each(&mut self, node: &'a Map<String, Value>, keyword: &'a str, level: usize) {
        if let Some(Value::Array(branches)) = node.get(keyword) {
            for (index, branch) in branches.iter().enumerate() {
                self.within(&[Step::Key(keyword), Step::Index(index)], branch, level);
            }
        }
    }

    fn within(&mut self, steps: &[Step<'a>], value: &'a Value, level: usize) {
        self.path.extend_from_slice(steps);
        self.node(value, level);
        self.path.truncate(self.path.len() - steps.len());
    }

    fn references(&mut self) {
        for finding in references::examine(&self.nodes, &self.references) {
            self.problems.push(finding);
        }
    }

    fn limits(&mut self) {
        let mut over = |code: ProblemCode, used: usize, most: usize, what: &str| {
            if used > most {
                self.problems.push(Problem {
                    code,
                    pointer: String::new(),
                    message: format!("The schema has {used} {what}, of {most}"),
                    reason: code.reason().to_owned(),
                    fix: None,
                });
            }
        };
        over(
            ProblemCode::TooManyProperties,
            self.properties,
            MOST_PROPERTIES,
            "properties",
        );
        over(
            ProblemCode::TooManyValues,
            self.values,
            MOST_VALUES,
            "enum values",
        );
        over(
            ProblemCode::TooManyCharacters,
            self.characters,
            MOST_CHARACTERS,
            "characters in names, enum and const values",
        );
    }

    /// Adds a problem at the steps below the present node; the words name the node.
    fn tell(
        &mut self,
        code: ProblemCode,
        below: &[Step<'_>],
        message: impl FnOnce(&str) -> String,
        fix: Option<super::problem::Fix>,
    ) {
        let node = pointer::text(&self.path);
        let place = match code {
            ProblemCode::NotRequired => format!("{node}{}", pointer::text(below)),
            _ => node.clone(),
        };
        let message = message(&pointer::in_words(&place));
        self.problems.push(Problem {
            code,
            pointer: format!("{node}{}", pointer::text(below)),
            message: upper_first(message),
            reason: code.reason().to_owned(),
            fix,
        });
    }
}

fn used(used: usize, most: usize) -> Used {
    Used { used, most }
}

/// A sentence that opens with our own word opens with a capital; a name stays as it is.
fn upper_first(message: String) -> String {
    match message.strip_prefix("the root") {
        Some(rest) => format!("The root{rest}"),
        None => message,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(list) if list.iter().all(Value::is_string) && list.len() < 8 => {
            cut(&value.to_string())
        }
        Value::Array(_) => "a list".to_owned(),
        other => cut(&other.to_string()),
    }
}

/// Names and references may be as long as a file.
fn cut(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
