//! Nothing makes the web view blend or mask whole panes anew for each word that streams into them.

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::json;

use crate::steps;

/// Where something scrolls, the web view makes a layer of it. These are the styles that make such
/// layers dear, as "what: where": a round clip, mask or filter around one, which is worked out for
/// each of its pixels in each frame; a sheet over one, which is a layer as large as itself; and
/// stacking inside of one that scrolls within another, which splits it into layers without number.
const DEAR: &str = r"
    const scrolls = (it) => {
        const { overflowX, overflowY } = getComputedStyle(it);
        return (/auto|scroll/.test(overflowX) && it.scrollWidth > it.clientWidth)
            || (/auto|scroll/.test(overflowY) && it.scrollHeight > it.clientHeight);
    };
    const name = (it) => it.tagName.toLowerCase() + [...it.classList].map((one) => '.' + one).join('');
    const around = (it) => it.parentElement === null ? [] : [it.parentElement, ...around(it.parentElement)];
    const scrollers = [...document.querySelectorAll('*')].filter(scrolls);
    const found = new Set();

    for (const box of scrollers.flatMap(around)) {
        const style = getComputedStyle(box);
        const corners = ['TopLeft', 'TopRight', 'BottomLeft', 'BottomRight']
            .map((corner) => style[`border${corner}Radius`]);
        if (style.overflow !== 'visible' && corners.some((radius) => parseFloat(radius) > 0))
            found.add('a round clip: ' + name(box));
        if ([style.clipPath, style.filter, style.maskImage].some((it) => it && it !== 'none') || style.opacity < 1)
            found.add('a mask or filter: ' + name(box));
    }

    const large = innerWidth * innerHeight / 4;
    for (const box of document.querySelectorAll('*')) {
        if (scrollers.some((it) => box.contains(it))) {
            for (const part of ['::before', '::after']) {
                const { content, position, width, height } = getComputedStyle(box, part);
                if (!/none|normal/.test(content) && /absolute|fixed/.test(position)
                    && parseFloat(width) * parseFloat(height) > large)
                    found.add('a sheet: ' + name(box) + part);
            }
        } else if (/absolute|fixed/.test(getComputedStyle(box).position)) {
            const { width, height } = box.getBoundingClientRect();
            if (width * height > large) found.add('a sheet: ' + name(box));
        }
    }

    for (const inner of scrollers)
        for (const box of [inner, ...around(inner).filter((it) => scrollers.includes(it))])
            if (inner.matches('[data-output]') && box.closest('[role=grid]') !== null
                && getComputedStyle(box).isolation !== 'isolate')
                found.add('stacking let out: ' + name(box));
    return { scrollers: scrollers.map(name), found: [...found] };";

#[tokio::test(flavor = "multi_thread")]
async fn streaming_panes_are_not_masked_or_covered() -> Result<()> {
    let home: Home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;

    // So narrow that the columns scroll sideways too, each with an output that scrolls by itself.
    window.resize(1024, 700).await?;
    window.click("nav-compare").await?;
    steps::comparison_ends(&window).await?;
    nothing_dear(&window, &["grid", "box"]).await?;

    // An answer longer than its pane.
    window.click("nav-build").await?;
    window.click("run").await?;
    steps::run_stands(&window, "completed").await?;
    nothing_dear(&window, &["out"]).await?;
    window.close().await
}

/// `must_scroll` are classes of what has to scroll, or there is nothing that could be dear.
async fn nothing_dear(window: &Window, must_scroll: &[&str]) -> Result<()> {
    let seen = window.run(DEAR).await?;
    for class in must_scroll {
        let scrolls = seen["scrollers"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str())
            .any(|name| name.split('.').any(|part| part == *class));
        assert!(scrolls, "{class} scrolls: {}", seen["scrollers"]);
    }
    assert_eq!(seen["found"], json!([]), "styles that make layers dear");
    Ok(())
}
