//! `room/create`, `room/delete`, `room/onlineMembers/query`, `room/onlineUsersNum/query`: meeting rooms by their numbers.

use axum::extract::State;
use axum::response::Response;
use mingjian_domain::error::{Conflict, Error};
use mingjian_service::access::Caller;
use mingjian_service::rooms::{self, ParticipantView, RoomDraft};
use serde_json::{Value, json};

use super::caller::prove;
use super::codes::ROOM_PARAMETER;
use super::jsonp;
use super::view::Envelope;
use super::words::Words;
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// The most rooms that one question may name.
const MOST: usize = 50;

/// What a room is called that a program has made.
const NAME: &str = "云会议室";

/// Which room; the document has a code of its own for a call that does not say.
fn named(words: &Words) -> Result<Result<String, Response>, Problem> {
    Ok(match words.integer("RoomId")? {
        Some(number) => Ok(number.to_string()),
        None => Err(unnamed("缺少 RoomId")),
    })
}

fn unnamed(sentence: &str) -> Response {
    jsonp::said(&Envelope::refused(ROOM_PARAMETER, sentence), None)
}

/// Makes a room with a number that nobody has. It may be recorded by those who direct it.
///
/// # Errors
/// Those of [`prove`].
pub(crate) async fn create(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let draft = RoomDraft { name: NAME.to_owned(), record_allowed: true, ..RoomDraft::default() };
    let room = rooms::create_room(&api.service, &api.gathering, &caller, draft).await?;
    Ok(jsonp::said(&Envelope::holding(json!({ "RoomId": number_of(&room.number) })), None))
}

/// Deletes a room: whoever is in it is parted. What was recorded stays.
///
/// # Errors
/// Those of [`prove`]; missing.
pub(crate) async fn delete(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let number = match named(&words)? {
        Ok(number) => number,
        Err(refusal) => return Ok(refusal),
    };
    rooms::delete_room(&api.service, &api.gathering, &caller, &number).await?;
    Ok(jsonp::said(&Envelope::done(), None))
}

/// Who is in a room now; nobody in one that is not open.
///
/// # Errors
/// Those of [`prove`]; missing.
pub(crate) async fn members(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let number = match named(&words)? {
        Ok(number) => number,
        Err(refusal) => return Ok(refusal),
    };
    let people = people_in(&api, &caller, &number).await?;
    let line = |person: &ParticipantView| json!({ "NickName": person.name, "JoinTime": person.since.unix_timestamp() });
    Ok(jsonp::said(&Envelope::holding(people.iter().map(line).collect()), None))
}

/// How many are in each of up to fifty rooms; a room that is not there is not in the answer.
///
/// # Errors
/// Those of [`prove`]; invalid for a number that is none and for too many.
pub(crate) async fn counts(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let Some(listed) = words.text("RoomIds") else { return Ok(unnamed("缺少 RoomIds")) };
    let numbers: Vec<&str> = listed.split(',').map(str::trim).filter(|number| !number.is_empty()).collect();
    if numbers.len() > MOST || numbers.iter().any(|number| number.parse::<i64>().is_err()) {
        return Err(Error::Invalid("RoomIds 应为不超过 50 个房间号，以英文逗号隔开".to_owned()).into());
    }
    let mut lines: Vec<Value> = Vec::with_capacity(numbers.len());
    for number in numbers {
        match people_in(&api, &caller, number).await {
            Ok(people) => lines.push(json!({ "RoomId": number_of(number), "UsersCount": people.len() })),
            Err(Error::Missing(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(jsonp::said(&Envelope::holding(lines.into()), None))
}

async fn people_in(api: &Shared, caller: &Caller, number: &str) -> Result<Vec<ParticipantView>, Error> {
    match rooms::list_participants(&api.service, &api.gathering, caller, number).await {
        Err(Error::Conflict(Conflict::RoomNotOpen)) => Ok(Vec::new()),
        told => told,
    }
}

/// Numbers that do not fit 64 bits are told as texts.
fn number_of(number: &str) -> Value {
    number.parse::<i64>().map_or_else(|_| json!(number), |number| json!(number))
}
