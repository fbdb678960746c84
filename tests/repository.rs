//! At home in a repository: baseline, git, hooks, CI, as typed in a shell.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder in which commands are typed.
struct Folder(TempDir);

/// How a command ended, and what it wrote on both outputs.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: i32,
    text: String,
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With a repository in it whose branch is `main`.
    fn repository() -> Self {
        let folder = Self::new();
        folder.must("git init -q -b main . && git config user.name 小李 && git config user.email li@example.com");
        folder.must("git config commit.gpgsign false && git config core.autocrlf false");
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Types a line into a shell that finds the program.
    fn type_in(&self, line: &str) -> Answer {
        self.type_with(line, &[])
    }

    fn type_with(&self, line: &str, variables: &[(&str, &OsStr)]) -> Answer {
        let program = Path::new(env!("CARGO_BIN_EXE_phrase-lint")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(format!("exec 2>&1\n{line}")).current_dir(self.path()).stdin(Stdio::null());
        // Whoever runs the tests may do so from a hook.
        for variable in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        command.env("PATH", path).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        Answer { status: output.status.code().unwrap_or(-1), text: String::from_utf8_lossy(&output.stdout).into_owned() }
    }

    /// Types a line that must succeed.
    fn must(&self, line: &str) -> String {
        let answer = self.type_in(line);
        assert_eq!(answer.status, 0, "{line}\n{}", answer.text);
        answer.text
    }
}

/// The findings of a run, a line each, without what is said of them.
fn found(answer: &Answer) -> Vec<String> {
    let places = answer.text.lines().filter(|line| line.contains(": warning ") || line.contains(": error "));
    places.map(|line| line.split(' ').filter(|word| word.contains(['/', ':'])).take(2).collect::<Vec<_>>().join(" ")).collect()
}

// ---------------------------------------------------------------- baseline

#[test]
fn what_was_there_is_not_reported_and_what_is_new_is() {
    let folder = Folder::new();
    folder.write("replies/a.txt", "你好，在的\n您好\n你等着\n");
    let written = folder.must("phrase-lint check replies --write-baseline");
    assert!(written.contains("Wrote .phrase-lint-baseline: 2 violations will not be reported."), "{written}");
    let check = "phrase-lint check replies --baseline .phrase-lint-baseline -f concise";
    assert!(folder.must(check).contains("2 in the baseline."));

    // Moved within the file, and the file grown: nothing is new.
    folder.write("replies/a.txt", "您好\n您好\n\n你等着\n请稍等\n你好，在的\n");
    assert!(folder.must(check).contains("2 in the baseline."));
    // A second copy is new, and so are other words.
    folder.write("replies/a.txt", "你等着\n你等着\n你好，在的\n你的包裹\n");
    let answer = folder.type_in(check);
    assert_eq!(
        (answer.status, found(&answer)),
        (1, vec!["replies/a.txt:2:1: waiting/order".into(), "replies/a.txt:4:1: address/nin".into()])
    );
}

#[test]
fn a_reply_moves_to_another_file_and_a_file_to_another_name() {
    let folder = Folder::new();
    folder.write("a.txt", "您好\n你等着\n");
    folder.write("b.txt", "您好\n");
    folder.must("phrase-lint check . --write-baseline");
    let check = "phrase-lint check a.txt b.txt --baseline .phrase-lint-baseline -f concise";
    folder.write("a.txt", "您好\n");
    folder.write("b.txt", "您好\n你等着\n");
    let moved = folder.must(check);
    assert!(moved.contains("1 in the baseline.") && !moved.contains("gone"), "{moved}");
    folder.must("mv b.txt c.txt");
    folder.write("a.txt", "您好\n你等着\n");
    let answer = folder.type_in("phrase-lint check a.txt c.txt --baseline .phrase-lint-baseline -f concise");
    assert_eq!((answer.status, found(&answer)), (1, vec!["c.txt:2:1: waiting/order".into()]), "one of the two is new");
    folder.must("rm a.txt");
    folder.must("phrase-lint check c.txt --baseline .phrase-lint-baseline");
}

#[test]
fn what_is_gone_is_told_and_pruned() {
    let folder = Folder::new();
    folder.write("a.txt", "你好\n你等着\n");
    folder.write("b.txt", "你等着\n");
    folder.must("phrase-lint check a.txt b.txt --write-baseline=base/line.txt 2>&1 || mkdir base && phrase-lint check a.txt b.txt --write-baseline=base/line.txt");
    assert!(folder.read("base/line.txt").contains("\n../a.txt\taddress/nin\t1\t"), "{}", folder.read("base/line.txt"));
    folder.write("a.txt", "您好\n你等着\n");
    folder.write("b.txt", "您好\n");
    let answer = folder.must("phrase-lint check a.txt --baseline base/line.txt");
    assert!(
        answer.contains(
            "base/line.txt: holds 1 violation that is gone; take out what is stale with --prune-baseline\n  ../a.txt: address/nin: 你好"
        ),
        "{answer}"
    );
    // Of a rule that is off nothing is known.
    assert!(!folder.must("phrase-lint check a.txt --baseline base/line.txt --select waiting").contains("gone"));
    let answer = folder.must("phrase-lint check a.txt --baseline base/line.txt --prune-baseline");
    assert!(answer.contains("Pruned base/line.txt: 2 violations will not be reported. 1 gone ones are taken out."), "{answer}");
    // b.txt was not looked at; once it is no more, nobody will.
    assert!(folder.read("base/line.txt").contains("../b.txt"));
    folder.must("rm b.txt && phrase-lint check a.txt --baseline base/line.txt --write-baseline");
    assert!(!folder.read("base/line.txt").contains("../b.txt"));
    // What stands in the checked folder is not read for replies.
    folder.must("phrase-lint check . --write-baseline=known.txt && phrase-lint check . --baseline known.txt");
}

#[test]
fn a_baseline_that_cannot_be_used_is_told() {
    let folder = Folder::new();
    folder.write("a.txt", "你好\n");
    let missing = folder.type_in("phrase-lint check a.txt --baseline none");
    assert_eq!(missing.status, 2);
    assert!(
        missing.text.contains("none: the baseline cannot be read") && missing.text.contains("--write-baseline=none"),
        "{}",
        missing.text
    );
    folder.must("phrase-lint check a.txt --write-baseline");
    let whole = folder.read(".phrase-lint-baseline");
    folder.write(".phrase-lint-baseline", whole.replace("\t1\t", "\tone\t"));
    let damaged = folder.type_in("phrase-lint check a.txt --baseline .phrase-lint-baseline");
    assert_eq!(damaged.status, 2);
    assert!(damaged.text.contains(".phrase-lint-baseline:4: `one` is no count; take the line out"), "{}", damaged.text);
    assert!(folder.read(".phrase-lint-baseline").contains("\tone\t"));
}

#[test]
fn a_baseline_of_a_git_repository_merges_line_by_line() {
    let folder = Folder::repository();
    folder.write("replies/m.txt", "你等着\n");
    folder.must("phrase-lint check . --write-baseline && git add -A && git commit -qm first");
    folder.must(
        "git checkout -q -b other && echo 你好 > replies/a.txt && phrase-lint check . --write-baseline && git add -A && git commit -qm a",
    );
    folder.must(
        "git checkout -q main && echo 你的包裹 > replies/z.txt && phrase-lint check . --write-baseline && git add -A && git commit -qm z",
    );
    folder.must("git merge -q other -m both && phrase-lint check . --baseline .phrase-lint-baseline");
}

// ---------------------------------------------------------------- suppressions

#[test]
fn adding_suppressions_keeps_bytes() {
    let folder = Folder::new();
    folder.write("bom.txt", "\u{feff}您好\r\n你好\r\n");
    folder.write("gbk.txt", b"\xc4\xe3\xba\xc3\n\xc4\xfa\xba\xc3\xa3\xac\xc7\xeb\xca\xd5\xbb\xf5\n");
    folder.write("table.csv", "\u{feff}编码,内容\r\n1,你好\r\n2,您好");
    folder.must("phrase-lint check . --add-suppressions");
    assert_eq!(folder.read("bom.txt"), "\u{feff}您好\r\n# phrase-lint: ignore-next-line address/nin\r\n你好\r\n");
    let gbk = fs::read(folder.path().join("gbk.txt")).unwrap();
    let expected = [
        b"# phrase-lint: ignore-next-line address/nin\n".as_slice(),
        b"\xc4\xe3\xba\xc3\n\xc4\xfa\xba\xc3\xa3\xac\xc7\xeb\xca\xd5\xbb\xf5\n",
    ];
    assert_eq!(gbk, expected.concat());
    assert_eq!(folder.read("table.csv"), "\u{feff}编码,内容,phrase-lint-ignore\r\n1,你好,address/nin\r\n2,您好,");
}

// ---------------------------------------------------------------- git

#[test]
fn what_is_staged_is_checked_and_nothing_else() {
    let folder = Folder::repository();
    folder.write("a.txt", "您好\n");
    folder.write("b.txt", "你等着\n");
    folder.must("git add -A && git commit -qm first");
    let check = "phrase-lint check . --staged -f concise";
    assert_eq!(folder.must(check), "Nothing was checked.\n");
    // Staged bad, in the folder good already: the commit would be bad.
    folder.write("a.txt", "您好\n你好\n");
    folder.must("git add a.txt");
    folder.write("a.txt", "您好\n您好\n");
    folder.write("new.txt", "你的包裹\n");
    let answer = folder.type_in(check);
    assert_eq!((answer.status, found(&answer)), (1, vec!["./a.txt:2:1: address/nin".into()]), "{}", answer.text);
    // The other way round, the commit is good.
    folder.must("git add a.txt");
    folder.write("a.txt", "你好\n");
    folder.must(check);
    let refused = folder.type_in("phrase-lint check . --staged --fix");
    assert_eq!(refused.status, 2);
    assert!(refused.text.contains("'--staged' cannot be used with '--fix'"), "{}", refused.text);
}

#[test]
fn a_repository_without_a_commit_has_staged_files_too() {
    let folder = Folder::repository();
    folder.write("sub/a.txt", "你好\n");
    folder.must("git add -A");
    let answer = folder.type_in("cd sub && phrase-lint check . --staged --changed-lines -f concise");
    assert_eq!((answer.status, found(&answer)), (1, vec!["./a.txt:1:1: address/nin".into()]), "{}", answer.text);
}

#[test]
fn names_are_taken_as_they_are() {
    let folder = Folder::repository();
    let names = ["空 格\n行.txt", "-x.txt", ":(top)y.txt", "0:z.txt", "\"q\".txt", "[a]*.txt", "\u{1b}[31m.txt"];
    for name in names {
        folder.write(name, "你好\n");
    }
    folder.must("git add -A");
    for line in [
        "phrase-lint check . --staged --changed-lines -f json",
        "git commit -qm first; git checkout -q -b b; for f in ./*.txt; do echo 你的 >> \"$f\"; done; phrase-lint check . --changed-since main --changed-lines -f json",
    ] {
        let answer = folder.type_in(line);
        assert_eq!((answer.status, answer.text.matches("\"rule\":\"address/nin\"").count()), (1, names.len()), "{line}\n{}", answer.text);
    }
}

#[test]
fn changes_count_from_where_the_branch_began() {
    let folder = Folder::repository();
    folder.write("old.txt", "你等着\n您好\n");
    folder.write("same.txt", "你等着\n");
    folder.write("gone.txt", "你等着\n");
    folder.must("git add -A && git commit -qm first && git checkout -q -b branch");
    folder.write("old.txt", "你等着\n您好\n你好\n");
    folder.must("git add -A && git commit -qm second");
    folder.write("untracked.txt", "你的包裹\n");
    folder.write(".gitignore", "ignored.txt\n");
    folder.write("ignored.txt", "你的包裹\n");
    folder.must("rm gone.txt");
    // What happens on main is no change of the branch.
    folder.must("git stash -qu && git checkout -q main && echo 你好 >> same.txt && git commit -qam third && git checkout -q branch && git stash pop -q");
    let answer = folder.type_in("phrase-lint check . --changed-since main -f concise");
    assert_eq!(found(&answer), ["./old.txt:1:1: waiting/order", "./old.txt:3:1: address/nin", "./untracked.txt:1:1: address/nin"]);
    let answer = folder.type_in("phrase-lint check . --changed-since main --changed-lines -f concise");
    assert_eq!(found(&answer), ["./old.txt:3:1: address/nin", "./untracked.txt:1:1: address/nin"]);
    let score = folder.type_in("phrase-lint check old.txt --changed-since main --changed-lines -f jsonl").text;
    assert!(score.contains("\"points\":0") && score.contains("\"score\":100") && score.contains("\"violations\":1"), "{score}");
    // Only lines taken out: nothing is left to report.
    folder.write("old.txt", "你等着\n");
    folder.must("phrase-lint check old.txt --changed-since main --changed-lines");
}

#[test]
fn what_git_cannot_say_is_told() {
    let folder = Folder::new();
    folder.write("a.txt", "您好\n");
    let refused = |line: &str| {
        let answer = folder.type_in(line);
        assert_eq!(answer.status, 2, "{line}\n{}", answer.text);
        answer.text
    };
    // The tests may lie within a repository themselves.
    let ceiling = folder.path().canonicalize().unwrap();
    let answer =
        folder.type_with("phrase-lint check a.txt --staged", &[("GIT_CEILING_DIRECTORIES", ceiling.parent().unwrap().as_os_str())]);
    assert_eq!(answer.status, 2);
    assert!(answer.text.contains("this folder is no git repository"), "{}", answer.text);
    let program = env!("CARGO_BIN_EXE_phrase-lint");
    assert!(refused(&format!("PATH=/nonexistent {program} check a.txt --staged")).contains("the program `git` is not there"));
    folder.must("git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm first");
    assert!(refused("phrase-lint check a.txt --changed-since mian").contains("git knows no revision `mian`"));
    assert!(refused("phrase-lint check a.txt --changed-since=--output=x").contains("git knows no revision"));
    folder.must("git checkout -q --orphan other && git -c user.name=a -c user.email=a@example.com commit -qm alone");
    assert!(refused("phrase-lint check a.txt --changed-since main").contains("have in common"));
    assert!(refused("phrase-lint check a.txt --changed-lines").contains("required arguments were not provided"));
}

#[test]
fn a_baseline_holds_for_a_part_of_the_files() {
    let folder = Folder::repository();
    folder.write("a.txt", "你等着\n");
    folder.write("b.txt", "你好\n");
    folder.must("phrase-lint check . --write-baseline && git add -A && git commit -qm first");
    folder.write("a.txt", "你等着\n你等着\n");
    folder.must("git add -A");
    let answer = folder.type_in("phrase-lint check . --staged --baseline .phrase-lint-baseline -f concise");
    assert_eq!((answer.status, found(&answer)), (1, vec!["./a.txt:2:1: waiting/order".into()]), "{}", answer.text);
    let by_line = folder.must("git commit -qm second; echo 您好 >> a.txt; phrase-lint check . --changed-since HEAD --changed-lines --baseline .phrase-lint-baseline");
    assert!(!by_line.contains("gone"), "{by_line}");
}
