//! A screen in memory and a message bus of its own, so that a real window opens without a desktop.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::fault::Fault;
use crate::place::Place;

/// A bus that starts nothing by itself: a keyring, a portal or an accessibility bus of this machine
/// would make the tests differ from machine to machine, and outlive them.
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

/// Both run until this is dropped.
pub struct Display {
    screen: Child,
    bus: Child,
    env: Vec<(String, String)>,
}

impl Display {
    pub fn start(place: &Place) -> Result<Self, Fault> {
        let config = place.in_target("bus.conf");
        std::fs::write(&config, BUS).map_err(|error| {
            Fault::of(format!("{} could not be written", config.display()), error)
        })?;
        // The server picks a free number and says which: no guess can collide with another screen.
        let (screen, number) = start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1600x1200x24"])
                .args(["-nolisten", "tcp", "-noreset"]),
        )?;
        let (bus, address) = start(
            Command::new("dbus-daemon")
                .arg("--config-file")
                .arg(&config)
                .args(["--nofork", "--nopidfile", "--print-address=1"]),
        )?;
        let env = [
            ("DISPLAY", format!(":{number}")),
            ("DBUS_SESSION_BUS_ADDRESS", address),
            // On a Wayland desktop GTK would open the window there, in sight.
            ("GDK_BACKEND", "x11".to_owned()),
            // The accessibility bus is one of the things that the bus above does not start.
            ("NO_AT_BRIDGE", "1".to_owned()),
        ];
        Ok(Self {
            screen,
            bus,
            env: env.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        })
    }

    /// What a program needs in its environment to open its window there.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in [&mut self.bus, &mut self.screen] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts a server that prints one line once it is ready.
fn start(command: &mut Command) -> Result<(Child, String), Fault> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Fault::of(format!("{name} could not be started"), error))?;
    let mut line = String::new();
    let read = child
        .stdout
        .take()
        .map(|output| BufReader::new(output).read_line(&mut line));
    match read {
        Some(Ok(length)) if length > 0 => Ok((child, line.trim().to_owned())),
        _ => {
            let _ = child.kill();
            let _ = child.wait();
            Err(Fault::new(format!(
                "{name} started and ended without getting ready."
            )))
        }
    }
}
