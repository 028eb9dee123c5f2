//! Printing a schema: names that stay legal, what is noted, and the parts of a request.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use rheostat_core::error::ErrorCode;
use rheostat_core::schema::print::{Language, print};
use serde_json::{Map, Value, json};

fn text(schema: &Value, name: &str, language: Language) -> String {
    print(schema, name, language).unwrap().text
}

fn event() -> Value {
    json!({
        "type": "object",
        "description": "An event.",
        "properties": {
            "title": {"type": "string", "description": "As announced"},
            "speakers": {"type": "array", "items": {
                "type": "object",
                "properties": {"role": {"type": "string", "enum": ["host", "guest"]}},
                "required": ["role"],
                "additionalProperties": false,
            }},
            "starts": {"type": ["string", "null"], "format": "date-time"},
            "share": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "required": ["title", "speakers", "starts", "share"],
        "additionalProperties": false,
    })
}

#[test]
fn a_schema_in_each_language() {
    for language in Language::ALL {
        insta::assert_snapshot!(language.name(), text(&event(), "session extract", language));
    }
}

#[test]
fn whatever_the_name_the_request_holds_one_that_the_api_takes() {
    for (name, sent) in [
        ("", "schema"),
        ("größe & more", "gr_e_more"),
        ("ok-1", "ok-1"),
    ] {
        let responses: Value =
            serde_json::from_str(&text(&event(), name, Language::Responses)).unwrap();
        assert_eq!(
            responses["text"]["format"],
            json!({"type": "json_schema", "name": sent, "strict": true, "schema": event()})
        );
        let chat: Value = serde_json::from_str(&text(&event(), name, Language::Chat)).unwrap();
        assert_eq!(chat["response_format"]["json_schema"]["name"], sent);
    }
    assert!(text(&event(), "größe", Language::Typescript).contains("export interface GrE {"));
    assert!(text(&event(), "日本", Language::Rust).contains("pub struct Unnamed {"));
    assert!(text(&event(), "7up", Language::Zod).contains("export const N7up ="));
    assert!(text(&event(), "String", Language::Rust).contains("pub struct StringType {"));
}

#[test]
fn what_a_language_does_not_say_is_noted_with_its_place() {
    let schema = json!({
        "type": "object",
        "properties": {
            "free": {},
            "look": {"type": "string", "pattern": "^(?=a)"},
            "deep": {"const": {"a": 1}},
            "all": {"allOf": [{"type": "string"}, {"pattern": "a"}]},
            "lost": {"$ref": "#/$defs/lost"},
        },
    });
    let places = |language| -> Vec<String> {
        print(&schema, "x", language)
            .unwrap()
            .notes
            .into_iter()
            .map(|note| note.pointer)
            .collect()
    };
    let common = ["/properties/free", "/properties/all", "/properties/lost"];
    assert_eq!(places(Language::Typescript), common);
    assert_eq!(
        places(Language::Pydantic)[3..],
        ["/properties/look", "/properties/deep"]
    );
    assert_eq!(places(Language::Zod)[3..], ["/properties/deep"]);
    assert_eq!(places(Language::Rust)[3..], ["/properties/deep"]);
}

#[test]
fn what_is_open_or_optional_says_so() {
    let schema = json!({
        "type": "object",
        "properties": {"may": {"type": "string"}, "map": {"type": "object", "additionalProperties": {"type": "integer"}}},
        "required": ["map"],
    });
    let typescript = text(&schema, "x", Language::Typescript);
    assert!(typescript.contains("  may?: string;\n"), "{typescript}");
    assert!(
        typescript.contains("  map: Record<string, number>;\n"),
        "{typescript}"
    );
    let zod = text(&schema, "x", Language::Zod);
    assert!(
        zod.contains("z.looseObject({\n  may: z.string().optional(),\n"),
        "{zod}"
    );
    let pydantic = text(&schema, "x", Language::Pydantic);
    assert!(
        pydantic.contains("    may: str | None = Field(default=None)\n"),
        "{pydantic}"
    );
    assert!(!pydantic.contains("forbid"), "{pydantic}");
    let rust = text(&schema, "x", Language::Rust);
    assert!(rust.contains("    pub may: Option<String>,\n"), "{rust}");
    assert!(!rust.contains("deny_unknown_fields"), "{rust}");
}

#[test]
fn schemas_that_lead_nowhere_are_refused_and_long_chains_are_not() {
    for schema in [
        json!(true),
        json!({"$ref": "#"}),
        json!({"properties": {"a": {"$ref": "https://example.com/a.json"}}}),
        json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}),
    ] {
        for language in [
            Language::Pydantic,
            Language::Zod,
            Language::Typescript,
            Language::Rust,
        ] {
            assert_eq!(
                print(&schema, "x", language).unwrap_err().code,
                ErrorCode::BadInput
            );
        }
    }
    let defs: Map<String, Value> = (0..5_000)
        .map(|index| {
            let next = json!({"$ref": format!("#/$defs/d{}", (index + 1) % 5_000)});
            (format!("d{index}"), json!({"type": "object", "properties": {"next": {"anyOf": [next, {"type": "null"}]}}}))
        })
        .collect();
    let schema =
        json!({"type": "object", "properties": {"first": {"$ref": "#/$defs/d0"}}, "$defs": defs});
    for language in [
        Language::Pydantic,
        Language::Zod,
        Language::Typescript,
        Language::Rust,
    ] {
        assert!(text(&schema, "x", language).contains("D4999"));
    }
}

#[test]
fn hostile_texts_stay_inside_their_literals_and_comments() {
    let hostile = "*/ \"\"\" ''' \\ ${x} \u{202e} \u{2028} \r\n/// evil()";
    let schema = json!({
        "type": "object",
        "properties": {hostile: {"type": "string", "description": hostile, "enum": [hostile]}, "__proto__": {"type": "null"}},
        "required": [hostile, "__proto__"],
        "additionalProperties": false,
    });
    for language in [
        Language::Pydantic,
        Language::Zod,
        Language::Typescript,
        Language::Rust,
    ] {
        let text = text(&schema, hostile, language);
        assert!(!text.contains(['\u{202e}', '\u{2028}', '\r']), "{text}");
        assert!(
            !text.contains("\nevil") && !text.contains("\n/// evil"),
            "{text}"
        );
    }
    assert!(text(&schema, "x", Language::Zod).contains("[\"__proto__\"]: z.null()"));
    assert!(!text(&schema, "x", Language::Typescript).contains("*/ \"\"\""));
}
