//! The program itself: what it prints, how it stops, and what a kill leaves.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command as Program, Output, Stdio};

use domain::content::ContentHash;
use gedeon_server::administration::DemonstrationFirm;
use protocol::session::{AcceptInvitationRequest, SignInReply};
use protocol::transfer::PART_BYTES;
use reqwest::Method;
use serde_json::json;

use crate::support::{Caller, PASSWORD, Somebody, content_of, noise, sign_in_request};

fn program() -> Program {
    let mut program = Program::new(env!("CARGO_BIN_EXE_gedeon-server"));
    program
        .env_remove("GEDEON_DATA")
        .env_remove("GEDEON_POSTGRES")
        .env_remove("GEDEON_LISTEN")
        .env_remove("GEDEON_URL");
    program
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program().arg("--data").arg(folder).args(arguments).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text").trim().to_owned()
}

/// The program, serving; killed when dropped.
struct Serving {
    child: Child,
    base: String,
}

impl Serving {
    fn start(folder: &Path) -> Self {
        let mut child = program()
            .arg("--data")
            .arg(folder)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Self { child, base: format!("http://{address}") }
    }

    fn visitor(&self) -> Caller {
        Caller { http: reqwest::Client::new(), base: self.base.clone(), token: None }
    }

    fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails where it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const FIRM: [&str; 9] = [
    "create-firm",
    "--name",
    "Cabinet Leroy",
    "--email",
    "anne@leroy.fr",
    "--first-name",
    "Anne",
    "--last-name",
    "Leroy",
];

async fn administrator(serving: &Serving, link: &str) -> Somebody {
    let visitor = serving.visitor();
    let token = link.rsplit('/').next().expect("a token").to_owned();
    let accept = AcceptInvitationRequest { token, password: PASSWORD.to_owned() };
    visitor.post("/api/invitations/accept", &accept).await.done().await;
    let request = sign_in_request("anne@leroy.fr", PASSWORD, "bureau");
    let session: SignInReply = visitor.post("/api/sign-in", &request).await.json().await;
    Somebody { caller: Caller { token: Some(session.token.clone()), ..visitor }, person: session.person, session }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_killed_in_the_middle_of_an_upload_and_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = said(&run(folder.path(), &FIRM));
    let serving = Serving::start(folder.path());
    let anne = administrator(&serving, &link).await;
    let client = anne.open_client_file("Alter Ce").await;
    let small = anne.add_document(client, "avant.pdf", b"avant la panne").await;
    let part = usize::try_from(PART_BYTES).expect("it fits");
    let bytes = noise(1, 2 * part + 1_000);
    let hash = ContentHash::of(&bytes);
    let path = |number: usize| format!("/api/contents/{hash}/parts/{number}?size={}", bytes.len());
    anne.caller.send_bytes(Method::PUT, &path(0), bytes[..part].to_vec()).await.done().await;

    // The second part is half sent when the server dies.
    let mut half = TcpStream::connect(serving.base.trim_start_matches("http://")).expect("it listens");
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {part}\r\n\r\n",
        path(1),
        anne.session.token
    );
    half.write_all(head.as_bytes()).and_then(|()| half.write_all(&bytes[part..part + part / 2])).expect("it is sent");
    anne.query("get_overview", json!({})).await;
    serving.kill();

    let serving = Serving::start(folder.path());
    let anne = Somebody { caller: Caller { base: serving.base.clone(), ..anne.caller.clone() }, ..anne };
    assert_eq!(anne.get_content(small.hash).await.bytes().await, b"avant la panne");
    let missing = anne.missing(&[content_of(&bytes)]).await.missing;
    assert_eq!(missing[0].parts, [0], "the whole part is kept, the half is not");
    for number in [1, 2] {
        let sent = bytes.chunks(part).nth(number).expect("a part").to_vec();
        anne.caller.send_bytes(Method::PUT, &path(number), sent).await.done().await;
    }
    let finish = format!("/api/contents/{hash}/finish?size={}", bytes.len());
    anne.caller.send(Method::POST, &finish).await.done().await;
    assert!(anne.get_content(hash).await.bytes().await == bytes, "the same bytes");
}

#[test]
fn a_folder_is_served_by_one_server_at_a_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let serving = Serving::start(folder.path());
    for arguments in [["--listen", "127.0.0.1:0"].as_slice(), &FIRM] {
        let second = run(folder.path(), arguments);
        assert_eq!(second.status.code(), Some(1));
        let error = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(error.contains("is open in another process"), "{error}");
    }
    drop(serving);
    said(&run(folder.path(), &FIRM));
}

#[cfg(unix)]
#[test]
fn the_server_stops_when_asked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut serving = Serving::start(folder.path());
    let id = rustix::process::Pid::from_child(&serving.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
    let status = serving.child.wait().expect("it ends");
    assert!(status.success(), "{status}");
}

#[test]
fn mistakes_are_explained() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exposed = run(folder.path(), &["--listen", "0.0.0.0:0"]);
    assert_eq!(exposed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&exposed.stderr).contains("--behind-proxy"));

    said(&run(folder.path(), &FIRM));
    let mut other = FIRM;
    other[2] = "Un autre cabinet";
    let refused = run(folder.path(), &other);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("already an account of «Cabinet Leroy»"));
    let mut no_email = FIRM;
    no_email[4] = "anne";
    let refused = run(folder.path(), &no_email);
    assert_eq!(refused.status.code(), Some(1));
    let again = said(&run(folder.path(), &FIRM));
    assert!(again.starts_with("http://127.0.0.1:8480/invitation/"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_firm_is_alive() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = said(&run(folder.path(), &["create-demo"]));
    assert_eq!(said(&run(folder.path(), &["create-demo"])), text, "a second run prints the same");
    let firm: DemonstrationFirm = serde_json::from_str(&text).expect("JSON");
    assert!(firm.people.len() >= 3, "{} people", firm.people.len());

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let kept = std::fs::metadata(folder.path().join("demonstration.json")).expect("the passwords are kept");
        assert_eq!(kept.permissions().mode() & 0o077, 0, "for the server's owner alone");
    }

    let serving = Serving::start(folder.path());
    let mut seen = Vec::new();
    for person in &firm.people {
        let request = sign_in_request(&person.email, &person.password, "bureau");
        let session: SignInReply = serving.visitor().post("/api/sign-in", &request).await.json().await;
        assert_eq!((session.firm_name.as_str(), session.role), (firm.firm.as_str(), person.role));
        let caller = Caller { token: Some(session.token.clone()), ..serving.visitor() };
        let somebody = Somebody { caller, person: session.person, session };
        let overview = somebody.query("get_overview", json!({})).await;
        let files = somebody.query("list_client_files", json!({ "limit": 100 })).await;
        let unread = overview["unread"].as_u64().expect("a count");
        assert!(unread > 0 && unread < 200, "recent documents wait, old ones do not: {overview}");
        assert!(files.to_string().contains("Alter Ce"), "{files}");
        seen.push(overview["client_files"].as_u64().expect("a count"));
    }
    assert_eq!(seen[0], 12, "the administrator sees all");
    assert!(seen[1..].iter().all(|count| *count < 12), "{seen:?}");
}
