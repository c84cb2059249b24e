//! Who may reach the server without encryption, and the server's own encryption.

use std::net::SocketAddr;

use gedeon_server::{Certificate, Options, Server, StartError};

use crate::support::{Caller, House};

#[tokio::test(flavor = "multi_thread")]
async fn passwords_do_not_travel_in_the_clear() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = Options::on_this_machine(folder.path().to_path_buf());
    options.listen = SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = Server::start(options.clone()).await.expect_err("it is reachable from elsewhere");
    assert!(matches!(refused, StartError::Exposed { .. }), "{refused}");
    options.behind_proxy = true;
    Server::start(options).await.expect("a proxy encrypts").stop().await.expect("it stops well");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_encrypts_with_its_certificate() {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
    let certificate = made.cert.pem();
    let house = House::open_with(|options| {
        let folder = options.data.parent().expect("a folder");
        let files = Certificate { chain: folder.join("chain.pem"), key: folder.join("key.pem") };
        std::fs::write(&files.chain, &certificate).expect("the folder is writable");
        std::fs::write(&files.key, made.signing_key.serialize_pem()).expect("the folder is writable");
        options.certificate = Some(files);
    })
    .await;
    let trusted = reqwest::Certificate::from_pem(certificate.as_bytes()).expect("a certificate");
    let http = reqwest::Client::builder().tls_certs_only([trusted]).build().expect("a client");
    let caller = Caller { http, base: house.base(), token: None };
    let health: serde_json::Value = caller.get("/api/health").await.json().await;
    assert_eq!(health["status"], "ok");
    let page = caller.get(&format!("/invitation/{}", House::token_of_link(&house.link))).await.0;
    assert_eq!(page.status(), 200);
    assert_eq!(page.version(), reqwest::Version::HTTP_2);
    assert!(
        reqwest::get(format!("{}/api/health", house.base())).await.is_err(),
        "an unknown certificate is not trusted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = Options::on_this_machine(folder.path().join("data"));
    let files = Certificate { chain: folder.path().join("chain.pem"), key: folder.path().join("key.pem") };
    options.certificate = Some(files.clone());
    assert!(matches!(Server::start(options.clone()).await, Err(StartError::Disk(_))), "no such file");
    std::fs::write(&files.chain, "not a certificate").expect("the folder is writable");
    std::fs::write(&files.key, "not a key").expect("the folder is writable");
    assert!(matches!(Server::start(options).await, Err(StartError::Certificate { .. })));
}
