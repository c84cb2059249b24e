//! `cargo xtask start`: from a fresh clone to an open window on a demonstration firm, and again on the same data.
//!
//! It drives the product's own programs as a firm would: the server serves a folder, the command line signs the
//! workstation in, the window opens on its profile.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;

use crate::display::{Display, Layout};
use crate::process::{self, Background};
use crate::setup::{self, Purpose};
use crate::{cargo, interface, interrupt, output};

mod data;
mod picture;

use data::Data;

/// How long the window may take to show its first data. A machine that builds at the same time is slow.
const WINDOW_READY: Duration = Duration::from_mins(3);
/// Exit code of the command line when all is done but something waits for somebody.
const SOMETHING_WAITS: i32 = 3;
const SERVER_READY: Duration = Duration::from_mins(1);

/// Arguments of `start`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Folder of the server, the workstation and the mirrored documents.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Saves what the window shows once it is ready, and stops.
    #[arg(long)]
    screenshot: Option<PathBuf>,
    /// Installs what is missing without asking.
    #[arg(long)]
    yes: bool,
}

/// A collaborator of the demonstration firm, whose password is known because it is one.
#[derive(Debug, Clone, Deserialize)]
struct Person {
    name: String,
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct DemonstrationFirm {
    people: Vec<Person>,
}

/// The product's programs.
struct Programs {
    server: PathBuf,
    command_line: PathBuf,
    desktop: PathBuf,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    setup::prepare(Purpose::Start, arguments.yes)?;
    let programs = build()?;
    let data = Data::open(arguments.data.clone())?;
    let people = demonstration_firm(&programs.server, &data)?.people;
    let person = people.first().context("the demonstration firm has nobody in it")?;

    let port = data.port()?;
    let _server = start_server(&programs.server, &data, port)?;
    let url = format!("http://127.0.0.1:{port}");
    prepare_workstation(&programs.command_line, &data, &url, person)?;

    let display = private_display(arguments, &data)?;
    let mut window = open_window(&programs.desktop, &data, display.as_ref())?;
    window.wait_for(WINDOW_READY, |line| (line.trim() == "window ready").then_some(()))?;

    if let Some(file) = &arguments.screenshot {
        picture::take(display.as_ref(), file)?;
        output::result(&format!("Image enregistrée : {}", file.display()));
        return Ok(());
    }
    output::result(&welcome(&data, &url, &people, display.as_ref()));
    while !window.has_ended() {
        if interrupt::wait(Duration::from_millis(200)) {
            break;
        }
    }
    Ok(())
}

fn build() -> Result<Programs> {
    interface::build()?;
    output::step("server, command line and window");
    let packages = ["build", "--package", "gedeon-server", "--package", "agent", "--package", "gedeon-desktop"];
    let built = cargo::build(&[packages.as_slice(), &cargo::WINDOW_FEATURES].concat())?;
    Ok(Programs {
        server: cargo::named(&built, "gedeon-server")?,
        command_line: cargo::named(&built, "gedeon")?,
        desktop: cargo::named(&built, "gedeon-desktop")?,
    })
}

/// The demonstration firm, made at the first start and found again at the next ones.
fn demonstration_firm(server: &Path, data: &Data) -> Result<DemonstrationFirm> {
    output::step("demonstration firm");
    let mut create = process::program(server);
    create.arg("create-demo").arg("--data").arg(data.server()).env("RUST_LOG", "warn");
    let made = process::capture(&mut create)?;
    if !made.is_success() {
        bail!("the demonstration firm could not be made");
    }
    serde_json::from_str(&made.output).context("the server says something else than the firm's people")
}

fn start_server(program: &Path, data: &Data, port: u16) -> Result<Background> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    if TcpStream::connect_timeout(&address, Duration::from_millis(250)).is_ok() {
        bail!("port {port} is taken: is Gédéon already running on {}?", data.folder().display());
    }
    let mut command = process::program(program);
    command.arg("--data").arg(data.server()).args(["--listen", &address.to_string()]);
    let mut server = Background::start("the server", &mut command, &data.log("server"))?;
    server.wait_for(SERVER_READY, |line| line.starts_with("listening on ").then_some(()))?;
    Ok(server)
}

/// Signs the workstation in and mirrors the firm's documents, where an earlier start did not.
fn prepare_workstation(command_line: &Path, data: &Data, url: &str, person: &Person) -> Result<()> {
    if data.is_prepared() {
        return Ok(());
    }
    output::step("workstation");
    let gedeon = || {
        let mut command = process::program(command_line);
        command.arg("--profile").arg(data.profile());
        command
    };
    let mut sign_in = gedeon();
    sign_in.args(["sign-in", "--server", url, "--email", &person.email, "--password-stdin"]);
    process::run_with_input(&mut sign_in, &person.password).context("the workstation could not be signed in")?;
    let mut mirror = gedeon();
    mirror.args(["mirror", "--all", "--once", "--root"]).arg(data.mirror());
    let mirrored = process::capture(&mut mirror)?;
    // A file that waits for somebody is theirs to see in the window.
    if !mirrored.is_success() && mirrored.code() != Some(SOMETHING_WAITS) {
        bail!("the firm's documents could not be mirrored");
    }
    data.remember_preparation()
}

/// A display of its own where there is none, and for a picture, which must not show what else is open.
fn private_display(arguments: &Arguments, data: &Data) -> Result<Option<Display>> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let needs_one = cfg!(target_os = "linux") && (!has_display || arguments.screenshot.is_some());
    needs_one.then(|| Display::open(&data.logs(), Layout::WholeScreen)).transpose()
}

fn open_window(desktop: &Path, data: &Data, display: Option<&Display>) -> Result<Background> {
    let mut command: Command = process::program(desktop);
    command.env("GEDEON_PROFILE", data.profile());
    if let Some(display) = display {
        // Without a tray to come back from, closing must quit.
        display.show(&mut command).env("GEDEON_QUIT_ON_CLOSE", "1");
    }
    Background::start("the window", &mut command, &data.log("window"))
}

fn welcome(data: &Data, url: &str, people: &[Person], display: Option<&Display>) -> String {
    let mut lines = vec![
        String::new(),
        "Gédéon est ouvert sur un cabinet de démonstration.".to_owned(),
        String::new(),
        format!("  Documents  {}", data.mirror().display()),
        format!("  Serveur    {url}"),
        format!("  Données    {}", data.folder().display()),
    ];
    if let Some(display) = display {
        lines.push(format!(
            "  Écran      {} (aucun écran trouvé : la fenêtre est sur un écran virtuel)",
            display.number()
        ));
    }
    lines.extend([String::new(), "Pour se connecter depuis un autre poste :".to_owned()]);
    let rows: Vec<Vec<String>> =
        people.iter().map(|person| vec![person.name.clone(), person.email.clone(), person.password.clone()]).collect();
    lines.extend(output::table(&["Nom", "E-mail", "Mot de passe"], &rows).lines().map(|line| format!("  {line}")));
    lines.extend([String::new(), "Ctrl-C arrête tout ; les données restent pour la prochaine fois.".to_owned()]);
    lines.join("\n")
}
