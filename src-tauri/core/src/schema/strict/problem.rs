//! What strict mode refuses: a code to match on, the place, and the words for a person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which rule of API.md 9 is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SchemaProblemCode", rename_all = "snake_case")]
pub enum ProblemCode {
    /// Where a schema must stand, there is something else, such as `true`.
    NotASchema,
    /// A keyword's value has the wrong shape.
    Malformed,
    /// The root is not `type: "object"`.
    RootNotObject,
    /// The root is an `anyOf`.
    RootAnyOf,
    /// No `type`, `enum`, `const`, `anyOf` or `$ref`.
    TypeMissing,
    TypeUnsupported,
    FormatUnsupported,
    KeywordUnsupported,
    /// An object doesn't say `additionalProperties: false`.
    ExtraKeys,
    /// A property is not in `required`.
    NotRequired,
    /// `required` names something that is no property.
    RequiredUnknown,
    /// A list doesn't say what it holds.
    ItemsMissing,
    /// `items` is a list of schemas, one per place.
    TupleItems,
    /// `$ref` leads out of the document. It is never fetched.
    RefRemote,
    /// `$ref` leads nowhere, or to a place that holds no schema.
    RefMissing,
    /// A keyword beside `$ref` that is no annotation.
    RefSibling,
    /// References lead round in a circle and never reach a schema.
    RefCycle,
    /// No finite value satisfies this reference: it needs itself again and again.
    RefEndless,
    TooManyProperties,
    TooDeep,
    TooManyValues,
    /// Names, enum and const values are too long together.
    TooManyCharacters,
    /// One large enum is too long.
    EnumTooLong,
    /// The schema's name is not what the API takes.
    NameInvalid,
}

/// One place that strict mode refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SchemaProblem", rename_all = "camelCase")]
pub struct Problem {
    pub code: ProblemCode,
    /// JSON Pointer to the place at fault: a keyword where one is to blame, else the schema that lacks it.
    pub pointer: String,
    /// What is wrong, naming the place.
    pub message: String,
    /// Why it matters.
    pub reason: String,
    /// What one click would do about it.
    pub fix: Option<Fix>,
}

/// What can be done about a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SchemaFix", rename_all = "camelCase")]
pub struct Fix {
    /// The button's words.
    pub label: String,
    /// It takes away so much of what the schema says that only a person should choose it.
    pub is_choice: bool,
}

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SchemaUsed", rename_all = "camelCase")]
pub struct Used {
    pub used: usize,
    pub most: usize,
}

/// The sizes of a schema against what strict mode takes (API.md 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SchemaCounts", rename_all = "camelCase")]
pub struct Counts {
    pub problems: usize,
    /// Object properties of the whole schema.
    pub properties: Used,
    /// Levels of nested objects and lists, the root being the first.
    pub levels: Used,
    /// Enum values of the whole schema.
    pub values: Used,
    /// Characters of property and definition names, enum values and const values.
    pub characters: Used,
}

impl ProblemCode {
    /// Why breaking this rule matters.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::NotASchema => "Strict mode takes only schemas that say what they hold.",
            Self::Malformed => "The API can't read the schema and rejects the request.",
            Self::RootNotObject => "Strict mode takes only an object at the root.",
            Self::RootAnyOf => {
                "Strict mode takes only an object at the root; anyOf may stand further down."
            }
            Self::TypeMissing => "Strict mode rejects a schema that leaves open what it holds.",
            Self::TypeUnsupported => {
                "Strict mode knows string, number, boolean, integer, object, array and null."
            }
            Self::FormatUnsupported => {
                "Strict mode knows date-time, time, date, duration, email, hostname, ipv4, ipv6 and uuid."
            }
            Self::KeywordUnsupported => "Strict mode rejects this keyword.",
            Self::ExtraKeys => {
                "Strict mode rejects the request unless every object sets additionalProperties to false."
            }
            Self::NotRequired => {
                "Strict mode rejects the request unless every property is required. What may be missing is written as nullable."
            }
            Self::RequiredUnknown => "Strict mode takes only names of properties in required.",
            Self::ItemsMissing => "Strict mode rejects a list that doesn't say what it holds.",
            Self::TupleItems => "Strict mode takes one schema for all items, not one per place.",
            Self::RefRemote => {
                "Strict mode takes only references within the schema. Nothing was fetched."
            }
            Self::RefMissing => "The API can't resolve the reference and rejects the request.",
            Self::RefSibling => "Strict mode takes only a description beside $ref.",
            Self::RefCycle => "References that only lead to one another never say what they hold.",
            Self::RefEndless => {
                "Every value would need another one inside it without end, so no answer could ever be complete."
            }
            Self::TooManyProperties
            | Self::TooDeep
            | Self::TooManyValues
            | Self::TooManyCharacters
            | Self::EnumTooLong => "Strict mode rejects schemas beyond this limit.",
            Self::NameInvalid => {
                "The API takes letters, digits, _ and - in a schema's name, at most 64 of them."
            }
        }
    }
}
