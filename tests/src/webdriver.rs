//! The part of the WebDriver protocol that the tests speak, to the driver that comes with the web view.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::failure::{Failure, Result};

/// The key under which the protocol names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const READY_WITHIN: Duration = Duration::from_secs(10);

/// The driver's process, in a process group of its own with the window that it starts.
pub struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    /// Starts the driver. The window inherits `env`.
    pub async fn start(env: &[(String, String)]) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            // Tauri lets a driver in only where this is set.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // A real key must neither be used nor change what the tests see.
            .env_remove("OPENAI_API_KEY")
            .env_remove("OPENAI_BASE_URL")
            .envs(env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        in_own_group(&mut command);
        let process = command
            .spawn()
            .map_err(|error| Failure::from(error).during("starting WebKitWebDriver"))?;
        let driver = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
        };
        let patience = Instant::now() + READY_WITHIN;
        while reqwest::get(format!("{}/status", driver.address))
            .await
            .is_err()
        {
            if Instant::now() > patience {
                return Err(Failure::new("WebKitWebDriver did not get ready."));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(driver)
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The group holds the window too: a test that failed half way leaves nothing behind.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
fn in_own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_own_group(_command: &mut Command) {}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

/// A session with one window.
pub struct Session {
    http: reqwest::Client,
    address: String,
}

/// An element of the page, as the driver names it.
pub struct Element(String);

impl Session {
    /// Starts the program and takes hold of its window.
    pub async fn open(driver: &Driver, program: &Path, words: &[String]) -> Result<Self> {
        let mut session = Self {
            http: reqwest::Client::new(),
            address: format!("{}/session", driver.address),
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": program, "args": words },
            "timeouts": { "script": 120_000, "pageLoad": 30_000, "implicit": 0 },
        } } });
        let answer = session.call(Method::POST, "", Some(wanted)).await?;
        let id = answer["sessionId"]
            .as_str()
            .ok_or_else(|| Failure::new(format!("No session: {answer}")))?;
        session.address = format!("{}/{id}", session.address);
        Ok(session)
    }

    /// Closes the window and ends the session.
    pub async fn close(&self) -> Result<()> {
        self.call(Method::DELETE, "", None).await.map(drop)
    }

    /// The first element that a CSS selector finds.
    pub async fn find(&self, css: &str) -> Result<Element> {
        let by = json!({ "using": "css selector", "value": css });
        let found = self.call(Method::POST, "/element", Some(by)).await?;
        match found[ELEMENT].as_str() {
            Some(id) => Ok(Element(id.to_owned())),
            None => Err(Failure::new(format!("{css} found {found}"))),
        }
    }

    /// Clicks in the middle of an element, as the mouse would.
    pub async fn click(&self, element: &Element) -> Result<()> {
        let path = format!("/element/{}/click", element.0);
        self.call(Method::POST, &path, Some(json!({})))
            .await
            .map(drop)
    }

    /// Presses keys together, such as `["\u{E009}", "\u{E007}"]` for Ctrl+Enter, and lets them go.
    pub async fn press(&self, keys: &[&str]) -> Result<()> {
        let down = keys
            .iter()
            .map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys
            .iter()
            .rev()
            .map(|key| json!({ "type": "keyUp", "value": key }));
        self.act(down.chain(up).collect()).await
    }

    /// Types a text, key by key, into whatever has the focus.
    pub async fn type_keys(&self, text: &str) -> Result<()> {
        let kinds = ["keyDown", "keyUp"];
        let strokes = text
            .chars()
            .flat_map(|key| kinds.map(|kind| json!({ "type": kind, "value": key })))
            .collect();
        self.act(strokes).await
    }

    /// Drags with the mouse from one place of the page to another, in pixels, by way of the middle.
    pub async fn drag(&self, from: (i16, i16), to: (i16, i16)) -> Result<()> {
        let go =
            |(x, y): (i16, i16)| json!({ "type": "pointerMove", "duration": 100, "x": x, "y": y });
        let half = |from: i16, to: i16| from + (to - from) / 2;
        let steps = [
            go(from),
            json!({ "type": "pointerDown", "button": 0 }),
            go((half(from.0, to.0), half(from.1, to.1))),
            go(to),
            json!({ "type": "pointerUp", "button": 0 }),
        ];
        self.perform(json!({ "type": "pointer", "id": "mouse", "actions": steps }))
            .await
    }

    /// Moves the mouse to a place of the page, in pixels.
    pub async fn point_at(&self, (x, y): (i16, i16)) -> Result<()> {
        let steps = [json!({ "type": "pointerMove", "duration": 100, "x": x, "y": y })];
        self.perform(json!({ "type": "pointer", "id": "mouse", "actions": steps }))
            .await
    }

    async fn act(&self, strokes: Vec<Value>) -> Result<()> {
        self.perform(json!({ "type": "key", "id": "keyboard", "actions": strokes }))
            .await
    }

    async fn perform(&self, source: Value) -> Result<()> {
        let body = json!({ "actions": [source] });
        self.call(Method::POST, "/actions", Some(body))
            .await
            .map(drop)
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub async fn run(&self, script: &str, words: Value) -> Result<Value> {
        let body = json!({ "script": script, "args": words });
        self.call(Method::POST, "/execute/sync", Some(body)).await
    }

    /// Runs the body of a function whose last argument is called with the answer, once it has one.
    pub async fn run_until_called_back(&self, script: &str, words: Value) -> Result<Value> {
        let body = json!({ "script": script, "args": words });
        self.call(Method::POST, "/execute/async", Some(body)).await
    }

    /// The page as a PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        let picture = self.call(Method::GET, "/screenshot", None).await?;
        let text = picture
            .as_str()
            .ok_or_else(|| Failure::new("The screenshot is no text."))?;
        Ok(BASE64_STANDARD.decode(text)?)
    }

    /// Sets the outer size of the window in pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let body = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.call(Method::POST, "/window/rect", Some(body))
            .await
            .map(drop)
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let asked = format!("WebDriver {method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = async {
            let response = request.send().await?;
            let is_fine = response.status().is_success();
            let mut body: Value = response.json().await?;
            let value = body["value"].take();
            if is_fine {
                Ok(value)
            } else {
                Err(Failure::new(format!(
                    "{}: {}",
                    value["error"].as_str().unwrap_or("an error without a name"),
                    value["message"].as_str().unwrap_or_default()
                )))
            }
        };
        answer
            .await
            .map_err(|failure: Failure| failure.during(&asked))
    }
}
