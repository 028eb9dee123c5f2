//! The real window, driven: opened on a data folder of its own, found by test ids, waited for with a bound.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

use crate::failure::{Failure, Result};
use crate::webdriver::{Driver, Element, Session};
use crate::{processes, programs};

/// How long a condition may take to come true. Nothing waits this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two windows at a time would share two cores, and each would look slow to the other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// How to open the window: where its data lies, at what pace samples stream, and whatever else.
pub struct Opening {
    program: PathBuf,
    words: Vec<String>,
    env: Vec<(String, String)>,
}

impl Opening {
    /// The application as a first start finds it, but for the pace: sample replies come at once.
    pub fn of_application(home: &Home) -> Result<Self> {
        let mut opening = Self::of_program(programs::built(programs::WINDOW)?, home);
        opening.set("RHEOSTAT_SAMPLE_SPEED", "instant");
        Ok(opening)
    }

    /// Any program with a web view, such as the bare window that figures are held against.
    pub fn of_program(program: PathBuf, home: &Home) -> Self {
        Self {
            program,
            words: Vec::new(),
            env: home.env(),
        }
    }

    /// Sets a variable of the window's environment; the last word on a name holds.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The program as it is started without a driver.
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.words);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Adds a word to the command line.
    pub fn word(&mut self, word: &str) -> &mut Self {
        self.words.push(word.to_owned());
        self
    }
}

/// Folders of a test's own in place of the user's. Several windows may be opened on one home in turn.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Result<Self> {
        let home = Self {
            folder: tempfile::tempdir()?,
        };
        for name in ["run", "workspace"] {
            std::fs::create_dir_all(home.folder.path().join(name))?;
        }
        Ok(home)
    }

    /// Everything that the window may write lies under here.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder: history.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The workspace folder: requests.
    pub fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    /// The variables that send a program here.
    pub fn env(&self) -> Vec<(String, String)> {
        [
            ("RHEOSTAT_DATA", "data"),
            ("RHEOSTAT_WORKSPACE", "workspace"),
            ("XDG_DATA_HOME", "share"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ]
        .map(|(name, below)| {
            let path = self.folder.path().join(below);
            (name.to_owned(), path.to_string_lossy().into_owned())
        })
        .to_vec()
    }
}

/// A window that is open. Dropping it ends its processes.
pub struct Window {
    session: Session,
    driver: Driver,
    program: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Window {
    pub async fn open(opening: &Opening) -> Result<Self> {
        let alone = ONE_AT_A_TIME.lock().await;
        let driver = Driver::start(&opening.env).await?;
        let session = Session::open(&driver, &opening.program, &opening.words).await?;
        Ok(Self {
            session,
            driver,
            program: opening.program.clone(),
            _alone: alone,
        })
    }

    /// Closes the window as a user would, so that what it keeps is written.
    pub async fn close(self) -> Result<()> {
        self.session.close().await
    }

    /// The process of the window's backend.
    pub fn process_id(&self) -> Result<u32> {
        processes::descendant(self.driver.process_id(), &self.program)
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Runs the body of a function in the page.
    pub async fn run(&self, script: &str) -> Result<Value> {
        self.session.run(script, json!([])).await
    }

    /// Waits until the body of a function returns something true, and returns that.
    ///
    /// # Errors
    /// After a bounded time: what was waited for, what it was last, and what the page shows.
    pub async fn until(&self, what: &str, script: &str) -> Result<Value> {
        let patience = Instant::now() + PATIENCE;
        let mut last;
        loop {
            last = self.run(script).await?;
            if !matches!(&last, Value::Null | Value::Bool(false)) {
                return Ok(last);
            }
            if Instant::now() > patience {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let page = self
            .run("return document.body.innerText.slice(0, 1500)")
            .await?;
        Err(Failure::new(format!(
            "Waited {} s for {what}; it was {last}. The page shows:\n{}",
            PATIENCE.as_secs(),
            page.as_str().unwrap_or_default()
        )))
    }

    /// The element with a test id, once it is there and can be seen.
    pub async fn element(&self, id: &str) -> Result<Element> {
        let css = by_id(id);
        let seen =
            format!("return (document.querySelector('{css}')?.getClientRects().length ?? 0) > 0");
        self.until(&format!("{id} to be seen"), &seen).await?;
        self.session.find(&css).await
    }

    /// Clicks an element once it is there and can act.
    pub async fn click(&self, id: &str) -> Result<()> {
        let able = format!(
            "return document.querySelector('{}')?.matches(':disabled, [aria-disabled=true]') === false",
            by_id(id)
        );
        self.until(&format!("{id} to be there and able to act"), &able)
            .await?;
        let element = self.element(id).await?;
        self.session.click(&element).await
    }

    /// Replaces what a field holds by typing over all of it.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        self.click(id).await?;
        let field = format!("document.querySelector('{}')", by_id(id));
        self.run(&format!("{field}.select()")).await?;
        self.session.type_keys(text).await?;
        let holds = self.run(&format!("return {field}.value")).await?;
        if holds == text {
            Ok(())
        } else {
            Err(Failure::new(format!(
                "{id} holds {holds} after {text:?} was typed."
            )))
        }
    }

    /// The text of an element, once it is there. Not `innerText`: what is scrolled out of sight has none.
    pub async fn text(&self, id: &str) -> Result<String> {
        self.element(id).await?;
        let text = self
            .run(&format!(
                "return document.querySelector('{}').textContent",
                by_id(id)
            ))
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute of an element, None where either is missing.
    pub async fn attribute(&self, id: &str, name: &str) -> Result<Option<String>> {
        let script = format!(
            "return document.querySelector('{}')?.getAttribute('{name}') ?? null",
            by_id(id)
        );
        Ok(self.run(&script).await?.as_str().map(str::to_owned))
    }

    /// Waits until an attribute has a value.
    pub async fn until_attribute(&self, id: &str, name: &str, value: &str) -> Result<()> {
        let script = format!(
            "const is = document.querySelector('{}')?.getAttribute('{name}'); return is === '{value}'",
            by_id(id)
        );
        self.until(&format!("{id} to have {name}={value}"), &script)
            .await
            .map(drop)
    }

    /// Sets the size of the page in pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.session.resize(width, height).await?;
        let script = format!("return innerWidth === {width} && innerHeight === {height}");
        self.until(&format!("a page of {width} x {height}"), &script)
            .await
            .map(drop)
    }
}

/// The CSS selector of a test id.
pub fn by_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}
