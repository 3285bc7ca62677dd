//! Signed links, playlists and files in pieces.

use axum::http::Method;
use mingjian_domain::id::TrackId;
use mingjian_domain::recording::journal::Source;
use mingjian_domain::recording::{Recording, State, Track};
use mingjian_store::Page;
use time::Duration;

use crate::stage::{Answer, DEMOBK, ask, get};
use crate::world::{INIT_BYTES, World};

/// Path and query of a link.
fn path_of(link: &str) -> String {
    link.strip_prefix("http://127.0.0.1:8080").expect("the request's own host").to_owned()
}

async fn link(world: &World, pointer: &str) -> String {
    let recording = world.stage.ask(get(format!("/api/v1/recordings/{}", world.recording)).key(DEMOBK)).await.json();
    path_of(recording.pointer(pointer).and_then(|link| link.as_str()).expect("a link"))
}

async fn fetch(world: &World, path: &str) -> Answer {
    world.stage.ask(get(path)).await
}

#[tokio::test]
async fn a_player_finds_its_way_from_the_recording_to_the_last_byte() {
    let world = World::build().await;
    let index = fetch(&world, &link(&world, "/playlist_url").await).await;
    assert_eq!(index.status, 200, "{}", index.text());
    assert_eq!(index.header("content-type"), "application/vnd.apple.mpegurl");
    assert_eq!(index.header("cache-control"), "no-store");
    let index = index.text();
    assert!(
        index.contains("#EXT-X-STREAM-INF:BANDWIDTH=16000,CODECS=\"avc1.42e01f,opus\",RESOLUTION=640x480\n"),
        "{index}"
    );
    let media = index.lines().find(|line| line.starts_with("/d/")).expect("a variant");

    let media = fetch(&world, media).await.text();
    assert!(media.ends_with("#EXT-X-ENDLIST\n"), "{media}");
    assert!(media.contains(&format!("BYTERANGE=\"{INIT_BYTES}@0\"")), "{media}");
    let file = media.lines().find(|line| line.starts_with("/d/")).expect("a segment").to_owned();
    let mut played = fetch_range(&world, &file, &format!("bytes=0-{}", INIT_BYTES - 1)).await.body;
    for range in media.lines().filter_map(|line| line.strip_prefix("#EXT-X-BYTERANGE:")) {
        let (bytes, offset) = range.split_once('@').expect("a range");
        let (bytes, offset): (u64, u64) = (bytes.parse().expect("bytes"), offset.parse().expect("an offset"));
        let segment = fetch_range(&world, &file, &format!("bytes={offset}-{}", offset + bytes - 1)).await;
        assert_eq!(segment.status, 206);
        assert_eq!(segment.header("content-range"), format!("bytes {offset}-{}/8700", offset + bytes - 1));
        played.extend(segment.body);
    }
    assert!(played == world.bytes, "the segments are the file");
}

async fn fetch_range(world: &World, path: &str, range: &str) -> Answer {
    world.stage.ask(get(path).with("range", range)).await
}

#[tokio::test]
async fn a_growing_recording_is_listed_without_an_end_and_grows() {
    let world = World::build().await;
    let mut tx = world.stage.service.store.begin().await.expect("a transaction");
    tx.recordings().set_state(world.recording, State::Recording).await.expect("a store");
    tx.commit().await.expect("a commit");
    let folder = world
        .stage
        .service
        .objects
        .path_of(&Recording::folder_for("DEMOBK", world.recording, crate::stage::NOON))
        .expect("a key");
    let journal = folder.join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).expect("a journal");
    let cut = whole.match_indices('\n').nth(5).expect("six lines").0;
    // One line more than five fragments, torn.
    std::fs::write(&journal, &whole[..cut + 30]).expect("a journal");
    let playlist = link(&world, "/files/0/playlist_url").await;
    let first = fetch(&world, &playlist).await.text();
    assert!(!first.contains("ENDLIST") && first.contains("PLAYLIST-TYPE:EVENT"), "{first}");
    assert_eq!(first.matches("#EXTINF").count(), 1, "{first}");
    std::fs::write(&journal, &whole).expect("a journal");
    let second = fetch(&world, &playlist).await.text();
    assert!(second.starts_with(&first) && second.matches("#EXTINF").count() == 2, "{second}");
}

#[tokio::test]
async fn a_recording_that_has_just_begun_has_an_empty_playlist() {
    let world = World::build().await;
    let mut tx = world.stage.service.store.begin().await.expect("a transaction");
    tx.recordings().set_state(world.recording, State::Recording).await.expect("a store");
    tx.commit().await.expect("a commit");
    let folder = Recording::folder_for("DEMOBK", world.recording, crate::stage::NOON);
    std::fs::remove_file(world.stage.service.objects.path_of(&folder).expect("a key").join("journal.jsonl"))
        .expect("a journal");
    let index = fetch(&world, &link(&world, "/playlist_url").await).await;
    assert_eq!((index.status.as_u16(), index.text().starts_with("#EXTM3U\n")), (200, true));
    let media = fetch(&world, &link(&world, "/files/0/playlist_url").await).await;
    assert!(media.text().contains("#EXT-X-TARGETDURATION:4"), "{}", media.text());
}

#[tokio::test]
async fn a_link_opens_nothing_but_what_was_signed() {
    let world = World::build().await;
    let link = link(&world, "/files/0/url").await;
    assert_eq!(fetch(&world, &link).await.status, 200);
    let (path, query) = link.split_once('?').expect("a query");
    let (front, signature) = query.rsplit_once('=').expect("a signature");
    let flipped = if signature.starts_with('0') { "1" } else { "0" };
    for forged in [
        path.to_owned(),
        format!("{path}?"),
        format!("{path}?{front}={flipped}{}", &signature[1..]),
        format!("{path}?{}", query.replace("e=1", "e=2")),
        format!("{path}?{}", query.replace("k=1", "k=2")),
        format!("{path}?{query}&x=1"),
        format!("/d/{}/index.m3u8?{query}", world.recording),
        format!("{}?{query}", path.replace(".mp4", ".MP4")),
        format!("{}?{query}", path.replace("/d/", "/d/%2e%2e%2f")),
        format!("/d/{}/journal.jsonl?{query}", world.recording),
    ] {
        let answer = fetch(&world, &forged).await;
        answer.is_problem(403, "bad-link");
    }
}

#[tokio::test]
async fn a_link_ends_and_a_pages_link_ends_sooner() {
    let world = World::build().await;
    let systems = link(&world, "/files/0/url").await;
    let reviewer = world.stage.log_in("reviewer1").await;
    let recording =
        world.stage.ask(get(format!("/api/v1/recordings/{}", world.recording)).page(&reviewer)).await.json();
    let pages = path_of(recording["files"][0]["url"].as_str().expect("a link"));
    world.stage.wait(Duration::hours(12));
    fetch(&world, &pages).await.is_problem(410, "link-expired");
    assert_eq!(fetch(&world, &systems).await.status, 200);
    world.stage.wait(Duration::days(7));
    fetch(&world, &systems).await.is_problem(410, "link-expired");
}

#[tokio::test]
async fn a_file_comes_whole_in_pieces_or_as_its_head() {
    let world = World::build().await;
    let link = link(&world, "/files/0/url").await;
    let whole = fetch(&world, &link).await;
    assert!(whole.body == world.bytes);
    assert_eq!(whole.header("content-type"), "video/mp4");
    assert_eq!(whole.header("content-length"), "8700");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(
        whole.header("content-disposition"),
        format!("inline; filename=\"{0}\"; filename*=UTF-8''{0}", world.file)
    );
    assert!(whole.header("content-security-policy").starts_with("sandbox;"));

    let head = world.stage.ask(ask(Method::HEAD, &link)).await;
    assert_eq!((head.status.as_u16(), head.header("content-length").as_str(), head.body.len()), (200, "8700", 0));

    let tail = fetch_range(&world, &link, "bytes=-100").await;
    assert_eq!((tail.status.as_u16(), tail.body.as_slice()), (206, &world.bytes[8_600..]));
    let beyond = fetch_range(&world, &link, "bytes=8700-").await;
    beyond.is_problem(416, "range-not-satisfiable");
    assert_eq!(beyond.header("content-range"), "bytes */8700");

    let etag = whole.header("etag");
    let same = world.stage.ask(get(&link).with("range", "bytes=0-9").with("if-range", &etag)).await;
    assert_eq!(same.status, 206);
    let changed = world.stage.ask(get(&link).with("range", "bytes=0-9").with("if-range", "\"other\"")).await;
    assert_eq!((changed.status.as_u16(), changed.body.len()), (200, 8_700));
}

#[tokio::test]
async fn every_fetch_is_in_the_audit_log_and_its_pieces_are_one_line() {
    let world = World::build().await;
    let link = link(&world, "/files/0/url").await;
    for _ in 0..5 {
        fetch_range(&world, &link, "bytes=0-9").await;
    }
    // The log is in the order of moments.
    world.stage.wait(Duration::milliseconds(1));
    world.stage.ask_from("192.0.2.7:1", get(&link)).await;
    world.stage.wait(Duration::minutes(10));
    fetch(&world, &link).await;
    let mut tx = world.stage.service.store.read().await.expect("a transaction");
    let lines = tx.audit().list(world.tenant, &Page::first(50)).await.expect("the log").items;
    let fetches: Vec<_> = lines.iter().filter(|line| line.action == "fetch_file").collect();
    let addresses: Vec<_> = fetches.iter().map(|line| line.address.as_deref().expect("an address")).collect();
    assert_eq!(addresses, ["127.0.0.1", "192.0.2.7", "127.0.0.1"]);
    assert!(fetches.iter().all(|line| line.subject_id == world.recording.to_string()));
}

#[tokio::test]
async fn a_file_of_sound_alone_is_a_stream_of_its_own() {
    let world = World::build().await;
    let service = &world.stage.service;
    let id = service.draw(|random| TrackId::mint(crate::stage::NOON, random));
    let file = format!("{}-0000004000.mp4", world.customer);
    let folder = Recording::folder_for("DEMOBK", world.recording, crate::stage::NOON);
    let path = service.objects.path_of(&format!("{folder}/{file}")).expect("a key");
    std::fs::write(path, b"....hdlr\0\0\0\0\0\0\0\0soun").expect("a file");
    let mut tx = service.store.begin().await.expect("a transaction");
    let (recording, participant) = (world.recording, world.customer);
    tx.tracks()
        .insert(&Track { id, recording, participant, source: Source::Camera, file, from_ms: 4_000, closed: None })
        .await
        .expect("a track");
    tx.commit().await.expect("a commit");
    let shown = world.stage.ask(get(format!("/api/v1/recordings/{}", world.recording)).key(DEMOBK)).await.json();
    let sources: Vec<_> = (0..2).map(|n| shown["files"][n]["source"].as_str().expect("a source")).collect();
    assert_eq!(sources, ["camera", "microphone"]);
    let playlist = shown["files"][1]["playlist_url"].as_str().expect("a link");
    assert!(playlist.contains("-microphone.m3u8?"), "{playlist}");
    assert_eq!(fetch(&world, &path_of(playlist)).await.status, 200);
}
