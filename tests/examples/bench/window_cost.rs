//! What the window costs beside a bare one of the same Tauri: start-up, memory, and time per frame.

use std::time::Duration;

use rheostat_tests::failure::Result;
use rheostat_tests::window::{Home, Opening, Window};
use rheostat_tests::{processes, programs};
use serde_json::json;

use crate::first_paint::Screen;
use crate::table;

const OPENINGS: usize = 5;
const FRAMES_FOR: Duration = Duration::from_secs(4);
/// Long enough for the page to have loaded everything that it loads by itself.
pub const SETTLE: Duration = Duration::from_secs(2);
const MB: f64 = 1_000_000.0;
/// Set to 1, WebKitGTK paints the page into one surface; set to 0, it puts layers together.
const ONE_SURFACE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Collects, frame by frame, how long after the last one it came (`gaps`) and how long the page's
/// own work, style, layout and painting took in it (`work`): a task posted in a frame runs after it.
const FRAMES: &str = r"
    const [time, done] = arguments, gaps = [], work = [], end = performance.now() + time;
    let last = 0;
    const channel = new MessageChannel();
    let began = 0;
    channel.port1.onmessage = () => work.push(performance.now() - began);
    const frame = (now) => {
        if (last) gaps.push(now - last);
        last = now;
        began = performance.now();
        channel.port2.postMessage(0);
        if (began < end) requestAnimationFrame(frame); else setTimeout(() => done({ gaps, work }), 50);
    };
    requestAnimationFrame(frame);";

pub async fn measure() -> Result<()> {
    let bare_program = programs::built("examples/bare_window")?;
    // The second start of the application is the usual one: the first shows the sample comparison.
    let home = Home::new()?;
    run_comparison(&home, "instant").await?;

    let mut bare = Starts::default();
    let mut ours = Starts::default();
    let screen = Screen::start()?;
    for _ in 0..OPENINGS {
        let bare_home = Home::new()?;
        let mut bare_opening = Opening::of_program(bare_program.clone(), &bare_home);
        let mut our_opening = Opening::of_application(&home)?;
        // The same way for both: without a GPU ours chooses the cheaper one, which says nothing of it.
        for opening in [&mut bare_opening, &mut our_opening] {
            opening.set(ONE_SURFACE, "0");
        }
        bare.add(&screen, &bare_opening).await?;
        ours.add(&screen, &our_opening).await?;
    }
    let start = |name: &str, starts: &Starts| {
        vec![
            name.to_owned(),
            format!("{:.0} ms", table::median(&starts.paint)),
            format!(
                "{:.2} x",
                table::median(&starts.paint) / table::median(&bare.paint)
            ),
            format!("{:.0} MB", table::median(&starts.memory)),
            format!(
                "{:.2} x",
                table::median(&starts.memory) / table::median(&bare.memory)
            ),
        ]
    };
    table::print(
        &format!(
            "Start to first content on the screen, and memory (PSS with all web processes) after {} s, medians of {OPENINGS}",
            SETTLE.as_secs()
        ),
        &["window", "first content", "ratio", "memory", "ratio"],
        &[start("bare Tauri window", &bare), start("Rheostat", &ours)],
    );
    frame_times().await
}

/// First content in ms since the process was started, and MB of memory once settled, per opening.
#[derive(Default)]
struct Starts {
    paint: Vec<f64>,
    memory: Vec<f64>,
}

impl Starts {
    async fn add(&mut self, screen: &Screen, opening: &Opening) -> Result<()> {
        self.paint.push(screen.time(opening)?);
        let window = Window::open(opening).await?;
        tokio::time::sleep(SETTLE).await;
        self.memory
            .push(processes::memory(window.process_id()?) as f64 / MB);
        window.close().await
    }
}

/// Runs one comparison to its end, so that the window has a history to open with.
async fn run_comparison(home: &Home, speed: &str) -> Result<()> {
    let mut opening = Opening::of_application(home)?;
    opening
        .set("RHEOSTAT_SAMPLE_SPEED", speed)
        .word("--compare-sample");
    let window = Window::open(&opening).await?;
    comparison_ends(&window).await?;
    window.close().await
}

/// Waits until every run of the comparison in front is over, such as the one that a first start makes by itself.
pub async fn comparison_ends(window: &Window) -> Result<()> {
    window
        .until(
            "the comparison to end",
            "const totals = document.querySelector('[data-testid=totals]');
             return totals !== null && totals.dataset.runs > 0 && totals.dataset.runs === totals.dataset.completed",
        )
        .await
        .map(drop)
}

/// A request at six levels, for six lanes: every level of a model that has six.
const SIX_LEVELS: &str = "id: 0199b3c0-0000-7000-8000-000000000006
name: A long answer
body:
  model: gpt-5.6-sol
  reasoning:
    summary: detailed
  text:
    verbosity: high
  input: Write at length about the tides.
";

/// Both ways of bringing a page onto the screen. Which one a user has depends on their machine: the
/// first is chosen where there is no GPU, which the second would have the processor stand in for.
const WAYS: [(&str, &str); 2] = [("in one surface", "1"), ("in layers", "0")];

async fn frame_times() -> Result<()> {
    let home = Home::new()?;
    std::fs::write(home.workspace().join("tides.yaml"), SIX_LEVELS)?;
    run_comparison(&home, "instant").await?;
    let mut rows = Vec::new();
    for (way, value) in WAYS {
        let mut opening = Opening::of_application(&home)?;
        opening
            // At the pace of a model, so that levels are still streaming while frames are timed.
            .set("RHEOSTAT_SAMPLE_SPEED", "1")
            .set(ONE_SURFACE, value);
        rows.extend(frame_times_of(way, &opening).await?);
    }
    table::print(
        &format!(
            "Frames over {} s, from the start of six lanes where they stream",
            FRAMES_FOR.as_secs()
        ),
        &[
            "window",
            "lanes at the end",
            "frame every",
            "95th",
            "ratio",
            "work in a frame",
            "95th",
            "memory",
        ],
        &rows,
    );
    Ok(())
}

/// A row for the window at rest, and one for six streaming lanes.
async fn frame_times_of(way: &str, opening: &Opening) -> Result<[Vec<String>; 2]> {
    let window = Window::open(opening).await?;
    tokio::time::sleep(SETTLE).await;
    let idle = Frames::of(&window).await?;
    let memory_idle = processes::memory(window.process_id()?) as f64 / MB;
    window.click("nav-compare").await?;
    window.fill("compare-repeats", "1").await?;
    window.click("compare-run").await?;
    window
        .until("lanes to stream", "return document.querySelectorAll('[data-testid^=column-][data-status=running]').length === 6")
        .await?;
    let streaming = Frames::of(&window).await?;
    let lanes = window
        .run("return document.querySelectorAll('[data-testid^=column-][data-status=running]').length")
        .await?;
    let memory_streaming = processes::memory(window.process_id()?) as f64 / MB;
    window.close().await?;

    let row = |name: &str, lanes: &str, frames: &Frames, memory: f64| {
        vec![
            format!("{name}, {way}"),
            lanes.to_owned(),
            format!("{:.1} ms", table::median(&frames.gaps)),
            format!("{:.1} ms", table::quantile(&frames.gaps, 0.95)),
            format!(
                "{:.2} x",
                table::median(&frames.gaps) / table::median(&idle.gaps)
            ),
            format!("{:.2} ms", table::median(&frames.work)),
            format!("{:.2} ms", table::quantile(&frames.work, 0.95)),
            format!("{memory:.0} MB"),
        ]
    };
    Ok([
        row("idle", "0", &idle, memory_idle),
        row(
            "comparison streaming",
            &lanes.to_string(),
            &streaming,
            memory_streaming,
        ),
    ])
}

pub struct Frames {
    pub gaps: Vec<f64>,
    work: Vec<f64>,
}

impl Frames {
    pub async fn of(window: &Window) -> Result<Self> {
        let found = window
            .session()
            .run_until_called_back(FRAMES, json!([FRAMES_FOR.as_millis() as u64]))
            .await?;
        let figures = |name: &str| {
            found[name]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(serde_json::Value::as_f64)
                .collect::<Vec<_>>()
        };
        Ok(Self {
            gaps: figures("gaps"),
            work: figures("work"),
        })
    }
}
