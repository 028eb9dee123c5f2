//! What a schema says, apart from any language: declarations with names, and types that refer to them.

mod order;
mod read;

use serde_json::{Map, Value};

use super::PrintNote;

pub struct Model {
    /// Each after those that it needs, but where they need one another; the root's is among them.
    pub declarations: Vec<Declaration>,
    pub notes: Vec<PrintNote>,
}

pub struct Declaration {
    pub name: String,
    pub doc: Option<String>,
    pub body: Body,
    /// It refers to itself, or to one that stands behind it.
    pub looks_ahead: bool,
}

pub enum Body {
    Object { fields: Vec<Field>, closed: bool },
    Alias(Type),
}

pub struct Field {
    pub key: String,
    pub doc: Option<String>,
    pub kind: Type,
    pub required: bool,
    /// In the schema, for notes.
    pub pointer: String,
}

#[derive(Clone)]
pub struct Type {
    pub kind: Kind,
    pub nullable: bool,
}

#[derive(Clone)]
pub enum Kind {
    Anything,
    Null,
    Boolean,
    Integer(Rules),
    Number(Rules),
    Text(Rules),
    /// Only these; the name is for languages in which they make a type.
    Values(String, Vec<Value>),
    List(Box<Type>, Rules),
    /// Free keys.
    Map(Box<Type>),
    /// The place of a declaration.
    Named(usize),
    Choice(String, Vec<Type>),
}

/// The keywords that narrow a type, as they stand in the schema.
pub type Rules = Map<String, Value>;

impl Model {
    /// Reads the schema. Circles of references that never say anything must have been ruled out.
    pub fn of(schema: &Value, name: &str) -> Self {
        let (read, notes) = read::read(schema, name);
        Self {
            declarations: order::ordered(read),
            notes,
        }
    }

    pub fn name(&self, place: usize) -> &str {
        self.declarations
            .get(place)
            .map_or("", |it| it.name.as_str())
    }
}

pub fn plain(kind: Kind) -> Type {
    Type {
        kind,
        nullable: false,
    }
}
