//! A real Secret Service of a test's own: a message bus and a keyring over a temporary home, apart from the desktop's.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::failure::{Failure, Result};

/// Both programs run until this is dropped.
pub struct Keyring {
    bus: Child,
    daemon: Child,
    address: String,
    home: TempDir,
}

/// How long the keyring may take to appear on the bus.
const START: Duration = Duration::from_secs(20);

/// Starts nothing by itself: a prompter of this machine would ask somebody for a password.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

impl Keyring {
    /// Starts a keyring whose default collection is there and unlocked.
    ///
    /// # Errors
    /// A program is missing, which `cargo xtask test` installs, or did not start.
    pub fn unlocked() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let (bus, address) = bus(home.path())?;
        Self::over(home, bus, address, true)
    }

    /// Starts it anew over the same home, and locked: nobody gives the password.
    ///
    /// # Errors
    /// As [`Self::unlocked`].
    pub fn lock(self) -> Result<Self> {
        let mut this = self;
        end(&mut this.daemon);
        let daemon = daemon(this.home.path(), &this.address, false)?;
        this.daemon = daemon;
        this.wait()?;
        Ok(this)
    }

    fn over(home: TempDir, bus: Child, address: String, unlock: bool) -> Result<Self> {
        let daemon = daemon(home.path(), &address, unlock)?;
        let this = Self {
            bus,
            daemon,
            address,
            home,
        };
        this.wait()?;
        Ok(this)
    }

    /// What a program needs in its environment to find it.
    pub fn env(&self) -> [(&'static str, String); 2] {
        [
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            // Else one of the desktop's would be found.
            ("XDG_RUNTIME_DIR", self.home.path().display().to_string()),
        ]
    }

    fn wait(&self) -> Result<()> {
        let since = Instant::now();
        while since.elapsed() < START {
            let asked = Command::new("dbus-send")
                .args([
                    &format!("--bus={}", self.address),
                    "--print-reply",
                    "--dest=org.freedesktop.DBus",
                ])
                .args([
                    "/",
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ])
                .output()
                .map_err(|error| missing("dbus-send", &error))?;
            if String::from_utf8_lossy(&asked.stdout).contains("boolean true") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::new("The keyring did not appear on its bus."))
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        end(&mut self.daemon);
        end(&mut self.bus);
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn missing(program: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "{program} could not be started ({error}): `cargo xtask test` installs what the tests need."
    ))
}

fn bus(home: &Path) -> Result<(Child, String)> {
    let config = home.join("bus.conf");
    std::fs::write(&config, BUS)?;
    let mut bus = Command::new("dbus-daemon")
        .arg("--config-file")
        .arg(&config)
        .args(["--nofork", "--nopidfile", "--print-address=1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| missing("dbus-daemon", &error))?;
    let mut address = String::new();
    if let Some(stdout) = bus.stdout.take() {
        BufReader::new(stdout).read_line(&mut address)?;
    }
    if address.trim().is_empty() {
        end(&mut bus);
        return Err(Failure::new("The message bus started and gave no address."));
    }
    Ok((bus, address.trim().to_owned()))
}

fn daemon(home: &Path, address: &str, unlock: bool) -> Result<Child> {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--foreground", "--components=secrets"])
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("share"))
        .env("XDG_RUNTIME_DIR", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if unlock {
        command.arg("--unlock");
    }
    let mut daemon = command
        .spawn()
        .map_err(|error| missing("gnome-keyring-daemon", &error))?;
    if let Some(mut stdin) = daemon.stdin.take()
        && unlock
    {
        // The password of a new keyring, up to the end of the input.
        stdin.write_all(b"of a test")?;
    }
    Ok(daemon)
}
