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
fn what_was_there_is_known_when_the_rest_was_put_right() {
    let folder = Folder::new();
    folder.write("r.txt", "你好，这个不归我管。\n您好，在的\n");
    folder.must("phrase-lint check r.txt --write-baseline=b");
    let fixed = folder.must("phrase-lint check r.txt --baseline b --fix -f concise");
    assert!(fixed.contains("Fixed 1 violation") && folder.read("r.txt").starts_with("您好，这个"), "{fixed}");
    let again = folder.must("phrase-lint check r.txt --baseline b -f concise");
    assert!(again.contains("1 in the baseline."), "{again}");
    folder.must("phrase-lint check r.txt --baseline b --prune-baseline && phrase-lint check r.txt --baseline b");
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
    assert!(answer.contains("Pruned base/line.txt: 2 violations will not be reported. 1 that is gone was taken out."), "{answer}");
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
fn settings_may_name_the_baseline() {
    let folder = Folder::new();
    folder.write("team/phrase-lint.toml", "baseline = \".known\"\n");
    folder.write("team/replies/a.txt", "你好\n");
    let missing = folder.type_in("phrase-lint check team");
    assert_eq!(missing.status, 2);
    let told = "team/phrase-lint.toml:1: team/.known: the baseline cannot be read";
    assert!(missing.text.contains(told) && missing.text.contains("--write-baseline=team/.known"), "{}", missing.text);
    assert!(folder.must("phrase-lint check team --write-baseline").contains("Wrote team/.known: 1 violation will"));
    assert!(folder.must("phrase-lint check team -f concise").contains("1 in the baseline."));
    assert!(folder.must("cd team/replies && phrase-lint check . -f concise").contains("1 in the baseline."));
    assert!(folder.must("phrase-lint config show team").contains("team/phrase-lint.toml:1"));
    // The command line goes before; where suppressions are written, there is none.
    folder.must("phrase-lint check team --write-baseline=other.txt --ignore address");
    let answer = folder.type_in("phrase-lint check team --baseline other.txt -f concise");
    assert!(answer.status == 1 && answer.text.contains("address/nin"), "{}", answer.text);
    assert_eq!(folder.type_in("phrase-lint check team -o full:team/.known").status, 2);
    folder.write("team/replies/a.txt", "您好\n");
    assert!(folder.must("phrase-lint check team --prune-baseline").contains("1 that is gone was taken out."));
    let nothing = folder.type_in("phrase-lint check team --no-config --prune-baseline");
    assert!(nothing.status == 2 && nothing.text.contains("no baseline is named to be pruned"), "{}", nothing.text);
    folder.write("team/phrase-lint.toml", "[[overrides]]\npaths = [\"replies/\"]\nbaseline = \"a\"\n");
    assert!(folder.type_in("phrase-lint check team").text.contains("`baseline` cannot differ from file to file"));
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
fn a_file_that_was_moved_has_no_changed_lines() {
    let folder = Folder::repository();
    folder.write("a.csv", "编号,内容\n1,你好\n2,您的订单\n3,你等着\n4,您好\n");
    folder.must("git add . && git commit -qm first && git mv a.csv 订单.csv");
    folder.must("phrase-lint check . --staged --changed-lines");
    folder.must("phrase-lint check . --changed-since HEAD --changed-lines");
    folder.must("echo 5,你的 >> 订单.csv && git add .");
    let answer = folder.type_in("phrase-lint check . --staged --changed-lines -f concise");
    assert_eq!((answer.status, found(&answer)), (1, vec!["./订单.csv:6:3: address/nin".to_owned()]), "{}", answer.text);
}

#[test]
fn a_copy_on_a_changed_line_is_new_whatever_the_baseline_knows() {
    let folder = Folder::repository();
    folder.write("a.txt", "您好\n你等着。\n谢谢您的来电\n");
    folder.must("phrase-lint check . --write-baseline && git add . && git commit -qm first");
    let check = "git add . && phrase-lint check . --staged --changed-lines --baseline .phrase-lint-baseline -f concise";
    for (text, place) in [("你等着。\n谢谢您的来电\n你等着。\n", "3:1"), ("你等着。\n您好\n你等着。\n谢谢您的来电\n", "1:1")]
    {
        folder.write("a.txt", text);
        let answer = folder.type_in(check);
        assert_eq!((answer.status, found(&answer)), (1, vec![format!("./a.txt:{place}: waiting/order")]), "{}", answer.text);
    }
    // What stands as it was is known still, and so is what moved.
    folder.write("a.txt", "您好\n您好\n你等着。\n谢谢您的来电\n");
    folder.must(check);
    folder.write("a.txt", "谢谢您的来电\n您好\n你等着。\n");
    folder.must(check);
}

#[test]
fn a_program_that_names_a_content_is_no_table() {
    let folder = Folder::new();
    folder.write("a.ts", "import { Button, Content, Text } from \"ui\";\n\nexport const a = \"你必须先付款\";\nconst x = 1;\n");
    let answer = folder.must("phrase-lint check --skip-unknown a.ts");
    assert!(!answer.contains("could not be read"), "{answer}");
    // What is named a table is one, and its rows are told.
    folder.write("a.csv", "编号,内容\n1\n2\n3,您好\n");
    let answer = folder.type_in("phrase-lint check a.csv");
    assert!(answer.text.contains("a.csv:2: the row has 1 columns") && answer.status == 2, "{}", answer.text);
}

#[test]
fn comments_count_on_standard_input_too() {
    let folder = Folder::new();
    folder.write("a.txt", "您好\n你好 # phrase-lint: ignore address/nin\n# phrase-lint: ignore-start\n你等着\n# phrase-lint: ignore-end\n");
    for check in ["phrase-lint check a.txt", "phrase-lint check - < a.txt", "cat a.txt | phrase-lint check - --stdin-filename b.txt"] {
        let answer = folder.type_in(check);
        assert!(answer.status == 0 && answer.text.contains("2 suppressed"), "{check}: {}", answer.text);
    }
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

// ---------------------------------------------------------------- the walk through docs/repository.md

const THINGS: [&str; 10] = ["订单", "包裹", "发票", "优惠券", "运费", "尺码", "颜色", "退款", "换货", "赠品"];

const BEFORE: [&str; 8] = [
    "您好，{}的问题我来帮您看看。",
    "感谢您的关注，{}的说明在详情页里，请您先看一下。",
    "如果您拿不定主意，我可以为您介绍{}的区别。",
    "您想了解{}的哪一方面？",
    "{}的活动到月底结束，您慢慢挑选。",
    "已经为您记下{}的要求，稍后由专人与您联系。",
    "关于{}，我为您准备了一份图文说明。",
    "你好，{}的规则在首页。",
];

const AFTER: [&str; 8] = [
    "非常抱歉，{}给您添麻烦了，我马上为您核实。",
    "感谢您的耐心，{}已经为您登记好了。",
    "请您把{}的照片发给我，我来处理。",
    "{}的进度可以在“我的”页面里查看。",
    "您的{}已经转给专人，下午给您答复。",
    "谢谢您的提醒，{}的信息已经改好。",
    "请问{}是什么时候收到的？",
    "你必须先提供{}的编号。",
];

const CLOSING: [&str; 4] = [
    "{}的事已经办好，请问还有什么可以帮您？",
    "感谢您的支持，{}有任何问题都欢迎您来找我们。",
    "祝您生活愉快，{}的消息会短信通知您。",
    "{}这个我不清楚。",
];

/// Two hundred replies in three files.
fn replies(folder: &Folder) {
    for (name, templates) in [("before", BEFORE), ("after", AFTER)] {
        let mut table = "编码,内容\n".to_owned();
        for (number, template) in templates.iter().enumerate() {
            for (index, thing) in THINGS.iter().enumerate() {
                table.push_str(&format!("{name}-{number}{index},{}\n", template.replace("{}", thing)));
            }
        }
        folder.write(&format!("replies/{name}.csv"), table);
    }
    let closing: String = THINGS.iter().flat_map(|thing| CLOSING.map(|template| template.replace("{}", thing) + "\n")).collect();
    folder.write("replies/closing.txt", closing);
}

/// A page with the output of its commands as it is now.
fn typed(page: &str, folder: &Folder) -> String {
    let mut typed = String::new();
    let mut in_block = false;
    for line in page.lines() {
        if line == "```console" || line == "```" {
            in_block = line == "```console";
        } else if in_block && !line.starts_with("$ ") {
            // What was the output when the page was written.
            continue;
        }
        typed.push_str(line);
        typed.push('\n');
        if let Some(command) = line.strip_prefix("$ ").filter(|_| in_block) {
            let answer = folder.type_in(command);
            // Markdown and editors disagree about spaces at the end of lines.
            answer.text.lines().for_each(|line| typed.push_str(&format!("{}\n", line.trim_end())));
            if answer.status != 0 {
                typed.push_str(&format!("[exit status {}]\n", answer.status));
            }
        }
    }
    typed
}

/// `UPDATE_DOCS=1 cargo test --test repository` writes the output into the page.
#[test]
fn the_walk_through_a_repository_goes_as_the_page_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/repository.md");
    let folder = Folder::repository();
    replies(&folder);
    assert_eq!(found(&folder.type_in("phrase-lint check replies -f concise")).len(), 30);
    folder.write("ci/check-replies.sh", include_str!("../examples/ci/check-replies.sh"));
    folder.write(".gitignore", "phrase-lint.html\nphrase-lint.xml\n");
    folder.must("git add -A && git commit -qm 'Our replies'");
    let written = fs::read_to_string(&page).unwrap();
    let typed = typed(&written, &folder);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, typed).unwrap();
    } else {
        snapbox::assert_data_eq!(typed, written);
    }
}

// ---------------------------------------------------------------- hooks and CI

fn source(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Whether a program is there; where it is not, the test says that it was left out.
#[allow(clippy::print_stderr)]
fn has(program: &str, folder: &Folder) -> bool {
    let is_there = folder.type_in(&format!("command -v {program}")).status == 0;
    if !is_there {
        eprintln!("skipped: {program} is not installed (.ci/run installs it)");
    }
    is_there
}

#[test]
fn files_for_hooks_and_ci_are_yaml() {
    for name in [
        ".pre-commit-hooks.yaml",
        "action.yml",
        "examples/ci/github-workflow.yml",
        "examples/ci/gitlab-ci.yml",
        "examples/ci/pre-commit-config.yaml",
    ] {
        let text = source(name);
        let mistakes: Vec<_> = saphyr_parser::Parser::new_from_str(&text).filter_map(Result::err).collect();
        assert!(mistakes.is_empty(), "{name}: {mistakes:?}");
    }
    let folder = Folder::new();
    if has("check-jsonschema", &folder) {
        let root = env!("CARGO_MANIFEST_DIR");
        folder.must(&format!("check-jsonschema --builtin-schema vendor.github-actions {root}/action.yml"));
        folder.must(&format!("check-jsonschema --builtin-schema vendor.github-workflows {root}/examples/ci/github-workflow.yml"));
        folder.must(&format!(
            "check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci {root}/examples/ci/gitlab-ci.yml"
        ));
    }
}

/// The hooks as pre-commit runs them, with the program that is installed.
#[test]
fn pre_commit_runs_the_hooks() {
    let folder = Folder::repository();
    if !has("pre-commit", &folder) {
        return;
    }
    let hooks = Folder::repository();
    hooks.write(".pre-commit-hooks.yaml", source(".pre-commit-hooks.yaml"));
    hooks.must("git add -A && git commit -qm hooks && git tag v0.1.0");
    let home = Folder::new();
    let typed = |line: &str| folder.type_with(line, &[("PRE_COMMIT_HOME", home.path().as_os_str())]);
    folder.must(&format!("pre-commit validate-manifest {0}/.pre-commit-hooks.yaml", env!("CARGO_MANIFEST_DIR")));

    // The example, with the repository that was just made and the hook that need not be built.
    let example = source("examples/ci/pre-commit-config.yaml");
    let config = example
        .replace("https://github.com/phrase-lint/phrase-lint", &hooks.path().display().to_string())
        .replace("id: phrase-lint\n", "id: phrase-lint-system\n");
    assert_eq!(config.matches("phrase-lint-system").count(), 1);
    folder.write(".pre-commit-config.yaml", &config);
    folder.write("replies/a.txt", "你等着\n");
    folder.write("replies/logo.svg", "<svg/>\n");
    folder.write("notes.txt", "你好\n");
    folder.must("phrase-lint check replies --write-baseline && git add -A");
    assert_eq!(typed("pre-commit install").status, 0);
    let first = typed("git commit -qm first");
    assert_eq!(first.status, 0, "what was there is in the baseline\n{}", first.text);

    folder.write("replies/a.txt", "你等着\n你的包裹\n");
    folder.must("git add -A");
    // The hook sees what is staged.
    folder.write("replies/a.txt", "你等着\n您的包裹\n");
    let refused = typed("git commit -qm second");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(
        refused.text.contains("replies/a.txt:2:1") && refused.text.contains("Found 1 warning in 1 of 2 conversations"),
        "{}",
        refused.text
    );
    folder.must("git add -A");
    let accepted = typed("git commit -qm second");
    assert_eq!(accepted.status, 0, "{}", accepted.text);
    // A commit in which nothing is for this hook.
    folder.write("replies/logo.svg", "<svg></svg>\n");
    folder.must("git add -A");
    let other = typed("git commit -qm third");
    assert_eq!(other.status, 0, "{}", other.text);

    let all = typed(&format!("pre-commit try-repo {} phrase-lint-system --all-files", hooks.path().display()));
    assert_eq!(all.status, 1, "{}", all.text);
    assert!(all.text.contains("notes.txt:1:1"), "{}", all.text);
}

#[test]
fn the_action_annotates_sums_up_and_fails() {
    let folder = Folder::repository();
    folder.write("replies/a.txt", "你等着\n");
    folder.must("phrase-lint check replies --write-baseline && git add -A && git commit -qm first && git checkout -q -b branch");
    folder.write("replies/a.txt", "你等着\n你的包裹\n");
    folder.write("replies/甲 乙.txt", "你好\n");
    folder.must("git add -A && git commit -qm second && mkdir runner");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("action/check.sh");
    let run = |inputs: &[(&str, &str)]| {
        let mut variables: Vec<(&str, &OsStr)> = [
            ("RUNNER_TEMP", "runner"),
            ("GITHUB_STEP_SUMMARY", "runner/summary"),
            ("GITHUB_OUTPUT", "runner/output"),
            ("INPUT_PATHS", "replies/a.txt\nreplies/甲 乙.txt\n"),
            ("INPUT_BASELINE", ".phrase-lint-baseline"),
            ("INPUT_CHANGED_SINCE", "main"),
            ("INPUT_CHANGED_LINES", "true"),
            ("INPUT_FAIL_ON", "warning"),
            ("INPUT_UNUSED_SUPPRESSIONS", "warn"),
            ("INPUT_ARGUMENTS", ""),
        ]
        .map(|(name, value)| (name, OsStr::new(value)))
        .to_vec();
        variables.extend(inputs.iter().map(|(name, value)| (*name, OsStr::new(*value))));
        folder.type_with(&format!("bash {}", script.display()), &variables)
    };
    let answer = run(&[]);
    assert_eq!((answer.status, answer.text.matches("::warning title=").count()), (1, 2), "{}", answer.text);
    assert!(folder.read("runner/summary").contains("address/nin"), "{}", folder.read("runner/summary"));
    assert_eq!(folder.read("runner/output"), "sarif=runner/phrase-lint.sarif\n");
    assert!(folder.read("runner/phrase-lint.sarif").contains("\"ruleId\":\"address/nin\""));
    assert_eq!(run(&[("INPUT_FAIL_ON", "never")]).status, 0);
    assert_eq!(run(&[("INPUT_ARGUMENTS", "--ignore\naddress")]).status, 0);
    // An input is a value, never code.
    let hostile = run(&[("INPUT_PATHS", "$(touch runner/hacked)\n--fix"), ("INPUT_CHANGED_SINCE", "")]);
    assert_eq!(hostile.status, 2, "{}", hostile.text);
    assert!(!folder.path().join("runner/hacked").exists() && folder.read("replies/a.txt").contains('你'));
    // Every input that the step reads is one that the action has, and is handed on.
    let action = source("action.yml");
    for line in
        fs::read_to_string(&script).unwrap().split(|c: char| !c.is_ascii_uppercase() && c != '_').filter(|word| word.starts_with("INPUT_"))
    {
        let input = line.trim_start_matches("INPUT_").to_lowercase().replace('_', "-");
        assert!(action.contains(&format!("\n  {input}:\n")) && action.contains(&format!("{line}: ${{{{ inputs.{input} }}}}")), "{line}");
    }
}

#[test]
fn the_gitlab_job_reports_what_a_merge_request_changes() {
    let folder = Folder::repository();
    folder.write("replies/a.txt", "你等着\n");
    folder.must("phrase-lint check replies --write-baseline && git add -A && git commit -qm first");
    let base = folder.must("git rev-parse HEAD");
    folder.write("replies/a.txt", "你等着\n你的包裹\n");
    folder.must("git commit -qam second");
    let job = source("examples/ci/gitlab-ci.yml");
    let script: Vec<&str> =
        job.lines().skip_while(|line| *line != "  script:").skip(1).map_while(|line| line.strip_prefix("    - ")).collect();
    assert_eq!(script.len(), 4);
    let answer = folder.type_with(&script.join("\n"), &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", OsStr::new(base.trim()))]);
    assert_eq!((answer.status, found(&answer)), (1, vec!["replies/a.txt:2:1: address/nin".into()]), "{}", answer.text);
    assert!(folder.read("codequality.json").contains("address/nin") && folder.read("junit.xml").contains("<failure"));
    assert_eq!(folder.type_with(&script.join("\n"), &[]).status, 1);
}

#[test]
fn no_setting_of_git_changes_which_lines_changed() {
    let folder = Folder::repository();
    let unchanged = "您好\n".repeat(3);
    folder.write("a.txt", format!("您好一\n{unchanged}你等着\n{unchanged}您好二\n"));
    folder.must("git add -A && git commit -qm first && git checkout -q -b branch");
    folder.write("a.txt", format!("你好一\n{unchanged}你等着\n{unchanged}你好二\n"));
    let settings = [
        "diff.interHunkContext 10",
        "diff.context 5",
        "diff.noprefix true",
        "diff.mnemonicPrefix true",
        "diff.algorithm patience",
        "diff.indentHeuristic false",
        "diff.renames copies",
        "diff.relative true",
        "diff.external false",
        "color.ui always",
        "diff.colorMoved zebra",
    ];
    for setting in settings {
        folder.must(&format!("git config {setting}"));
        let answer = folder.type_in("phrase-lint check . --changed-since main --changed-lines -f concise");
        assert_eq!(found(&answer), ["./a.txt:1:1: address/nin", "./a.txt:9:1: address/nin"], "{setting}: {}", answer.text);
    }
}

#[test]
fn a_pack_says_nothing_to_the_terminal() {
    let folder = Folder::new();
    let codes = r#"x\u001b[2J"#;
    folder.write(
        "p.toml",
        format!(
            "[pack]\ncategory = \"x\"\ntitle = \"{codes}\"\n[[phrase]]\nid = \"a\"\ntitle = \"{codes}\"\nscene = \"{codes}\"\nwhy = \"{codes}\"\nsource = \"{codes}\"\n\
             improper = [\"小店铺\"]\nprofessional = [\"好{codes}\"]\nbad = [\"小店铺{codes}\"]\ngood = [\"您好{codes}\"]\n[[check]]\nid = \"b\"\ntitle = \"{codes}\"\nscene = \"{codes}\"\nwhy = \"{codes}\"\n\
             when = {{ at = \"opening\" }}\nexpect = {{ agent = [\"好的呀\"] }}\nprofessional = [\"好{codes}\"]\nbad = [\"客服：在{codes}\"]\ngood = [\"客服：好的呀{codes}\"]\n"
        ),
    );
    for line in
        ["phrase-lint rules list --rules p.toml", "phrase-lint explain x/a --rules p.toml", "phrase-lint explain x/b --rules p.toml"]
    {
        let answer = folder.type_in(line);
        assert_eq!(answer.status, 0, "{}", answer.text);
        assert!(answer.text.contains("x␛[2J") && !answer.text.contains('\u{1b}'), "{line}: {:?}", answer.text);
    }
    folder.write(
        "wrong.toml",
        format!("[pack]\ncategory = \"x\"\n[[phrase]]\nid = \"a\"\nimproper = [\"小店铺\"]\nprofessional = [\"好\"]\nbad = [\"您好{codes}\"]\ngood = [\"小店铺{codes}\"]\n"),
    );
    let answer = folder.type_in("phrase-lint rules test wrong.toml");
    assert_eq!(answer.status, 1, "{}", answer.text);
    assert!(answer.text.contains("x␛[2J") && !answer.text.contains('\u{1b}'), "{:?}", answer.text);
}

#[test]
fn forms_for_ci_name_files_alike() {
    let folder = Folder::new();
    folder.write("replies/a.md", "你的订单\n");
    for form in ["junit", "github", "gitlab", "sarif"] {
        let answer = folder.type_in(&format!("phrase-lint check . -f {form}"));
        assert!(answer.text.contains("replies/a.md") && !answer.text.contains("./replies"), "{form}: {}", answer.text);
    }
}
