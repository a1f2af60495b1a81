//! The page in a real browser: Chromium without a window, driven over WebDriver by chromedriver.
//!
//! `.ci/run` installs both where they are missing. With `INSPECTOR_PICTURES`, a folder, the page's pictures are taken there.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::inspect::Inspector;
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::enumerations::RecommendedCurve;
use kmip_sdk::types::object::SecretData;
use kmip_sdk::{Client, ProtocolVersion};
use serde_json::{Value, json};

use crate::support::embedded;

/// How long something may take in the browser.
const PATIENCE: Duration = Duration::from_secs(120);

/// Keys that are no characters, as WebDriver has them.
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// A browser that is driven.
struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _folder: tempfile::TempDir,
}

impl Browser {
    fn open(url: &str, is_dark: bool) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, of the package chromium-driver, is to be installed");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            line.strip_suffix('.')?.rsplit_once("started successfully on port ")?.1.parse().ok()
        });
        // What it says besides is of no use, but it must not wait for who reads it.
        thread::spawn(move || lines.for_each(drop));
        let folder = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1180,720",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--user-data-dir={}", folder.path().display()));
        if is_dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut browser = Self { driver, port: port.unwrap(), session: String::new(), _folder: folder };
        let options = json!({ "args": arguments });
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let made = browser.command("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        browser.session = format!("/session/{}", made["sessionId"].as_str().unwrap());
        browser.told("POST", "/url", &json!({ "url": url }));
        browser
    }

    /// The value that a command gives.
    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(2 * PATIENCE)).unwrap();
        let (port, body) = (self.port, body.to_string());
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }

    /// As [`command`](Self::command), in the session.
    fn told(&self, method: &str, path: &str, body: &Value) -> Value {
        self.command(method, &format!("{}{path}", self.session), body)
    }

    /// What a script gives.
    fn run(&self, script: &str) -> Value {
        self.told("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a script gives once it gives this.
    fn wait_for(&self, script: &str, wanted: impl Into<Value>) {
        let (wanted, began) = (wanted.into(), Instant::now());
        loop {
            let found = self.run(script);
            if found == wanted {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{script}: {found}, not {wanted}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses keys one after another.
    fn press(&self, keys: &str) {
        let keys = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        });
        let actions: Vec<Value> = keys.collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.told("POST", "/actions", &json!({ "actions": [keyboard] }));
    }

    fn click(&self, selector: &str) {
        let found = json!({ "using": "css selector", "value": selector });
        let element = self.told("POST", "/element", &found);
        let (_, id) = element.as_object().unwrap().iter().next().unwrap();
        self.told("POST", &format!("/element/{}/click", id.as_str().unwrap()), &json!({}));
    }

    /// Takes a picture, if that is asked for.
    fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("INSPECTOR_PICTURES") else { return };
        let taken = self.told("GET", "/screenshot", &json!({}));
        let path = std::path::Path::new(&folder).join(name);
        std::fs::write(path.with_extension("png.base64"), taken.as_str().unwrap()).unwrap();
    }

    /// What the browser complains of, such as what the policy of the page forbids.
    fn complaints(&self) -> Vec<Value> {
        self.told("POST", "/se/log", &json!({ "type": "browser" })).as_array().unwrap().clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !thread::panicking() {
            self.told("DELETE", "", &json!({}));
        }
        // It may have ended.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A server with a few objects, and the client that made them.
fn busy() -> (Inspector, EmbeddedServer, Client) {
    let (inspector, server) = embedded();
    let client = Client::builder().embedded(&server).version(ProtocolVersion::V2_1).connect().unwrap();
    client.register(SecretData::password("attack at dawn")).name("database").send().unwrap();
    let key = client.create_aes(256).name("app").activated().send().unwrap();
    client.create_ec(RecommendedCurve::P256).signing().send().unwrap();
    client.encrypt(&key, "meet me at noon").aes_gcm().send().unwrap();
    assert!(client.get_attributes("nobody").send().is_err());
    (inspector, server, client)
}

const ROWS: &str = "return document.querySelectorAll('#exchange-list li').length";
const SHOWN: &str = "return document.querySelector('#exchange h2')?.textContent ?? ''";
const TEXT: &str = "return document.body.innerText.includes('61747461636b206174206461776e')";

#[test]
#[ignore = "drives a browser, which .ci/run has"]
fn watches_reads_and_reveals_by_the_keyboard() {
    let (inspector, server, client) = busy();
    let browser = Browser::open(inspector.url(), false);
    browser.wait_for(ROWS, 5);
    browser.wait_for("return document.getElementById('live').textContent", "live");
    // Live.
    client.create_aes(128).send().unwrap();
    browser.wait_for(ROWS, 6);
    // Up, down, open.
    browser.press("jjk");
    browser.press(ENTER);
    browser.wait_for(SHOWN, "1: Register");
    browser.press("jj");
    browser.press(ENTER);
    browser.wait_for(SHOWN, "3: CreateKeyPair");
    // Filters.
    browser.press("/");
    browser.wait_for("return document.activeElement.id", "operation");
    browser.press("create");
    browser.wait_for(ROWS, 3);
    browser.press(ESCAPE);
    browser.wait_for("return document.activeElement.id", "");
    browser.run("document.getElementById('operation').value = ''");
    browser.click("#failures");
    browser.wait_for(ROWS, 1);
    browser.click("#failures");
    browser.wait_for(ROWS, 6);
    // One secret at a time. What is open is chosen still.
    browser.press("kk");
    browser.press(ENTER);
    browser.wait_for(SHOWN, "1: Register");
    browser.wait_for("return document.querySelectorAll('#exchange td button').length", 1);
    assert_eq!(browser.run(TEXT), false);
    browser.click("#exchange td button");
    browser.wait_for(TEXT, true);
    browser.click("#exchange td button");
    browser.wait_for(TEXT, false);
    // Objects.
    browser.click("#tab-objects");
    browser.wait_for("return document.querySelectorAll('#object-list li').length", 5);
    browser.press("jj");
    browser.press(ENTER);
    browser.wait_for(
        "return document.querySelector('#object ul li')?.textContent.split(':')[0] ?? ''",
        "PrivateKeyLink",
    );
    // A link leads to what it names.
    let linked = browser.run("return document.querySelector('#object ul a').textContent");
    browser.click("#object ul a");
    browser.wait_for(
        "return document.querySelector('#object p')?.textContent.split(' · ').at(-1) ?? ''",
        linked,
    );
    // A dump.
    browser.click("#tab-pasted");
    browser.run("document.getElementById('dump').value = '42006901000000 2042006a02000000040000000200000000 42006b02000000040000000100000000'");
    browser.click("#read");
    browser.wait_for("return document.querySelectorAll('#read-parts table').length", 1);
    // All has a name.
    let unnamed =
        "return [...document.querySelectorAll('button, input, textarea, a, [role=listbox], [role=tabpanel]')]
        .filter(element => !(element.textContent.trim() || element.labels?.length || element.ariaLabel
            || element.getAttribute('aria-labelledby'))).map(element => element.outerHTML)";
    assert_eq!(browser.run(unnamed), json!([]));
    assert_eq!(browser.complaints(), [Value::Null; 0]);
    drop(server);
}

#[test]
#[ignore = "drives a browser, which .ci/run has"]
fn is_dark_where_that_is_preferred() {
    let (inspector, _server, _client) = busy();
    let back = "return getComputedStyle(document.body).backgroundColor";
    for (is_dark, color, name) in
        [(false, "rgb(255, 255, 255)", "inspector-light"), (true, "rgb(18, 23, 29)", "inspector-dark")]
    {
        let browser = Browser::open(&format!("{}#exchange=1", inspector.url()), is_dark);
        browser.wait_for(SHOWN, "1: Register");
        browser.wait_for(ROWS, 5);
        browser.wait_for(back, color);
        browser.picture(name);
    }
}

#[test]
#[ignore = "drives a browser, which .ci/run has"]
fn does_not_run_what_it_shows() {
    let (inspector, server) = embedded();
    let client = Client::builder().embedded(&server).version(ProtocolVersion::V2_1).connect().unwrap();
    let name = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";
    client.create_aes(256).name(name).send().unwrap();
    let browser = Browser::open(&format!("{}#objects", inspector.url()), false);
    browser.wait_for("return document.querySelector('#object-list strong')?.textContent ?? ''", name);
    browser.press("j");
    browser.press(ENTER);
    browser.wait_for("return document.querySelector('#object h2')?.textContent ?? ''", name);
    assert_eq!(browser.run("return document.title"), "KMIP inspector");
    assert_eq!(browser.run("return document.querySelectorAll('img').length"), 0);
}
