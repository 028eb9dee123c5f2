//! Variables in a message: what they mean and who says so while the pointer rests on them; one without a value is named.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Opening, Window};

use crate::steps;

const ASKED: &str = "id: 0199b3c0-0000-7000-8000-00000000c0de
name: Asked by name
variables:
  who: Ann
body:
  model: gpt-5.5
  input:
    - role: user
      content: Greet {{who}} and then {{nobody}} in one line.
";

/// Rests the pointer on the variable, and waits for words about it.
async fn rest_on(window: &Window, name: &str, words: &str) -> Result<()> {
    let place = window
        .until(
            &format!("the variable {name} to be marked"),
            &format!(
                "const mark = [...document.querySelectorAll('.cm-var')].find((it) => it.textContent.includes('{name}'));
                 const box = mark?.getBoundingClientRect();
                 return box ? [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)] : null"
            ),
        )
        .await?;
    let pixels = |at: usize| i16::try_from(place[at].as_i64().unwrap_or_default());
    let (x, y) = (pixels(0)?, pixels(1)?);
    // It rests on it once it has come there.
    window.session().point_at((x - 1, y)).await?;
    window.session().point_at((x, y)).await?;
    window
        .until(
            &format!("{name} to be told of"),
            &format!("return document.querySelector('.cm-told')?.textContent.includes('{words}') ?? false"),
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_variable_tells_its_value_and_who_set_it_and_one_without_is_named() -> Result<()> {
    let home = steps::used_home().await?;
    std::fs::write(home.workspace().join("asked.yaml"), ASKED)?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    window
        .until(
            "the request to open",
            "const row = [...document.querySelectorAll('[role=treeitem]')].find((it) => it.textContent.includes('Asked by name'));
             row?.click();
             return document.querySelectorAll('[data-pane=request] .cm-var').length === 2",
        )
        .await?;
    // What is found moves the messages down.
    window
        .until(
            "the request to be looked over",
            "return document.querySelectorAll('[data-settled=true]').length === 3",
        )
        .await?;
    rest_on(&window, "who", "Ann").await?;
    rest_on(&window, "who", "Set by this request").await?;
    rest_on(
        &window,
        "nobody",
        "Set a value below the text to send this.",
    )
    .await?;
    window
        .until(
            "Run to say what is missing",
            "const run = document.querySelector('[data-testid=run]');
             return run?.ariaDisabled === 'true' && run.title.includes('{{nobody}} has no value')",
        )
        .await?;
    window.close().await
}
