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
const SETTLE: Duration = Duration::from_secs(2);
const MB: f64 = 1_000_000.0;

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
        bare.add(
            &screen,
            &Opening::of_program(bare_program.clone(), &bare_home),
        )
        .await?;
        ours.add(&screen, &Opening::of_application(&home)?).await?;
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
    window
        .until(
            "the comparison to end",
            "const totals = document.querySelector('[data-testid=totals]');
             return totals !== null && totals.dataset.runs > 0 && totals.dataset.runs === totals.dataset.completed",
        )
        .await?;
    window.close().await
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

async fn frame_times() -> Result<()> {
    let home = Home::new()?;
    std::fs::write(home.workspace().join("tides.yaml"), SIX_LEVELS)?;
    run_comparison(&home, "instant").await?;
    let mut opening = Opening::of_application(&home)?;
    // At the pace of a model, so that levels are still streaming while frames are timed.
    opening.set("RHEOSTAT_SAMPLE_SPEED", "1");
    let window = Window::open(&opening).await?;
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

    let row = |name: &str, frames: &Frames, memory: f64| {
        vec![
            name.to_owned(),
            format!("{:.1} ms", table::median(&frames.gaps)),
            format!("{:.1} ms", table::quantile(&frames.gaps, 0.95)),
            format!("{:.2} ms", table::median(&frames.work)),
            format!("{:.2} ms", table::quantile(&frames.work, 0.95)),
            format!(
                "{:.2} x",
                table::median(&frames.work) / table::median(&idle.work)
            ),
            format!("{memory:.0} MB"),
        ]
    };
    table::print(
        &format!(
            "Frames over {} s from the start of six lanes, {lanes} still streaming at the end",
            FRAMES_FOR.as_secs()
        ),
        &[
            "window",
            "frame every",
            "95th",
            "work in a frame",
            "95th",
            "ratio",
            "memory",
        ],
        &[
            row("idle", &idle, memory_idle),
            row("comparison streaming", &streaming, memory_streaming),
        ],
    );
    Ok(())
}

struct Frames {
    gaps: Vec<f64>,
    work: Vec<f64>,
}

impl Frames {
    async fn of(window: &Window) -> Result<Self> {
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
