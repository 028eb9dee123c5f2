//! Shared set-up of the tests across the seams: built programs, the driven window, what a process uses.

#[cfg(target_os = "linux")]
pub mod dragging;
pub mod engine;
pub mod environments;
pub mod failure;
#[cfg(target_os = "linux")]
pub mod keyring;
pub mod processes;
pub mod programs;
pub mod scripted;
pub mod shapes;
pub mod webdriver;
pub mod window;
