//! Debian's packages: which file or program shows that each is there.

use std::env::consts::ARCH;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{Extra, Purpose, is_allowed};
use crate::{place, process};

/// What shows that a package is installed.
enum Sign {
    Program(&'static str),
    /// Below `/usr/lib/<architecture>-linux-gnu`.
    Library(&'static str),
    File(&'static str),
    Postgres,
}

struct Package {
    name: &'static str,
    sign: Sign,
    purpose: Purpose,
}

const fn package(purpose: Purpose, name: &'static str, sign: Sign) -> Package {
    Package { name, sign, purpose }
}

/// Where a window must open without a display.
const DISPLAY: &[Package] = &[
    package(Purpose::Start, "xvfb", Sign::Program("Xvfb")),
    package(Purpose::Start, "xauth", Sign::Program("xauth")),
    package(Purpose::Start, "dbus-daemon", Sign::Program("dbus-daemon")),
    package(Purpose::Start, "openbox", Sign::Program("openbox")),
    package(Purpose::Start, "imagemagick", Sign::Program("import")),
];

const PACKAGES: &[Package] = &[
    package(Purpose::Start, "build-essential", Sign::Program("g++")),
    package(Purpose::Start, "pkg-config", Sign::Program("pkg-config")),
    package(Purpose::Start, "libgtk-3-dev", Sign::Library("pkgconfig/gtk+-3.0.pc")),
    package(Purpose::Start, "libwebkit2gtk-4.1-dev", Sign::Library("pkgconfig/webkit2gtk-4.1.pc")),
    package(Purpose::Start, "libayatana-appindicator3-dev", Sign::Library("pkgconfig/ayatana-appindicator3-0.1.pc")),
    package(Purpose::Start, "librsvg2-dev", Sign::Library("pkgconfig/librsvg-2.0.pc")),
    package(Purpose::Test, "chromium", Sign::Program("chromium")),
    package(Purpose::Test, "webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    package(Purpose::Test, "python3-gi", Sign::File("/usr/lib/python3/dist-packages/gi/__init__.py")),
    package(Purpose::Test, "gir1.2-gtk-3.0", Sign::Library("girepository-1.0/Gtk-3.0.typelib")),
    package(Purpose::Test, "xdotool", Sign::Program("xdotool")),
    package(Purpose::Test, "x11-utils", Sign::Program("xprop")),
    package(Purpose::Test, "postgresql", Sign::Postgres),
    package(Purpose::Test, "libreoffice-calc", Sign::Program("soffice")),
    package(Purpose::Test, "libfaketime", Sign::Library("faketime/libfaketimeMT.so.1")),
    package(Purpose::Test, "poppler-utils", Sign::Program("pdftotext")),
    package(Purpose::Bench, "rsync", Sign::Program("rsync")),
    package(Purpose::Bench, "unison", Sign::Program("unison")),
    package(Purpose::Bench, "syncthing", Sign::Program("syncthing")),
    package(Purpose::Bench, "nextcloud-desktop-cmd", Sign::Program("nextcloudcmd")),
];

const EXTRAS: &[(Extra, &str, Sign)] = &[
    (Extra::Windows, "gcc-mingw-w64-x86-64", Sign::Program("x86_64-w64-mingw32-gcc")),
    (Extra::Windows, "g++-mingw-w64-x86-64", Sign::Program("x86_64-w64-mingw32-g++")),
    (Extra::Windows, "wine64", Sign::File("/usr/lib/wine/wine64")),
    (Extra::StandardLibrary, "rustc-web", Sign::File("/usr/share/doc/rustc-web")),
    (Extra::StandardLibrary, "rust-web-src", Sign::File("/usr/share/doc/rust-web-src")),
];

fn is_installed(sign: &Sign) -> bool {
    match sign {
        Sign::Program(name) => place::program(name).is_some(),
        Sign::Library(file) => Path::new(&format!("/usr/lib/{ARCH}-linux-gnu")).join(file).exists(),
        Sign::File(file) => Path::new(file).exists(),
        Sign::Postgres => has_postgres(),
    }
}

/// Debian keeps the server's programs out of the search path, one folder a version.
fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin/initdb")).any(|program| program.is_file())
        || place::program("initdb").is_some()
}

/// Installs what is missing.
pub(super) fn install(purpose: Purpose, yes: bool) -> Result<()> {
    // The tests open a display of their own in any case.
    let needs_display = purpose >= Purpose::Test || std::env::var_os("DISPLAY").is_none();
    let missing: Vec<&str> = PACKAGES
        .iter()
        .chain(if needs_display { DISPLAY } else { &[] })
        .filter(|package| package.purpose <= purpose && !is_installed(&package.sign))
        .map(|package| package.name)
        .collect();
    install_missing(&missing, yes)
}

/// Installs what is missing for an extra.
pub(super) fn install_extra(extra: Extra, yes: bool) -> Result<()> {
    let missing: Vec<&str> = missing(extra).collect();
    install_missing(&missing, yes)
}

/// Whether nothing is missing for an extra.
pub(super) fn has_extra(extra: Extra) -> bool {
    missing(extra).next().is_none()
}

fn missing(extra: Extra) -> impl Iterator<Item = &'static str> {
    EXTRAS.iter().filter(move |(of, _, sign)| *of == extra && !is_installed(sign)).map(|(_, name, _)| *name)
}

fn install_missing(missing: &[&str], yes: bool) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    if place::program("apt-get").is_none() {
        bail!("missing, by the names they have in Debian: {}", missing.join(" "));
    }
    if !is_allowed(yes, &missing.join(" ")) {
        bail!("not installed; by hand: apt-get install {}", missing.join(" "));
    }
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], missing].concat())
        .context("Debian's packages could not be installed")
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = process::program(if place::is_root() { "apt-get" } else { "sudo" });
    if !place::is_root() {
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    }
    process::run_with_terminal(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}
