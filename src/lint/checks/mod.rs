//! Checks at work: where an obligation arises ([`condition`]), whether it was kept ([`obligation`]), and what a
//! breach says ([`message`]). What is said is one of the words of the [`repertoire`], or its signs weigh enough; what
//! is said again is a [`repetition`].

mod condition;
mod dialogue;
mod hearing;
mod message;
mod obligation;
mod repertoire;
mod repetition;
mod silence;
mod timeline;

use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use crate::rule::{Alternatives, ByProfile, Check, Duty, Known, Profile, Rules, Said, Saying, Utterance};
use crate::text::Script;
use crate::transcript::{Direction, Speaker};
use crate::violation::{Severity, Violation};

use super::selection::Selection;
use super::told::Number;
use condition::Place;
pub(super) use dialogue::Dialogue;
use hearing::Hearing;
use obligation::{Breach, Verdict, Wanted};
pub(super) use repertoire::Repertoire;
use repetition::Formulas;
use silence::Cues;

/// The checks of a run.
#[derive(Debug)]
pub(super) struct Checks {
    rows: Vec<CheckRow>,
    known: Known,
    alternatives: Arc<Alternatives>,
    /// By profile, made when the first conversation is heard: canned replies need none of it.
    ready: [OnceLock<Ready>; 3],
}

/// All words that the checks of a profile ask for, ready to be heard.
#[derive(Debug)]
struct Ready {
    repertoire: Repertoire,
    cues: Cues,
    /// The rows that are on.
    rows: Vec<(usize, Severity, Asked)>,
}

/// The words of a row by their numbers.
#[derive(Debug)]
struct Asked {
    words: Option<Number>,
    formulas: Formulas,
    wanted: Option<Wanted>,
    unless: Vec<Number>,
}

#[derive(Debug)]
struct CheckRow {
    check: Check,
    /// After what the user said.
    severity: ByProfile<Severity>,
}

impl Checks {
    pub fn new(rules: &Rules, selection: &Selection) -> Self {
        let rows = rules.checks.iter().filter(|check| selection.is_on(&check.id));
        Self {
            rows: rows.map(|check| CheckRow::new(check, selection)).collect(),
            known: rules.known.clone(),
            alternatives: Arc::clone(&rules.alternatives),
            ready: Default::default(),
        }
    }

    fn ready(&self, profile: Profile) -> &Ready {
        self.ready[profile as usize].get_or_init(|| {
            let mut repertoire = Repertoire::new(&self.alternatives);
            let on = self.rows.iter().enumerate().filter_map(|(index, row)| Some((index, row, row.severity.get(profile)?)));
            let rows = on.map(|(index, row, severity)| (index, severity, Asked::new(&row.check, &mut repertoire))).collect();
            let cues = cues(&self.known, &mut repertoire);
            repertoire.add_cuts([&self.known.cut_start, &self.known.cut_end]);
            Ready { repertoire, cues, rows }
        })
    }

    /// The words that the checks of a profile ask for.
    pub fn repertoire(&self, profile: Profile) -> &Repertoire {
        &self.ready(profile).repertoire
    }

    /// Whether any check is on in a profile.
    pub fn is_on(&self, profile: Profile) -> bool {
        self.rows.iter().any(|row| row.severity.get(profile).is_some())
    }

    /// The ids of the checks that are on and cannot be judged for want of times, sorted.
    pub fn untimed(&self, dialogue: &Dialogue<'_>, profile: Profile) -> Vec<Arc<str>> {
        let mut ids: Vec<Arc<str>> = Vec::new();
        if !dialogue.timeline.is_known() {
            let wanting = self.rows.iter().filter(|row| row.applies(dialogue, profile) && row.check.needs_times());
            ids.extend(wanting.filter(|row| !row.needs_only_the_start(dialogue)).map(|row| Arc::clone(&row.check.id)));
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Adds the violations of a dialogue, in no order.
    pub fn lint(&self, dialogue: &Dialogue<'_>, profile: Profile, script: impl Fn() -> Script, violations: &mut Vec<Violation>) {
        let ready = self.ready(profile);
        let hearing = Hearing::new(&ready.repertoire, dialogue);
        // Of several rows of an id the gravest speaks: of a place that is a breach itself in its turn, else of the same place.
        let (mut bare, mut broken) = (Gravest::default(), Gravest::default());
        for (index, severity, asked) in &ready.rows {
            let (row, severity) = (&self.rows[*index], *severity);
            if !row.applies(dialogue, profile) {
                continue;
            }
            if asked.unless.iter().any(|&unless| hearing.is_heard_anywhere(unless)) {
                continue;
            }
            let mut free_from = 0;
            for place in condition::places(&row.check.when, asked.words, &asked.formulas, &hearing, ready.cues) {
                if place.spoken < free_from {
                    continue;
                }
                let Some(wanted) = asked.wanted else {
                    let breach = Breach { said: None, closed_by: None, waited: None };
                    let violation = row.violation(severity, None, &place, &breach, &hearing, script());
                    bare.add(violation, None);
                    continue;
                };
                let outcome = obligation::judge(wanted, &place, &hearing);
                free_from = outcome.settled;
                if let Verdict::Broken(breach) = outcome.verdict {
                    let violation = row.violation(severity, Some(wanted), &place, &breach, &hearing, script());
                    let span = violation.span.clone();
                    broken.add(violation, span);
                }
            }
        }
        violations.append(&mut broken.violations);
        violations.append(&mut bare.violations);
    }
}

/// Of violations of a rule at the same place, the gravest.
#[derive(Default)]
struct Gravest {
    violations: Vec<Violation>,
    /// Where they stand.
    known: HashMap<PlaceOfRule, usize>,
}

/// A rule, the turn and, where that tells places apart, the bytes.
type PlaceOfRule = (Arc<str>, usize, Option<Range<usize>>);

impl Gravest {
    /// Adds a violation unless one is there that is as grave.
    fn add(&mut self, violation: Violation, span: Option<Range<usize>>) {
        match self.known.entry((Arc::clone(&violation.rule), violation.turn, span)) {
            Entry::Vacant(place) => {
                place.insert(self.violations.len());
                self.violations.push(violation);
            }
            Entry::Occupied(place) => {
                let other = &mut self.violations[*place.get()];
                if other.severity < violation.severity {
                    *other = violation;
                }
            }
        }
    }
}

impl Asked {
    fn new(check: &Check, repertoire: &mut Repertoire) -> Self {
        let wanted = check.duty.term().map(|term| Wanted {
            words: repertoire.add(&term.words),
            within: term.within,
            until: term.until.as_ref().map(|until| repertoire.add(until)),
            past: term.past.as_ref().map(|past| repertoire.add(past)),
            forbidden: matches!(check.duty, Duty::Forbid(_)),
        });
        // What repeats is seldom: only then it is asked what excuses it, not of every turn.
        let (words, formulas) = match &check.when.words {
            Some(words) if check.when.repeat.is_some() && words.said == Said::Anything => {
                (Some(Utterance { except: Vec::new(), ..words.clone() }), repertoire.add_sayings(&words.except))
            }
            words => (words.clone(), Vec::new()),
        };
        Self {
            words: words.map(|words| repertoire.add(&words)),
            formulas: Formulas::new(formulas),
            wanted,
            unless: check.unless.iter().map(|unless| repertoire.add(unless)).collect(),
        }
    }
}

impl CheckRow {
    fn new(check: &Check, selection: &Selection) -> Self {
        let mut severity = check.severity;
        if let Some(wanted) = selection.severity(&check.id) {
            severity.map(|_| wanted);
        }
        let points = selection.points(&check.id).or(check.points);
        Self { severity, check: Check { points, ..check.clone() } }
    }

    fn applies(&self, dialogue: &Dialogue<'_>, profile: Profile) -> bool {
        // Who calls a service desk is the customer, unless the input says otherwise.
        let direction = dialogue.conversation.direction.unwrap_or(Direction::Inbound);
        self.severity.get(profile).is_some() && self.check.direction.is_none_or(|wanted| wanted == direction)
    }

    /// The time of day and the date may be known of the conversation though not of its turns.
    fn needs_only_the_start(&self, dialogue: &Dialogue<'_>) -> bool {
        let when = &self.check.when;
        when.silence.is_none() && when.lasts.is_none() && dialogue.conversation.started.is_some()
    }

    fn violation(
        &self,
        severity: Severity,
        wanted: Option<Wanted>,
        place: &Place,
        breach: &Breach,
        hearing: &Hearing<'_>,
        script: Script,
    ) -> Violation {
        let spoken = &hearing.dialogue.spoken[place.spoken];
        Violation {
            rule: Arc::clone(&self.check.id),
            severity,
            message: message::message(&self.check, wanted, place, breach, hearing, script),
            turn: spoken.turn,
            span: place.words.clone().map(|words| hearing.dialogue.folded(spoken.turn).written(words)),
            points: self.check.points.unwrap_or_else(|| severity.default_points()),
            fatal: self.check.fatal,
            rewrites: message::rewrites(&self.check, script),
            // They are examples, which take no words' place.
            by_user: false,
        }
    }
}

fn cues(known: &Known, repertoire: &mut Repertoire) -> Cues {
    let mut add = |saying: &Option<Saying>, speaker: Speaker| {
        let said = Said::OneOf(vec![saying.clone()?]);
        Some(repertoire.add(&Utterance { speaker, said, except: Vec::new() }))
    };
    Cues {
        ask_to_wait: add(&known.ask_to_wait, Speaker::Agent),
        ask_to_act: add(&known.ask_to_act, Speaker::Agent),
        customer_busy: add(&known.customer_busy, Speaker::Customer),
        ok: add(&known.ok, Speaker::Customer),
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleSet;
    use super::*;
    use crate::rule::Pack;
    use crate::transcript::{Conversation, Kind, Moment, Turn};

    const WORDS: &str = r#"
        [words]
        system-notice = "^^系统提示"
        cut-start = "^^会话转入"
        cut-end = "会话已自动切断"
        ask-to-wait = "请稍(等|候)"
        ask-to-act = "重启"
        customer-busy = "我找一下"
        ok = "^^(好|嗯)[的]$$"
    "#;

    /// Turns as `10:00:00 客 …` or `客 …`, by their first character: 客 agent, 顾 customer, 机 bot, 系 system.
    fn conversation(turns: &[&str]) -> Conversation {
        let turn = |line: &&str| {
            let (start, said) = match line.split_once(' ') {
                Some((time, said)) if Moment::parse(time).is_some() => (Moment::parse(time), said),
                _ => (None, *line),
            };
            let speaker = match said.chars().next() {
                Some('客') => Speaker::Agent,
                Some('顾') => Speaker::Customer,
                Some('机') => Speaker::Bot,
                _ => Speaker::System,
            };
            Turn { start, ..Turn::new(speaker, said.trim_start_matches(['客', '顾', '机', '系']).trim()) }
        };
        Conversation { kind: Kind::Chat, turns: turns.iter().map(turn).collect(), ..Conversation::default() }
    }

    fn rule_set(check: &str) -> RuleSet {
        let pack = format!("[pack]\ncategory = \"test\"\n[[check]]\nid = \"test\"\nprofessional = \"久等了\"\n{check}\n");
        let packs = [Pack::parse("words.toml", WORDS), Pack::parse("test.toml", &pack)];
        let packs: Vec<Pack> = packs.into_iter().map(|pack| pack.expect("a pack")).collect();
        RuleSet::new(&Rules::new(&packs).expect("rules"), &Selection::default())
    }

    /// The turns of which the check complains.
    fn broken(check: &str, profile: Profile, turns: &[&str]) -> Vec<usize> {
        rule_set(check).lint(&conversation(turns), profile).iter().map(|violation| violation.turn).collect()
    }

    #[test]
    fn windows_count_turns_and_answers() {
        let turns = ["客 您好", "客 在的", "顾 喂", "客 订单号", "顾 嗯", "客 工号", "客 再见"];
        let within = |within: &str, wanted: &str| {
            broken(&format!("when.at = \"opening\"\nexpect.agent = \"{wanted}\"\nwithin = \"{within}\""), Profile::Chat, &turns).len()
        };
        assert_eq!([within("1 turn", "您好"), within("1 turn", "在的"), within("2 turns", "在的")], [0, 1, 0]);
        assert_eq!([within("1 answer", "在的"), within("1 answer", "订单号"), within("2 answers", "订单号")], [0, 1, 0]);
        let before = |within: &str, wanted: &str| {
            broken(&format!("when.at = \"ending\"\nexpect.agent = \"{wanted}\"\nwithin = \"{within} before\""), Profile::Chat, &turns).len()
        };
        assert_eq!([before("1 turn", "工号"), before("2 turns", "工号"), before("1 answer", "工号")], [1, 0, 0]);
        assert_eq!([before("1 answer", "订单号"), before("2 answers", "订单号")], [1, 0]);
        // The place's own answer counts as a whole, what was said before the place included.
        let own = "when.agent = \"在的\"\nexpect.agent = \"您好\"\nwithin = \"1 answer\"";
        assert_eq!(broken(own, Profile::Chat, &turns), [] as [usize; 0]);
    }

    #[test]
    fn bot_and_platform_are_heard_beside_what_is_said() {
        let announced = |turns: &[&str]| {
            broken("when.system = \"转接\"\nexpect.agent = \"帮您转\"\nwithin = \"1 answer before\"", Profile::Chat, turns)
        };
        assert_eq!(announced(&["客 您好", "顾 发票呢", "客 我看不了", "系 已转接至财务", "客 您好"]), [2]);
        assert_eq!(announced(&["客 您好", "客 这就帮您转", "顾 好", "系 已转接至财务"]), [] as [usize; 0]);
        // A notice is one whoever it is sent as; before the agent nobody could announce anything.
        assert_eq!(announced(&["客 您好", "顾 发票呢", "客 系统提示已转接"]), [1]);
        assert_eq!(announced(&["顾 转人工", "系 已转接人工", "客 您好"]), [] as [usize; 0]);
        assert_eq!(announced(&["客 您好", "顾 已转接了吗", "机 已转接"]), [] as [usize; 0]);
        let offered =
            |turns: &[&str]| broken("when.at = \"opening\"\nexpect.agent = \"帮您\"\nunless.bot = \"帮您\"", Profile::Chat, turns);
        assert_eq!(offered(&["机 什么可以帮您", "顾 查快递", "客 单号呢"]), [] as [usize; 0]);
        assert_eq!(offered(&["机 您好", "顾 帮您个头", "客 单号呢"]), [2]);
        let either = "when.at = \"opening\"\nexpect.agent = \"帮您\"\nunless = { customer = \"查快递\", system = \"留言\" }";
        let either = |turns: &[&str]| broken(either, Profile::Chat, turns);
        assert_eq!(either(&["顾 查快递", "客 单号呢"]), [] as [usize; 0]);
        assert_eq!(either(&["系 客户留言", "顾 在吗", "客 单号呢"]), [] as [usize; 0]);
        assert_eq!(either(&["顾 留言", "客 查快递吗"]), [1]);
    }

    #[test]
    fn signs_of_a_turn_add_up() {
        let words =
            "[words.upset]\nany = [\"投诉\"]\n[words.upset.signs]\n60 = [\"居然\", \"壞了\"]\n50 = [\"又\", \"^你们\"]\n-30 = \"请问\"";
        let check =
            "when = { customer = \"<upset>\", except = [\"又想买\", \"又来了，买\"] }\nexpect.agent = \"抱歉\"\nwithin = \"1 answer\"";
        let rules = rule_set(&format!("{check}\n{words}"));
        let found = |turns: &[&str]| -> Vec<(usize, Option<String>)> {
            let violations = rules.lint(&conversation(turns), Profile::Chat);
            let said = |found: &Violation| Some(turns[found.turn].trim_start_matches("顾 ")[found.span.clone()?].to_owned());
            violations.iter().map(|found| (found.turn, said(found))).collect()
        };
        let heard = |said: &str| found(&[&format!("顾 {said}"), "客 单号呢"]).pop().map(|(_, text)| text.unwrap_or_default());
        let at = |clause: &str| Some(clause.to_owned());
        // At the clause that weighs most, the first of those.
        assert_eq!(
            [heard("又坏了"), heard("又来了,居然又坏了,壞了"), heard("你们好,又是空的")],
            [at("又坏了"), at("居然又坏了"), at("你们好")]
        );
        // Each counts once in a clause, and some speak against it.
        assert_eq!(
            [heard("坏了坏了"), heard("又又又"), heard("请问又坏了"), heard("请问又居然坏了")],
            [None, None, None, at("请问又居然坏了")]
        );
        assert_eq!([heard("又,又"), heard("问你们又"), heard("3"), heard("居然要3又")], [at("又"), None, None, at("居然要3又")]);
        // Entries need no signs, and where one is said nothing is weighed.
        assert_eq!([heard("我要投诉"), heard("请问投诉"), heard("又坏了,投诉")], [at("投诉"), at("投诉"), at("投诉")]);
        // Clauses with what the check excepts do not count.
        assert_eq!([heard("居然又想买"), heard("又来了,买居然的"), heard("又想买,居然又坏了")], [None, None, at("居然又坏了")]);
        assert_eq!([heard("又想买居然,居然又"), heard("居然又,又想买居然")], [at("居然又"), at("居然又")]);
        assert_eq!([heard("居然又壞了又想买,居然壞了"), heard("又想买,居然")], [at("居然壞了"), None]);
        // Not of two turns, and not of others.
        assert_eq!(found(&["顾 又来了", "顾 坏了", "客 又坏了", "客 单号呢"]), []);
    }

    #[test]
    fn turns_that_say_nothing_are_passed_over() {
        let check = "when.customer = \"坏了\"\nexpect.agent = \"抱歉\"\npast.agent = \"^^您好$$\"\nwithin = \"1 answer\"";
        let greeted = ["顾 坏了", "客 您好", "顾 你看", "客 抱歉"];
        assert_eq!(broken(check, Profile::Call, &greeted), [] as [usize; 0]);
        assert_eq!(broken(&check.replace("past.agent = \"^^您好$$\"\n", ""), Profile::Call, &greeted), [0]);
        assert_eq!(broken(check, Profile::Call, &["顾 坏了", "客 您好", "顾 你看", "客 单号", "顾 7", "客 抱歉"]), [0]);
        assert_eq!(broken(check, Profile::Call, &["顾 坏了", "客 您好", "客 抱歉", "顾 好"]), [] as [usize; 0]);
    }

    #[test]
    fn until_closes_a_window_within_a_turn() {
        let order = "when.at = \"opening\"\nforbid.agent = \"您是哪位\"\nuntil.agent = \"工号\"";
        assert_eq!(broken(order, Profile::Call, &["客 您好,请问您是哪位?我是工号3"]), [0]);
        assert_eq!(broken(order, Profile::Call, &["客 您好,我是工号3,请问您是哪位?"]), [] as [usize; 0]);
        let verify = "when.at = \"opening\"\nexpect.agent = \"您是哪位\"\nuntil.agent = \"工号\"";
        assert_eq!(broken(verify, Profile::Call, &["客 您好,我是工号3,请问您是哪位?"]), [0]);
    }

    #[test]
    fn the_platform_closes_a_window() {
        let answered = "when.customer = \"多久\"\nexpect.agent = \"…\"\nuntil.system = \"自动结束\"";
        let answered = |turns: &[&str]| broken(answered, Profile::Chat, turns);
        // The log stops there, and all the same it tells that nobody answered.
        assert_eq!(answered(&["客 您好", "顾 要多久", "顾 人呢", "系 会话已自动切断,自动结束"]), [1]);
        assert_eq!(answered(&["客 您好", "顾 要多久", "系 自动结束", "客 三天"]), [1]);
        assert_eq!(answered(&["客 您好", "顾 要多久", "客 三天", "系 自动结束"]), [] as [usize; 0]);
        assert_eq!(answered(&["系 自动结束", "顾 要多久", "客 三天"]), [] as [usize; 0]);
        assert_eq!(answered(&["客 您好", "顾 要多久", "系 会话已自动切断"]), [] as [usize; 0]);
        let rules = rule_set("when.customer = \"多久\"\nexpect.agent = \"…\"\nuntil.system = \"自动结束\"");
        let said = |turns: &[&str]| rules.lint(&conversation(turns), Profile::Chat).pop().map(|violation| violation.message);
        let message = said(&["客 您好", "顾 要多久", "系 已自动结束"]);
        assert_eq!(message.as_deref(), Some("在“自动结束”之前，应当有客服的回应，之后没有客服的话。"));
        // What the agent says afterwards was not said instead.
        assert_eq!(said(&["客 您好", "顾 要多久", "系 已自动结束", "客 三天"]), message);
        // A turn in which nothing is said closes no window.
        let silent = "when.customer = \"多久\"\nforbid.customer = \"投诉\"\nuntil.agent = \"…\"";
        assert_eq!(broken(silent, Profile::Chat, &["客 您好", "顾 多久", "客 ", "顾 我要投诉"]), [1]);
    }

    #[test]
    fn an_open_obligation_opens_no_second() {
        let apology = "when.customer = \"投诉\"\nexpect.agent = \"抱歉\"\nwithin = \"1 answer\"";
        assert_eq!(broken(apology, Profile::Chat, &["顾 我要投诉", "顾 投诉", "客 哦", "顾 我投诉", "客 抱歉"]), [0]);
        assert_eq!(broken(apology, Profile::Chat, &["顾 投诉", "客 哦", "顾 投诉", "客 哦"]), [0, 2]);
        assert_eq!(broken(apology, Profile::Chat, &["顾 投诉", "客 哦", "客 抱歉"]), [] as [usize; 0]);
    }

    #[test]
    fn a_silence_is_the_agents_where_the_agent_owes_the_next_word() {
        let silence = "when.silence = \"7 s\"\nexpect.agent = \"久等\"\nwithin = \"1 turn\"";
        // The wait for the first words is the opening's.
        let alone = |turns: &[&str]| broken(silence, Profile::Chat, turns);
        assert_eq!(alone(&["10:00:00 顾 查快递", "10:00:50 顾 人呢", "10:02:00 客 到了"]), [] as [usize; 0]);
        assert_eq!(alone(&["10:00:00 顾 查快递", "10:05:00 顾 人呢"]), [] as [usize; 0]);
        assert_eq!(alone(&["系 会话转入", "10:00:00 顾 查快递", "10:02:00 客 到了"]), [2]);
        // Behind a greeting it counts; turns are numbered without the greeting.
        let broken = |turns: &[&str]| {
            let found = alone(&[&["客 您好"], turns].concat());
            found.into_iter().map(|turn| turn - 1).collect::<Vec<_>>()
        };
        assert_eq!(broken(&["10:00:00 顾 查快递", "10:00:08 客 到了"]), [1]);
        assert_eq!(broken(&["10:00:00 顾 查快递", "10:00:07 客 到了"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 顾 查快递", "10:00:50 客 久等了"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:02 顾 好的", "10:00:50 客 到了"]), [2]);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:30 顾 嗯", "10:00:31 顾 人呢", "10:00:32 客 到了"]), [2]);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:05 顾 好的", "10:00:10 客 到了"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 客 请问单号", "10:00:02 顾 好的", "10:00:50 客 在吗"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 客 请问单号", "10:00:50 顾 在这", "10:00:52 客 好"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 顾 我找一下", "10:00:50 客 找到了吗"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 客 您重启看看", "10:00:05 顾 关机再开吗", "10:01:00 顾 亮了"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 客 您重启看看", "10:00:05 顾 亮了", "10:01:00 客 那就好"]), [2]);
        assert_eq!(broken(&["10:00:00 客 查到了", "10:00:05 顾 怎么说", "10:01:00 顾 人呢"]), [2]);
        assert_eq!(broken(&["23:59:55 顾 查快递", "00:00:10 客 到了"]), [1]);
        assert_eq!(broken(&["顾 查快递", "客 到了"]), [] as [usize; 0]);
        let announced = "when.silence = \"7 s\"\nexpect.agent = \"稍等\"\nwithin = \"1 answer before\"";
        assert_eq!(super::tests::broken(announced, Profile::Chat, &["10:00:00 客 请稍等", "10:01:00 客 到了"]), [] as [usize; 0]);
        assert_eq!(super::tests::broken(announced, Profile::Chat, &["客 您好", "10:00:00 顾 查", "10:01:00 客 稍等"]), [2]);
    }

    #[test]
    fn time_windows_need_to_be_seen_to_pass() {
        let contact = "when.agent = \"稍等\"\nexpect.agent = \"…\"\nwithin = \"20 s\"";
        let broken = |turns: &[&str]| broken(contact, Profile::Chat, turns);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:21 客 到了"]), [0]);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:20 客 到了"]), [] as [usize; 0]);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:30 顾 喂", "10:00:31 客 再稍等", "10:01:31 客 好了"]), [0, 2]);
        assert_eq!(broken(&["10:00:00 客 请稍等", "10:00:03 顾 好的"]), [] as [usize; 0]);
        assert_eq!(broken(&["客 请稍等", "客 好了"]), [] as [usize; 0]);
    }

    #[test]
    fn openings_wait_and_endings_last() {
        let late = "when = { at = \"opening\", silence = \"15 s\" }\nexpect.agent = \"久等\"\nwithin = \"1 turn\"";
        assert_eq!(broken(late, Profile::Call, &["10:00:00 顾 喂", "10:00:20 客 您好"]), [1]);
        assert_eq!(broken(late, Profile::Call, &["10:00:00 顾 喂", "10:00:15 机 稍候", "10:00:20 客 您好"]), [] as [usize; 0]);
        let long = "when = { at = \"ending\", lasts = \"3 min\" }\nseverity = \"info\"\n[[check]]\nid = \"test\"\nwhen = { at = \"ending\", lasts = \"5 min\" }\nseverity = \"warning\"";
        let graves = |turns: &[&str]| {
            let violations = rule_set(long).lint(&conversation(turns), Profile::Call);
            violations.iter().map(|violation| violation.severity).collect::<Vec<_>>()
        };
        assert_eq!(graves(&["10:00:00 客 您好", "10:03:00 客 好"]), [Severity::Info]);
        assert_eq!(graves(&["10:00:00 客 您好", "10:06:00 客 好"]), [Severity::Warning]);
    }

    #[test]
    fn clocks_and_days_come_from_the_turn_or_the_start() {
        let hours = "direction = \"outbound\"\nwhen = { at = \"opening\", clock = [\"12:00-14:00\", \"21:00-08:00\"] }";
        let at = |time: &str, direction| {
            let mut conversation = conversation(&["客 您好"]);
            conversation.started = Moment::parse(time);
            conversation.direction = direction;
            rule_set(hours).lint(&conversation, Profile::Call).len()
        };
        let outbound = Some(Direction::Outbound);
        assert_eq!([at("12:00:00", outbound), at("14:00:00", outbound), at("2024-05-05 07:59:00", outbound)], [1, 0, 1]);
        assert_eq!([at("12:00:00", None), at("", outbound)], [0, 0]);
        let days = "when = { at = \"opening\", date = \"rest\" }\n[dates]\nrest = [\"2024-10-01/2024-10-07\"]";
        let message = |time: &str| {
            let mut conversation = conversation(&["客 您好"]);
            conversation.started = Moment::parse(time);
            rule_set(days).lint(&conversation, Profile::Call).pop().map(|violation| violation.message)
        };
        assert_eq!(message("2024-10-03 09:00:00").as_deref(), Some("日期是2024-10-03。"));
        assert_eq!(message("2024-10-08 09:00:00"), None);
    }

    #[test]
    fn logs_that_are_cut_owe_no_opening_and_no_ending() {
        let greeting = "when.at = \"opening\"\nexpect.agent = \"您好\"\nwithin = \"1 answer\"";
        assert_eq!(broken(greeting, Profile::Chat, &["系 会话转入", "客 查到了"]), [] as [usize; 0]);
        assert_eq!(broken(greeting, Profile::Chat, &["客 系统提示:欢迎", "客 查到了"]), [1]);
        let goodbye = "when.at = \"ending\"\nexpect.agent = \"再见\"\nwithin = \"1 answer before\"";
        assert_eq!(broken(goodbye, Profile::Chat, &["客 查到了", "系 会话已自动切断"]), [] as [usize; 0]);
        assert_eq!(broken(goodbye, Profile::Chat, &["客 查到了"]), [0]);
        let thanks = "when.customer = \"没有了\"\nexpect.agent = \"谢谢\"";
        assert_eq!(broken(thanks, Profile::Chat, &["顾 没有了", "系 会话已自动切断"]), [] as [usize; 0]);
        assert_eq!(broken(thanks, Profile::Chat, &["客 还有吗", "顾 没有了"]), [1]);
    }

    #[test]
    fn what_a_bot_answered_was_not_said_to_the_agent() {
        let apology = "when.customer = \"投诉\"\nexpect.agent = \"抱歉\"\nwithin = \"1 answer\"";
        assert_eq!(broken(apology, Profile::Chat, &["顾 投诉", "机 请选择", "客 您好"]), [] as [usize; 0]);
        assert_eq!(broken(apology, Profile::Chat, &["顾 投诉"]), [] as [usize; 0]);
        let answered = "when.customer = \"吗$\"\nexpect.agent = \"…\"";
        assert_eq!(broken(answered, Profile::Chat, &["顾 在吗"]), [0]);
    }

    #[test]
    fn a_text_is_repeated_where_its_words_are() {
        let repeated = "when = { agent = \"…\", repeat = 3, except = \"您好\" }";
        assert_eq!(broken(repeated, Profile::Chat, &["客 已催", "客 已催!", "顾 哦", "客 已催~", "客 已催"]), [3]);
        assert_eq!(broken(repeated, Profile::Chat, &["客 您好", "客 您好", "客 您好"]), [] as [usize; 0]);
        // With words before or behind it a text is the same, and it is told once.
        let (text, other) = ("客 已经催促,请您耐心等待", "客 亲,已经催促,请您耐心等待亲");
        assert_eq!(broken(repeated, Profile::Chat, &[other, "顾 哦", text, "顾 多久", text, "顾 到底多久", text]), [4]);
        assert_eq!(broken(repeated, Profile::Chat, &[text, text, "客 是这样,已经催促,请您耐心等待~一有消息就告诉您", text]), [2]);
        assert_eq!(broken(repeated, Profile::Chat, &[text, text, "客 已经催促,不过请您耐心等待", "客 请您耐心等待"]), [] as [usize; 0]);
        assert_eq!(broken(repeated, Profile::Chat, &[text, "顾 已经催促,请您耐心等待", text]), [] as [usize; 0]);
        let longer = "客 已经催促,请您耐心等待,今天一定送到您手上";
        assert_eq!(broken(repeated, Profile::Chat, &[longer, text, longer, longer, longer]), [2]);
        assert_eq!(broken(repeated, Profile::Chat, &[text, other, "客 嗯,已经催促,请您耐心等待"]), [2]);
        assert_eq!(broken(repeated, Profile::Chat, &[text, other, "客 嗯,已经催促,请您耐心等待", text, other, text]), [2]);
        assert_eq!(broken(repeated, Profile::Chat, &[text, text, longer, longer, longer]), [2]);
        // Beside what goes on, another text may come to its third time.
        let (one, two) = ("请您在订单详情查看物流", "退款会在三天内原路退回");
        let turns = [one.to_owned(), format!("{one},{two}"), format!("{two},{one}"), format!("{two},然后呢,{one}")];
        let turns = turns.map(|text| format!("客 {text}"));
        assert_eq!(broken(repeated, Profile::Chat, &turns.each_ref().map(String::as_str)), [2, 3]);
        // It need never be said alone.
        let point = |before: &str, behind: &str| format!("客 {before},赠品拆开了就不能退,{behind}");
        let points = [point("合同里写了", "您看一下"), point("是这样", ""), point("刚说过", "没有办法的")];
        assert_eq!(broken(repeated, Profile::Chat, &points.each_ref().map(String::as_str)), [2]);
        // However it is divided.
        let undivided = "客 已经催促请您耐心等待";
        assert_eq!(broken(repeated, Profile::Chat, &[text, undivided, text, undivided]), [2]);
        assert_eq!(broken(repeated, Profile::Chat, &[undivided, undivided, "客 亲,已经催促,请您耐心等待"]), [2]);
        let latin = "客 please wait";
        assert_eq!(broken(repeated, Profile::Chat, &[latin, latin, "客 well, please wait"]), [2]);
        let endless = format!("客 {}", "好,".repeat(200));
        assert_eq!(broken(repeated, Profile::Chat, &[&endless, &endless, &endless]), [2]);
        // A few words stand in others.
        assert_eq!(broken(repeated, Profile::Chat, &["客 请稍等", "客 请稍等", "客 好的,请稍等"]), [] as [usize; 0]);
    }

    #[test]
    fn a_breach_says_what_was_expected_and_found() {
        let check = "title = \"等待后致歉\"\ntitle_hant = \"等待後致歉\"\nprofessional_hant = \"久等了\"\nwhen.silence = \"7 s\"\nexpect.agent = \"久等\"\nwithin = \"1 turn\"";
        let message = |said: &str| {
            let turns = ["10:00:00 客 请稍等", &format!("10:01:30 客 {said}")];
            rule_set(check).lint(&conversation(&turns), Profile::Chat).pop().map(|violation| violation.message)
        };
        assert_eq!(
            message("查到了,明天送达").as_deref(),
            Some("等待后致歉：此前沉默了90秒，这一句应当说“久等了”之类的话，实际说的是“查到了,明天送达”。")
        );
        assert_eq!(
            message("查到了,預計後天送達").as_deref(),
            Some("等待後致歉：此前沉默了90秒，這一句應當說「久等了」之類的話，實際說的是「查到了,預計後天送達」。")
        );
    }

    #[test]
    fn without_a_title_a_message_begins_with_what_happened() {
        let check = "professional_hant = \"久等了\"\nwhen.silence = \"7 s\"\nexpect.agent = \"久等\"\nwithin = \"1 turn\"";
        let violation = rule_set(check).lint(&conversation(&["10:00:00 客 请稍等", "10:01:30 客 查到了"]), Profile::Chat).remove(0);
        assert_eq!(violation.message, "此前沉默了90秒，这一句应当说“久等了”之类的话，实际说的是“查到了”。");
    }

    #[test]
    fn a_rule_may_cost_once() {
        let points = |per: &str| {
            let check = format!("{per}\nwhen.agent = \"呵呵\"");
            let violations = rule_set(&check).lint(&conversation(&["客 呵呵", "客 呵呵呵"]), Profile::Chat);
            violations.iter().map(|violation| violation.points).collect::<Vec<_>>()
        };
        assert_eq!(points(""), [2, 2]);
        assert_eq!(points("per = \"rule\""), [2, 0]);
    }

    #[test]
    fn checks_that_want_times_are_told() {
        let check = "when.silence = \"7 s\"";
        let untimed = |turns: &[&str]| rule_set(check).examine(&conversation(turns), Profile::Chat).untimed.len();
        assert_eq!([untimed(&["客 您好"]), untimed(&["10:00:00 客 您好"])], [1, 0]);
    }
}
