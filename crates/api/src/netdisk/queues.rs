//! `queue/add`, `queue/modify`, `queue/delete`, `queue/query`.

use axum::extract::State;
use axum::response::Response;
use mingjian_domain::error::Error;
use mingjian_service::interfaces::zone_of;
use mingjian_service::queues::{
    QueueState, QueueWishes, WhichQueue, add_queue, delete_queue, list_queues, modify_queue,
};
use serde_json::{Value, json};
use time::{OffsetDateTime, UtcOffset};

use super::caller::prove;
use super::files::{page_of, print_seconds};
use super::jsonp;
use super::view::Envelope;
use super::words::Words;
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// In the document 1 is the highest of ten and the usual one is 10; with us higher is higher, and what lies beyond ten is their highest.
const LOWEST: i64 = 10;

fn priority_of(number: i64) -> Result<u8, Error> {
    let ours = (1..=LOWEST).contains(&number).then(|| u8::try_from(LOWEST - number).unwrap_or(0));
    ours.ok_or_else(|| Error::Invalid("Priority 应为 1 至 10 的整数".to_owned()))
}

fn number_of(priority: u8) -> i64 {
    (LOWEST - i64::from(priority)).max(1)
}

fn wishes(words: &Words, name: &str) -> Result<QueueWishes, Error> {
    let for_all = match words.integer("Global")? {
        None => None,
        Some(0) => Some(false),
        Some(1) => Some(true),
        Some(_) => return Err(Error::Invalid("Global 应为 0 或 1".to_owned())),
    };
    Ok(QueueWishes {
        name: words.text(name).map(str::to_owned),
        priority: words.integer("Priority")?.map(priority_of).transpose()?,
        description: words.text("QueDesc").map(str::to_owned),
        for_all,
    })
}

/// The number wins over the name.
fn which(words: &Words) -> Result<WhichQueue, Error> {
    match (words.integer("QueueID")?, words.text("QueueName")) {
        (Some(number), _) => Ok(WhichQueue::Number(number.to_string())),
        (None, Some(name)) => Ok(WhichQueue::Name(name.to_owned())),
        (None, None) => Err(Error::Invalid("QueueID 和 QueueName 必须传其中一个".to_owned())),
    }
}

/// Makes a queue.
///
/// # Errors
/// Those of [`prove`]; a name that is taken; invalid.
pub(crate) async fn add(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    words.required("QueueName")?;
    let state = add_queue(&api.service, &caller, &wishes(&words, "QueueName")?).await?;
    let zone = zone_of(&api.service, caller.tenant()).await?;
    Ok(jsonp::said(&Envelope::holding(line(&state, zone)), None))
}

/// Changes a queue.
///
/// # Errors
/// Those of [`prove`]; missing; a name of several; invalid.
pub(crate) async fn modify(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    modify_queue(&api.service, &caller, &which(&words)?, &wishes(&words, "NewQueueName")?).await?;
    Ok(jsonp::said(&Envelope::done(), None))
}

/// Deletes a queue in which nobody has ever been.
///
/// # Errors
/// Those of [`prove`]; missing; a name of several; wrong state for a queue that was used.
pub(crate) async fn delete(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    delete_queue(&api.service, &caller, &which(&words)?).await?;
    Ok(jsonp::said(&Envelope::done(), None))
}

/// Lists queues with who waits in them.
///
/// # Errors
/// Those of [`prove`]; invalid.
pub(crate) async fn query(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let number = words.integer("QueueID")?.map(|number| number.to_string());
    let (page, size) = page_of(&words)?;
    let zone = zone_of(&api.service, caller.tenant()).await?;
    let now = api.service.now();
    let holds = |text: &str, part: Option<&str>| part.is_none_or(|part| text.contains(part));
    let found: Vec<QueueState> = list_queues(&api.service, &caller)
        .await?
        .into_iter()
        .filter(|state| number.as_ref().is_none_or(|number| state.queue.number == *number))
        .filter(|state| holds(&state.queue.name, words.text("QueueName")))
        .filter(|state| holds(&state.note.description, words.text("QueDesc")))
        .collect();
    let before = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
    let shown = found.iter().skip(before).take(usize::try_from(size).unwrap_or(0));
    let lines: Vec<Value> = shown.map(|state| with_people(line(state, zone), state, zone, now)).collect();
    Ok(jsonp::said(&Envelope::holding(json!({ "queueCount": found.len(), "queueList": lines })), None))
}

fn line(state: &QueueState, zone: UtcOffset) -> Value {
    let QueueState { queue, note, created_at, .. } = state;
    json!({
        // A number that somebody chose in letters stays a text.
        "QueueID": queue.number.parse::<i64>().map_or_else(|_| json!(queue.number), |number| json!(number)),
        "QueueName": queue.name,
        "Priority": number_of(queue.priority),
        "Global": i64::from(note.for_all),
        "QueDesc": note.description,
        "CreateTime": print_seconds(*created_at, zone),
    })
}

fn with_people(mut line: Value, state: &QueueState, zone: UtcOffset, now: OffsetDateTime) -> Value {
    let longest = state.waits_since.map_or(0, |since| (now - since).whole_seconds().max(0));
    line["UpdateTime"] = json!(print_seconds(state.note.changed_at.unwrap_or(state.created_at), zone));
    line["AgentNum"] = json!(state.seats);
    line["SrvNum"] = json!(state.talking);
    line["WaitNum"] = json!(state.waiting);
    line["PrepareNum"] = json!(state.ringing);
    line["MaxWaitNum"] = json!(state.waiting);
    line["MaxWaitTime"] = json!(longest);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_number_is_the_higher_priority() {
        assert!(priority_of(1).expect("a priority") > priority_of(2).expect("a priority"));
        for number in 1..=10 {
            assert_eq!(number_of(priority_of(number).expect("a priority")), number);
        }
        assert!(priority_of(0).is_err() && priority_of(11).is_err());
        assert_eq!((number_of(0), number_of(255)), (10, 1));
    }
}
