//! Points Tauri's build step at the capabilities and permissions of this folder.
use tauri_build::{AppManifest, Attributes};

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    tauri_build::try_build(
        Attributes::new()
            .capabilities_path_pattern("./src-tauri/capabilities/**/*")
            .app_manifest(AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml")),
    )
    .expect("BUG: the Tauri build script failed");
}
