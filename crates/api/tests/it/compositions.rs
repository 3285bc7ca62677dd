//! From the stop of a recording to its one film: listed when it is whole, told when it is not.

use std::sync::Mutex;

use axum::http::Method;
use mingjian_domain::recording::State;
use mingjian_service::compositions::enqueue;
use mingjian_service::jobs::{Ran, compose_once};
use mingjian_service::ports::{Alive, ComposeFailure, Composed, Composer, Composing, Composition};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

use crate::stage::{DEMOBK, OTHERB, ask, get};
use crate::world::World;

/// A composer that puts the same bytes under the key, or fails as it is told.
struct Cutter<'a> {
    world: &'a World,
    fails: Option<ComposeFailure>,
    /// How long it takes, and whether it holds its claim meanwhile.
    takes: Duration,
    renews: bool,
    /// A recording goes on while it is drawn.
    goes_on: bool,
    asked: Mutex<Vec<Composition>>,
}

const FILM: &[u8] = b"one film with everybody in it";

impl<'a> Cutter<'a> {
    fn of(world: &'a World) -> Self {
        let (fails, takes, asked) = (None, Duration::ZERO, Mutex::default());
        Self { world, fails, takes, renews: true, goes_on: false, asked }
    }
}

impl Composer for Cutter<'_> {
    fn compose<'a>(&'a self, composition: &'a Composition, alive: &'a dyn Alive) -> Composing<'a> {
        Box::pin(async move {
            self.asked.lock().expect("no panic").push(composition.clone());
            let step = Duration::seconds(8);
            for _ in 0..self.takes.whole_seconds() / 8 {
                self.world.stage.wait(step);
                if self.renews && !alive.renew().await {
                    return Err(ComposeFailure::Lost);
                }
            }
            if let Some(failure) = &self.fails {
                return Err(failure.clone());
            }
            if self.goes_on {
                set_state(self.world, State::Recording).await;
            }
            let objects = &self.world.stage.service.objects;
            objects.put_new(&composition.into, FILM.into()).await.expect("a new key");
            Ok(Composed { size_bytes: FILM.len() as u64, sha256: Sha256::digest(FILM).into() })
        })
    }
}

async fn set_state(world: &World, state: State) {
    let mut tx = world.stage.service.store.begin().await.expect("a transaction");
    tx.recordings().set_state(world.recording, state).await.expect("a store");
    tx.commit().await.expect("a commit");
}

async fn stop(world: &World, duration_ms: u64) {
    let service = &world.stage.service;
    let mut tx = service.store.begin().await.expect("a transaction");
    tx.recordings().set_state(world.recording, State::Stopped { duration_ms }).await.expect("a store");
    let recording = tx.recordings().lookup_any(world.recording).await.expect("a store").expect("a recording");
    enqueue(service, &mut tx, &recording).await.expect("a job");
    tx.commit().await.expect("a commit");
}

async fn run(world: &World, cutter: &Cutter<'_>) -> Ran {
    compose_once(&world.stage.service, cutter).await.expect("a store")
}

async fn films(world: &World) -> Vec<Value> {
    let recording = world.stage.ask(get(format!("/api/v1/recordings/{}", world.recording)).key(DEMOBK)).await.json();
    let files = recording["files"].as_array().expect("a list");
    files.iter().filter(|file| file["kind"] == "composed").cloned().collect()
}

async fn jobs(world: &World) -> Vec<Value> {
    let list = world.stage.ask(get("/api/v1/compositions").key(DEMOBK)).await.json();
    list["items"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn the_film_is_listed_when_it_is_whole_and_can_be_fetched() {
    let world = World::build().await;
    stop(&world, 4_000).await;
    assert!(films(&world).await.is_empty(), "not before");
    let cutter = Cutter::of(&world);
    assert_eq!(run(&world, &cutter).await, Ran::One);
    assert_eq!(run(&world, &cutter).await, Ran::Nothing);
    let asked = cutter.asked.into_inner().expect("no panic").pop().expect("a composition");
    assert_eq!((asked.film.frames, asked.film.scenes.len(), asked.voices.len()), (60, 1, 1));
    assert_eq!(asked.film.scenes[0].tiles[0].label, "客户：张三");
    assert_eq!(asked.caption, "示例银行  A3239239");
    assert_eq!(asked.clock.offset(), time::macros::offset!(+8));

    let [film] = &films(&world).await[..] else { panic!("one film") };
    let address = film["url"].as_str().expect("a link").to_owned();
    let hash = hex::encode(Sha256::digest(FILM));
    let mut shown = film.clone();
    shown["url"] = json!(null);
    assert_eq!(
        shown,
        json!({
            "kind": "composed", "participant": null, "source": null, "from_ms": 0, "duration_ms": 4000, "url": null,
            "size_bytes": FILM.len(), "sha256": hash, "playlist_url": null,
        })
    );
    let path = address.strip_prefix("http://127.0.0.1:8080").expect("the request's own host");
    let fetched = world.stage.ask(get(path)).await;
    assert_eq!((fetched.status.as_u16(), &fetched.body[..]), (200, FILM));
    assert_eq!(fetched.header("content-type"), "video/mp4");
    assert_eq!(fetched.header("etag"), format!("\"{hash}\""));
    let part = world.stage.ask(get(path).with("range", "bytes=4-7")).await;
    assert_eq!((part.status.as_u16(), &part.body[..]), (206, &FILM[4..8]));
    let forged = world.stage.ask(get(path.replace("composed.mp4", "compose.mp4"))).await;
    assert_eq!(forged.status, 403, "a link leads to its own file alone");
}

#[tokio::test]
async fn a_failure_is_told_to_the_admin_and_tried_again_later() {
    let world = World::build().await;
    stop(&world, 4_000).await;
    let failing = Cutter { fails: Some(ComposeFailure::Full), ..Cutter::of(&world) };
    assert_eq!(run(&world, &failing).await, Ran::One);
    assert!(films(&world).await.is_empty());
    let told = &jobs(&world).await[0];
    assert_eq!((told["state"].as_str(), told["attempts"].as_u64()), (Some("pending"), Some(1)));
    assert_eq!(
        (told["last_error"].as_str(), told["recording_id"].as_str()),
        (Some("存储空间不足"), Some(world.recording.to_string().as_str()))
    );
    assert_eq!(run(&world, &failing).await, Ran::Nothing, "not at once");
    world.stage.wait(Duration::seconds(5));
    assert_eq!(run(&world, &Cutter::of(&world)).await, Ran::One);
    assert_eq!(films(&world).await.len(), 1);
    assert_eq!(jobs(&world).await[0]["state"], "done");
}

#[tokio::test]
async fn an_admin_has_a_film_drawn_again_that_was_given_up() {
    let world = World::build().await;
    let [given_up] = &jobs(&world).await[..] else { panic!("one job") };
    assert_eq!(
        (given_up["state"].as_str(), given_up["id"].as_str()),
        (Some("failed"), Some(world.composition.to_string().as_str()))
    );
    let path = format!("/api/v1/compositions/{}/retry", world.composition);
    world.stage.ask(ask(Method::POST, path.clone()).key(OTHERB)).await.is_problem(404, "recording-unknown");
    let callback = format!("/api/v1/compositions/{}/retry", world.callback);
    world.stage.ask(ask(Method::POST, callback).key(DEMOBK)).await.is_problem(404, "recording-unknown");
    assert_eq!(world.stage.ask(ask(Method::POST, path).key(DEMOBK)).await.status, 204);
    assert_eq!(run(&world, &Cutter::of(&world)).await, Ran::One);
    assert_eq!(jobs(&world).await[0]["state"], "done");
}

#[tokio::test]
async fn a_long_film_keeps_its_claim_and_one_that_does_not_loses_it() {
    let world = World::build().await;
    stop(&world, 4_000).await;
    let slow = Cutter { takes: Duration::minutes(10), ..Cutter::of(&world) };
    let (first, second) = tokio::join!(run(&world, &slow), async {
        let mut found = Ran::Nothing;
        while slow.asked.lock().expect("no panic").is_empty() {
            tokio::task::yield_now().await;
        }
        for _ in 0..20 {
            let other = Cutter::of(&world);
            if run(&world, &other).await == Ran::One {
                found = Ran::One;
            }
        }
        found
    });
    assert_eq!((first, second), (Ran::One, Ran::Nothing), "nobody else got it meanwhile");
    assert_eq!(films(&world).await.len(), 1);

    stop(&world, 5_000).await;
    let dead =
        Cutter { takes: Duration::minutes(10), renews: false, fails: Some(ComposeFailure::Lost), ..Cutter::of(&world) };
    assert_eq!(run(&world, &dead).await, Ran::One);
    assert_eq!(films(&world).await[0]["duration_ms"], 4_000, "the older film is there until the newer one is");
}

#[tokio::test]
async fn a_recording_that_goes_on_gets_the_film_of_its_last_stop() {
    let world = World::build().await;
    stop(&world, 4_000).await;
    assert_eq!(run(&world, &Cutter { goes_on: true, ..Cutter::of(&world) }).await, Ran::One);
    assert!(films(&world).await.is_empty(), "the film of a recording that goes on is thrown away");
    let gone = format!("rec/DEMOBK/2026/11/23/{}/composed/4000.mp4", world.recording);
    assert_eq!(world.stage.service.objects.size(&gone).await.expect("a key"), None);
    stop(&world, 6_000).await;
    assert_eq!(run(&world, &Cutter::of(&world)).await, Ran::One);
    stop(&world, 8_000).await;
    assert_eq!(run(&world, &Cutter::of(&world)).await, Ran::One);
    let [film] = &films(&world).await[..] else { panic!("one film") };
    assert_eq!(film["duration_ms"], 8_000);
    let older = gone.replace("4000", "6000");
    assert_eq!(world.stage.service.objects.size(&older).await.expect("a key"), None, "the older one is cleared away");
    set_state(&world, State::Recording).await;
    stop(&world, 8_500).await;
    set_state(&world, State::Recording).await;
    let cutter = Cutter::of(&world);
    assert_eq!(run(&world, &cutter).await, Ran::One);
    assert!(cutter.asked.into_inner().expect("no panic").is_empty(), "what grows is not drawn");
}

#[tokio::test]
async fn every_film_is_in_the_audit_log() {
    let world = World::build().await;
    stop(&world, 4_000).await;
    run(&world, &Cutter::of(&world)).await;
    let mut tx = world.stage.service.store.read().await.expect("a store");
    let lines = tx.audit().list(world.tenant, &mingjian_store::Page::first(20)).await.expect("a log");
    assert!(lines.items.iter().any(|row| row.action == "compose_recording"), "{lines:?}");
}
