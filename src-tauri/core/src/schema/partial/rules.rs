//! The rules of a schema on a value that is still being written. A rule that is not known here is
//! left to the judge of the whole text.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::begun::{Object, Piece};
use crate::schema::pointer;
use crate::schema::validate::{Failure, Judge, words};

/// Schemas that judge the same value one inside the other; no sane schema nests so many.
const MOST_IN_PLACE: usize = 400;
const MOST_FAILURES: usize = 200;
/// Judgements of one beginning. Choices within choices multiply; beyond this the end will tell.
const MOST_STEPS: usize = 500_000;

/// What no continuation of the piece can mend.
pub fn failures(schema: &Value, piece: &Piece) -> Vec<Failure> {
    let mut rules = Rules {
        root: schema,
        failures: Vec::new(),
        in_place: 0,
        steps: 0,
        judges: HashMap::new(),
    };
    rules.judge(schema, piece, "", "");
    rules.failures.truncate(MOST_FAILURES);
    rules.failures
}

struct Rules<'s> {
    root: &'s Value,
    failures: Vec<Failure>,
    in_place: usize,
    steps: usize,
    /// Ready for the numbers and texts of each schema, as every item of a list has the same one.
    judges: HashMap<*const Map<String, Value>, Option<Judge>>,
}

impl<'s> Rules<'s> {
    /// `at`: the place in the output; `by`: the place of the schema.
    fn judge(&mut self, schema: &'s Value, piece: &Piece, at: &str, by: &str) {
        let node = match schema {
            Value::Object(node) => node,
            Value::Bool(false) => return self.fail(at, by, "Nothing is allowed here".to_owned()),
            _ => return,
        };
        self.steps += 1;
        if self.in_place > MOST_IN_PLACE || self.steps > MOST_STEPS {
            return;
        }
        self.in_place += 1;
        self.types(node, piece, at, by);
        self.values(node, piece, at, by);
        if let Some(reference) = node.get("$ref").and_then(Value::as_str)
            && let Some(target) = pointer::target(self.root, reference)
        {
            let place = pointer::local(reference).unwrap_or_default();
            self.judge(target, piece, at, &place);
        }
        for keyword in ["anyOf", "oneOf"] {
            self.choice(node, keyword, piece, at, by);
        }
        for (index, part) in list(node, "allOf").iter().enumerate() {
            self.judge(part, piece, at, &format!("{by}/allOf/{index}"));
        }
        let in_place = std::mem::take(&mut self.in_place);
        match piece {
            Piece::Object(object) => self.object(node, object, at, by),
            Piece::List { items, whole } => self.items(node, items, *whole, at, by),
            Piece::Number { .. } | Piece::Text { .. } if piece.is_whole() => {
                self.simple(node, piece, at, by);
            }
            _ => {}
        }
        self.in_place = in_place - 1;
    }

    fn fail(&mut self, at: &str, by: &str, message: String) {
        self.failures.push(Failure {
            pointer: at.to_owned(),
            schema_pointer: Some(by.to_owned()),
            message,
        });
    }

    fn types(&mut self, node: &Map<String, Value>, piece: &Piece, at: &str, by: &str) {
        let kinds: Vec<&str> = match node.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let kind = piece.kind();
        // 1.5 may still become 1.5e1, which is whole; only a number that has ended is judged.
        let is_whole_number = piece.number().is_none_or(|number| number.fract() == 0.0);
        let fits = kinds.iter().any(|wanted| {
            *wanted == kind || (*wanted == "integer" && kind == "number" && is_whole_number)
        });
        if !fits {
            let wanted: Vec<&str> = kinds.iter().map(|kind| words::name(kind)).collect();
            let message = format!("{} is not {}", begun_name(kind), wanted.join(" or "));
            self.fail(at, &format!("{by}/type"), message);
        }
    }

    fn values(&mut self, node: &Map<String, Value>, piece: &Piece, at: &str, by: &str) {
        if let Some(only) = node.get("const")
            && !piece.can_become(only)
        {
            self.fail(
                at,
                &format!("{by}/const"),
                "The value can't become the only one allowed".to_owned(),
            );
        }
        if let Some(Value::Array(values)) = node.get("enum")
            && !values.iter().any(|value| piece.can_become(value))
        {
            self.fail(
                at,
                &format!("{by}/enum"),
                "The value can't become any of those allowed".to_owned(),
            );
        }
    }

    fn choice(
        &mut self,
        node: &'s Map<String, Value>,
        keyword: &str,
        piece: &Piece,
        at: &str,
        by: &str,
    ) {
        let branches = list(node, keyword);
        if branches.is_empty() {
            return;
        }
        let known = std::mem::take(&mut self.failures);
        let mut inner: Vec<Vec<Failure>> = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            self.judge(branch, piece, at, &format!("{by}/{keyword}/{index}"));
            let failures = std::mem::take(&mut self.failures);
            if failures.is_empty() {
                self.failures = known;
                return;
            }
            inner.push(failures);
        }
        self.failures = known;
        // Where only one branch gets past the value's own type and the constants that tell the
        // branches apart, its failures say more.
        let mut deeper = inner.into_iter().filter(|failures| {
            failures.iter().all(|failure| {
                let by = failure.schema_pointer.as_deref().unwrap_or_default();
                let is_constant = by.ends_with("/const") || by.ends_with("/enum");
                failure.pointer != at && !is_constant
            })
        });
        match (deeper.next(), deeper.next()) {
            (Some(only), None) => self.failures.extend(only),
            _ => self.fail(
                at,
                &format!("{by}/{keyword}"),
                "The value can't become any of the choices".to_owned(),
            ),
        }
    }

    fn object(&mut self, node: &'s Map<String, Value>, object: &Object, at: &str, by: &str) {
        let none = Map::new();
        let properties = node.get("properties").and_then(Value::as_object);
        let more = node.get("additionalProperties");
        let has_patterns = node.contains_key("patternProperties");
        let is_closed = more == Some(&Value::Bool(false)) && !has_patterns;
        for (name, piece) in &object.fields {
            let place = format!("{at}{}", pointer::text(&[pointer::Step::Key(name)]));
            match properties.and_then(|properties| properties.get(name)) {
                Some(property) => {
                    let step = [pointer::Step::Key("properties"), pointer::Step::Key(name)];
                    let by = format!("{by}{}", pointer::text(&step));
                    self.judge(property, piece, &place, &by);
                }
                None if is_closed => {
                    self.fail(
                        &place,
                        &format!("{by}/additionalProperties"),
                        format!("{name:?} is not among the fields"),
                    );
                }
                None => {
                    if let Some(more) = more.filter(|_| !has_patterns) {
                        self.judge(more, piece, &place, &format!("{by}/additionalProperties"));
                    }
                }
            }
        }
        if let Some(key) = object.key.as_ref().filter(|_| is_closed)
            && !key.can_be_one_of(properties.unwrap_or(&none).keys())
        {
            let message = match key.whole {
                true => format!("{:?} is not among the fields", key.text),
                false => format!("No field begins with {:?}", key.text),
            };
            self.fail(at, &format!("{by}/additionalProperties"), message);
        }
        if object.whole {
            for name in list(node, "required").iter().filter_map(Value::as_str) {
                if !object.fields.iter().any(|(known, _)| known == name) {
                    self.fail(
                        at,
                        &format!("{by}/required"),
                        format!("{name:?} is missing"),
                    );
                }
            }
        }
    }

    fn items(
        &mut self,
        node: &'s Map<String, Value>,
        items: &[Piece],
        whole: bool,
        at: &str,
        by: &str,
    ) {
        let first = list(node, "prefixItems");
        for (index, item) in items.iter().enumerate() {
            let place = format!("{at}/{index}");
            match (first.get(index), node.get("items")) {
                (Some(schema), _) => {
                    self.judge(schema, item, &place, &format!("{by}/prefixItems/{index}"))
                }
                (None, Some(schema)) => self.judge(schema, item, &place, &format!("{by}/items")),
                (None, None) => {}
            }
        }
        let count = |keyword: &str| node.get(keyword).and_then(Value::as_u64);
        let length = u64::try_from(items.len()).unwrap_or(u64::MAX);
        if let Some(most) = count("maxItems").filter(|most| length > *most) {
            self.fail(
                at,
                &format!("{by}/maxItems"),
                format!("More than {most} items"),
            );
        }
        if let Some(least) = count("minItems").filter(|least| whole && length < *least) {
            self.fail(
                at,
                &format!("{by}/minItems"),
                format!("Fewer than {least} items"),
            );
        }
    }

    /// The rules on numbers and texts, by the judge of whole outputs.
    fn simple(&mut self, node: &Map<String, Value>, piece: &Piece, at: &str, by: &str) {
        const RULES: [&str; 9] = [
            "pattern",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        let judge = self
            .judges
            .entry(std::ptr::from_ref(node))
            .or_insert_with(|| {
                let rules: Map<String, Value> = node
                    .iter()
                    .filter(|(keyword, _)| RULES.contains(&keyword.as_str()))
                    .map(|(keyword, value)| (keyword.clone(), value.clone()))
                    .collect();
                match rules.is_empty() {
                    true => None,
                    false => Judge::new(&Value::Object(rules)).ok(),
                }
            });
        let value = match piece {
            Piece::Text { text, .. } => Some(Value::from(text.as_str())),
            Piece::Number { text, .. } => serde_json::from_str(text).ok(),
            _ => None,
        };
        let (Some(value), Some(judge)) = (value, judge) else {
            return;
        };
        for failure in judge.value(&value) {
            let within = failure.schema_pointer.unwrap_or_default();
            self.fail(at, &format!("{by}{within}"), failure.message);
        }
    }
}

fn list<'v>(node: &'v Map<String, Value>, keyword: &str) -> &'v [Value] {
    match node.get(keyword) {
        Some(Value::Array(list)) => list,
        _ => &[],
    }
}

fn begun_name(kind: &str) -> &'static str {
    match kind {
        "null" => "null",
        "boolean" => "true or false",
        "number" => "A number",
        "string" => "A text",
        "array" => "A list",
        _ => "An object",
    }
}
