//! Workarounds for single systems, each with the bug that it works around.

/// Called before any thread starts: the environment may be changed only then.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    linux::prepare();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::path::Path;

    /// WebKitGTK's DMA-BUF renderer shows a blank window with NVIDIA's own driver:
    /// <https://github.com/tauri-apps/tauri/issues/9304>.
    const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    pub fn prepare() {
        if std::env::var_os(DMABUF).is_some() || !Path::new("/proc/driver/nvidia/version").exists()
        {
            return;
        }
        // Setting a variable in a running process is unsafe, and this code forbids unsafe. Starting
        // anew with the variable set costs a millisecond. It returns only if it failed.
        if let Ok(program) = std::env::current_exe() {
            let error = std::process::Command::new(program)
                .args(std::env::args_os().skip(1))
                .env(DMABUF, "1")
                .exec();
            eprintln!("Rheostat could not set {DMABUF}: {error}");
        }
    }
}
