//! Requests written out as code, and read back from commands in every shell's quotes.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use proptest::prelude::*;
use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::catalog::parameters::ParameterTable;
use rheostat_core::error::ErrorCode;
use rheostat_core::request_code::{CodeKind, Pasted, paste, print};
use serde_json::{Map, Value, json};

fn code(kind: CodeKind, endpoint: Endpoint, body: &Value, base_url: Option<&str>) -> String {
    let table = ParameterTable::builtin().unwrap();
    print(kind, endpoint, body.as_object().unwrap(), base_url, table)
}

fn read(text: &str) -> Pasted {
    paste(text).unwrap_or_else(|error| unreadable(text, &error))
}

#[expect(clippy::panic, reason = "fails the test that pasted it")]
fn unreadable(text: &str, error: &rheostat_core::error::Error) -> Pasted {
    panic!("{text}\n{error:?}")
}

fn body_of(text: &str) -> Value {
    Value::Object(read(text).body)
}

/// What was left out, in short.
fn left_out(text: &str) -> Vec<String> {
    read(text).left_out.into_iter().map(|it| it.what).collect()
}

fn problem(text: &str) -> String {
    let error = paste(text).unwrap_err();
    assert_eq!(error.code, ErrorCode::BadInput, "{error:?}");
    error.message
}

fn tricky() -> Value {
    json!({
        "model": "gpt-5.5",
        "input": "It's \"quoted\" $HOME `id` \\n \n %PATH% ^ ! and é 日 \u{1f600} \u{2028}",
        "metadata": {"a b": "1", "__proto__": "x", "class": "y"},
        "temperature": 0.5,
        "store": false,
        "previous_response_id": null,
        "of_tomorrow": [true, {}],
    })
}

#[test]
fn a_request_is_written_as_a_command() {
    let body = json!({"model": "gpt-5.5", "input": "It's", "stream": true});
    assert_eq!(
        code(CodeKind::Curl, Endpoint::Responses, &body, None),
        r#"curl -N https://api.openai.com/v1/responses \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -H "Content-Type: application/json" \
  --data-binary '{
  "model": "gpt-5.5",
  "input": "It'\''s",
  "stream": true
}'
"#
    );
}

#[test]
fn a_request_is_written_for_the_python_sdk() {
    assert_eq!(
        code(CodeKind::Python, Endpoint::Responses, &tricky(), None),
        r#"from openai import OpenAI

client = OpenAI()  # the key comes from OPENAI_API_KEY

response = client.responses.create(
    model="gpt-5.5",
    input="It's \"quoted\" $HOME `id` \\n \n %PATH% ^ ! and é 日 😀 \u2028",
    metadata={
        "a b": "1",
        "__proto__": "x",
        "class": "y",
    },
    temperature=0.5,
    store=False,
    previous_response_id=None,
    extra_body={
        "of_tomorrow": [
            True,
            {},
        ],
    },
)
print(response.output_text)
"#
    );
    let body = json!({"model": "m", "messages": [], "stream": true});
    let chat = code(
        CodeKind::Python,
        Endpoint::ChatCompletions,
        &body,
        Some("http://127.0.0.1:4010/v1/"),
    );
    assert!(
        chat.contains("OpenAI(base_url=\"http://127.0.0.1:4010/v1\")"),
        "{chat}"
    );
    assert!(
        chat.contains("stream = client.chat.completions.create(\n"),
        "{chat}"
    );
    assert!(
        chat.contains("for event in stream:\n    for choice in event.choices:"),
        "{chat}"
    );
}

#[test]
fn a_request_is_written_for_the_node_sdk() {
    assert_eq!(
        code(CodeKind::Node, Endpoint::Responses, &tricky(), None),
        r#"import OpenAI from "openai";

const client = new OpenAI(); // the key comes from OPENAI_API_KEY

const response = await client.responses.create({
  model: "gpt-5.5",
  input: "It's \"quoted\" $HOME `id` \\n \n %PATH% ^ ! and é 日 😀 \u2028",
  metadata: {
    "a b": "1",
    ["__proto__"]: "x",
    class: "y",
  },
  temperature: 0.5,
  store: false,
  previous_response_id: null,
  of_tomorrow: [
    true,
    {},
  ],
});
console.log(response.output_text);
"#
    );
}

#[test]
fn a_request_is_written_as_a_rust_program() {
    assert_eq!(
        code(CodeKind::Rust, Endpoint::Responses, &tricky(), None),
        r##"// Cargo.toml:
// reqwest = { version = "0.13", features = ["blocking"] }
// serde_json = "1"
use serde_json::Value;

const BODY: &str = r#"{
  "model": "gpt-5.5",
  "input": "It's \"quoted\" $HOME `id` \\n \n %PATH% ^ ! and é 日 😀 \u2028",
  "metadata": {
    "a b": "1",
    "__proto__": "x",
    "class": "y"
  },
  "temperature": 0.5,
  "store": false,
  "previous_response_id": null,
  "of_tomorrow": [
    true,
    {}
  ]
}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("OPENAI_API_KEY")?;
    // Reasoning takes longer than the half minute that reqwest waits by itself.
    let client = reqwest::blocking::Client::builder().timeout(None).build()?;
    let response = client
        .post("https://api.openai.com/v1/responses")
        .bearer_auth(key)
        .header("Content-Type", "application/json")
        .body(BODY)
        .send()?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("{status}: {}", response.text()?).into());
    }
    let response: Value = serde_json::from_str(&response.text()?)?;
    for item in response["output"].as_array().into_iter().flatten() {
        for part in item["content"].as_array().into_iter().flatten() {
            if part["type"] == "output_text" {
                print!("{}", part["text"].as_str().unwrap_or_default());
            }
        }
    }
    println!();
    Ok(())
}
"##
    );
}

#[test]
fn a_rust_program_reads_the_stream_of_its_endpoint() {
    let chat = json!({"model": "m", "messages": [], "stream": true});
    let local = Some("http://127.0.0.1:4010/v1/");
    let code_of = |endpoint, body: &Value, base| code(CodeKind::Rust, endpoint, body, base);
    let printed = code_of(Endpoint::ChatCompletions, &chat, local);
    for part in [
        "use std::io::{BufRead, BufReader, Write};\n\nuse serde_json::Value;",
        ".post(\"http://127.0.0.1:4010/v1/chat/completions\")",
        "if data == \"[DONE]\" {",
        "choice[\"delta\"][\"content\"]",
    ] {
        assert!(printed.contains(part), "{part} is missing in\n{printed}");
    }
    let body = json!({"model": "m", "input": "\"## of a fence", "stream": true});
    let printed = code_of(Endpoint::Responses, &body, None);
    assert!(
        printed.contains("const BODY: &str = r###\"{"),
        "the fence is longer than what is in the text: {printed}"
    );
    assert!(printed.contains("response.output_text.delta"), "{printed}");
}

#[test]
fn a_command_is_read_in_the_quotes_of_any_shell() {
    let expected = json!({"model": "gpt-5.5", "input": "It's \"x\"\n\t\\ é \u{1f600} & 100%"});
    let commands = [
        // bash, with single quotes
        r#"curl https://api.openai.com/v1/responses \
  -H "Content-Type: application/json" -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{"model": "gpt-5.5", "input": "It'\''s \"x\"\n\t\\ é 😀 & 100%"}'"#
            .to_owned(),
        // double quotes
        r#"curl -s https://api.openai.com/v1/responses --data-raw "{\"model\": \"gpt-5.5\", \"input\": \"It's \\\"x\\\"\\n\\t\\\\ é 😀 & 100%\"}""#.to_owned(),
        // $'...'
        r#"curl --json $'{"model": "gpt-5.5", "input": "It\'s \\"x\\"\\n\\t\\\\ \u00e9 \ud83d\ude00 & 100%"}' https://api.openai.com/v1/responses"#.to_owned(),
        // a text of its own
        "curl https://api.openai.com/v1/responses -d @- <<'JSON'\n{\"model\": \"gpt-5.5\",\n \"input\": \"It's \\\"x\\\"\\n\\t\\\\ é 😀 & 100%\"}\nJSON\n".to_owned(),
        // through a pipe
        r#"$ echo '{"model": "gpt-5.5", "input": "It'"'"'s \"x\"\n\t\\ é 😀 & 100%"}' | curl -XPOST -sSd@- https://api.openai.com/v1/responses && echo done"#.to_owned(),
        // the Windows prompt, as browsers copy it
        "curl ^\"https://api.openai.com/v1/responses^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  --data-raw ^\"^{^\\^\"model^\\^\":^\\^\"gpt-5.5^\\^\",^\\^\"input^\\^\":^\\^\"It's ^\\^\\^\\^\"x^\\^\\^\\^\"^\\n^\\t^\\^\\ é 😀 ^& 100^%^\\^\"^}^\"".to_owned(),
        // the Windows prompt, by hand
        "curl https://api.openai.com/v1/responses ^\n -d \"{\\\"model\\\": \\\"gpt-5.5\\\", \\\"input\\\": \\\"It's \\\\\\\"x\\\\\\\"\\n\\t\\\\ é 😀 & 100%\\\"}\"".to_owned(),
        // PowerShell's continuation
        "curl.exe https://api.openai.com/v1/responses `\r\n  -d '{\"model\": \"gpt-5.5\", \"input\": \"It\\u0027s \\\"x\\\"\\n\\t\\\\ é 😀 & 100%\"}'".to_owned(),
    ];
    for command in commands {
        let pasted = read(&command);
        assert_eq!(Value::Object(pasted.body), expected, "{command}");
        assert_eq!(
            (pasted.endpoint, pasted.base_url),
            (Endpoint::Responses, None)
        );
    }
}

#[test]
fn what_is_not_part_of_a_request_is_named_and_no_secret_is_repeated() {
    let command = r#"curl -k -u me:hunter2 -x http://proxy:3128 --max-time 60 \
        "https://user:hunter2@gateway.example/openai/v1/chat/completions?api-version=1&key=hunter2" \
        -H 'Authorization: Bearer sk-test-hunter2' -H 'OpenAI-Project: p' -H 'Content-Type: application/json' \
        -b session=hunter2 -d '{"model": "gpt-5.5", "messages": []}'"#;
    let pasted = read(command);
    assert_eq!(pasted.endpoint, Endpoint::ChatCompletions);
    assert_eq!(
        pasted.base_url.as_deref(),
        Some("https://gateway.example/openai/v1")
    );
    assert_eq!(
        left_out(command),
        [
            "The option -k",
            "The option -u",
            "The option -x",
            "The key in the header Authorization",
            "The header OpenAI-Project",
            "The option -b",
            "The query of the address",
        ]
    );
    assert!(!format!("{pasted:?}").contains("hunter2"));
    let command = "curl $BASE/v1/responses -d '{}'";
    assert_eq!(
        (read(command).base_url, left_out(command)),
        (None, vec!["The address".to_owned()])
    );
}

#[test]
fn a_body_alone_is_read_too() {
    let pasted = read(" {\"model\": \"m\", \"messages\": []} ");
    assert_eq!(pasted.endpoint, Endpoint::ChatCompletions);
    assert_eq!(
        read("{\"messages\": [], \"input\": 1}").endpoint,
        Endpoint::Responses
    );
    assert_eq!(body_of("{}"), json!({}));
}

#[test]
fn what_is_no_request_is_told_in_a_sentence() {
    let cases = [
        ("", "There is nothing to paste."),
        (
            "hello there",
            "That is neither a cURL command nor a JSON body.",
        ),
        (
            "import curl",
            "That is neither a cURL command nor a JSON body.",
        ),
        ("curl", "The command names no address."),
        (
            "curl https://api.openai.com/v1/models -H 'Authorization: Bearer sk-hunter2'",
            "The command calls api.openai.com/v1/models, which is neither Responses nor Chat Completions.",
        ),
        (
            "curl https://u:hunter2@example.com/xresponses?k=hunter2 -d '{}'",
            "The command calls example.com/xresponses, which is neither Responses nor Chat Completions.",
        ),
        (
            "curl https://api.openai.com/v1/responses",
            "The command sends nothing to responses.",
        ),
        (
            "curl -X GET https://api.openai.com/v1/responses -d '{}'",
            "The command sends GET, not POST.",
        ),
        (
            "curl -G https://api.openai.com/v1/responses -d a=b",
            "The command asks for something; it sends no body.",
        ),
        (
            "curl https://api.openai.com/v1/responses -F a=@b",
            "The command sends a form, not JSON.",
        ),
        (
            "curl https://api.openai.com/v1/responses -d @body.json",
            "The body stands in the file body.json, which was not pasted.",
        ),
        (
            "curl https://api.openai.com/v1/responses -d @-",
            "The command reads its body from elsewhere, and that was not pasted.",
        ),
        (
            "curl https://api.openai.com/v1/responses -d '{",
            "The command can't be read: a single quote is not closed.",
        ),
        (
            "curl https://api.openai.com/v1/responses -d '{\"a\": 1, \"a\": 2}'",
            "The body of the command can't be read: \"a\" stands twice (line 1, column 12).",
        ),
        (
            "curl https://api.openai.com/v1/responses -d a=1 -d b=2",
            "The body of the command can't be read: expected value (line 1, column 1).",
        ),
        ("[1, 2]", "The body can't be read: it is no object."),
    ];
    for (text, message) in cases {
        assert_eq!(problem(text), message, "{text}");
    }
    assert_eq!(
        problem(&"x".repeat(17 * 1024 * 1024)),
        "What was pasted is larger than 16 MB."
    );
}

fn bodies() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let value = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    prop::collection::vec(("[a-z_]{1,8}", value), 0..5)
        .prop_map(|fields| fields.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_written_as_a_command_is_read_back(body in bodies(), chat in any::<bool>()) {
        let endpoint = if chat { Endpoint::ChatCompletions } else { Endpoint::Responses };
        let command = code(CodeKind::Curl, endpoint, &Value::Object(body.clone()), Some("http://127.0.0.1:1/v1"));
        let pasted = paste(&command).unwrap();
        prop_assert_eq!(pasted.body, body);
        prop_assert_eq!(pasted.endpoint, endpoint);
        prop_assert_eq!(pasted.base_url.as_deref(), Some("http://127.0.0.1:1/v1"));
    }

    #[test]
    fn anything_can_be_pasted(text in any::<String>(), tail in r#"[-dHX@{}'"$^\\<|&; \n`a]{0,40}"#) {
        let _ = paste(&text);
        let _ = paste(&format!("curl https://a/v1/responses {tail}"));
        let _ = paste(&format!("curl ^\"https://a/v1/responses {tail}"));
    }
}
