//! The first start, without a key: the sample comparison streams by itself, and says that it is a sample.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::json;

use crate::steps::{self, EFFORTS};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_streams_the_sample_comparison() -> Result<()> {
    let home = Home::new()?;
    let mut opening = Opening::of_application(&home)?;
    // Quick, but not at once: there has to be a moment at which text is there and more comes.
    opening.set("RHEOSTAT_SAMPLE_SPEED", "10");
    let window = Window::open(&opening).await?;

    let streaming = "return [...document.querySelectorAll('[data-testid^=column-][data-status=running]')]
        .some((column) => document.querySelector(`[data-testid=output-${column.dataset.effort}]`)?.textContent.trim())";
    window
        .until("a level to show text while it runs", streaming)
        .await?;
    steps::comparison_ends(&window).await?;

    let columns = window
        .run(
            "return [...document.querySelectorAll('[data-testid^=column-]')].map((column) => {
                const output = document.querySelector(`[data-testid=output-${column.dataset.effort}]`);
                return [column.dataset.effort, column.dataset.status, output.textContent.length > 100];
            })",
        )
        .await?;
    let expected = EFFORTS.map(|effort| json!([effort, "completed", true]));
    assert_eq!(
        columns,
        json!(expected),
        "every level ends with an answer, in rising order"
    );

    let marks = window
        .run("return [...document.querySelectorAll('[data-testid=sample-mark]')].filter((mark) => mark.getClientRects().length > 0).length")
        .await?;
    assert!(
        marks.as_u64() >= Some(5),
        "every answer says that it is a sample, not only {marks} of them"
    );

    let first = window.text("first-start").await?;
    assert!(
        first.contains("Sample replies") && first.contains("Add API key"),
        "the way on stands over it: {first:?}"
    );

    let verdict = window.text("verdict").await?;
    assert!(
        verdict.len() > 20,
        "the comparison ends in a finding: {verdict:?}"
    );
    window.close().await
}
