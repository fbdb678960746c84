//! Writes a made-up corpus of customer-service chats to standard output, for benchmarks and for trying things at scale:
//!
//! ```sh
//! cargo run --release --example corpus -- --format jsonl --megabytes 1000 --seed 1 > chats.jsonl
//! ```
//!
//! The same arguments give the same bytes. Sentences stand in `corpus/*.txt`; a few are common and most are rare (Zipf),
//! their slots are filled at random, a tenth of the conversations are in Traditional characters, and about one agent turn
//! in a hundred is improper on purpose. Nothing but the standard library is used, so that one `rustc` builds it.
#![allow(clippy::print_stderr, reason = "a program, not the library")]

use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;

const SIMPLIFIED: Script = Script {
    agent: include_str!("corpus/agent.txt"),
    customer: include_str!("corpus/customer.txt"),
    words: include_str!("corpus/words.txt"),
};
const TRADITIONAL: Script = Script {
    agent: include_str!("corpus/agent.hant.txt"),
    customer: include_str!("corpus/customer.hant.txt"),
    words: include_str!("corpus/words.hant.txt"),
};

/// Trades, the most frequent first; each is a section of both sentence files.
const TRADES: [&str; 7] = ["shop", "courier", "telecom", "bank", "airline", "property", "software"];

/// One agent turn in this many is improper on purpose.
const IMPROPER_ONE_IN: u64 = 110;
/// One conversation in this many is in Traditional characters.
const TRADITIONAL_ONE_IN: u64 = 10;
/// 2024-05-01 00:00:00, in seconds since 1970, read as local time.
const FIRST_DAY: u64 = 19_844 * 86_400;
/// The desk is open from 08:00 to 22:00.
const OPENS: u64 = 8 * 3600;
const CLOSES: u64 = 22 * 3600;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("corpus: {message}\nusage: corpus [--format jsonl|csv|text] [--megabytes N] [--seed N]");
            return ExitCode::from(2);
        }
    };
    match write_corpus(&arguments, io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // A reader such as `head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("corpus: cannot write: {error}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    format: Format,
    bytes: u64,
    seed: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Jsonl,
    Csv,
    Text,
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Arguments { format: Format::Jsonl, bytes: 100_000_000, seed: 1 };
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{option} needs a whole number, not {value}"));
            match option.as_str() {
                "--format" => {
                    arguments.format = match value.as_str() {
                        "jsonl" => Format::Jsonl,
                        "csv" => Format::Csv,
                        "text" => Format::Text,
                        _ => return Err(format!("no format {value}")),
                    }
                }
                "--megabytes" => arguments.bytes = number()?.saturating_mul(1_000_000),
                "--seed" => arguments.seed = number()?,
                _ => return Err(format!("no option {option}")),
            }
        }
        Ok(arguments)
    }
}

fn write_corpus(arguments: &Arguments, mut output: impl Write) -> io::Result<()> {
    let format = arguments.format;
    let scripts = [Sentences::new(&SIMPLIFIED, format), Sentences::new(&TRADITIONAL, format)];
    let mut random = Random::new(arguments.seed);
    let mut block = Vec::with_capacity(2 << 20);
    if format == Format::Csv {
        block.extend_from_slice("会话ID,时间,角色,客服,内容\n".as_bytes());
    }
    let mut written = 0;
    let mut clock = FIRST_DAY + OPENS;
    let mut number = 0;
    while written + (block.len() as u64) < arguments.bytes {
        number += 1;
        clock += random.below(13);
        if clock % 86_400 >= CLOSES {
            clock = clock - clock % 86_400 + 86_400 + OPENS;
        }
        let traditional = random.one_in(TRADITIONAL_ONE_IN);
        Conversation::start(&scripts[usize::from(traditional)], &mut random, &mut block, format, number, clock).write();
        if block.len() > 1 << 20 {
            output.write_all(&block)?;
            written += block.len() as u64;
            block.clear();
        }
    }
    output.write_all(&block)?;
    output.flush()
}

/// The sentence files of one script.
struct Script {
    agent: &'static str,
    customer: &'static str,
    words: &'static str,
}

/// What can be said, by section, in one script.
struct Sentences {
    greeting: Section,
    acknowledge: Section,
    ask: Section,
    hold: Section,
    back: Section,
    apology: Section,
    empathy: Section,
    anything: Section,
    goodbye: Section,
    more: Section,
    improper: Section,
    answers: Vec<Section>,
    hello: Section,
    ok: Section,
    details: Section,
    impatient: Section,
    complaint: Section,
    thanks: Section,
    story: Section,
    follow: Section,
    questions: Vec<Section>,
    words: Words,
    agent_label: &'static str,
    customer_label: &'static str,
}

impl Sentences {
    fn new(script: &Script, format: Format) -> Self {
        let mut agent = sections(script.agent);
        let mut customer = sections(script.customer);
        let mut words = sections(script.words);
        let mut says = |name: &str| Section::new(&agent.remove(name).unwrap_or_default(), format);
        let mut asks = |name: &str| Section::new(&customer.remove(name).unwrap_or_default(), format);
        let mut list = |name: &str| words.remove(name).unwrap_or_default();
        Sentences {
            greeting: says("greeting"),
            acknowledge: says("acknowledge"),
            ask: says("ask"),
            hold: says("hold"),
            back: says("back"),
            apology: says("apology"),
            empathy: says("empathy"),
            anything: says("anything"),
            goodbye: says("goodbye"),
            more: says("more"),
            improper: says("improper"),
            answers: TRADES.iter().map(|trade| says(trade)).collect(),
            hello: asks("hello"),
            ok: asks("ok"),
            details: asks("details"),
            impatient: asks("impatient"),
            complaint: asks("complaint"),
            thanks: asks("thanks"),
            story: asks("story"),
            follow: asks("follow"),
            questions: TRADES.iter().map(|trade| asks(trade)).collect(),
            words: Words { goods: list("goods"), cities: list("city"), names: list("name") },
            agent_label: "客服",
            customer_label: if script.agent.contains('请') { "客户" } else { "客戶" },
        }
    }
}

/// Words that slots are filled with.
struct Words {
    goods: Vec<&'static str>,
    cities: Vec<&'static str>,
    names: Vec<&'static str>,
}

/// `# name` opens a section; every other line that is not empty is an entry of it.
fn sections(file: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    let mut sections: HashMap<_, Vec<_>> = HashMap::new();
    let mut name = "";
    for line in file.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(title) => name = title,
            None => sections.entry(name).or_default().push(line),
        }
    }
    sections
}

/// Sentences with how likely each is, drawn in constant time by Walker's alias method.
struct Section {
    sentences: Vec<Sentence>,
    thresholds: Vec<u64>,
    aliases: Vec<u32>,
}

impl Section {
    fn new(templates: &[&str], format: Format) -> Self {
        let mut sentences = Vec::new();
        let mut weights = Vec::new();
        for (line, template) in templates.iter().enumerate() {
            let mut variants = expand(template);
            // The order that alternatives are written in shall not decide which variants are common.
            Random::new(line as u64).shuffle(&mut variants);
            let total: f64 = (1..=variants.len()).map(|rank| 1.0 / rank as f64).sum();
            for (rank, variant) in variants.iter().enumerate() {
                sentences.push(Sentence::new(variant, format));
                weights.push(1.0 / (line as f64 + 2.0) / (rank as f64 + 1.0) / total);
            }
        }
        let (thresholds, aliases) = alias_table(&weights);
        Section { sentences, thresholds, aliases }
    }

    fn draw(&self, random: &mut Random) -> &Sentence {
        let slot = random.below(self.sentences.len() as u64) as usize;
        let index = if random.next() >> 11 < self.thresholds[slot] { slot } else { self.aliases[slot] as usize };
        &self.sentences[index]
    }
}

/// For every slot, how often of 2^53 times it keeps its own index, and the index it gives otherwise.
fn alias_table(weights: &[f64]) -> (Vec<u64>, Vec<u32>) {
    let count = weights.len();
    let total: f64 = weights.iter().sum();
    let mut shares: Vec<f64> = weights.iter().map(|weight| weight * count as f64 / total).collect();
    let mut aliases: Vec<u32> = (0..count as u32).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..count).partition(|&index| shares[index] < 1.0);
    while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
        small.pop();
        aliases[poor] = rich as u32;
        shares[rich] -= 1.0 - shares[poor];
        if shares[rich] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
    // What is left over on either side is 1 but for rounding; its alias is itself.
    let thresholds = shares.iter().map(|share| (share * (1_u64 << 53) as f64) as u64).collect();
    (thresholds, aliases)
}

/// All texts that a template with alternatives, `(a|b|)c`, stands for.
fn expand(template: &str) -> Vec<String> {
    let Some((before, rest)) = template.split_once('(') else { return vec![template.to_owned()] };
    let Some((choices, after)) = rest.split_once(')') else { return vec![template.to_owned()] };
    let tails = expand(after);
    let mut variants = Vec::new();
    for choice in choices.split('|') {
        variants.extend(tails.iter().map(|tail| format!("{before}{choice}{tail}")));
    }
    variants
}

/// One sentence, escaped for the output format.
struct Sentence {
    pieces: Vec<Piece>,
    /// Whether a CSV cell with it needs quotes.
    quoted: bool,
}

enum Piece {
    Literal(Box<[u8]>),
    Slot(Slot),
}

#[derive(Clone, Copy)]
enum Slot {
    Order,
    Parcel,
    Flight,
    Amount,
    Date,
    Time,
    Goods,
    City,
    Name,
    Staff,
    Phone,
    Mobile,
    Tail,
    Short,
    Version,
    Number,
    Hours,
    Days,
}

impl Slot {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "order" => Slot::Order,
            "parcel" => Slot::Parcel,
            "flight" => Slot::Flight,
            "amount" => Slot::Amount,
            "date" => Slot::Date,
            "time" => Slot::Time,
            "goods" => Slot::Goods,
            "city" => Slot::City,
            "name" => Slot::Name,
            "staff" => Slot::Staff,
            "phone" => Slot::Phone,
            "mobile" => Slot::Mobile,
            "tail" => Slot::Tail,
            "short" => Slot::Short,
            "version" => Slot::Version,
            "n" => Slot::Number,
            "hours" => Slot::Hours,
            "days" => Slot::Days,
            _ => return None,
        })
    }
}

impl Sentence {
    fn new(text: &str, format: Format) -> Self {
        let text = text.replace("\\n", "\n");
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            pieces.push(Piece::Literal(escape(before, format)));
            match Slot::named(name) {
                Some(slot) => pieces.push(Piece::Slot(slot)),
                // The sentence files are compiled in: a misspelt slot cannot reach a user unseen.
                None => panic!("no slot {name} in {text}"),
            }
            rest = after;
        }
        pieces.push(Piece::Literal(escape(rest, format)));
        Sentence { pieces, quoted: text.contains([',', '"', '\n']) }
    }

    fn is_fixed(&self) -> bool {
        self.pieces.len() == 1
    }
}

fn escape(text: &str, format: Format) -> Box<[u8]> {
    let escaped = match format {
        Format::Jsonl => text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"),
        Format::Csv => text.replace('"', "\"\""),
        Format::Text => text.replace('\n', " "),
    };
    escaped.into_bytes().into()
}

#[derive(Clone, Copy, PartialEq)]
enum Speaker {
    Agent,
    Customer,
}

/// A conversation while it is being written.
struct Conversation<'a> {
    sentences: &'a Sentences,
    random: &'a mut Random,
    output: &'a mut Vec<u8>,
    format: Format,
    number: u64,
    trade: usize,
    agent: u64,
    /// Surname of the customer, place in the list.
    name: u64,
    clock: u64,
    turns: u64,
    /// Agent sentences already said: people seldom say the same words thrice.
    said: Vec<&'a Sentence>,
}

impl<'a> Conversation<'a> {
    fn start(sentences: &'a Sentences, random: &'a mut Random, output: &'a mut Vec<u8>, format: Format, number: u64, clock: u64) -> Self {
        // Half of the conversations are of the first trade, half of the rest of the second, and so on.
        let trade = (random.next().leading_zeros() as usize) % TRADES.len();
        let agent = 1 + random.below(400);
        let name = random.below(sentences.words.names.len() as u64);
        Conversation { sentences, random, output, format, number, trade, agent, name, clock, turns: 0, said: Vec::new() }
    }

    fn write(mut self) {
        self.open();
        let sentences = self.sentences;
        self.greet();
        let length = 6 + self.random.below(20);
        while self.turns < length {
            self.settle_matter();
            if self.turns >= length {
                break;
            }
            match self.random.below(10) {
                0..2 => self.customer(&sentences.follow),
                2..5 => self.customer_joined(&[&sentences.story, &sentences.follow]),
                _ => self.question(),
            }
        }
        self.part();
        self.close();
    }

    fn greet(&mut self) {
        let sentences = self.sentences;
        if self.random.percent(70) {
            if self.random.percent(50) {
                self.customer(&sentences.hello);
            }
            self.question();
            self.agent(&sentences.greeting);
        } else {
            self.agent(&sentences.greeting);
            if self.random.percent(20) {
                self.customer(&sentences.hello);
            }
            self.question();
        }
        if self.random.percent(30) {
            self.customer(&sentences.details);
        }
    }

    /// From the customer's question to the answer and what the customer makes of it.
    fn settle_matter(&mut self) {
        let sentences = self.sentences;
        if self.random.percent(35) {
            self.agent(&sentences.acknowledge);
        }
        if self.random.percent(35) {
            self.agent(&sentences.ask);
            match self.random.below(3) {
                0 => self.customer(&sentences.details),
                1 => self.customer_joined(&[&sentences.ok, &sentences.details]),
                _ => self.customer_joined(&[&sentences.details, &sentences.details]),
            }
        }
        if self.random.percent(30) {
            self.agent(&sentences.hold);
            if self.random.percent(50) {
                self.customer(&sentences.ok);
            }
            self.clock += 20 + self.random.below(45);
            self.agent(&sentences.back);
        }
        let answers = &sentences.answers[self.trade];
        match self.random.below(100) {
            0..30 => self.agent(answers),
            30..60 => self.agent_joined(&[answers, &sentences.more]),
            60..75 => self.agent_joined(&[&sentences.acknowledge, answers]),
            75..85 => self.agent_joined(&[answers, answers]),
            _ => {
                self.agent(answers);
                self.agent_joined(&[&sentences.more, answers]);
            }
        }
        match self.random.below(100) {
            0..4 => {
                self.customer(&sentences.complaint);
                self.agent_joined(&[&sentences.empathy, answers]);
            }
            4..7 => {
                self.customer(&sentences.impatient);
                self.agent_joined(&[&sentences.apology, answers]);
            }
            7..40 => self.customer(&sentences.ok),
            _ => {}
        }
    }

    fn part(&mut self) {
        let sentences = self.sentences;
        if self.random.percent(60) {
            self.agent(&sentences.anything);
        }
        if self.random.percent(85) {
            self.customer(&sentences.thanks);
            self.agent(&sentences.goodbye);
        }
    }

    /// What the customer wants, often with the story before it or a second thought after it.
    fn question(&mut self) {
        let sentences = self.sentences;
        let question = &sentences.questions[self.trade];
        match self.random.below(100) {
            0..35 => self.customer(question),
            35..70 => self.customer_joined(&[&sentences.story, question]),
            70..85 => self.customer_joined(&[question, &sentences.follow]),
            _ => self.customer_joined(&[&sentences.story, question, &sentences.follow]),
        }
    }

    fn agent(&mut self, section: &'a Section) {
        self.agent_joined(&[section]);
    }

    fn agent_joined(&mut self, sections: &[&'a Section]) {
        self.clock += 3 + self.random.below(22);
        self.begin_turn(Speaker::Agent);
        if self.random.one_in(IMPROPER_ONE_IN) {
            let sentence = self.sentences.improper.draw(self.random);
            self.texts(&[sentence], "");
        } else {
            let mut drawn = [self.unsaid(sections[0]); 2];
            for (place, section) in drawn.iter_mut().zip(sections).skip(1) {
                *place = self.unsaid(section);
            }
            self.texts(&drawn[..sections.len()], "。");
        }
        self.end_turn();
    }

    /// A sentence that was not said in this conversation yet, if one is found soon; one with slots seldom comes out the same.
    fn unsaid(&mut self, section: &'a Section) -> &'a Sentence {
        let mut sentence = section.draw(self.random);
        for _ in 0..8 {
            if !sentence.is_fixed() || !self.said.iter().any(|said| std::ptr::eq(*said, sentence)) {
                break;
            }
            sentence = section.draw(self.random);
        }
        self.said.push(sentence);
        sentence
    }

    fn customer(&mut self, section: &'a Section) {
        self.customer_joined(&[section]);
    }

    fn customer_joined(&mut self, sections: &[&'a Section]) {
        self.clock += 2 + self.random.below(33);
        self.begin_turn(Speaker::Customer);
        let mut drawn = [sections[0].draw(self.random); 3];
        for (place, section) in drawn.iter_mut().zip(sections).skip(1) {
            *place = section.draw(self.random);
        }
        self.texts(&drawn[..sections.len()], "，");
        self.end_turn();
    }

    fn open(&mut self) {
        match self.format {
            Format::Jsonl => {
                self.output.extend_from_slice(b"{\"id\":\"");
                self.id();
                self.output.extend_from_slice(b"\",\"agent\":\"");
                self.agent_name();
                self.output.extend_from_slice(b"\",\"turns\":[");
            }
            Format::Csv => {}
            Format::Text => {
                self.output.extend_from_slice(b"=== ");
                self.id();
                self.output.extend_from_slice(b" ===\n");
            }
        }
    }

    fn begin_turn(&mut self, speaker: Speaker) {
        let is_agent = speaker == Speaker::Agent;
        let label = if is_agent { self.sentences.agent_label } else { self.sentences.customer_label };
        match self.format {
            Format::Jsonl => {
                let head: &[u8] = match (self.turns, is_agent) {
                    (0, true) => b"{\"speaker\":\"agent\",\"text\":\"",
                    (0, false) => b"{\"speaker\":\"customer\",\"text\":\"",
                    (_, true) => b",{\"speaker\":\"agent\",\"text\":\"",
                    (_, false) => b",{\"speaker\":\"customer\",\"text\":\"",
                };
                self.output.extend_from_slice(head);
            }
            Format::Csv => {
                self.id();
                self.output.push(b',');
                push_moment(self.output, self.clock);
                self.output.push(b',');
                self.output.extend_from_slice(label.as_bytes());
                self.output.push(b',');
                self.agent_name();
                self.output.push(b',');
            }
            Format::Text => {
                self.output.push(b'[');
                push_moment(self.output, self.clock);
                self.output.extend_from_slice(b"] ");
                self.output.extend_from_slice(label.as_bytes());
                self.output.extend_from_slice("：".as_bytes());
            }
        }
    }

    fn texts(&mut self, sentences: &[&Sentence], mark: &str) {
        let quoted = self.format == Format::Csv && sentences.iter().any(|sentence| sentence.quoted);
        if quoted {
            self.output.push(b'"');
        }
        for (place, sentence) in sentences.iter().enumerate() {
            if place > 0 {
                self.output.extend_from_slice(mark.as_bytes());
            }
            for piece in &sentence.pieces {
                match piece {
                    Piece::Literal(text) => self.output.extend_from_slice(text),
                    Piece::Slot(slot) => self.fill(*slot),
                }
            }
        }
        if quoted {
            self.output.push(b'"');
        }
    }

    fn end_turn(&mut self) {
        match self.format {
            Format::Jsonl => {
                self.output.extend_from_slice(b"\",\"time\":\"");
                push_moment(self.output, self.clock);
                self.output.extend_from_slice(b"\"}");
            }
            Format::Csv | Format::Text => self.output.push(b'\n'),
        }
        self.turns += 1;
    }

    fn close(&mut self) {
        match self.format {
            Format::Jsonl => self.output.extend_from_slice(b"]}\n"),
            Format::Csv => {}
            Format::Text => self.output.push(b'\n'),
        }
    }

    fn id(&mut self) {
        self.output.extend_from_slice(b"c-");
        push_digits(self.output, self.number, 8);
    }

    fn agent_name(&mut self) {
        self.output.push(b'A');
        push_digits(self.output, self.agent, 3);
    }

    fn fill(&mut self, slot: Slot) {
        let words = &self.sentences.words;
        let random = &mut *self.random;
        let output = &mut *self.output;
        match slot {
            Slot::Order => push_digits(output, 1 + random.below(9_999_999_999_999), 13),
            Slot::Parcel => {
                output.extend_from_slice([b"SF", b"YT", b"JD", b"ZT"][random.below(4) as usize]);
                push_digits(output, random.below(10_000_000_000_000), 13);
            }
            Slot::Flight => {
                output.extend_from_slice([b"CA", b"MU", b"CZ", b"HU"][random.below(4) as usize]);
                push_digits(output, 1000 + random.below(8000), 4);
            }
            Slot::Amount => {
                push_digits(output, 1 + random.below(999), 1);
                if random.percent(30) {
                    output.push(b'.');
                    push_digits(output, random.below(100), 2);
                }
            }
            Slot::Date => {
                push_digits(output, 5 + random.below(3), 1);
                output.extend_from_slice("月".as_bytes());
                push_digits(output, 1 + random.below(30), 1);
                output.extend_from_slice(if random.percent(70) { "日" } else { "号" }.as_bytes());
            }
            Slot::Time => {
                push_digits(output, 8 + random.below(14), 2);
                output.push(b':');
                push_digits(output, random.below(6) * 10, 2);
            }
            Slot::Goods => output.extend_from_slice(pick(&words.goods, random)),
            Slot::City => output.extend_from_slice(pick(&words.cities, random)),
            Slot::Name => output.extend_from_slice(words.names[self.name as usize].as_bytes()),
            Slot::Staff => push_digits(output, 1000 + self.agent, 4),
            Slot::Phone => {
                push_digits(output, 130 + random.below(70), 3);
                output.extend_from_slice(b"****");
                push_digits(output, random.below(10_000), 4);
            }
            Slot::Mobile => push_digits(output, 13_000_000_000 + random.below(6_900_000_000), 11),
            Slot::Tail => push_digits(output, random.below(10_000), 4),
            Slot::Short => push_digits(output, 1000 + random.below(900_000), 4),
            Slot::Version => {
                push_digits(output, 2 + random.below(8), 1);
                output.push(b'.');
                push_digits(output, random.below(20), 1);
                output.push(b'.');
                push_digits(output, random.below(10), 1);
            }
            Slot::Number => push_digits(output, 1 + random.below(30), 1),
            Slot::Hours => push_digits(output, 12 * (1 + random.below(12)), 1),
            Slot::Days => {
                let first = 1 + random.below(5);
                push_digits(output, first, 1);
                output.push(b'-');
                push_digits(output, first + 2 + random.below(3), 1);
            }
        }
    }
}

fn pick<'a>(words: &[&'a str], random: &mut Random) -> &'a [u8] {
    words[random.below(words.len() as u64) as usize].as_bytes()
}

/// A number with leading zeros up to `width` digits.
fn push_digits(output: &mut Vec<u8>, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 || digits.len() - start < width {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    output.extend_from_slice(&digits[start..]);
}

/// `2024-05-08 10:00:05` from seconds since 1970 (Howard Hinnant's `civil_from_days`).
fn push_moment(output: &mut Vec<u8>, seconds: u64) {
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    push_digits(output, era * 400 + year_of_era + u64::from(month <= 2), 4);
    for (mark, part) in [
        (b'-', month),
        (b'-', day_of_year - (153 * shifted_month + 2) / 5 + 1),
        (b' ', seconds / 3600 % 24),
        (b':', seconds / 60 % 60),
        (b':', seconds % 60),
    ] {
        output.push(mark);
        push_digits(output, part, 2);
    }
}

/// xoshiro256++, seeded by SplitMix64 (Blackman and Vigna, public domain).
struct Random([u64; 4]);

impl Random {
    fn new(seed: u64) -> Self {
        let mut state = seed;
        Random(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A number from 0 up to, not including, `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}
