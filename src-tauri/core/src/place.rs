//! Places in a JSON document: dotted paths of the catalogue and JSON Pointers (RFC 6901).

use serde_json::{Map, Value};

/// A request body.
pub type Body = Map<String, Value>;

/// What stands at a dotted path of a body, such as `reasoning.effort`.
pub fn at<'a>(body: &'a Body, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let mut here = body.get(steps.next()?)?;
    for step in steps {
        here = here.as_object()?.get(step)?;
    }
    Some(here)
}

/// What stands at a dotted path and is not null: null is the same as leaving it out.
pub fn given<'a>(body: &'a Body, path: &str) -> Option<&'a Value> {
    at(body, path).filter(|value| !value.is_null())
}

/// Puts a value at a dotted path. Objects on the way are made where they lack; anything else on the
/// way is replaced.
pub fn put(body: &mut Body, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            body.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = body
                .entry(first.to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}

/// One more name or index at the end of a pointer.
pub fn join(pointer: &str, step: impl std::fmt::Display) -> String {
    let step = step.to_string().replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{step}")
}

/// A dotted path as a pointer. Names of parameters need no escaping.
pub fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// The names and indexes of a pointer.
fn steps(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// What stands at a pointer of a body.
pub fn look<'a>(body: &'a Body, pointer: &str) -> Option<&'a Value> {
    let steps = steps(pointer);
    let (first, rest) = steps.split_first()?;
    let mut here = body.get(first)?;
    for step in rest {
        here = match here {
            Value::Object(fields) => fields.get(step)?,
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(here)
}

/// Puts a value at a pointer. Objects on the way are made where they lack; an index at the end of a
/// list adds to it. Where the way leads through a text or a number, or past the end of a list, nothing
/// is done.
pub fn set(body: &mut Body, pointer: &str, value: Value) {
    let steps = steps(pointer);
    if let Some((first, rest)) = steps.split_first() {
        if rest.is_empty() {
            body.insert(first.clone(), value);
        } else {
            let inner = body
                .entry(first.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            set_in(inner, rest, value);
        }
    }
}

fn set_in(here: &mut Value, steps: &[String], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *here = value;
        return;
    };
    match here {
        Value::Object(fields) => {
            let inner = fields
                .entry(step.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            set_in(inner, rest, value);
        }
        Value::Array(items) => {
            let Ok(index) = step.parse::<usize>() else {
                return;
            };
            if let Some(inner) = items.get_mut(index) {
                set_in(inner, rest, value);
            } else if index == items.len() && rest.is_empty() {
                items.push(value);
            }
        }
        _ => {}
    }
}

/// Takes a place out, and what that empties above it: `{}` and `[]` say nothing.
pub fn remove(body: &mut Body, pointer: &str) {
    let steps = steps(pointer);
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    if rest.is_empty() {
        body.shift_remove(first);
    } else if let Some(inner) = body.get_mut(first)
        && remove_in(inner, rest)
    {
        body.shift_remove(first);
    }
}

/// True where `here` was emptied.
fn remove_in(here: &mut Value, steps: &[String]) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return false;
    };
    match here {
        Value::Object(fields) => {
            let gone = match fields.get_mut(step) {
                None => return false,
                Some(inner) => rest.is_empty() || remove_in(inner, rest),
            };
            if gone {
                fields.shift_remove(step);
            }
            gone && fields.is_empty()
        }
        Value::Array(items) => {
            let index = step.parse::<usize>().unwrap_or(usize::MAX);
            let gone = match items.get_mut(index) {
                None => return false,
                Some(inner) => rest.is_empty() || remove_in(inner, rest),
            };
            if gone {
                items.remove(index);
            }
            gone && items.is_empty()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: Value) -> Body {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_value_is_put_where_it_belongs() {
        let mut it = body(json!({"text": "not an object", "list": [1]}));
        put(&mut it, "text.format", json!(1));
        set(&mut it, "/a~1b/c~0d", json!(2));
        set(&mut it, "/list/1", json!({"x": 1}));
        set(&mut it, "/list/1/y", json!(3));
        set(&mut it, "/list/9", json!("past the end"));
        set(&mut it, "/list/0/z", json!("through a number"));
        assert_eq!(
            Value::Object(it.clone()),
            json!({"text": {"format": 1}, "list": [1, {"x": 1, "y": 3}], "a/b": {"c~d": 2}})
        );
        assert_eq!(look(&it, &join("/a~1b", "c~d")), Some(&json!(2)));
        assert_eq!(look(&it, "/list/1/y"), Some(&json!(3)));
        assert_eq!(at(&it, "text.format"), Some(&json!(1)));
        assert_eq!(at(&it, "text.format.deep"), None);
    }

    #[test]
    fn what_a_removal_empties_goes_too() {
        let mut it = body(
            json!({"reasoning": {"mode": "pro"}, "tools": [{"type": "a"}, {"type": "b"}], "x": 1}),
        );
        remove(&mut it, "/reasoning/mode");
        remove(&mut it, "/tools/0");
        remove(&mut it, "/nowhere/0/at/all");
        remove(&mut it, "/x/deeper");
        assert_eq!(
            Value::Object(it.clone()),
            json!({"tools": [{"type": "b"}], "x": 1})
        );
        remove(&mut it, "/tools/0/type");
        assert_eq!(Value::Object(it), json!({"x": 1}));
    }
}
