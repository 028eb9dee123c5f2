//! What was seen at one place of the samples, added up value by value.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::format;

/// More different texts than these are no enum, and are not kept.
const MOST_TEXTS: usize = 12;

/// Everything that was seen at one place.
#[derive(Default)]
pub struct Seen {
    pub nulls: usize,
    pub booleans: usize,
    pub integers: usize,
    /// Those with a fraction or an exponent.
    pub fractions: usize,
    pub texts: Texts,
    pub lists: usize,
    pub items: Option<Box<Seen>>,
    pub objects: usize,
    pub fields: Fields,
}

#[derive(Default)]
pub struct Texts {
    pub count: usize,
    /// The different ones, in the order in which they came; none once there are too many.
    pub different: Option<Vec<String>>,
    known: HashSet<String>,
    /// The formats that all of them have.
    pub formats: u8,
}

/// The keys of objects, in the order in which they came.
#[derive(Default)]
pub struct Fields {
    pub list: Vec<Field>,
    places: HashMap<String, usize>,
}

pub struct Field {
    pub name: String,
    /// In how many objects it was.
    pub count: usize,
    pub seen: Seen,
}

impl Seen {
    /// Adds one value. JSON texts nest at most 128 levels, so this can't run out of stack.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::Null => self.nulls += 1,
            Value::Bool(_) => self.booleans += 1,
            Value::Number(number) if number.is_f64() => self.fractions += 1,
            Value::Number(_) => self.integers += 1,
            Value::String(text) => self.texts.add(text),
            Value::Array(list) => {
                self.lists += 1;
                for item in list {
                    self.items.get_or_insert_default().add(item);
                }
            }
            Value::Object(map) => {
                self.objects += 1;
                for (name, value) in map {
                    self.fields.add(name, value);
                }
            }
        }
    }
}

impl Texts {
    fn add(&mut self, text: &str) {
        // Once a format is ruled out it stays out, and costs nothing more.
        let formats = match (self.count, self.formats) {
            (0, _) => format::of(text),
            (_, 0) => 0,
            (_, known) => known & format::of(text),
        };
        self.formats = formats;
        if self.count == 0 {
            self.different = Some(Vec::new());
        }
        self.count += 1;
        if let Some(different) = &mut self.different
            && !self.known.contains(text)
        {
            if different.len() == MOST_TEXTS {
                self.different = None;
                self.known.clear();
            } else {
                different.push(text.to_owned());
                self.known.insert(text.to_owned());
            }
        }
    }
}

impl Fields {
    fn add(&mut self, name: &str, value: &Value) {
        let place = match self.places.get(name) {
            Some(&place) => place,
            None => {
                self.list.push(Field {
                    name: name.to_owned(),
                    count: 0,
                    seen: Seen::default(),
                });
                self.places.insert(name.to_owned(), self.list.len() - 1);
                self.list.len() - 1
            }
        };
        let field = &mut self.list[place];
        field.count += 1;
        field.seen.add(value);
    }
}
