//! A window with nothing in it: the floor under the bench's start-up and memory figures.

fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default().run(tauri::generate_context!("examples/bare/tauri.conf.json"))
}
