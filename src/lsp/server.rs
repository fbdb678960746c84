//! The conversation with the editor: one message after the other, each answered before the next.
//!
//! Diagnostics wait until the editor is quiet for a moment, so that what is typed quickly is looked at once.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, DiagnosticOptions, DiagnosticRefreshRequest, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, DocumentDiagnosticParams, FileSystemWatcher, FullDocumentDiagnosticReport, HoverParams, InitializeParams,
    InitializeResult, LspNotificationMethod, LspRequestMethod, MessageType, Notification as _, PublishDiagnosticsNotification,
    PublishDiagnosticsParams, Registration, RegistrationParams, RegistrationRequest, RelatedFullDocumentDiagnosticReport, Request as _,
    ServerCapabilities, ServerInfo, ShowMessageNotification, ShowMessageParams, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
    WorkspaceFolders,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::plan::PlanError;
use crate::report::visible;
use crate::settings::{Choice, FILE_NAME, Settings};
use crate::source;

use super::actions::{self, Editor, FIX_ALL};
use super::diagnostics::{self, SOURCE};
use super::documents::OpenDocument;
use super::hover;
use super::paths;
use super::plans::Plans;
use super::positions::{Positions, Units};

/// How long the editor must be quiet before changed documents are looked at.
const QUIET: Duration = Duration::from_millis(50);

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which settings are wanted.
    pub choice: Choice,
    /// The folder from which paths are seen, and where documents without a path stand if the editor has no folder open.
    pub folder: PathBuf,
    /// What lies above all settings files.
    pub nearest: Settings,
    /// The version that the editor is told.
    pub version: &'static str,
}

/// How the editor ended the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It said that it would.
    AfterShutdown,
    /// It went away or sent its `exit` at once.
    Abruptly,
    /// It listens no more.
    Unheard,
}

/// The editor listens no more.
struct Unheard;

/// Answers an editor until it ends the conversation.
pub fn serve(connection: &Connection, options: Options) -> Ended {
    let mut server = Server {
        connection,
        folder: options.folder.clone(),
        version: options.version,
        plans: Plans::new(options),
        documents: HashMap::new(),
        editor: Editor { units: Units::default(), is_versioned: false },
        watches: false,
        pulls: false,
        is_outdated: false,
        asked: 0,
        told: BTreeSet::new(),
        state: State::New,
    };
    match server.run() {
        Ok(()) if server.state == State::ShutDown => Ended::AfterShutdown,
        Ok(()) => Ended::Abruptly,
        Err(Unheard) => Ended::Unheard,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The editor has not introduced itself.
    New,
    Working,
    /// Nothing more is answered.
    ShutDown,
}

struct Server<'c> {
    connection: &'c Connection,
    /// Where documents without a path stand.
    folder: PathBuf,
    version: &'static str,
    plans: Plans,
    documents: HashMap<Uri, OpenDocument>,
    editor: Editor,
    /// Whether the editor can be asked to watch files.
    watches: bool,
    /// Whether the editor asks for diagnostics, and asks again when it is told to; else they are published.
    pulls: bool,
    /// Whether what it was told is outdated because settings changed.
    is_outdated: bool,
    /// How often the editor was asked for something.
    asked: i32,
    /// What was said of settings since they were saved: once is enough.
    told: BTreeSet<String>,
    state: State,
}

impl Server<'_> {
    fn run(&mut self) -> Result<(), Unheard> {
        loop {
            if std::mem::take(&mut self.is_outdated) && self.pulls {
                self.ask(DiagnosticRefreshRequest::METHOD.to_string(), ())?;
            }
            let is_stale = self.state == State::Working && !self.pulls && self.documents.values().any(|document| document.is_stale);
            let message = if is_stale {
                match self.connection.receiver.recv_timeout(QUIET) {
                    Ok(message) => message,
                    Err(error) if error.is_timeout() => {
                        self.publish()?;
                        continue;
                    }
                    Err(_) => return Ok(()),
                }
            } else {
                let Ok(message) = self.connection.receiver.recv() else { return Ok(()) };
                message
            };
            match message {
                Message::Request(request) => self.request(request)?,
                Message::Notification(notification) if notification.method == "exit" => return Ok(()),
                Message::Notification(notification) => self.notification(notification)?,
                // Of what is asked of the editor nothing depends on the answer.
                Message::Response(_) => {}
            }
        }
    }

    fn request(&mut self, request: Request) -> Result<(), Unheard> {
        let Request { id, method, params } = request;
        match (self.state, LspRequestMethod::from(method.as_str())) {
            (State::New, LspRequestMethod::Initialize) => {
                self.state = State::Working;
                let result = self.initialize(serde_json::from_value(params).unwrap_or_default());
                self.answer(id, result)
            }
            (State::New, _) => self.refuse(id, ErrorCode::ServerNotInitialized, "the first request must be initialize"),
            (State::ShutDown, _) => self.refuse(id, ErrorCode::InvalidRequest, "the server was shut down"),
            (State::Working, LspRequestMethod::Shutdown) => {
                self.state = State::ShutDown;
                self.answer(id, ())
            }
            (State::Working, LspRequestMethod::TextDocumentCodeAction) => self.answer_with(id, params, Self::code_actions),
            (State::Working, LspRequestMethod::TextDocumentDiagnostic) => self.answer_with(id, params, Self::diagnose),
            (State::Working, LspRequestMethod::TextDocumentHover) => self.answer_with(id, params, Self::hover),
            (State::Working, _) => self.refuse(id, ErrorCode::MethodNotFound, &format!("there is no {method} here")),
        }
    }

    fn initialize(&mut self, params: InitializeParams) -> InitializeResult {
        let InitializeParams { capabilities, workspace_folders_initialize_params, .. } = params;
        let (general, workspace) = (capabilities.general.unwrap_or_default(), capabilities.workspace.unwrap_or_default());
        self.editor = Editor {
            units: Units::agreed(&general.position_encodings.unwrap_or_default()),
            is_versioned: workspace.workspace_edit.is_some_and(|edit| edit.document_changes == Some(true)),
        };
        self.watches = workspace.did_change_watched_files.is_some_and(|watching| watching.dynamic_registration == Some(true));
        self.pulls = capabilities.text_document.unwrap_or_default().diagnostic.is_some()
            && workspace.diagnostics.is_some_and(|diagnostics| diagnostics.refresh_support == Some(true));
        if let Some(WorkspaceFolders::WorkspaceFolderList(folders)) = workspace_folders_initialize_params.workspace_folders
            && let Some(folder) = folders.first().and_then(|folder| paths::path_of(&folder.uri))
        {
            self.folder = folder;
        }
        let synchronization = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::new(FIX_ALL)]),
            ..CodeActionOptions::default()
        };
        let pulled = DiagnosticOptions { identifier: Some(SOURCE.to_owned()), ..DiagnosticOptions::default() };
        InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(self.editor.units.kind()),
                text_document_sync: Some(synchronization.into()),
                code_action_provider: Some(actions.into()),
                hover_provider: Some(true.into()),
                diagnostic_provider: self.pulls.then(|| pulled.into()),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo { name: SOURCE.to_owned(), version: Some(self.version.to_owned()) }),
        }
    }

    fn code_actions(&mut self, asked: CodeActionParams) -> Result<Option<Vec<gen_lsp_types::CodeAction>>, Unheard> {
        self.look_at(&asked.text_document.uri)?;
        let open = self.documents.get(&asked.text_document.uri);
        Ok(open.map(|open| actions::actions(open, &asked, self.editor)))
    }

    /// What is wrong with a document that the editor asks about.
    fn diagnose(&mut self, asked: DocumentDiagnosticParams) -> Result<RelatedFullDocumentDiagnosticReport, Unheard> {
        self.look_at(&asked.text_document.uri)?;
        let items = self.documents.get(&asked.text_document.uri).map(|open| self.diagnostics(open)).unwrap_or_default();
        Ok(RelatedFullDocumentDiagnosticReport {
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: None, items },
            ..RelatedFullDocumentDiagnosticReport::default()
        })
    }

    fn hover(&mut self, asked: HoverParams) -> Result<Option<gen_lsp_types::Hover>, Unheard> {
        let asked = asked.text_document_position_params;
        self.look_at(&asked.text_document.uri)?;
        let Some(open) = self.documents.get(&asked.text_document.uri) else { return Ok(None) };
        let positions = Positions::new(open.text(), self.editor.units);
        Ok(hover::hover(&open.marks, positions.byte(asked.position), self.plans.book(), &positions))
    }

    /// What cannot be understood is passed over: nobody waits for an answer.
    fn notification(&mut self, notification: Notification) -> Result<(), Unheard> {
        let Notification { method, params } = notification;
        if self.state != State::Working {
            return Ok(());
        }
        match LspNotificationMethod::from(method.as_str()) {
            LspNotificationMethod::Initialized if self.watches => self.watch()?,
            LspNotificationMethod::TextDocumentDidOpen => {
                if let Some(DidOpenTextDocumentParams { text_document }) = understood(params) {
                    self.renew_where_outdated();
                    let uri = text_document.uri.clone();
                    self.documents.insert(uri, OpenDocument::new(text_document, &self.folder));
                }
            }
            LspNotificationMethod::TextDocumentDidChange => {
                if let Some(DidChangeTextDocumentParams { text_document, content_changes }) = understood(params)
                    && let Some(open) = self.documents.get_mut(&text_document.text_document_identifier.uri)
                {
                    open.change(content_changes, text_document.version, self.editor.units);
                }
            }
            LspNotificationMethod::TextDocumentDidSave => {
                if let Some(DidSaveTextDocumentParams { text_document, .. }) = understood(params) {
                    self.saved(&text_document.uri);
                }
            }
            LspNotificationMethod::TextDocumentDidClose => {
                if let Some(DidCloseTextDocumentParams { text_document }) = understood(params)
                    && self.documents.remove(&text_document.uri).is_some()
                    && !self.pulls
                {
                    self.tell(text_document.uri, None, Vec::new())?;
                }
            }
            LspNotificationMethod::WorkspaceDidChangeWatchedFiles => {
                if let Some(DidChangeWatchedFilesParams { changes }) = understood(params) {
                    changes.iter().for_each(|change| self.saved(&change.uri));
                }
            }
            LspNotificationMethod::WorkspaceDidChangeConfiguration => self.renew(),
            _ => {}
        }
        Ok(())
    }

    /// Asks the editor to tell when settings and packs change, which may be files of these kinds.
    fn watch(&mut self) -> Result<(), Unheard> {
        let watcher = |pattern: &str| FileSystemWatcher { glob_pattern: pattern.to_owned().into(), kind: None };
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: ["**/*.{toml,csv,tsv,xlsx}", "**/.phrase-lintignore"].map(watcher).to_vec(),
        };
        let registration = Registration {
            id: "settings".to_owned(),
            method: LspNotificationMethod::WorkspaceDidChangeWatchedFiles.to_string(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        self.ask(RegistrationRequest::METHOD.to_string(), params)
    }

    /// Asks the editor for something.
    fn ask(&mut self, method: String, params: impl Serialize) -> Result<(), Unheard> {
        self.asked += 1;
        self.send(Request::new(self.asked.into(), method, params))
    }

    /// A file stands on disk in another state: it may be one of those by which documents are checked.
    fn saved(&mut self, uri: &Uri) {
        let is_own = paths::path_of(uri).is_some_and(|path| {
            let name = path.file_name().unwrap_or_default();
            name == FILE_NAME || name == source::IGNORE_FILE || self.plans.is_own(&path)
        });
        if is_own {
            // Whoever saves settings wants to know whether they are right by now.
            self.told.clear();
            self.renew();
        } else {
            self.renew_where_outdated();
        }
    }

    fn renew_where_outdated(&mut self) {
        if self.plans.are_outdated() {
            self.renew();
        }
    }

    /// Reads all settings again when they are needed.
    fn renew(&mut self) {
        self.plans.renew();
        self.is_outdated = true;
        self.documents.values_mut().for_each(|document| document.is_stale = true);
    }

    /// Tells what is wrong with every document that changed.
    fn publish(&mut self) -> Result<(), Unheard> {
        let stale: Vec<Uri> = self.documents.iter().filter(|(_, open)| open.is_stale).map(|(uri, _)| uri.clone()).collect();
        stale.iter().try_for_each(|uri| self.look_at(uri))
    }

    /// Looks at a document, if it changed, and tells what is wrong with it unless the editor asks.
    fn look_at(&mut self, uri: &Uri) -> Result<(), Unheard> {
        let Some(open) = self.documents.get_mut(uri).filter(|open| open.is_stale) else { return Ok(()) };
        let plan = self.plans.of(&open.path);
        let is_left_out = self.plans.is_own(&open.path) || source::is_left_out(&open.path);
        let (plan, mistake) = match plan {
            Ok(plan) => (Some(plan).filter(|_| !is_left_out), None),
            Err(mistake) => (None, Some(mistake)),
        };
        open.marks = plan.as_ref().map(|plan| diagnostics::marks(&open.document(), plan)).unwrap_or_default();
        open.plan = plan;
        open.is_stale = false;
        if !self.pulls
            && let Some(open) = self.documents.get(uri)
        {
            self.tell(uri.clone(), Some(open.version), self.diagnostics(open))?;
        }
        mistake.map_or(Ok(()), |mistake| self.complain(&mistake))
    }

    fn diagnostics(&self, open: &OpenDocument) -> Vec<gen_lsp_types::Diagnostic> {
        let positions = Positions::new(open.text(), self.editor.units);
        open.marks.iter().map(|mark| mark.diagnostic(&positions)).collect()
    }

    /// Says what is wrong with settings or packs.
    fn complain(&mut self, mistake: &PlanError) -> Result<(), Unheard> {
        let message: Vec<String> = mistake.to_string().lines().map(|line| visible(line).into_owned()).collect();
        let message = format!("phrase-lint: nothing is checked here: {}", message.join("\n"));
        if !self.told.insert(message.clone()) {
            return Ok(());
        }
        let params = ShowMessageParams { kind: MessageType::Error, message };
        self.send(Notification::new(ShowMessageNotification::METHOD.to_string(), params))
    }

    fn tell(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<gen_lsp_types::Diagnostic>) -> Result<(), Unheard> {
        let params = PublishDiagnosticsParams { uri, version, diagnostics };
        self.send(Notification::new(PublishDiagnosticsNotification::METHOD.to_string(), params))
    }

    /// Answers a request whose parameters can be understood.
    fn answer_with<P: DeserializeOwned, R: Serialize>(
        &mut self,
        id: RequestId,
        params: serde_json::Value,
        answer: impl FnOnce(&mut Self, P) -> Result<R, Unheard>,
    ) -> Result<(), Unheard> {
        match serde_json::from_value(params) {
            Ok(params) => {
                let result = answer(self, params)?;
                self.answer(id, result)
            }
            Err(error) => self.refuse(id, ErrorCode::InvalidParams, &error.to_string()),
        }
    }

    fn answer(&self, id: RequestId, result: impl Serialize) -> Result<(), Unheard> {
        self.send(Response::new_ok(id, result))
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, why: &str) -> Result<(), Unheard> {
        self.send(Response::new_err(id, code as i32, why.to_owned()))
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), Unheard> {
        self.connection.sender.send(message.into()).map_err(|_| Unheard)
    }
}

/// The parameters of a notification; none where they are not what they should be.
fn understood<P: DeserializeOwned>(params: serde_json::Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
