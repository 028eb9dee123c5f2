//! A workspace of 10 000 requests: from the first paint to a window that shows it, and frames while its tree scrolls,
//! beside one of a handful.

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::json;

use crate::table;
use crate::window_cost::SETTLE;

const SIZES: [usize; 2] = [10, 10_000];
const FOLDERS: usize = 100;
const OPENINGS: usize = 5;

/// Ms from the first content to the window with its workspace open.
const AFTER_PAINT: &str = r#"
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const open = performance.getEntriesByName("workspace-open")[0];
    return paint && open ? open.startTime - paint.startTime : null"#;

/// Unfolds every folder, scrolls through the tree and gathers how long after the last each frame came, in ms.
const SCROLL: &str = r#"
    const [count, done] = arguments, gaps = [];
    const tree = document.querySelector("[role=tree]");
    const press = (key) => tree.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    tree.focus();
    // From below, so that the next folder stays where it is.
    press("End");
    for (let folder = 0; folder < 100; folder++) {
        press("ArrowRight");
        press("ArrowUp");
    }
    const scroller = [tree, ...tree.querySelectorAll("*"), tree.parentElement, tree.parentElement.parentElement].find(
        (it) => it.scrollHeight > it.clientHeight + 100 && getComputedStyle(it).overflowY !== "visible");
    let last = 0, left = count;
    const frame = (now) => {
        if (last) gaps.push(now - last);
        last = now;
        if (scroller) scroller.scrollTop += 60;
        if (left-- > 0) requestAnimationFrame(frame); else done(gaps);
    };
    setTimeout(() => requestAnimationFrame(frame), 500);"#;
const FRAMES: u32 = 200;

pub async fn measure() -> Result<()> {
    let mut rows = Vec::new();
    let mut least = 0.0;
    for size in SIZES {
        let home = Home::new()?;
        fill(&home, size)?;
        let (mut opened, mut gaps) = (Vec::new(), Vec::new());
        // The first start of a home shows the sample, so it is not measured.
        for turn in 0..=OPENINGS {
            let window = Window::open(&Opening::of_application(&home)?).await?;
            tokio::time::sleep(SETTLE).await;
            let after = window.run(AFTER_PAINT).await?;
            if turn == OPENINGS {
                let found = window
                    .session()
                    .run_until_called_back(SCROLL, json!([FRAMES]))
                    .await?;
                let each = found.as_array().into_iter().flatten();
                gaps = each.filter_map(serde_json::Value::as_f64).collect();
            }
            window.close().await?;
            if turn > 0 {
                opened.push(
                    after
                        .as_f64()
                        .ok_or_else(|| Failure::new("The page did not tell when it was open."))?,
                );
            }
        }
        let time = table::median(&opened);
        if least == 0.0 {
            least = time;
        }
        rows.push(vec![
            format!("{size} requests"),
            format!("{time:.0} ms"),
            format!("{:.2} x", time / least),
            format!("{:.1} ms", table::median(&gaps)),
            format!("{:.1} ms", table::quantile(&gaps, 0.95)),
        ]);
    }
    table::print(
        &format!(
            "First paint to an open workspace, medians of {OPENINGS}, and frames while the tree scrolls"
        ),
        &["workspace", "open after", "ratio", "frame every", "95th"],
        &rows,
    );
    Ok(())
}

fn fill(home: &Home, size: usize) -> Result<()> {
    for number in 0..size {
        let folder = home
            .workspace()
            .join(format!("folder-{}", number % FOLDERS));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(
            folder.join(format!("request-{number}.yaml")),
            format!(
                "id: 0199b3c0-0000-7000-8000-{number:012}\nname: Request {number}\nbody:\n  model: gpt-5.5\n  input: Say {number}.\n"
            ),
        )?;
    }
    Ok(())
}
