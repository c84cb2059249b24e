//! The window's program under WebDriver, on a profile of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::firm::Firm;
use super::hand::Place;

/// How long the window may take to show something. Machines that run these tests do other things too.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often something that is waited for is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// A workstation with its window open. Dropping it closes the window and the driver.
pub(super) struct Workstation {
    client: Client,
    // Dropped in this order: the folder after the programs that write in it.
    _driver: Driver,
    folder: TempDir,
}

/// WebKit's driver, which starts the window's program and ends it.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // Fails only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Workstation {
    /// Opens the window on a new profile.
    pub(super) async fn open() -> Self {
        Self::open_on(tempfile::tempdir().unwrap()).await
    }

    /// Closes the window and opens it again, as after a restart of the computer.
    pub(super) async fn restart(self) -> Self {
        self.client.clone().close().await.unwrap();
        let Self { folder, .. } = self;
        Self::open_on(folder).await
    }

    async fn open_on(folder: TempDir) -> Self {
        assert!(std::env::var_os("DISPLAY").is_some(), "no display: run `cargo xtask test --only window`");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("driver.log")).unwrap();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("GEDEON_PROFILE", folder.path().join("profile"))
            .env("GEDEON_QUIT_ON_CLOSE", "1")
            // Remembered sizes and caches of one test are not another's.
            .env("XDG_DATA_HOME", folder.path().join("data"))
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("WebKitWebDriver starts: `cargo xtask setup --for test` installs it");
        let driver = Driver(driver);
        let client = connect(port, folder.path()).await;
        Self { client, _driver: driver, folder }
    }

    /// A path beside its profile.
    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Signs in on the sign-in screen as the firm's administrator.
    pub(super) async fn sign_in(&self, firm: &Firm) {
        let (email, password) = firm.administrator();
        self.find("input[type=url]").await.send_keys(&firm.url()).await.unwrap();
        self.find("input[type=email]").await.send_keys(email).await.unwrap();
        self.find("input[type=password]").await.send_keys(password).await.unwrap();
        self.find("button[type=submit]").await.click().await.unwrap();
    }

    /// Waits for a row of a list that shows this text.
    pub(super) async fn row(&self, text: &str) -> Element {
        self.find_by_path(&format!("//*[@role='row'][contains(normalize-space(.), {})]", quoted(text))).await
    }

    /// Opens what a row shows, with the keyboard.
    pub(super) async fn open_row(&self, text: &str) {
        let row = self.row(text).await;
        row.click().await.unwrap();
        row.send_keys("\u{E007}").await.unwrap();
    }

    /// Runs a script until it answers true; false where it never does.
    pub(super) async fn run_until_true(&self, script: &str) -> bool {
        let started = Instant::now();
        let mut look = tokio::time::interval(LOOK);
        while started.elapsed() < PATIENCE {
            look.tick().await;
            if self.run(script, vec![]).await == json!(true) {
                return true;
            }
        }
        false
    }

    /// Waits for a folder of the tree that shows this text.
    pub(super) async fn folder(&self, text: &str) -> Element {
        self.find_by_path(&format!("//*[@role='treeitem'][contains(normalize-space(.), {})]", quoted(text))).await
    }

    /// Waits for this text anywhere.
    pub(super) async fn text(&self, text: &str) -> Element {
        self.find_by_path(&format!("//body//*[not(*)][contains(normalize-space(.), {})]", quoted(text))).await
    }

    /// Asks the engine until the answer is as wanted.
    pub(super) async fn until(&self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        let mut look = tokio::time::interval(LOOK);
        loop {
            look.tick().await;
            let answer = self.rpc(name, json!({})).await.unwrap();
            if wanted(&answer) {
                return answer;
            }
            assert!(started.elapsed() < PATIENCE, "{name} stays {answer}");
        }
    }

    /// The middle of an element, from the corner of the page.
    pub(super) async fn middle(&self, element: &Element) -> Place {
        let (x, y, width, height) = element.rectangle().await.unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
        let pixel = |value: f64| value.round() as i64;
        Place { x: pixel(x + width / 2.0), y: pixel(y + height / 2.0) }
    }

    /// Waits for an element.
    pub(super) async fn find(&self, css: &str) -> Element {
        self.wait_for(Locator::Css(css)).await
    }

    async fn find_by_path(&self, path: &str) -> Element {
        self.wait_for(Locator::XPath(path)).await
    }

    async fn wait_for(&self, locator: Locator<'_>) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(locator).await {
            Ok(element) => element,
            Err(error) => panic!("nothing matches {locator:?}: {error}\n{}", self.evidence().await),
        }
    }

    /// Runs a script in the page, its arguments in `arguments`; a promise is waited for.
    pub(super) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let body = format!(
            "const done = arguments[arguments.length - 1]; const given = arguments; \
             (async () => {{ {script} }})().then(value => done({{ value }}), error => done({{ error }}));"
        );
        let outcome = self.client.execute_async(&body, arguments).await.unwrap();
        assert!(outcome.get("error").is_none(), "the script failed: {outcome}");
        outcome.get("value").cloned().unwrap_or(Value::Null)
    }

    /// Calls the program as the page does: `Ok` with its answer, `Err` with its failure.
    pub(super) async fn rpc(&self, name: &str, payload: Value) -> Result<Value, Value> {
        let script = "return window.__TAURI_INTERNALS__.invoke('rpc', { name: given[0], payload: given[1] })\
             .then(answer => ({ answer }), failure => ({ failure }));";
        let mut outcome = self.run(script, vec![json!(name), payload]).await;
        match outcome.get_mut("failure") {
            Some(failure) => Err(failure.take()),
            None => Ok(outcome["answer"].take()),
        }
    }

    /// WebDriver's own client, for what has no word here.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the window.
    pub(super) async fn close(self) {
        self.client.close().await.unwrap();
    }

    /// What helps to understand a failure: the page, and what the program wrote.
    async fn evidence(&self) -> String {
        let page = self.client.source().await.unwrap_or_default();
        let log = fs::read_to_string(self.folder.path().join("driver.log")).unwrap_or_default();
        format!("page: {page}\nlog: {log}")
    }
}

/// A text as a path takes it: one with an apostrophe between double quotes.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

async fn connect(port: u16, folder: &Path) -> Client {
    let program: PathBuf = env!("CARGO_BIN_EXE_gedeon-desktop").into();
    let options = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
    let Value::Object(capabilities) = options else { unreachable!("it is an object") };
    let address = format!("http://127.0.0.1:{port}");
    let started = Instant::now();
    let mut look = tokio::time::interval(LOOK);
    loop {
        look.tick().await;
        match ClientBuilder::rustls().unwrap().capabilities(capabilities.clone()).connect(&address).await {
            Ok(client) => return client,
            // The driver listens a moment after it was started.
            Err(_) if started.elapsed() < PATIENCE => {}
            Err(error) => {
                let log = fs::read_to_string(folder.join("driver.log")).unwrap_or_default();
                panic!("the window does not open: {error}\n{log}");
            }
        }
    }
}
