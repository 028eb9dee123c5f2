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
    const NO_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    /// Without a GPU, WebKitGTK still puts layers together with OpenGL, which Mesa then works out on
    /// the processor, pixel by pixel. Six streaming columns took 130 % of a core and 485 MB, and every
    /// second frame came too late; painted into one surface, 57 % and 335 MB, and none did.
    const NO_LAYERS: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

    pub fn prepare() {
        let wanted = [
            (NO_DMABUF, Path::new("/proc/driver/nvidia/version").exists()),
            (NO_LAYERS, !has_gpu()),
        ];
        // What is set already is somebody's wish, or set by the start before this one.
        let missing: Vec<&str> = wanted
            .into_iter()
            .filter(|&(name, wanted)| wanted && std::env::var_os(name).is_none())
            .map(|(name, _)| name)
            .collect();
        if missing.is_empty() {
            return;
        }
        // Setting a variable in a running process is unsafe, and this code forbids unsafe. Starting
        // anew with the variable set costs a millisecond. It returns only if it failed.
        if let Ok(program) = std::env::current_exe() {
            let error = std::process::Command::new(program)
                .args(std::env::args_os().skip(1))
                .envs(missing.iter().map(|name| (name, "1")))
                .exec();
            eprintln!("Rheostat could not set {}: {error}", missing.join(", "));
        }
    }

    /// Whether anything but the processor may draw. Every driver that can has a render node, but for
    /// NVIDIA's own, which may do without, and for the GPU that Windows lends to its Linux guests.
    fn has_gpu() -> bool {
        let render_node = std::fs::read_dir("/dev/dri")
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"));
        render_node
            || ["/dev/dxg", "/proc/driver/nvidia/version"]
                .iter()
                .any(|path| Path::new(path).exists())
    }
}
