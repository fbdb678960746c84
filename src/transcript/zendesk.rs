//! Zendesk: the comments of tickets, and macros.
//!
//! Source of the field names: developer.zendesk.com, Ticket Comments and Macros.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts, array};
use super::json_text::Scalar;
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Place, Speaker, Turn, html};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "zendesk",
    looks_like: r#"{"comments":[{"author_id":…,"public":true,"html_body":"<p>…"}]}, or macros with `actions`, of Zendesk"#,
    recognise,
    reading: Reading::Sequence(open::<Tickets>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    for list in ["comments[]", "ticket.comments[]", "tickets[].comments[]"] {
        let has = |key: &str| outline.has(&[&format!("{list}.{key}")]);
        if (has("body") || has("html_body")) && (has("public") || has("author_id") || has("author")) {
            return Some(format!("JSON with bodies and authors in `{list}`, as Zendesk's tickets have"));
        }
    }
    let macros = ["macros[].actions[]", "macro.actions[]", "actions[]"];
    let found = macros.into_iter().find(|list| outline.values(&format!("{list}.field")).iter().any(|field| is_comment(field)))?;
    Some(format!("JSON with `comment_value` in `{found}.field`, as Zendesk's macros have"))
}

/// Whether an action of a macro writes text.
fn is_comment(field: &str) -> bool {
    matches!(field, "comment_value" | "comment_value_html")
}

#[derive(Default)]
struct Tickets;

impl Elements for Tickets {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        if let Some(inner) = object.object("ticket").or_else(|| object.object("macro")) {
            ticket_or_macro(&inner, number, at, sink);
        } else if let Some(list) = object.objects("tickets").or_else(|| object.objects("macros")) {
            list.iter().enumerate().for_each(|(index, inner)| ticket_or_macro(inner, index + 1, at, sink));
        } else {
            ticket_or_macro(object, number, at, sink);
        }
    }
}

fn ticket_or_macro(object: &Object<'_>, number: usize, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
    if object.get("actions").is_some() {
        return canned(object, number, at, sink);
    }
    let Some(comments) = object.array("comments") else { return lacks("comments", object, at, sink) };
    let id = object.first_word(&["id", "ticket_id"]).unwrap_or_else(|| number.to_string());
    let people = People::of(object);
    let turns = turns(&comments, &id, "body", at, sink, |comment| {
        let (text, place) = body(comment, at)?;
        let (speaker, name) = people.author(comment);
        let is_note = comment.get("public").is_some_and(|public| public.get() == "false");
        let speaker = if is_note { Speaker::System } else { speaker };
        Some(Turn { speaker, name, text, start: comment.moment("created_at"), end: None, place })
    });
    sink.conversation(Conversation { id, turns, ..Conversation::default() });
}

/// The plain body where there is one; it is the HTML body without its tags.
fn body(comment: &Object<'_>, at: &Whereabouts<'_>) -> Option<(String, Place)> {
    if let Some((text, place)) = comment.located("body", at)
        && !(text.trim_start().starts_with('<') && text.contains("</"))
    {
        return Some((text, place));
    }
    let (text, place) = comment.located("html_body", at).or_else(|| comment.located("body", at))?;
    Some(html::text_of(&text, &place))
}

/// Who takes part in a ticket.
struct People {
    requester: Option<String>,
    /// Id, role and name.
    users: Vec<(String, Option<String>, Option<String>)>,
}

impl People {
    fn of(ticket: &Object<'_>) -> Self {
        let requester = ticket.word("requester_id").or_else(|| ticket.object("requester")?.word("id"));
        let users = ticket.objects("users").unwrap_or_default();
        let users = users.iter().filter_map(|user| Some((user.word("id")?, user.word("role"), user.word("name")))).collect();
        Self { requester, users }
    }

    fn author(&self, comment: &Object<'_>) -> (Speaker, Option<String>) {
        let author = comment.object("author");
        let id = comment.word("author_id").or_else(|| author.as_ref()?.word("id"));
        let user = self.users.iter().find(|(user, ..)| Some(user) == id.as_ref());
        let role = author.as_ref().and_then(|author| author.word("role")).or_else(|| user?.1.clone());
        let name = author.and_then(|author| author.first_word(&["name", "email"])).or_else(|| user?.2.clone()).or(id.clone());
        let speaker = match role.as_deref() {
            Some("end-user" | "end_user" | "requester") => Speaker::Customer,
            Some("agent" | "admin" | "light_agent") => Speaker::Agent,
            Some("system" | "bot") => Speaker::Bot,
            _ if id.is_some() && id == self.requester => Speaker::Customer,
            // Whoever answers the one who asked.
            _ if id.is_some() && self.requester.is_some() => Speaker::Agent,
            _ => Speaker::Unknown,
        };
        (speaker, name)
    }
}

fn canned(object: &Object<'_>, number: usize, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
    let id = object.first_word(&["title", "id"]).unwrap_or_else(|| number.to_string());
    for action in object.objects("actions").unwrap_or_default() {
        let Some(field) = action.word("field").filter(|field| is_comment(field)) else { continue };
        // A channel and the text, or the text alone.
        let value = action.get("value").and_then(|value| array(value).map_or(Some(value), |values| values.last().copied()));
        let Some((text, place)) = value.and_then(|value| Scalar(value).located(at.text, at.offset)) else {
            let what = format!("the macro {id} has no text in `value`");
            sink.problem(Some(at.line_of(action.raw.get())), what, "complete it, or leave the macro out");
            continue;
        };
        let (text, place) = if field.ends_with("_html") { html::text_of(&text, &place) } else { (text, place) };
        let mut reply = Conversation::reply(id.clone(), text);
        reply.turns[0].place = place;
        sink.conversation(reply);
    }
}
