//! Documents dragged from the window to other programs, as the real files they are on this disk.

use std::path::PathBuf;

use protocol::failure::{Failure, FailureCode};
use tauri::AppHandle;

use crate::window;

/// What follows the pointer.
const PICTURE: &[u8] = include_bytes!("../icons/32x32.png");

/// Begins a drag of these files. It goes on after this returns, until the user lets go.
pub(crate) fn start(app: &AppHandle, files: Vec<PathBuf>) -> Result<(), Failure> {
    let window = window::main(app).ok_or_else(|| failed("the window is closed"))?;
    let (sender, begun) = std::sync::mpsc::channel();
    app.run_on_main_thread(move || {
        #[cfg(target_os = "linux")]
        let source = window.gtk_window();
        #[cfg(not(target_os = "linux"))]
        let source = Ok::<_, tauri::Error>(window);
        let result = source.map_err(|error| error.to_string()).and_then(|source| {
            let item = drag::DragItem::Files(files.into_iter().map(as_taken).collect());
            drag::start_drag(&source, item, drag::Image::Raw(PICTURE.to_vec()), |_, _| {}, drag::Options::default())
                .map_err(|error| error.to_string())
        });
        // The caller may be gone with the window.
        let _ = sender.send(result);
    })
    .map_err(failed)?;
    begun.recv().map_err(failed)?.map_err(failed)
}

/// As the library takes a path: on Linux it writes `file://` before it, so it must be encoded as an address is.
fn as_taken(file: PathBuf) -> PathBuf {
    if !cfg!(target_os = "linux") {
        return file;
    }
    let address: String = file.as_os_str().as_encoded_bytes().iter().map(|byte| encoded(*byte)).collect();
    address.into()
}

fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

fn failed(cause: impl std::fmt::Display) -> Failure {
    Failure::new(FailureCode::LocalFile, format!("the drag did not begin: {cause}")).with("reason", "drag")
}
