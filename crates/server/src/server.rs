//! Starting and stopping the server.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use disk::{Filesystem as _, RealDisk};
use hyper_util::rt::TokioTimer;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use store::control::Control;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::data::{DataFolder, StartError};
use crate::firms::Firms;
use crate::host::Host;
use crate::http::{App, router};
use crate::password::Passwords;
use crate::pool::{ClosedAside, Pool};

/// Units of work on the databases at the same time.
const DATABASE_WORK: u32 = 16;
/// Work on contents at the same time; each may hold a pack or a part in memory.
const CONTENT_WORK: u32 = 16;
/// A client that takes longer to send the head of a request is cut off.
const HEAD: Duration = Duration::from_secs(15);
/// What is under way when the server stops has this long to end.
const GRACE: Duration = Duration::from_secs(10);
/// No certificate or key is larger, in bytes.
const MAX_PEM: u64 = 1024 * 1024;

/// How the server is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder.
    pub data: PathBuf,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether a proxy in front of it encrypts.
    pub behind_proxy: bool,
    /// What it encrypts with itself.
    pub certificate: Option<Certificate>,
    /// The databases' URL, where they are not files of the folder.
    pub postgres: Option<String>,
    /// The address people use, where it is not the one they connect to.
    pub public_url: Option<String>,
    /// Its clock.
    pub host: Host,
}

/// A certificate chain and its key, in PEM files.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The chain, the server's own first.
    pub chain: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl Options {
    /// A server for this machine alone, on a free port.
    pub fn on_this_machine(data: PathBuf) -> Self {
        Self {
            data,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            behind_proxy: false,
            certificate: None,
            postgres: None,
            public_url: None,
            host: Host::system(),
        }
    }
}

/// The server.
#[derive(Debug)]
pub struct Server;

/// A server that runs until it is [stopped](Running::stop).
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    closing: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
    data: Arc<DataFolder>,
    pools: [Pool; 2],
    firms: std::sync::Weak<Firms>,
}

impl Server {
    /// Starts serving a folder on the current Tokio runtime.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let is_local = options.listen.ip().is_loopback();
        if !is_local && !options.behind_proxy && options.certificate.is_none() {
            return Err(StartError::Exposed { address: options.listen });
        }
        let tls = options.certificate.as_ref().map(tls).transpose()?;
        let listener = listen(options.listen)?;
        let closing = CancellationToken::new();
        let pools = [Pool::new(DATABASE_WORK), Pool::new(CONTENT_WORK)];
        let opened = pools[0].run({
            let (path, postgres) = (options.data.clone(), options.postgres.clone());
            move || -> Result<_, StartError> {
                let data = Arc::new(DataFolder::open(&path, postgres.as_deref())?);
                let control = Arc::new(ClosedAside::new(Control::open(data.control()?)));
                Ok((data, control, Passwords::new()))
            }
        });
        let (data, control, passwords) = opened.await?;
        let firms = Arc::new(Firms::new(Arc::clone(&data)));
        let app = Arc::new(App {
            host: options.host,
            control,
            firms: Arc::clone(&firms),
            passwords,
            pool: pools[0].clone(),
            disk: pools[1].clone(),
            public_url: options.public_url,
            behind_proxy: options.behind_proxy,
            is_encrypted: options.behind_proxy || tls.is_some(),
            closing: closing.clone(),
            endings: watch::Sender::new(0),
        });
        let handle = Handle::new();
        let address = listener.local_addr().map_err(|source| StartError::Listen { address: options.listen, source })?;
        let serving = tokio::spawn(serve(listener, handle.clone(), tls, app));
        tracing::info!(%address, folder = %data.path().display(), "serving");
        Ok(Running { address, handle, closing, serving, data, pools, firms: Arc::downgrade(&firms) })
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops: what is under way ends, then the folder is let go. Whether the server had failed before.
    pub async fn stop(self) -> std::io::Result<()> {
        self.closing.cancel();
        self.handle.graceful_shutdown(Some(GRACE));
        let ended = self.serving.await;
        for pool in &self.pools {
            pool.idle().await;
        }
        // Databases and contents are closed where blocking is allowed.
        let firms = self.firms.upgrade();
        self.pools[0].run(move || firms.map(|firms| firms.close())).await;
        self.data.release();
        match ended {
            Ok(result) => result,
            Err(error) => Err(std::io::Error::other(error)),
        }
    }

    /// Waits until the server ends by itself, which it only does when it fails.
    pub async fn ended(&mut self) -> std::io::Result<()> {
        match (&mut self.serving).await {
            Ok(result) => result,
            Err(error) => Err(std::io::Error::other(error)),
        }
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let listen = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen().map_err(|source| StartError::Listen { address, source })
}

async fn serve(
    listener: TcpListener,
    handle: Handle<SocketAddr>,
    tls: Option<RustlsConfig>,
    app: Arc<App>,
) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?.handle(handle);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    server.http_builder().http2().timer(TokioTimer::new());
    match tls {
        Some(tls) => {
            let acceptor = RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor::new());
            server.acceptor(acceptor).serve(service).await
        }
        None => server.acceptor(NoDelayAcceptor::new()).serve(service).await,
    }
}

fn tls(certificate: &Certificate) -> Result<RustlsConfig, StartError> {
    let unusable = |error: &dyn std::fmt::Display| StartError::Certificate { reason: error.to_string() };
    let chain = RealDisk.read(&certificate.chain, MAX_PEM)?;
    let chain =
        CertificateDer::pem_slice_iter(&chain).collect::<Result<Vec<_>, _>>().map_err(|error| unusable(&error))?;
    let key = RealDisk.read(&certificate.key, MAX_PEM)?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| unusable(&error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| unusable(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
