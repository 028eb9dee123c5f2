//! A JSON value that obeys a schema.

use serde_json::{Map, Number, Value, json};

use super::text;
use crate::seed::{Dice, Seed};

/// Below this depth only what the schema insists on is written, so that a recursive schema comes to an end.
const SHALLOW: usize = 4;
/// Nothing is written below this depth, whatever the schema says.
const DEEPEST: usize = 48;
/// The same for a wide schema: after this many values only what must be there is written.
const PLENTY: usize = 400;
/// No schema may take all memory: two required references to itself would double the value at every depth.
const MOST: usize = 20_000;
const MOST_ITEMS: u64 = 1_000;

pub(crate) fn value(schema: &Value, words: &[String], seed: Seed) -> Value {
    let mut walk = Walk {
        root: schema,
        words,
        dice: seed.dice("value"),
        written: 0,
    };
    walk.value(schema, "", 0)
}

struct Walk<'a> {
    root: &'a Value,
    words: &'a [String],
    dice: Dice,
    written: usize,
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Value, name: &str, depth: usize) -> Value {
        self.written += 1;
        if depth > DEEPEST || self.written > MOST {
            return Value::Null;
        }
        let Some(map) = schema.as_object() else {
            // `true` takes anything.
            return json!("sample");
        };
        if let Some(target) = map.get("$ref").and_then(Value::as_str) {
            return match resolved(self.root, target) {
                Some(target) => self.value(target, name, depth + 1),
                None => Value::Null,
            };
        }
        if let Some(constant) = map.get("const") {
            return constant.clone();
        }
        if let Some(values) = map.get("enum").and_then(Value::as_array) {
            return self.dice.pick(values).cloned().unwrap_or(Value::Null);
        }
        for group in ["anyOf", "oneOf"] {
            if let Some(branches) = map.get(group).and_then(Value::as_array) {
                return self.branch(branches, name, depth);
            }
        }
        if let Some(all) = map.get("allOf").and_then(Value::as_array) {
            return self.merged(all, name, depth);
        }
        match self.kind(map, depth) {
            "object" => self.object(map, depth),
            "array" => self.array(map, name, depth),
            "integer" => integer(map, &mut self.dice),
            "number" => number(map, &mut self.dice),
            "boolean" => json!(self.dice.below(2) == 0),
            "null" => Value::Null,
            _ => Value::String(text::string(map, name, self.words, &mut self.dice)),
        }
    }

    fn spare(&self, depth: usize) -> bool {
        depth >= SHALLOW || self.written > PLENTY
    }

    /// With a choice of types null is taken only where the schema should come to an end.
    fn kind(&self, map: &'a Map<String, Value>, depth: usize) -> &'a str {
        match map.get("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => {
                let null = kinds.iter().any(|kind| kind == "null");
                let other = kinds
                    .iter()
                    .filter_map(Value::as_str)
                    .find(|kind| *kind != "null");
                match other {
                    Some(kind)
                        if !(null && self.spare(depth) && matches!(kind, "object" | "array")) =>
                    {
                        kind
                    }
                    _ => "null",
                }
            }
            _ if map.contains_key("properties") => "object",
            _ if map.contains_key("items") => "array",
            _ => "string",
        }
    }

    fn branch(&mut self, branches: &'a [Value], name: &str, depth: usize) -> Value {
        if branches.is_empty() {
            return Value::Null;
        }
        if !self.spare(depth) {
            let full: Vec<&Value> = branches
                .iter()
                .filter(|branch| branch["type"] != "null")
                .collect();
            return match self.dice.pick(&full).copied() {
                Some(branch) => self.value(branch, name, depth + 1),
                None => Value::Null,
            };
        }
        // The branch that comes to an end the soonest.
        let root = self.root;
        let nearest = branches.iter().min_by_key(|branch| reach(root, branch, 0));
        nearest.map_or(Value::Null, |branch| self.value(branch, name, depth + 1))
    }

    /// Not part of the strict subset: object parts are joined, otherwise the first part decides.
    fn merged(&mut self, all: &'a [Value], name: &str, depth: usize) -> Value {
        let mut values = all
            .iter()
            .map(|part| self.value(part, name, depth + 1))
            .collect::<Vec<_>>()
            .into_iter();
        let mut first = values.next().unwrap_or(Value::Null);
        if let Value::Object(whole) = &mut first {
            for value in values {
                if let Value::Object(more) = value {
                    whole.extend(more);
                }
            }
        }
        first
    }

    fn object(&mut self, map: &'a Map<String, Value>, depth: usize) -> Value {
        let required = map.get("required").and_then(Value::as_array);
        let needed = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
        let mut object = Map::new();
        for (name, schema) in map
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if needed(name) || !self.spare(depth) {
                object.insert(name.clone(), self.value(schema, name, depth + 1));
            }
        }
        Value::Object(object)
    }

    fn array(&mut self, map: &'a Map<String, Value>, name: &str, depth: usize) -> Value {
        let bound = |key: &str| map.get(key).and_then(Value::as_u64);
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(u64::MAX);
        let count = if self.spare(depth) {
            least
        } else {
            self.dice.within(least.max(1), least.max(3)).min(most)
        };
        let Some(items) = map.get("items") else {
            return json!([]);
        };
        (0..count.min(MOST_ITEMS))
            .map(|_| self.value(items, name, depth + 1))
            .collect()
    }
}

/// `#`, or a path from the root as in `#/$defs/node`.
fn resolved<'a>(root: &'a Value, target: &str) -> Option<&'a Value> {
    root.pointer(target.strip_prefix('#')?)
}

/// How deep the smallest value of a schema is; a recursive way counts as endless.
fn reach(root: &Value, schema: &Value, depth: usize) -> usize {
    const ENDLESS: usize = 9;
    if depth >= ENDLESS {
        return ENDLESS;
    }
    if let Some(target) = schema["$ref"].as_str() {
        return resolved(root, target).map_or(0, |target| reach(root, target, depth + 1));
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        let mut nearest = ENDLESS;
        for branch in branches {
            nearest = nearest.min(reach(root, branch, depth + 1));
            if nearest == 0 {
                break;
            }
        }
        return nearest;
    }
    let nullable = schema["type"]
        .as_array()
        .is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    if nullable {
        return 0;
    }
    let required = schema["required"].as_array();
    let needed = |name: &String| required.is_some_and(|names| names.iter().any(|one| one == name));
    let fields = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| needed(name));
    let deepest = fields
        .map(|(_, field)| 1 + reach(root, field, depth + 1))
        .max()
        .unwrap_or(0);
    let items = match schema["minItems"].as_u64() {
        Some(1..) => 1 + reach(root, &schema["items"], depth + 1),
        _ => 0,
    };
    deepest.max(items)
}

struct Range {
    low: f64,
    high: f64,
}

/// The bounds, exclusive ones moved in by a step.
fn range(map: &Map<String, Value>, step: f64) -> Range {
    let bound = |key: &str| map.get(key).and_then(Value::as_f64);
    let low = match (bound("minimum"), bound("exclusiveMinimum")) {
        (Some(least), Some(below)) => Some(least.max(below + step)),
        (least, below) => least.or(below.map(|below| below + step)),
    };
    let high = match (bound("maximum"), bound("exclusiveMaximum")) {
        (Some(most), Some(above)) => Some(most.min(above - step)),
        (most, above) => most.or(above.map(|above| above - step)),
    };
    match (low, high) {
        (Some(low), Some(high)) => Range { low, high },
        (Some(low), None) => Range {
            low,
            high: low + 100.0,
        },
        (None, Some(high)) => Range {
            low: high - 100.0,
            high,
        },
        (None, None) => Range {
            low: 1.0,
            high: 100.0,
        },
    }
}

fn integer(map: &Map<String, Value>, dice: &mut Dice) -> Value {
    let factor = map
        .get("multipleOf")
        .and_then(Value::as_f64)
        .filter(|f| *f > 0.0 && f.fract() == 0.0);
    // Between integers an exclusive bound that is no integer itself excludes nothing more than rounding does.
    let exclusive = |key: &str| {
        map.get(key)
            .and_then(Value::as_f64)
            .is_some_and(|bound| bound.fract() == 0.0)
    };
    let step = if exclusive("exclusiveMinimum") || exclusive("exclusiveMaximum") {
        1.0
    } else {
        0.0
    };
    let Range { low, high } = range(map, step);
    let factor = factor.unwrap_or(1.0);
    let (first, last) = ((low / factor).ceil(), (high / factor).floor());
    let drawn = if last > first {
        first + dice.within(0, (last - first).min(1e6) as u64) as f64
    } else {
        first
    };
    json!((drawn * factor) as i64)
}

fn number(map: &Map<String, Value>, dice: &mut Dice) -> Value {
    let factor = map
        .get("multipleOf")
        .and_then(Value::as_f64)
        .filter(|factor| *factor > 0.0);
    let Range { low, high } = range(map, 0.0);
    let excluded = |drawn: f64| {
        let hits = |key: &str| map.get(key).and_then(Value::as_f64) == Some(drawn);
        hits("exclusiveMinimum") || hits("exclusiveMaximum")
    };
    let drawn = match factor {
        Some(factor) => {
            let (mut first, mut last) = ((low / factor).ceil(), (high / factor).floor());
            if excluded(first * factor) {
                first += 1.0;
            }
            if excluded(last * factor) {
                last -= 1.0;
            }
            let steps = dice.within(0, (last - first).clamp(0.0, 1e6) as u64) as f64;
            (first + steps) * factor
        }
        // Two decimals read well; a narrow range needs them all.
        None => {
            let exact = dice.between(low, high);
            let short = (exact * 100.0).round() / 100.0;
            let fits = short >= low && short <= high && !excluded(short);
            if fits {
                short
            } else if excluded(exact) {
                low + (high - low) / 2.0
            } else {
                exact
            }
        }
    };
    if drawn.fract() == 0.0 && drawn.abs() < 9e15 {
        return json!(drawn as i64);
    }
    Number::from_f64(drawn).map_or(Value::Null, Value::Number)
}
