//! Start to first content, seen from outside: the screen of an X server of its own, read as a file. A
//! driver would hold the page back until it is connected.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::window::Opening;
use tempfile::TempDir;

/// Text has more shades than this, at its edges; an empty window and the pointer have fewer.
const SHADES: usize = 8;
/// Words of the head, by their place: its own size in bytes, and how many colours the table has.
const HEAD_SIZE: u64 = 0;
const COLOURS: u64 = 19;
const COLOUR_SIZE: u64 = 12;
const PATIENCE: Duration = Duration::from_secs(30);

/// A screen that nothing else draws on.
pub struct Screen {
    server: Child,
    display: String,
    folder: TempDir,
}

impl Screen {
    /// Starts an X server whose screen is a file.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24"])
            .args(["-nolisten", "tcp", "-fbdir"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        Ok(Self {
            server,
            display: format!(":{}", number.trim()),
            folder,
        })
    }

    /// Opens the window here and says how long it took until something stood in it, in ms.
    pub fn time(&self, opening: &Opening) -> Result<f64> {
        let began = Instant::now();
        let mut program = opening
            .command()
            .env("DISPLAY", &self.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let time = self.until(began, true);
        program.kill()?;
        program.wait()?;
        // The next one has to find the screen empty.
        self.until(Instant::now(), false)?;
        time
    }

    fn until(&self, began: Instant, drawn: bool) -> Result<f64> {
        while began.elapsed() < PATIENCE {
            if self.is_drawn()? == drawn {
                return Ok(began.elapsed().as_secs_f64() * 1000.0);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err(Failure::new("Nothing was drawn on the screen in time."))
    }

    /// The file is in the format of xwd: a head of big-endian words, a table of colours, the pixels.
    fn is_drawn(&self) -> Result<bool> {
        let path: PathBuf = self.folder.path().join("Xvfb_screen0");
        let mut file = std::fs::File::open(path)?;
        let mut word = |place: u64| -> Result<u64> {
            let mut bytes = [0u8; 4];
            file.seek(SeekFrom::Start(place * 4))?;
            file.read_exact(&mut bytes)?;
            Ok(u64::from(u32::from_be_bytes(bytes)))
        };
        let pixels_begin = word(HEAD_SIZE)? + word(COLOURS)? * COLOUR_SIZE;
        file.seek(SeekFrom::Start(pixels_begin))?;
        let mut pixels = Vec::new();
        file.read_to_end(&mut pixels)?;
        let mut shades = HashSet::new();
        let mut last: &[u8] = &[];
        for pixel in pixels.chunks_exact(4) {
            if pixel != last {
                last = pixel;
                shades.insert(pixel);
                if shades.len() > SHADES {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The server ends by its own id, and takes its windows with it.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
