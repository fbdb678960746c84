//! A headless Chromium, spoken to over the pipe of its DevTools protocol.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a page may take to become what is waited for, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, where there is one.
fn program() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

/// A page in a browser of its own.
pub struct Page {
    browser: Child,
    commands: File,
    answers: BufReader<File>,
    session: Value,
    last: u64,
    /// What the page has asked to load, and what went wrong in it.
    pub requests: Vec<String>,
    pub errors: Vec<String>,
    _folder: TempDir,
}

impl Page {
    /// Opens a file in a window of this size; none where there is no browser, which is told, and on CI is a failure.
    pub fn open(file: &Path, width: u32, height: u32) -> io::Result<Option<Self>> {
        let Some(program) = program() else {
            assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "Chromium is missing: .ci/run installs it");
            // Past the test's own output, which is shown only where it fails.
            writeln!(io::stderr(), "skipped: no Chromium on this machine, so the page was not tried in a browser")?;
            return Ok(None);
        };
        let folder = tempfile::tempdir()?;
        let pipe = |name: &str| -> io::Result<PathBuf> {
            let path = folder.path().join(name);
            if Command::new("mkfifo").arg(&path).status()?.success() { Ok(path) } else { Err(io::Error::other("no pipe")) }
        };
        let (commands, answers) = (pipe("commands")?, pipe("answers")?);
        // Chromium listens on file descriptor 3 and answers on 4.
        let browser = Command::new("sh")
            .arg("-c")
            .arg("exec \"$0\" \"$@\" 3<\"$COMMANDS\" 4>\"$ANSWERS\"")
            .arg(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .env("COMMANDS", &commands)
            .env("ANSWERS", &answers)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let commands = OpenOptions::new().write(true).open(commands)?;
        let answers = BufReader::new(File::open(answers)?);
        let mut page =
            Self { browser, commands, answers, session: Value::Null, last: 0, requests: Vec::new(), errors: Vec::new(), _folder: folder };
        let target = page.send("Target.createTarget", json!({ "url": "about:blank" }));
        let session = page.send("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        page.session = session["sessionId"].clone();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.send(&format!("{domain}.enable"), json!({}));
        }
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        page.send("Emulation.setDeviceMetricsOverride", size);
        page.send("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        page.wait("/\\d/.test(document.getElementById('status')?.textContent)");
        Ok(Some(page))
    }

    /// Sends a command and takes its result.
    pub fn send(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": parameters });
        if !self.session.is_null() {
            command["sessionId"] = self.session.clone();
        }
        write!(self.commands, "{command}\0").expect("the browser listens");
        loop {
            let mut answer = Vec::new();
            self.answers.read_until(0, &mut answer).expect("the browser answers");
            answer.pop();
            let answer: Value = serde_json::from_slice(&answer).expect("the browser answers in JSON");
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            match answer["method"].as_str() {
                Some("Network.requestWillBeSent") => self.requests.push(answer["params"]["request"]["url"].to_string()),
                Some("Runtime.exceptionThrown" | "Log.entryAdded") => self.errors.push(answer["params"].to_string()),
                _ => {}
            }
        }
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn value(&mut self, expression: &str) -> Value {
        let result = self.send(
            "Runtime.evaluate",
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true }),
        );
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// The text of the first node that a selector finds.
    #[track_caller]
    pub fn text(&mut self, selector: &str) -> String {
        self.value(&format!("document.querySelector({})?.textContent", json!(selector))).as_str().unwrap_or("nothing is there").to_owned()
    }

    /// Waits until an expression holds.
    #[track_caller]
    pub fn wait(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.value(&format!("Boolean({expression})")) != true {
            assert!(begun.elapsed() < PATIENCE, "never: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks on a node.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        self.value(&format!("document.querySelector({}).click()", json!(selector)));
    }

    /// Chooses in a list of choices by what the choice shows.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, shown: &str) {
        let script = format!(
            "{{ const list = document.querySelector({}); list.value = [...list.options].find((one) => one.text.startsWith({})).value; list.dispatchEvent(new Event('change', {{ bubbles: true }})); }}",
            json!(selector),
            json!(shown)
        );
        self.value(&script);
    }

    /// Presses a key where the focus is.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "End" => 35,
            "ArrowDown" => 40,
            _ => 0,
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let parameters = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": if kind == "keyDown" { text } else { "" } });
            self.send("Input.dispatchKeyEvent", parameters);
        }
    }

    /// Types into the node that a selector finds.
    pub fn write(&mut self, selector: &str, text: &str) {
        self.value(&format!("document.querySelector({}).focus()", json!(selector)));
        self.send("Input.insertText", json!({ "text": text }));
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // It may have gone already.
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
