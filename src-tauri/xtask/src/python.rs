//! A Python environment of the tests' own, with OpenAI's Python SDK in it, and what it fetches.

use std::path::PathBuf;

use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::stamp::Stamp;
use crate::system;

/// Makes it where it is missing or its list of packages changed. Returns its interpreter.
pub fn provide(place: &Place) -> Result<PathBuf, Fault> {
    let requirements = place.in_root("tests/sdk/python/requirements.txt");
    let folder = place.in_target("sdk-python");
    let python = if cfg!(windows) {
        folder.join("Scripts/python.exe")
    } else {
        folder.join("bin/python")
    };
    let locked = Stamp::over(
        folder.join(".rheostat-stamp"),
        std::slice::from_ref(&requirements),
        &[],
    )?;
    if locked.is_fresh() && python.exists() {
        return Ok(python);
    }
    system::provide(&[system::PYTHON])?;
    Program::new(system::PYTHON_NAME)
        .args(["-m", "venv", "--clear"])
        .args([&folder])
        .run()?;
    Program::new(&python.to_string_lossy())
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .args([&requirements])
        .run()?;
    locked.write()?;
    Ok(python)
}

/// Fetches the official JSON Schema Test Suite where it is missing or another one is asked for.
/// Returns its folder.
pub fn schema_suite(place: &Place, python: &std::path::Path) -> Result<PathBuf, Fault> {
    let script = place.in_root("tests/sdk/python/suite.py");
    let asked = place.in_root("tests/sdk/python/suite.txt");
    let folder = place.in_target("json-schema-suite");
    let fetched = Stamp::over(
        folder.join(".rheostat-stamp"),
        &[script.clone(), asked],
        &[],
    )?;
    if fetched.is_fresh() {
        return Ok(folder);
    }
    Program::new(&python.to_string_lossy())
        .args([&script, &folder])
        .run()?;
    fetched.write()?;
    Ok(folder)
}
