//! What the operating system must provide: found by what it offers, installed by the package manager at hand.

use crate::fault::Fault;
use crate::program::{self, Program};

/// What Python's interpreter is called outside of an environment.
pub const PYTHON_NAME: &str = if cfg!(windows) { "python" } else { "python3" };

/// How to tell that a need is met, whoever installed it.
enum Sign {
    Program(&'static str),
    /// A library that pkg-config finds.
    Library(&'static str),
    /// Python that can make virtual environments.
    PythonVenv,
}

/// One thing the system must provide, and the package that brings it. None: part of that system.
pub struct Need {
    sign: Sign,
    reason: &'static str,
    apt: Option<&'static str>,
    dnf: Option<&'static str>,
    pacman: Option<&'static str>,
    brew: Option<&'static str>,
}

/// What a build of the window needs. macOS and Windows bring their own web view. Whoever could
/// compile this chore has a C compiler and linker: Rust needs them too.
pub const WINDOW: &[Need] = &[
    Need {
        sign: Sign::Program("pkg-config"),
        reason: "tells the build where the libraries lie",
        apt: Some("pkg-config"),
        dnf: Some("pkgconf-pkg-config"),
        pacman: Some("pkgconf"),
        brew: None,
    },
    Need {
        sign: Sign::Library("webkit2gtk-4.1"),
        reason: "the web view in which the window is drawn, with GTK",
        apt: Some("libwebkit2gtk-4.1-dev"),
        dnf: Some("webkit2gtk4.1-devel"),
        pacman: Some("webkit2gtk-4.1"),
        brew: None,
    },
    Need {
        sign: Sign::Library("dbus-1"),
        reason: "the desktop's message bus, through which the window learns of theme and session",
        apt: Some("libdbus-1-dev"),
        dnf: Some("dbus-devel"),
        pacman: Some("dbus"),
        brew: None,
    },
];

/// What driving the window without a screen needs.
pub const DRIVEN_WINDOW: &[Need] = &[
    Need {
        sign: Sign::Program("WebKitWebDriver"),
        reason: "drives the real window in the tests",
        apt: Some("webkit2gtk-driver"),
        dnf: Some("webkitgtk6.0"),
        pacman: Some("webkitgtk-6.0"),
        brew: None,
    },
    Need {
        sign: Sign::Program("Xvfb"),
        reason: "the screen in memory on which the tests open the window",
        apt: Some("xvfb"),
        dnf: Some("xorg-x11-server-Xvfb"),
        pacman: Some("xorg-server-xvfb"),
        brew: None,
    },
    Need {
        sign: Sign::Program("dbus-daemon"),
        reason: "a message bus of the tests' own, apart from the desktop's",
        apt: Some("dbus"),
        dnf: Some("dbus-daemon"),
        pacman: Some("dbus"),
        brew: None,
    },
];

/// What a test needs to start a keychain of its own.
pub const KEYCHAIN: &[Need] = &[
    Need {
        sign: Sign::Program("gnome-keyring-daemon"),
        reason: "a keychain of the tests' own, apart from the desktop's",
        apt: Some("gnome-keyring"),
        dnf: Some("gnome-keyring"),
        pacman: Some("gnome-keyring"),
        brew: None,
    },
    Need {
        sign: Sign::Program("dbus-send"),
        reason: "tells when that keychain is ready",
        apt: Some("dbus-bin"),
        dnf: Some("dbus-tools"),
        pacman: Some("dbus"),
        brew: None,
    },
];

/// What the tests with OpenAI's Python SDK need.
pub const PYTHON: &[Need] = &[Need {
    sign: Sign::PythonVenv,
    reason: "a Python environment of the tests' own for OpenAI's Python SDK",
    apt: Some("python3-venv"),
    dnf: Some("python3"),
    pacman: Some("python"),
    brew: Some("python"),
}];

/// What the bundler of the .deb and the AppImage needs.
pub const PACKAGING: &[Need] = &[Need {
    sign: Sign::Program("file"),
    reason: "tells the AppImage bundler what kind of file it holds",
    apt: Some("file"),
    dnf: Some("file"),
    pacman: Some("file"),
    brew: None,
}];

impl Need {
    fn is_met(&self) -> bool {
        match self.sign {
            Sign::Program(name) => program::exists(name),
            Sign::Library(name) => Program::new("pkg-config")
                .args(["--exists", name])
                .succeeds(),
            Sign::PythonVenv => Program::new(PYTHON_NAME)
                .args(["-c", "import ensurepip, venv"])
                .succeeds(),
        }
    }

    fn offer(&self) -> &'static str {
        match self.sign {
            Sign::Program(name) | Sign::Library(name) => name,
            Sign::PythonVenv => "Python with venv",
        }
    }
}

/// A package manager: how it is called, and how its packages are named.
struct Manager {
    program: &'static str,
    /// Brings the lists of packages up to date; a fresh system has none.
    refresh: Option<&'static [&'static str]>,
    install: &'static [&'static str],
    needs_root: bool,
    package: fn(&Need) -> Option<&'static str>,
}

const MANAGERS: &[Manager] = &[
    Manager {
        program: "apt-get",
        refresh: Some(&["update"]),
        install: &["install", "--yes", "--no-install-recommends"],
        needs_root: true,
        package: |need| need.apt,
    },
    Manager {
        program: "dnf",
        refresh: None,
        install: &["install", "--assumeyes"],
        needs_root: true,
        package: |need| need.dnf,
    },
    Manager {
        program: "pacman",
        refresh: None,
        install: &["-S", "--needed", "--noconfirm"],
        needs_root: true,
        package: |need| need.pacman,
    },
    Manager {
        program: "brew",
        refresh: None,
        install: &["install"],
        needs_root: false,
        package: |need| need.brew,
    },
];

/// Makes sure that every need is met. Installs what is missing, or stops and says what to type.
pub fn provide(needs: &[&[Need]]) -> Result<(), Fault> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this system:");
    for need in &missing {
        println!("  {}: {}", need.offer(), need.reason);
    }
    let Some(manager) = MANAGERS
        .iter()
        .find(|manager| program::exists(manager.program))
    else {
        return Err(Fault::new(
            "None of apt, dnf, pacman and brew is here to install it. Install it your system's way, then run the same command again.",
        ));
    };
    let mut packages: Vec<&str> = missing
        .iter()
        .filter_map(|need| (manager.package)(need))
        .collect();
    packages.sort_unstable();
    packages.dedup();
    install(manager, &packages)?;
    // A package may be there and still not bring what it brings elsewhere.
    match missing.iter().find(|need| !need.is_met()) {
        None => Ok(()),
        Some(need) => Err(Fault::new(format!(
            "{} is still missing after installing {}: {}.",
            need.offer(),
            packages.join(" "),
            need.reason
        ))),
    }
}

fn missing<'needs>(needs: &[&'needs [Need]]) -> Vec<&'needs Need> {
    // Windows and macOS bring the web view, and nothing there drives it from outside.
    let elsewhere = !cfg!(target_os = "linux");
    needs
        .iter()
        .flat_map(|list| list.iter())
        .filter(|need| need.brew.is_some() || !elsewhere)
        .filter(|need| !need.is_met())
        .collect()
}

fn install(manager: &Manager, packages: &[&str]) -> Result<(), Fault> {
    let by_hand = {
        let prefix = if manager.needs_root { "sudo " } else { "" };
        let refresh = manager
            .refresh
            .map(|words| format!("{prefix}{} {} && ", manager.program, words.join(" ")))
            .unwrap_or_default();
        format!(
            "{refresh}{prefix}{} {} {}",
            manager.program,
            manager.install.join(" "),
            packages.join(" ")
        )
    };
    let start: fn(&str) -> Program = if !manager.needs_root || is_root() {
        Program::new
    } else if Program::new("sudo").args(["-n", "true"]).succeeds() {
        |name| Program::new("sudo").args(["-n", name])
    } else {
        return Err(Fault::new(format!(
            "There is no right to install packages here. Type this, then run the same command again:\n\n    {by_hand}\n"
        )));
    };
    println!(
        "Installing {} with {}.",
        packages.join(", "),
        manager.program
    );
    if let Some(words) = manager.refresh {
        // One unreachable source of several must not stop the rest; a real lack shows below.
        let status = start(manager.program).args(words).status()?;
        if !status.success() {
            println!(
                "{} could not refresh all its lists; going on with what it knows.",
                manager.program
            );
        }
    }
    start(manager.program)
        .args(manager.install)
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
        .map_err(|fault| Fault::new(format!("{fault}\nTo do it by hand:\n\n    {by_hand}\n")))
}

fn is_root() -> bool {
    Program::new("id")
        .args(["-u"])
        .answer()
        .is_some_and(|answer| answer.trim() == "0")
}
