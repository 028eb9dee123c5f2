//! The Schemas screen in the real window: walked by keys alone, and given what no one should paste.

use std::net::TcpListener;

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::{Value, json};

use crate::steps::{self, ALT, CONTROL, ESCAPE};

const SHIFT: &str = "\u{E008}";
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const HOME: &str = "\u{E011}";
const LEFT: &str = "\u{E012}";
const UP: &str = "\u{E013}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";
const DELETE: &str = "\u{E017}";
const F2: &str = "\u{E032}";
const F6: &str = "\u{E036}";

/// An object as strict mode takes it, with these fields.
fn object(fields: &Value) -> Value {
    let names: Vec<&String> = fields
        .as_object()
        .into_iter()
        .flat_map(|it| it.keys())
        .collect();
    json!({ "type": "object", "properties": fields, "required": names, "additionalProperties": false })
}

/// So many text fields, each with so long a description.
fn fields(count: usize, description: usize) -> Value {
    let one = json!({ "type": "string", "description": "d".repeat(description) });
    (0..count)
        .map(|number| (format!("field_{number}"), one.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A window on a workspace of one request with this schema, at its fields. Large enough that the text of a small
/// schema is on screen as a whole.
async fn opened(home: &Home, schema: &Value) -> Result<Window> {
    let request = json!({
        "id": "0199b3c0-0000-7000-8000-000000000005",
        "name": "Ticket",
        "body": {
            "model": "gpt-5.5", "input": "Sort it.", "reasoning": { "effort": "none" },
            "text": { "format": {
                "type": "json_schema", "name": "ticket", "strict": true, "schema": schema,
            } },
        },
    });
    // JSON is YAML.
    std::fs::write(home.workspace().join("ticket.yaml"), request.to_string())?;
    let window = Window::open(&Opening::of_application(home)?).await?;
    window.resize(1440, 900).await?;
    // The first start compares the efforts; until then it goes to that screen by itself.
    steps::comparison_ends(&window).await?;
    window.click("nav-schemas").await?;
    window.element("schema-text").await?;
    Ok(window)
}

/// The text beside the tree, line by line.
const LINES: &str = "[...document.querySelectorAll('[data-testid=schema-text] .cm-line')].map((line) => line.textContent)";

/// Waits until the text beside the tree is this schema, its fields in this order.
async fn text_is(window: &Window, fields: &Value) -> Result<()> {
    let wanted = object(fields).to_string();
    let read = format!(
        "try {{ return JSON.stringify(JSON.parse({LINES}.join('\\n'))) === {} }} catch {{ return false }}",
        Value::from(wanted.clone())
    );
    let waited = window.until("the text to follow", &read).await;
    if waited.is_err() {
        let shown = window.run(&format!("return {LINES}.join('')")).await?;
        return Err(Failure::new(format!("The text is {shown}, not {wanted}.")));
    }
    Ok(())
}

/// Waits until the tree is at the field of this place.
async fn at(window: &Window, pointer: &str) -> Result<()> {
    window
        .until(
            &format!("the tree to be at {pointer}"),
            &format!(
                "const tree = document.querySelector('[data-testid=field-tree]');
                 const row = document.getElementById(tree.getAttribute('aria-activedescendant'));
                 return document.activeElement === tree && row?.dataset.pointer === '{pointer}'"
            ),
        )
        .await
        .map(drop)
}

/// Types a name over that of the row which is being renamed.
async fn name(window: &Window, name: &str) -> Result<()> {
    window
        .until(
            "the name to be typed over",
            "const field = document.querySelector('[data-testid=rename]');
             return field !== null && document.activeElement === field
                 && field.selectionStart === 0 && field.selectionEnd === field.value.length",
        )
        .await?;
    window.session().type_keys(name).await?;
    window.session().press(&[ENTER]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_edited_by_keys_alone_and_the_text_follows_each() -> Result<()> {
    let home = Home::new()?;
    let text = json!({ "type": "string" });
    let inner = |fields: &Value| object(fields);
    let start = json!({ "title": text, "place": inner(&json!({ "city": text })) });
    let window = opened(&home, &object(&start)).await?;
    text_is(&window, &start).await?;

    // To the tree, as from anywhere: pane by pane, then on to what the pane holds.
    window
        .run("document.querySelector('[data-testid=nav-schemas]').focus()")
        .await?;
    for _ in 0..6 {
        let there =
            "return document.activeElement?.closest('[data-pane]')?.dataset.pane === 'fields'";
        if window.run(there).await? == true {
            break;
        }
        window.session().press(&[F6]).await?;
    }
    // Past the buttons of its head.
    for _ in 0..4 {
        let there = "return document.activeElement?.dataset.testid === 'field-tree'";
        if window.run(there).await? == true {
            break;
        }
        window.session().press(&[TAB]).await?;
    }
    at(&window, "").await?;

    // Add, with a name.
    window.session().press(&[DOWN]).await?;
    window.session().press(&[DOWN]).await?;
    at(&window, "/properties/place").await?;
    window.session().press(&[ENTER]).await?;
    name(&window, "note").await?;
    at(&window, "/properties/note").await?;
    let place = inner(&json!({ "city": text }));
    let added = json!({ "title": text, "place": place, "note": text });
    text_is(&window, &added).await?;

    // Rename. A name that is taken is refused where it is typed, and the tree keeps the old one.
    window.session().press(&[F2]).await?;
    name(&window, "title").await?;
    let taken = "return document.querySelector('[data-testid=field-tree] [role=alert]')?.textContent ?? false";
    let said = window.until("the taken name to be refused", taken).await?;
    assert_eq!(said, "There is a \"title\" here already.");
    window.session().press(&[ESCAPE]).await?;
    at(&window, "/properties/note").await?;
    window.session().press(&[F2]).await?;
    name(&window, "remark").await?;
    at(&window, "/properties/remark").await?;
    text_is(
        &window,
        &json!({ "title": text, "place": place, "remark": text }),
    )
    .await?;

    // Up and down again.
    window.session().press(&[ALT, UP]).await?;
    text_is(
        &window,
        &json!({ "title": text, "remark": text, "place": place }),
    )
    .await?;
    window.session().press(&[ALT, DOWN]).await?;
    text_is(
        &window,
        &json!({ "title": text, "place": place, "remark": text }),
    )
    .await?;

    // Into the object before it, and out again.
    window.session().press(&[ALT, RIGHT]).await?;
    at(&window, "/properties/place/properties/remark").await?;
    let nested = inner(&json!({ "city": text, "remark": text }));
    text_is(&window, &json!({ "title": text, "place": nested })).await?;
    window.session().press(&[ALT, LEFT]).await?;
    at(&window, "/properties/remark").await?;
    text_is(
        &window,
        &json!({ "title": text, "place": place, "remark": text }),
    )
    .await?;

    // A field inside of one that holds none makes it an object.
    window.session().press(&[CONTROL, ENTER]).await?;
    name(&window, "by").await?;
    at(&window, "/properties/remark/properties/by").await?;
    let with_by = window
        .run(&format!(
            "return JSON.parse({LINES}.join('\\n')).properties.remark"
        ))
        .await?;
    assert_eq!(with_by, inner(&json!({ "by": text })));
    window.session().press(&[CONTROL, "z"]).await?;
    window.session().press(&[CONTROL, "z"]).await?;
    text_is(
        &window,
        &json!({ "title": text, "place": place, "remark": text }),
    )
    .await?;

    // Duplicate and delete.
    window.session().press(&[HOME]).await?;
    window.session().press(&[DOWN]).await?;
    at(&window, "/properties/title").await?;
    window.session().press(&[CONTROL, "d"]).await?;
    at(&window, "/properties/title_copy").await?;
    let twice = json!({ "title": text, "title_copy": text, "place": place, "remark": text });
    text_is(&window, &twice).await?;
    window.session().press(&[UP]).await?;
    window.session().press(&[DELETE]).await?;
    at(&window, "/properties/title_copy").await?;
    let gone = json!({ "title_copy": text, "place": place, "remark": text });
    text_is(&window, &gone).await?;

    // Undo and redo, each one step.
    window.session().press(&[CONTROL, "z"]).await?;
    text_is(&window, &twice).await?;
    window.session().press(&[CONTROL, "z"]).await?;
    text_is(
        &window,
        &json!({ "title": text, "place": place, "remark": text }),
    )
    .await?;
    window.session().press(&[CONTROL, SHIFT, "z"]).await?;
    text_is(&window, &twice).await?;
    window.session().press(&[CONTROL, "y"]).await?;
    text_is(&window, &gone).await?;

    // Save: the file holds what the text shows.
    window.session().press(&[CONTROL, "s"]).await?;
    let file = home.workspace().join("ticket.yaml");
    for _ in 0..200 {
        if std::fs::read_to_string(&file)?.contains("title_copy") {
            return window.close().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    Err(Failure::new(format!(
        "{} was not saved: {}",
        file.display(),
        std::fs::read_to_string(&file)?
    )))
}

/// Pastes over the whole text of the schema, through the clipboard and by keys.
async fn paste(window: &Window, text: &str) -> Result<()> {
    window
        .session()
        .run(
            "const held = document.createElement('textarea');
             held.id = 'held';
             held.value = arguments[0];
             document.body.append(held);
             held.select();",
            json!([text]),
        )
        .await?;
    window.session().press(&[CONTROL, "c"]).await?;
    window
        .run(
            "document.querySelector('#held').remove();
             document.querySelector('[data-testid=schema-text] .cm-content').focus()",
        )
        .await?;
    window.session().press(&[CONTROL, "a"]).await?;
    window.session().press(&[CONTROL, "v"]).await
}

/// Waits until the checks are of the text as it stands, and say this.
async fn checks_say(window: &Window, words: &str) -> Result<()> {
    window
        .until(
            &format!("the checks to say {words:?}"),
            &format!(
                "const {{ settled }} = document.querySelector('[data-testid=checks-passed]').dataset;
                 const said = document.querySelector('[data-pane=checks]').textContent;
                 return settled === 'true' && said.includes({})",
                Value::from(words)
            ),
        )
        .await
        .map(drop)
}

/// The page still draws, and what is typed still lands in the text.
async fn still_answers(window: &Window) -> Result<()> {
    let drawn = window
        .session()
        .run_until_called_back(
            "const done = arguments[0];
             let drawn = 0;
             const next = () => (++drawn === 10 ? done(drawn) : requestAnimationFrame(next));
             requestAnimationFrame(next);",
            json!([]),
        )
        .await?;
    assert_eq!(drawn, 10, "ten frames were drawn");
    window
        .run("document.querySelector('[data-testid=schema-text] .cm-content').focus()")
        .await?;
    window.session().press(&[CONTROL, HOME]).await?;
    window.session().type_keys("   ").await?;
    window
        .until(
            "three blanks at the head of the text",
            &format!("return {LINES}[0]?.startsWith('   ') ?? false"),
        )
        .await
        .map(drop)
}

/// Who read the text last, the page or the thread beside it.
async fn read_by(window: &Window) -> Result<String> {
    let by = window.attribute("schema-text", "data-read-by").await?;
    Ok(by.unwrap_or_default())
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_read_beside_the_page_and_named() -> Result<()> {
    let home = Home::new()?;
    let window = opened(&home, &object(&json!({ "title": { "type": "string" } }))).await?;

    // A megabyte that strict mode takes but for one keyword in its last field.
    let mut large = object(&fields(4_000, 200));
    large["properties"]["field_3999"]["minLength"] = 1.into();
    let text = pretty(&large)?;
    assert!(text.len() > 1_000_000, "it is a megabyte: {}", text.len());
    paste(&window, &text).await?;
    checks_say(&window, "field_3999 uses minLength").await?;
    assert_eq!(read_by(&window).await?, "worker");
    still_answers(&window).await?;
    checks_say(&window, "4\u{2009}000 of 5\u{2009}000").await?;

    // A megabyte that is cut off.
    let end = text.len() - 3;
    paste(&window, text.get(..end).unwrap_or_default()).await?;
    let lines = text.lines().count();
    window
        .until(
            "the line at which it is cut off",
            &format!(
                "const said = document.querySelector('[data-pane=json] [role=status]').textContent;
                 return /Line \\d+:/.test(said) && Math.abs(/\\d+/.exec(said)[0] - {lines}) < 3"
            ),
        )
        .await?;
    let frozen = window.text("frozen").await?;
    assert!(
        frozen.contains("to go on editing here"),
        "the tree says why it stands still: {frozen:?}"
    );
    still_answers(&window).await?;

    paste(&window, &pretty(&object(&fields(10_000, 3)))?).await?;
    checks_say(&window, "The schema has 10000 properties, of 5000").await?;
    assert_eq!(read_by(&window).await?, "worker");
    still_answers(&window).await?;
    window.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn circles_are_named_what_is_elsewhere_is_not_fetched_and_a_sample_must_be_json() -> Result<()>
{
    let elsewhere = TcpListener::bind("127.0.0.1:0")?;
    elsewhere.set_nonblocking(true)?;
    let address = elsewhere.local_addr()?;
    let home = Home::new()?;
    let window = opened(&home, &object(&json!({ "title": { "type": "string" } }))).await?;

    let mut circle = object(&json!({ "a": { "$ref": "#/$defs/a" } }));
    circle["$defs"] = json!({ "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } });
    paste(&window, &pretty(&circle)?).await?;
    checks_say(
        &window,
        "refers to itself without ever saying what it holds",
    )
    .await?;
    still_answers(&window).await?;

    let remote = object(&json!({ "a": { "$ref": format!("http://{address}/schema.json") } }));
    paste(&window, &pretty(&remote)?).await?;
    checks_say(&window, "Nothing was fetched").await?;
    // Nor where an output is held against it, nor where it is written as code.
    window.fill("output-text", "{\"a\": 1}").await?;
    window
        .until(
            "the output to be refused its judgement",
            "return document.querySelector('[data-pane=checks] [data-testid=error-panel]') !== null",
        )
        .await?;
    still_answers(&window).await?;
    let caller = elsewhere.accept().err().map(|error| error.kind());
    assert_eq!(
        caller,
        Some(std::io::ErrorKind::WouldBlock),
        "nobody called {address}"
    );

    window.click("from-sample").await?;
    window.fill("sample-0", "{\"title\": \"Rain\",}").await?;
    window.click("sample-infer").await?;
    window
        .until(
            "the sample to be refused with its place",
            "const said = document.querySelector('[data-testid=sample-dialog]')?.textContent ?? '';
             return said.includes('The sample is no JSON') && said.includes('line 1')",
        )
        .await?;
    window.session().press(&[ESCAPE]).await?;
    window
        .until(
            "the dialog to be gone",
            "return document.querySelector('[data-testid=sample-dialog]') === null",
        )
        .await?;
    still_answers(&window).await?;
    window.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_outputs_are_judged_anew_and_open_at_the_place_that_fails() -> Result<()> {
    let home = Home::new()?;
    let window = opened(&home, &object(&json!({ "title": { "type": "string" } }))).await?;
    let strip = |counts: &str| {
        format!(
            "const counts = [...document.querySelectorAll('[data-testid=pass-strip] .count')];
             return counts.length === 5 && counts.every((it) => it.textContent === '{counts}')"
        )
    };
    window
        .until("each level's three outputs to pass", &strip("3 of 3"))
        .await?;
    let number = object(&json!({ "title": { "type": "integer" } }));
    paste(&window, &pretty(&number)?).await?;
    window
        .until("none of them to pass", &strip("0 of 3"))
        .await?;

    let failed = window
        .session()
        .find("[data-testid=pass-strip] .marks button.bad")
        .await?;
    window.session().click(&failed).await?;
    window
        .until(
            "its output to be open at the title",
            "const output = document.querySelector('[data-testid=output-text]');
             const chosen = output.value.slice(output.selectionStart, output.selectionEnd);
             return document.activeElement === output && /^\"title\":/.test(chosen)",
        )
        .await?;
    window
        .until(
            "the verdict in sight, and the field in the tree",
            "const verdict = document.querySelector('[data-testid=verdict]');
             const tree = document.querySelector('[data-testid=field-tree]');
             const row = document.getElementById(tree.getAttribute('aria-activedescendant'));
             return verdict?.textContent.includes('1 place breaks the schema')
                 && verdict.getBoundingClientRect().bottom < innerHeight
                 && row?.dataset.pointer === '/properties/title'",
        )
        .await?;
    window.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_is_judged_while_it_streams() -> Result<()> {
    let home = Home::new()?;
    // Long enough that it is seen on its way.
    opened(&home, &object(&fields(40, 10)))
        .await?
        .close()
        .await?;
    let mut opening = Opening::of_application(&home)?;
    opening.set("RHEOSTAT_SAMPLE_SPEED", "1");
    let window = Window::open(&opening).await?;
    window.resize(1440, 900).await?;
    window.click("nav-schemas").await?;
    window.element("schema-text").await?;

    window.click("run-again").await?;
    let said = |words: &str| {
        format!(
            "const output = document.querySelector('[data-testid=output-text]').value;
             const verdict = document.querySelector('[data-testid=verdict]')?.textContent ?? '';
             return verdict.includes('{words}') && output"
        )
    };
    let begun = window
        .until("a beginning to be judged", &said("So far nothing breaks"))
        .await?;
    let begun = begun.as_str().unwrap_or_default().to_owned();
    assert!(
        serde_json::from_str::<Value>(&begun).is_err(),
        "what was judged was not whole: {begun:?}"
    );
    let whole = window
        .until("the whole to be judged", &said("It satisfies the schema."))
        .await?;
    let whole = whole.as_str().unwrap_or_default();
    assert!(whole.starts_with(&begun), "{begun:?}, then {whole:?}");
    assert_eq!(
        serde_json::from_str::<Value>(whole)?
            .as_object()
            .map(serde_json::Map::len),
        Some(40)
    );
    window.close().await
}
