//! The strict subset as tables (API.md 9): one place for what OpenAI takes and refuses.

/// The types that strict mode knows.
pub const TYPES: [&str; 7] = [
    "string", "number", "boolean", "integer", "object", "array", "null",
];

/// The string formats that strict mode knows.
pub const FORMATS: [&str; 9] = [
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];

/// Object properties in a whole schema.
pub const MOST_PROPERTIES: usize = 5_000;
/// Levels of nested objects and lists, the root being the first. API.md 9 doesn't say what a level is;
/// this is the narrower reading, in which a list counts too.
pub const MOST_LEVELS: usize = 10;
/// Characters of all property and definition names, enum values and const values together.
pub const MOST_CHARACTERS: usize = 120_000;
/// Enum values in a whole schema.
pub const MOST_VALUES: usize = 1_000;
/// An enum of strings with more values than this is also limited in its characters.
pub const LARGE_ENUM: usize = 250;
/// Characters of all values of one such large enum.
pub const MOST_ENUM_CHARACTERS: usize = 15_000;
/// Characters of a schema's name.
pub const LONGEST_NAME: usize = 64;

/// Who says that a keyword is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// OpenAI's guide names it.
    Listed,
    /// OpenAI's Node package throws on it.
    ByPackage,
    /// Both were silent, and requests with it were answered with 400 (report of 2025-12).
    Reported,
}

/// Whether strict mode refuses this keyword, and who says so.
pub fn refused(keyword: &str) -> Option<Refused> {
    match keyword {
        "allOf" | "not" | "dependentRequired" | "dependentSchemas" | "if" | "then" | "else" => {
            Some(Refused::Listed)
        }
        "$anchor"
        | "$dynamicAnchor"
        | "$dynamicRef"
        | "$recursiveRef"
        | "contains"
        | "contentEncoding"
        | "contentMediaType"
        | "contentSchema"
        | "dependencies"
        | "maxContains"
        | "minContains"
        | "maxProperties"
        | "minProperties"
        | "oneOf"
        | "patternProperties"
        | "prefixItems"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "uniqueItems"
        | "additionalItems" => Some(Refused::ByPackage),
        "minLength" | "maxLength" => Some(Refused::Reported),
        _ => None,
    }
}

/// Keywords that may stand beside `$ref`: they describe, or hold definitions, and constrain nothing.
pub fn may_stand_beside_ref(keyword: &str) -> bool {
    matches!(
        keyword,
        "$ref"
            | "$schema"
            | "$id"
            | "$comment"
            | "$defs"
            | "definitions"
            | "title"
            | "description"
            | "default"
            | "examples"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
    )
}

/// The type that a schema without one means by its keywords; none where they say nothing, or several things.
pub fn implied_type(node: &serde_json::Map<String, serde_json::Value>) -> Option<&'static str> {
    let mut implied = None;
    for keyword in node.keys() {
        let kind = match keyword.as_str() {
            "properties"
            | "required"
            | "additionalProperties"
            | "patternProperties"
            | "propertyNames"
            | "minProperties"
            | "maxProperties" => "object",
            "items" | "prefixItems" | "additionalItems" | "minItems" | "maxItems"
            | "uniqueItems" | "contains" => "array",
            "pattern" | "format" | "minLength" | "maxLength" => "string",
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                "number"
            }
            _ => continue,
        };
        match implied {
            Some(known) if known != kind => return None,
            _ => implied = Some(kind),
        }
    }
    implied
}

/// What other languages call the types of JSON Schema.
pub fn type_meant(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "string" | "str" | "text" => Some("string"),
        "number" | "float" | "double" | "decimal" => Some("number"),
        "integer" | "int" | "long" => Some("integer"),
        "boolean" | "bool" => Some("boolean"),
        "object" | "dict" | "record" => Some("object"),
        "array" | "list" => Some("array"),
        "null" | "none" | "nil" => Some("null"),
        _ => None,
    }
}
