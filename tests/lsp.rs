//! The language server as an editor knows it: messages over pipes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use lsp_server::{Message, Notification, Request, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor with a server.
struct Editor {
    child: Child,
    server: Option<ChildStdin>,
    heard: Receiver<Message>,
    asked: i32,
    capabilities: Value,
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
    command.stderr(Stdio::null());
    command
}

impl Editor {
    /// Starts a server that was not spoken to.
    fn silent(folder: &Path) -> Self {
        let mut child = program().arg("lsp").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (told, heard) = channel();
        thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut output) {
                let _ = told.send(message);
            }
        });
        Self { server: child.stdin.take(), child, heard, asked: 0, capabilities: Value::Null }
    }

    fn with(folder: &Path, capabilities: Value) -> Self {
        let mut editor = Self::silent(folder);
        let folders = json!([{ "uri": uri(folder), "name": "shop" }]);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders });
        editor.capabilities = editor.ask("initialize", params)["capabilities"].clone();
        editor.tell("initialized", json!({}));
        editor
    }

    fn new(folder: &Path) -> Self {
        Self::with(folder, json!({}))
    }

    fn send(&mut self, message: impl Into<Message>) {
        message.into().write(self.server.as_mut().unwrap()).unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    /// What the server says next.
    fn hear(&self) -> Message {
        self.heard.recv_timeout(PATIENCE).expect("the server says nothing")
    }

    /// The next notification of this kind.
    fn hear_of(&self, method: &str) -> Value {
        loop {
            if let Message::Notification(notification) = self.hear()
                && notification.method == method
            {
                return notification.params;
            }
        }
    }

    fn answer(&mut self, method: &str, params: Value) -> Response {
        self.asked += 1;
        let id = self.asked;
        self.send(Request::new(id.into(), method.to_owned(), params));
        loop {
            if let Message::Response(response) = self.hear()
                && response.id == id.into()
            {
                return response;
            }
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.answer(method, params).response_result.unwrap()
    }

    /// Opens a document; the result is what is wrong with it.
    fn open_as(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        self.tell("textDocument/didOpen", json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }));
        self.diagnostics(uri)
    }

    fn open(&mut self, path: &Path) -> Vec<Value> {
        let text = fs::read_to_string(path).unwrap();
        self.open_as(&uri(path), "plaintext", &text)
    }

    /// The diagnostics that are told of a document next.
    fn diagnostics(&self, uri: &str) -> Vec<Value> {
        loop {
            let told = self.hear_of("textDocument/publishDiagnostics");
            if told["uri"] == uri {
                return told["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    fn change(&mut self, uri: &str, changes: Value) -> Vec<Value> {
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": changes }));
        self.diagnostics(uri)
    }

    fn actions(&mut self, uri: &str, range: &Value, only: Option<&str>) -> Vec<Value> {
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        self.ask("textDocument/codeAction", params).as_array().unwrap().clone()
    }

    /// Ends the conversation as it should be ended.
    fn shut_down(mut self) -> Option<i32> {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.status()
    }

    fn status(mut self) -> Option<i32> {
        self.server = None;
        self.child.wait().unwrap().code()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn uri(path: &Path) -> String {
    let encoded: String = path.to_str().unwrap().chars().map(|c| if c == ' ' { "%20".to_owned() } else { c.to_string() }).collect();
    format!("file://{encoded}")
}

fn everywhere() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } })
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn range(diagnostic: &Value) -> [u64; 4] {
    let number = |end: &str, unit: &str| diagnostic["range"][end][unit].as_u64().unwrap();
    [number("start", "line"), number("start", "character"), number("end", "line"), number("end", "character")]
}

fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap_or("-")).collect()
}

/// The text with the edits of an action, whose columns are UTF-16 code units.
fn edited(text: &str, action: &Value) -> String {
    let edit = &action["edit"];
    let edits = match edit["changes"].as_object() {
        Some(changes) => changes.values().next().unwrap(),
        None => &edit["documentChanges"][0]["edits"],
    };
    let byte = |position: &Value| {
        let line = position["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = position["character"].as_u64().unwrap() as usize;
        let within = text[start..].chars().take_while(|c| {
            let is_before = left > 0;
            left = left.saturating_sub(c.len_utf16());
            is_before
        });
        start + within.map(char::len_utf8).sum::<usize>()
    };
    let mut text = text.to_owned();
    let spans: Vec<_> =
        edits.as_array().unwrap().iter().map(|edit| (byte(&edit["range"]["start"])..byte(&edit["range"]["end"]), edit)).collect();
    for (span, edit) in spans.into_iter().rev() {
        text.replace_range(span, edit["newText"].as_str().unwrap());
    }
    text
}

#[test]
fn what_is_wrong_is_marked_while_it_is_typed() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    assert_eq!(editor.capabilities["positionEncoding"], "utf-16");
    let uri = uri(&folder.path().join("话术 一.md"));
    let text = "# 回复\n\n- 👋🏽 你好，你必须先提供订单号\n";
    let found = editor.open_as(&uri, "markdown", text);
    assert_eq!(rules(&found), ["address/nin", "command/must"]);
    // The hand and its colour are two units each.
    assert_eq!(range(&found[0]), [2, 7, 2, 8]);
    assert_eq!(range(&found[1])[..2], [2, 10]);
    for diagnostic in &found {
        assert_eq!((&diagnostic["source"], &diagnostic["severity"]), (&json!("phrase-lint"), &json!(2)));
    }
    assert!(found[0]["message"].as_str().unwrap().ends_with(" → 您"), "{}", found[0]["message"]);

    let place = |line, from, to| json!({ "start": { "line": line, "character": from }, "end": { "line": line, "character": to } });
    let left = editor.change(&uri, json!([{ "range": place(2, 7, 8), "text": "您" }]));
    assert_eq!(rules(&left), ["command/must"]);
    assert!(editor.change(&uri, json!([{ "text": "- 您好\n" }])).is_empty());
    assert_eq!(editor.change(&uri, json!([{ "range": place(0, 2, 3), "text": "你" }])).len(), 1);

    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert!(editor.diagnostics(&uri).is_empty());
    assert_eq!(editor.shut_down(), Some(0));
}

#[test]
fn columns_are_bytes_where_the_editor_likes_these() {
    let folder = folder();
    let mut editor = Editor::with(folder.path(), json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } }));
    assert_eq!(editor.capabilities["positionEncoding"], "utf-8");
    let found = editor.open_as(&uri(&folder.path().join("a.md")), "markdown", "- 😀 你好\n");
    assert_eq!(range(&found[0]), [0, 7, 0, 10]);
}

#[test]
fn it_tells_what_check_tells() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut editor = Editor::new(&examples);
    for name in [
        "replies/replies.csv",
        "replies/replies.jsonl",
        "replies/replies.md",
        "replies/replies.txt",
        "transcripts/chats.csv",
        "transcripts/every-category.txt",
        "transcripts/taiwan.txt",
    ] {
        let path = examples.join(name);
        let output = program().args(["check", "-f", "jsonl"]).arg(&path).output().unwrap();
        let mut told: Vec<(u64, String, u64)> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|record| record["type"] == "violation")
            .map(|record| {
                let severity = match record["severity"].as_str() {
                    Some("error") => 1,
                    Some("warning") => 2,
                    _ => 3,
                };
                (record["line"].as_u64().unwrap() - 1, record["rule"].as_str().unwrap().to_owned(), severity)
            })
            .collect();
        let found = editor.open(&path);
        let mut marked: Vec<(u64, String, u64)> = found
            .iter()
            .filter(|found| found["code"].is_string())
            .map(|found| (range(found)[0], found["code"].as_str().unwrap().to_owned(), found["severity"].as_u64().unwrap()))
            .collect();
        told.sort();
        marked.sort();
        assert!(!told.is_empty(), "{name}");
        assert_eq!(marked, told, "{name}");
    }
}

#[test]
fn all_safe_corrections_are_what_fix_writes() {
    let files = [
        ("replies.md", "- 😀你好，请稍等\n\n    你\n\n- 你等着\n"),
        ("replies.txt", "你好，请问你需要什么帮助\r\n你等着\r\n"),
        ("replies.csv", "编码,内容\r\na,\"你好,\"\"张先生\"\"\"\r\nb,你等着\r\n"),
        ("replies.json", "{\"greeting\": \"\\u4f60好，请问你\", \"wait\": \"你等着\"}\n"),
        ("replies.toml", "greeting = \"你好\\t请问你\" # 你\nwait = '你等着'\n"),
        ("replies.yaml", "greeting: 你好，请问你\nwait: \"你等着\"\nbye: |\n  感谢你的来电\n  你再见\n"),
        ("replies.jsonl", "{\"id\":\"r-1\",\"text\":\"你好\"}\n{\"id\":\"r-2\",\"text\":\"你等着\"}\n"),
    ];
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    for (name, text) in files {
        let path = write(&folder, name, text);
        assert!(editor.open(&path).len() > 1, "{name}");
        let all = editor.actions(&uri(&path), &everywhere(), Some("source.fixAll"));
        assert_eq!((all.len(), &all[0]["kind"]), (1, &json!("source.fixAll.phrase-lint")), "{name}");
        program().args(["check", "--fix", "-q"]).arg(&path).stdout(Stdio::null()).status().unwrap();
        let fixed = fs::read_to_string(&path).unwrap();
        assert_ne!(fixed, text, "{name}");
        assert_eq!(edited(text, &all[0]), fixed, "{name}");
        let left = editor.change(&uri(&path), json!([{ "text": fixed }]));
        assert!(!rules(&left).contains(&"address/nin"), "{name}: {left:?}");
        assert!(editor.actions(&uri(&path), &everywhere(), Some("source.fixAll")).is_empty(), "{name}");
    }
}

#[test]
fn each_rewrite_can_be_chosen() {
    let folder = folder();
    let mut editor = Editor::with(folder.path(), json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } }));
    let text = "greeting = \"你好，“张先生”\"\nname = \"你叫什么名字？\"\nwait = \"你等着\"\n";
    let path = write(&folder, "replies.toml", text);
    let uri = uri(&path);
    let found = editor.open(&path);
    assert_eq!(rules(&found), ["address/nin", "asking/name", "waiting/order"]);

    let here = editor.actions(&uri, &found[0]["range"], Some("quickfix"));
    assert_eq!((&here[0]["title"], &here[0]["isPreferred"], &here[0]["kind"]), (&json!("你 → 您"), &json!(true), &json!("quickfix")));
    assert_eq!(here[0]["diagnostics"], json!([found[0]]));
    assert_eq!(here[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 1);
    assert_eq!(edited(text, &here[0]), text.replace("你好", "您好"));
    assert!(here.iter().all(|action| !action["title"].as_str().unwrap().contains('名')), "{here:?}");

    // All suggestions are offered, and none is preferred.
    let suggested = editor.actions(&uri, &found[1]["range"], Some("quickfix"));
    let rewrites: Vec<_> = suggested.iter().filter(|action| action["title"].as_str().unwrap().ends_with("(a suggestion)")).collect();
    assert!(rewrites.len() > 1 && rewrites.iter().all(|action| action["isPreferred"].is_null()), "{suggested:?}");
    assert_eq!(edited(text, rewrites[0]), text.replace("你叫什么名字？", "能告诉我您的姓名吗？"));

    // Without a wish for one kind all are told, but for what changes the whole file when only the cursor moved.
    let kinds = |actions: Vec<Value>| actions.iter().filter(|action| action["kind"] != "quickfix").count();
    assert_eq!(kinds(editor.actions(&uri, &found[2]["range"], None)), 1);
    let moved = json!({ "textDocument": { "uri": uri }, "range": found[2]["range"], "context": { "diagnostics": [], "triggerKind": 2 } });
    assert_eq!(kinds(editor.ask("textDocument/codeAction", moved).as_array().unwrap().clone()), 0);
    assert!(
        editor
            .actions(&uri, &json!({ "start": { "line": 7, "character": 0 }, "end": { "line": 7, "character": 0 } }), Some("quickfix"))
            .is_empty()
    );
}

/// In a reply without marks rewrites take those of the document, as what `--fix` writes.
#[test]
fn rewrites_are_written_as_the_document_is() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    let text = "您好，在的\n你必须先登记\n";
    let path = write(&folder, "replies.txt", text);
    let found = editor.open(&path);
    let rewritten = "我愿意帮助您，但首先我需要您先登记";
    assert!(found[0]["message"].as_str().unwrap().ends_with(rewritten), "{found:?}");
    let actions = editor.actions(&uri(&path), &found[0]["range"], Some("quickfix"));
    assert_eq!(edited(text, &actions[0]), format!("您好，在的\n{rewritten}\n"));
}

/// An editor that asks for diagnostics and can be told to ask again is not told them.
#[test]
fn an_editor_may_ask_for_diagnostics() {
    let folder = folder();
    let capabilities = json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
    let mut editor = Editor::with(folder.path(), capabilities);
    assert_eq!(editor.capabilities["diagnosticProvider"]["workspaceDiagnostics"], false);
    let path = write(&folder, "replies.txt", "你等着\n您好，在的\n");
    let asked = json!({ "textDocument": { "uri": uri(&path) } });
    let text = fs::read_to_string(&path).unwrap();
    let opened = json!({ "uri": uri(&path), "languageId": "plaintext", "version": 1, "text": text });
    editor.tell("textDocument/didOpen", json!({ "textDocument": opened }));
    let report = editor.ask("textDocument/diagnostic", asked.clone());
    assert_eq!((report["kind"].as_str(), rules(report["items"].as_array().unwrap())), (Some("full"), vec!["waiting/order"]));

    // Settings are saved: what was told is outdated. Nothing was published until then.
    let settings = write(&folder, "phrase-lint.toml", "ignore = [\"waiting\", \"address\"]\n");
    editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri(&settings) } }));
    match editor.hear() {
        Message::Request(request) => assert_eq!(request.method, "workspace/diagnostic/refresh"),
        other => panic!("{other:?}"),
    }
    assert_eq!(editor.ask("textDocument/diagnostic", asked)["items"], json!([]));
    let unknown = editor.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": "file:///nowhere.txt" } }));
    assert_eq!(unknown["items"], json!([]));

    // Without that they are published, and not offered besides.
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    let mut editor = Editor::with(folder.path(), capabilities);
    assert_eq!(editor.capabilities["diagnosticProvider"], Value::Null);
    fs::remove_file(settings).unwrap();
    assert_eq!(rules(&editor.open(&path)), ["waiting/order"]);
}

/// Neovim itself, which `.ci/run` installs: what it shows, and what it writes when quick fixes are taken.
#[test]
#[allow(clippy::print_stderr)]
fn neovim_shows_what_is_wrong_and_puts_it_right() {
    let has_neovim = Command::new("nvim").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !has_neovim {
        eprintln!("skipped: nvim is not installed (.ci/run installs it)");
        return;
    }
    for name in ["replies.txt", "replies.md"] {
        let folder = folder();
        let path = write(&folder, name, "您好，在的😀\n😀你必须先付款\n\n你等着，你好\n");
        let place = |name: &str| folder.path().join(name);
        let mut neovim = Command::new("nvim");
        neovim.args(["--headless", "-u", "NONE", "-i", "NONE", "-n"]).arg(&path).arg("-S");
        neovim.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor/neovim.lua")).current_dir(folder.path());
        neovim.env("PHRASE_LINT", env!("CARGO_BIN_EXE_phrase-lint")).env("SEEN", place("seen"));
        for home in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
            neovim.env(home, place("home"));
        }
        let output = neovim.stdin(Stdio::null()).output().unwrap();
        let seen = fs::read_to_string(place("seen")).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let marked: Vec<_> = seen.lines().take(3).map(|line| line.split_once(' ').unwrap().0).collect();
        assert_eq!(marked, ["1:4-22", "3:0-9", "3:12-15"], "{seen}");
        assert!(seen.lines().all(|line| line.contains(" phrase-lint: ") || line.starts_with("offered: ")), "{seen}");
        assert!(seen.contains("offered: 你必须先付款 → 我愿意帮助您，但首先我需要您先付款 (a suggestion)\n"), "{seen}");
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!(written, "您好，在的😀\n😀我愿意帮助您，但首先我需要您先付款\n\n请您稍等一会儿，您好\n");
    }
}

#[test]
fn a_rule_can_be_ignored_where_it_stands() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    for (name, text, with) in [
        (
            "a.toml",
            "greeting = \"你好\"\nbye = \"你再见\"\n",
            "# phrase-lint: ignore-next-line address/nin\ngreeting = \"你好\"\nbye = \"你再见\"\n",
        ),
        ("a.md", "- 你好\n- 你再见\n", "- 你好 <!-- phrase-lint: ignore address/nin -->\n- 你再见\n"),
        ("a.csv", "编码,内容\na,你好\nb,你再见\n", "编码,内容,phrase-lint-ignore\na,你好,address/nin\nb,你再见,\n"),
    ] {
        let path = write(&folder, name, text);
        let found = editor.open(&path);
        let actions = editor.actions(&uri(&path), &found[0]["range"], Some("quickfix"));
        let ignore =
            actions.iter().find(|action| action["title"] == "Ignore address/nin here").unwrap_or_else(|| panic!("{name}: {actions:?}"));
        assert_eq!(edited(text, ignore), with, "{name}");
        let left = editor.change(&uri(&path), json!([{ "text": with }]));
        assert_eq!(left.len(), found.len() - 1, "{name}: {left:?}");
    }
}

#[test]
fn unused_suppressions_are_marked() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    let text = "# phrase-lint: ignore-next-line address/nin\ngreeting = \"您好\"\nbye = \"再见\"\n";
    let found = editor.open_as(&uri(&folder.path().join("a.toml")), "toml", text);
    assert_eq!((found.len(), range(&found[0]), &found[0]["tags"]), (1, [0, 0, 0, 43], &json!([1])));
}

#[test]
fn transcripts_are_marked_and_left_as_they_are() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    let path = write(&folder, "chat.txt", "客服：你好，请稍等\n客户：你好\n客服：你等着\n");
    let found = editor.open(&path);
    assert!(rules(&found).contains(&"address/nin") && rules(&found).contains(&"waiting/order"), "{found:?}");
    assert!(editor.actions(&uri(&path), &everywhere(), None).is_empty());

    let strangers = editor.open(&write(&folder, "strangers.txt", "[10:02:08] 小王：你好\n[10:02:20] 小李：你等着\n[10:03:00] 小王：好\n"));
    assert_eq!((strangers.len(), range(&strangers[0])[0]), (1, 0), "{strangers:?}");
    assert!(strangers[0]["message"].as_str().unwrap().starts_with("not checked"), "{strangers:?}");
}

#[test]
fn settings_hold_as_soon_as_they_are_saved() {
    let folder = folder();
    let mut editor = Editor::with(folder.path(), json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } }));
    let Message::Request(registration) = editor.hear() else { panic!("no registration") };
    assert_eq!(registration.method, "client/registerCapability");
    assert!(registration.params.to_string().contains("workspace/didChangeWatchedFiles"), "{:?}", registration.params);
    editor.send(Response::new_ok(registration.id, Value::Null));

    let path = write(&folder, "replies.md", "- 你好\n- 你等着\n");
    let uri_of = uri(&path);
    assert_eq!(rules(&editor.open(&path)), ["address/nin", "waiting/order"]);

    let settings = write(&folder, "phrase-lint.toml", "ignore = [\"address/nin\"]\n[severities]\n\"waiting/order\" = \"error\"\n");
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&settings), "type": 1 }] }));
    let found = editor.diagnostics(&uri_of);
    assert_eq!((rules(&found), &found[0]["severity"]), (vec!["waiting/order"], &json!(1)));

    // A mistake is told once, and nothing is marked.
    write(&folder, "phrase-lint.toml", "ignor = [\"address/nin\"]\n");
    editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri(&settings) } }));
    assert!(editor.diagnostics(&uri_of).is_empty());
    let message = editor.hear_of("window/showMessage");
    assert_eq!(message["type"], 1);
    let said = message["message"].as_str().unwrap();
    assert!(said.contains("phrase-lint.toml:1: unknown field `ignor`") && said.contains("did you mean `ignore`?"), "{said}");
    assert!(editor.change(&uri_of, json!([{ "text": "- 你好\n" }])).is_empty());
    assert!(editor.actions(&uri_of, &everywhere(), None).is_empty());
    editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri_of } }));
    assert!(editor.diagnostics(&uri_of).is_empty());
    editor.send(Request::new(0.into(), "textDocument/hover".to_owned(), Value::Null));
    assert!(matches!(editor.hear(), Message::Response(_)));

    // Whatever is saved, settings that were wrong are read again.
    write(&folder, "phrase-lint.toml", "overrides = [{ paths = [\"*.md\"], rules = [\"house.toml\"] }]\n");
    write(&folder, "house.toml", PACK);
    editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri_of } }));
    assert_eq!(rules(&editor.diagnostics(&uri_of)), ["address/nin"]);
    editor.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    assert_eq!(editor.diagnostics(&uri_of).len(), 1);
    assert_eq!(rules(&editor.change(&uri_of, json!([{ "text": "- 欢迎光临小店\n" }]))), ["house/brand"]);

    // Settings and packs are no replies.
    assert!(editor.open(&folder.path().join("house.toml")).is_empty());
    assert!(editor.open(&settings).is_empty());
    assert_eq!(editor.shut_down(), Some(0));
}

const PACK: &str = r#"[pack]
category = "house"

[[phrase]]
id = "brand"
title = "店名"
why = "对外统一使用店名"
improper = ["小店"]
professional = ["晨曦小铺"]
apply = "safe"
bad = ["欢迎光临小店"]
good = ["欢迎光临晨曦小铺"]
"#;

#[test]
fn what_is_no_wording_is_left_alone() {
    let folder = folder();
    write(&folder, ".phrase-lintignore", "notes/\n");
    fs::create_dir(folder.path().join("notes")).unwrap();
    let mut editor = Editor::new(folder.path());
    assert!(editor.open(&write(&folder, "notes/readme.md", "- 你好\n")).is_empty());
    assert!(editor.open(&write(&folder, "readme.md", "Nothing to say here.\n")).is_empty());
    assert!(editor.open(&write(&folder, "empty.md", "")).is_empty());
}

#[test]
fn what_cannot_be_read_is_marked_where_it_is() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    let path = write(&folder, "broken.toml", "hello = \"你好\"\nwait = \"请稍等\"\n  bye = \"再见\n");
    let found = editor.open(&path);
    assert_eq!(rules(&found), ["address/nin", "-"]);
    assert_eq!((range(&found[1]), &found[1]["severity"]), ([2, 2, 2, 11], &json!(1)));
    assert!(found[1]["message"].as_str().unwrap().starts_with("this is not TOML"), "{}", found[1]["message"]);

    let path = write(&folder, "broken.json", "{\n \"a\": \"你好\",\n \"b\": \"您\\x好\"\n}\n");
    let found = editor.open(&path);
    assert_eq!((found.len(), range(&found[0])[0]), (1, 2), "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().starts_with("this is not JSON"), "{}", found[0]["message"]);

    // A table whose columns nobody knows may have been meant.
    let path = write(&folder, "table.csv", "甲,乙\n你好,1\n再见,2\n");
    let found = editor.open(&path);
    assert_eq!((found.len(), range(&found[0])[0]), (1, 0), "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().starts_with("no column of this table"), "{}", found[0]["message"]);
    assert_eq!(editor.shut_down(), Some(0));
}

#[test]
fn documents_without_a_path_are_read_by_their_language() {
    let folder = folder();
    write(&folder, "phrase-lint.toml", "ignore = [\"address/nin\"]\n");
    let mut editor = Editor::new(folder.path());
    assert_eq!(rules(&editor.open_as("untitled:Untitled-1", "markdown", "```\n你等着\n```\n\n- 你好\n- 你等着\n")), ["waiting/order"]);
    assert_eq!(rules(&editor.open_as("untitled:Untitled-2", "yaml", "wait: 你等着\n")), ["waiting/order"]);
    assert_eq!(rules(&editor.open_as("untitled:Untitled-3", "plaintext", "你等着\n再见\n")), ["waiting/order"]);
}

#[test]
fn whoever_points_at_words_is_told_why() {
    let folder = folder();
    let mut editor = Editor::new(folder.path());
    let path = write(&folder, "a.md", "- 你好\n");
    let found = editor.open(&path);
    let at = |character: u32| json!({ "textDocument": { "uri": uri(&path) }, "position": { "line": 0, "character": character } });
    let hover = editor.ask("textDocument/hover", at(2));
    let said = hover["contents"]["value"].as_str().unwrap();
    assert!(
        said.starts_with("address/nin ") && said.contains("→ 您 (safe)") && said.ends_with("phrase-lint explain address/nin"),
        "{said}"
    );
    assert_eq!((&hover["contents"]["kind"], &hover["range"]), (&json!("plaintext"), &found[0]["range"]));
    assert_eq!(editor.ask("textDocument/hover", at(4)), Value::Null);
}

#[test]
fn what_an_editor_should_not_say_does_no_harm() {
    let folder = folder();
    let mut editor = Editor::silent(folder.path());
    let refused = |response: Response| response.response_result.unwrap_err().code;
    assert_eq!(refused(editor.answer("textDocument/hover", json!({}))), -32002);
    editor.ask("initialize", json!({ "capabilities": 7 }));
    assert_eq!(refused(editor.answer("textDocument/codeAction", json!({ "range": "here" }))), -32602);
    assert_eq!(refused(editor.answer("textDocument/formatting", json!({}))), -32601);
    editor.tell("textDocument/didOpen", json!([]));
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///nothing", "version": 1 }, "contentChanges": [{ "text": "你" }] }),
    );
    editor.tell("$/setTrace", json!({ "value": "off" }));
    let far = json!({ "line": 4_000_000_000u32, "character": 4_000_000_000u32 });
    let uri = uri(&folder.path().join("a.md"));
    editor.open_as(&uri, "markdown", "- 你");
    let backwards = json!({ "start": far, "end": { "line": 0, "character": 0 } });
    assert_eq!(editor.change(&uri, json!([{ "range": backwards, "text": "好" }])).len(), 1);
    assert_eq!(editor.actions(&uri, &backwards, None).len(), 1, "all safe rewrites");
    editor.ask("shutdown", Value::Null);
    assert_eq!(refused(editor.answer("textDocument/hover", json!({}))), -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.status(), Some(0));
}

#[test]
fn the_exit_status_says_how_it_ended() {
    let folder = folder();
    assert_eq!(Editor::new(folder.path()).shut_down(), Some(0));
    let mut hasty = Editor::new(folder.path());
    hasty.tell("exit", Value::Null);
    assert_eq!(hasty.status(), Some(1));
    assert_eq!(Editor::new(folder.path()).status(), Some(1), "it went away");
    let mut confused = Editor::silent(folder.path());
    confused.server.as_mut().unwrap().write_all("你好\n".as_bytes()).unwrap();
    assert_eq!(confused.status(), Some(2));
}
