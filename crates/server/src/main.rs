//! `gedeon-server`: serves firms from a folder, and makes them.
//!
//! A thin caller of the library: it reads arguments, starts the runtime, prints what was asked for, and turns errors
//! into a message and an exit code. What it prints on standard output is meant for programs and people; the log goes to
//! standard error.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use gedeon_server::administration::{self, NewFirm};
use gedeon_server::{Certificate, Host, Options, Server};
use tracing_subscriber::EnvFilter;

/// The server of Gédéon: serves accounting firms from a folder.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    place: Place,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8480", env = "GEDEON_LISTEN")]
    listen: SocketAddr,
    /// A proxy in front of the server encrypts: listening on other addresses than this machine's own is then allowed.
    #[arg(long)]
    behind_proxy: bool,
    /// Certificate chain in PEM, to encrypt without a proxy.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM.
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// The address people use, for the links that are sent to them.
    #[arg(long, env = "GEDEON_URL")]
    url: Option<String>,
}

#[derive(Args)]
struct Place {
    /// Folder of the firms. Without it: `gedeon-data` here if it exists, else the user's own data folder.
    #[arg(long, global = true, env = "GEDEON_DATA")]
    data: Option<PathBuf>,
    /// PostgreSQL URL; the databases are then there and the folder holds the contents only.
    #[arg(long, global = true, env = "GEDEON_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a firm, and prints the one-use link with which its administrator chooses a password.
    CreateFirm {
        /// Name of the firm.
        #[arg(long)]
        name: String,
        /// E-mail of the administrator.
        #[arg(long)]
        email: String,
        /// First name of the administrator.
        #[arg(long)]
        first_name: String,
        /// Last name of the administrator.
        #[arg(long)]
        last_name: String,
        /// The address people use.
        #[arg(long, default_value = "http://127.0.0.1:8480", env = "GEDEON_URL")]
        url: String,
    },
    /// Says that the folder was restored from a backup, before the server serves it again: workstations then bring what it
    /// lost and they have.
    Restored,
    /// Makes the demonstration firm, and prints its people with passwords made for it, as JSON.
    CreateDemo,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes = std::iter::successors(Some(&*error as &dyn std::error::Error), |error| error.source());
            let text: Vec<String> = causes.map(ToString::to_string).collect();
            tracing::error!("{}", text.join(": "));
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn run(arguments: Arguments) -> Outcome {
    let data = match &arguments.place.data {
        Some(folder) => folder.clone(),
        None => default_folder().ok_or("no folder for the data: give one with --data")?,
    };
    let postgres = arguments.place.postgres.as_deref();
    let host = Host::system();
    match &arguments.command {
        Some(Command::CreateFirm { name, email, first_name, last_name, url }) => {
            let new = NewFirm {
                name: name.clone(),
                email: email.clone(),
                first_name: first_name.clone(),
                last_name: last_name.clone(),
            };
            print(&administration::create_firm(&data, postgres, &new, url, &host)?)
        }
        Some(Command::Restored) => {
            let firms = administration::restored(&data, postgres, &host)?;
            print(&format!("restored: {}", firms.join(", ")))
        }
        Some(Command::CreateDemo) => {
            let firm = administration::create_demonstration(&data, postgres, &host)?;
            print(&serde_json::to_string_pretty(&firm)?)
        }
        None => serve(&arguments, data, host),
    }
}

fn serve(arguments: &Arguments, data: PathBuf, host: Host) -> Outcome {
    let certificate =
        arguments.tls_cert.clone().zip(arguments.tls_key.clone()).map(|(chain, key)| Certificate { chain, key });
    let options = Options {
        data,
        listen: arguments.listen,
        behind_proxy: arguments.behind_proxy,
        certificate,
        postgres: arguments.place.postgres.clone(),
        public_url: arguments.url.clone(),
        host,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        // Who reads that it listens may ask it to stop at once.
        let asked_to_stop = asked_to_stop()?;
        let mut running = Server::start(options).await?;
        print(&format!("listening on {}", running.address()))?;
        tokio::select! {
            ended = running.ended() => ended?,
            () = asked_to_stop => {
                tracing::info!("stopping");
                running.stop().await?;
            }
        }
        Ok(())
    })
}

/// Listens, from this call on, to the system and to the keyboard; what it returns ends when one asks the process to end.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let (mut keyboard, mut system) = {
        use tokio::signal::unix::{SignalKind, signal};
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    #[cfg(windows)]
    let (mut keyboard, mut system) = (tokio::signal::windows::ctrl_c()?, tokio::signal::windows::ctrl_shutdown()?);
    Ok(async move {
        tokio::select! {
            _ = keyboard.recv() => (),
            _ = system.recv() => (),
        }
    })
}

/// The folder used when none is given.
fn default_folder() -> Option<PathBuf> {
    let here = Path::new("gedeon-data");
    if here.is_dir() {
        return Some(here.to_path_buf());
    }
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = if cfg!(windows) {
        variable("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        variable("HOME")?.join("Library/Application Support")
    } else {
        variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")))?
    };
    Some(folder.join("gedeon-server"))
}

fn print(text: &str) -> Outcome {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()?;
    Ok(())
}
