//! People who hear and see each other.

use std::collections::HashSet;
use std::time::Duration;

use mingjian_domain::recording::journal::Source;
use mingjian_domain::room::RoomEvent;
use mingjian_testkit::client::Line;
use mingjian_testkit::net::Weather;

use crate::world::{CLIP, World};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn two_people_get_every_packet_of_each_other_in_clear_weather() {
    let mut world = World::new(Weather::CLEAR, 1);
    let (room, _) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(5 * SECOND);
    // What is on its way is let to arrive.
    world.people.iter_mut().for_each(|someone| someone.client.publish(&[]));
    world.run_for(SECOND);
    for (listener, publisher) in [(one, two), (two, one)] {
        for (track, line) in [("microphone", Line::Microphone), ("camera", Line::Camera)] {
            let heard = world.people[listener]
                .client
                .heard_of(&world.people[publisher].id.to_string(), track)
                .expect("the line was offered");
            assert_eq!(heard.missing(), 0, "{track} has holes");
            let sent = world.sent(publisher, line);
            assert!(heard.packets <= sent, "{track}: {} of {sent}", heard.packets);
            assert!(
                heard.packets * 100 >= sent * 95,
                "{track}: {} of {sent}; only the moments before the line was agreed may lack",
                heard.packets
            );
        }
    }
}

#[test]
fn the_first_picture_comes_within_half_a_second_on_a_good_line() {
    let mut world = World::new(Weather::CLEAR, 2);
    let (room, _) = world.open_recorded();
    let one = world.join(room);
    world.run_for(3 * SECOND);
    let before = world.now;
    let two = world.join(room);
    world.run_for(2 * SECOND);
    let first = world.first_heard(two, one, "camera").expect("a picture came");
    assert!(first - before < Duration::from_millis(500), "after {:?}", first - before);
    let first = world.first_heard(one, two, "camera").expect("a picture came");
    assert!(first - before < Duration::from_millis(500), "after {:?}", first - before);
    // It can be shown at once: it begins with a key frame, asked for when the newcomer was ready.
    assert!(world.people[one].client.keyframes_asked() >= 1);
}

#[test]
fn in_a_storm_pictures_are_repaired_and_key_frames_asked_for() {
    let mut world = World::new(Weather::CLEAR, 3);
    let (room, recording) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    world.set_weather(Weather::STORM);
    world.run_for(20 * SECOND);
    world.set_weather(Weather::CLEAR);
    world.run_for(2 * SECOND);
    for (listener, publisher) in [(one, two), (two, one)] {
        let heard = world.people[listener]
            .client
            .heard_of(&world.people[publisher].id.to_string(), "camera")
            .expect("the line was offered");
        let (missing, all) = (heard.missing(), heard.packets);
        // 5 % are lost on the way up and 5 % on the way down; what is asked for again can be lost again, but not a tenth of it.
        assert!(missing * 100 <= all, "{missing} of {all} pictures' packets never came");
        let distinct: HashSet<_> = heard.kept.iter().map(|packet| packet.seq).collect();
        assert_eq!(distinct.len() as u64, all, "nothing is handed out twice");
        assert!(world.people[publisher].client.keyframes_asked() >= 10, "every two seconds while recording");
    }
    assert!(world.files.keys().any(|(of, _)| *of == recording), "and it is recorded");
}

#[test]
fn four_people_with_screens_all_get_everything() {
    let mut world = World::new(Weather::CLEAR, 4);
    let room = world.open();
    let everybody: Vec<_> = (0..4).map(|_| world.join(room)).collect();
    world.run_for(2 * SECOND);
    for &at in &everybody {
        assert!(
            world.people[at].client.heard().iter().all(|heard| heard.track != "screen"),
            "no screen is offered before one is shared"
        );
        world.people[at].client.publish(&[Line::Microphone, Line::Camera, Line::Screen]);
    }
    world.run_for(4 * SECOND);
    for &listener in &everybody {
        for &publisher in everybody.iter().filter(|other| **other != listener) {
            for track in ["microphone", "camera", "screen"] {
                let heard = world.people[listener]
                    .client
                    .heard_of(&world.people[publisher].id.to_string(), track)
                    .expect("the line was offered");
                assert!(heard.packets > 50, "{listener} got {} packets of {publisher}'s {track}", heard.packets);
                assert_eq!(heard.missing(), 0, "{listener} lacks packets of {publisher}'s {track}");
            }
        }
        assert_eq!(world.people[listener].client.heard().len(), 9, "three lines of three others and not one's own");
    }
    let screens = world.told(|event| matches!(event, RoomEvent::Publishing { source: Source::Screen, .. }));
    assert_eq!(screens, 4);
}

#[test]
fn sixteen_people_fit_in_a_room() {
    let mut world = World::new(Weather::CLEAR, 14);
    let room = world.open();
    let everybody: Vec<_> = (0..16).map(|_| world.join(room)).collect();
    world.run_for(Duration::from_millis(1_500));
    for &listener in &everybody {
        for &publisher in everybody.iter().filter(|other| **other != listener) {
            let (sound, picture) =
                (world.packets(listener, publisher, "microphone"), world.packets(listener, publisher, "camera"));
            assert!(sound > 20 && picture > 10, "{listener} got {sound} and {picture} packets of {publisher}");
        }
    }
}

#[test]
fn what_arrives_is_what_was_sent() {
    let mut world = World::new(Weather::CLEAR, 5);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(3 * SECOND);
    let publisher = world.people[two].id.to_string();
    let known: HashSet<&[u8]> =
        CLIP.pictures.iter().flat_map(|picture| &picture.payloads).map(|payload| &**payload).collect();
    let camera = world.people[one].client.heard_of(&publisher, "camera").expect("the line was offered");
    assert!(camera.packets > 80, "{} packets", camera.packets);
    assert!(camera.kept.iter().all(|packet| known.contains(&*packet.payload)));
    let ends = camera.kept.iter().filter(|packet| packet.marker).count();
    assert!(ends > 50, "markers are passed on: {ends}");
    let microphone = world.people[one].client.heard_of(&publisher, "microphone").expect("the line was offered");
    assert_eq!(microphone.audio_level, Some(-30), "the level of the sound is passed on");
}

#[test]
fn sound_and_picture_are_put_in_step_by_the_reports_that_a_browser_gets() {
    let (began, began_unix) = (std::time::Instant::now(), std::time::SystemTime::now());
    let mut world = World::new(Weather { jitter: Duration::from_millis(60), ..Weather::CLEAR }, 6);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(15 * SECOND);
    let publisher = world.people[two].id.to_string();
    // A report says which moment of the server's clock an RTP time belongs to. In a line's first generation RTP times are those that
    // the publisher sent, and it knows when it captured them.
    let lag = |track: &str, line: Line| {
        let heard = world.people[one].client.heard_of(&publisher, track).expect("the line was offered");
        let (at, rtp) = heard.report.expect("reports came");
        let captured = world.people[two]
            .client
            .captured(line, u32::try_from(rtp & 0xffff_ffff).expect("32 bits"))
            .expect("it sends");
        let server = at.duration_since(began_unix).expect("later").as_secs_f64();
        server - captured.duration_since(began).as_secs_f64()
    };
    let (sound, picture) = (lag("microphone", Line::Microphone), lag("camera", Line::Camera));
    assert!((sound - picture).abs() < 0.010, "the reports put sound {sound} s and picture {picture} s late");
    assert!((0.0..0.080).contains(&sound), "and both are late by the way to the server at most: {sound} s");
}

#[test]
fn somebody_who_comes_back_goes_on_in_the_same_lines() {
    let mut world = World::new(Weather::CLEAR, 7);
    let (room, _) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(3 * SECOND);
    let before: Vec<_> =
        world.people[one].client.heard().iter().map(|heard| (heard.mid, heard.ssrc, heard.packets)).collect();
    let offers = world.people[one].offers.len();
    world.run_for(Duration::from_millis(300));
    world.rejoin(two);
    world.run_for(3 * SECOND);
    assert_eq!(world.people[one].offers.len(), offers, "nothing was negotiated with the one who stayed");
    for (heard, (mid, ssrc, packets)) in world.people[one].client.heard().iter().zip(before) {
        assert_eq!((heard.mid, heard.ssrc), (mid, ssrc));
        assert!(heard.packets > packets + 50, "{} goes on", heard.track);
        assert_eq!(heard.missing(), 0, "{} has no hole in its numbers", heard.track);
        let times: Vec<_> = heard.in_order().iter().map(|packet| packet.rtp_time).collect();
        assert!(
            times.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) < 90_000 * 3),
            "{} does not jump in time",
            heard.track
        );
    }
    assert!(world.packets(two, one, "camera") > 50, "and the one who came back sees the other again");
    assert_eq!(world.told(|event| matches!(event, RoomEvent::Connected { .. })), 3);
}

#[test]
fn lines_of_somebody_who_left_are_used_for_the_next() {
    let mut world = World::new(Weather::CLEAR, 8);
    let room = world.open();
    let one = world.join(room);
    for _ in 0..3 {
        let guest = world.join(room);
        world.run_for(2 * SECOND);
        assert!(world.packets(one, guest, "camera") > 20, "the guest is seen");
        world.leave(guest);
        world.run_for(SECOND);
        assert!(world.people[one].client.heard().iter().all(|heard| !heard.on), "the guest's lines are off");
        assert!(world.people[guest].client.is_closed(), "the guest was told good-bye");
    }
    let heard = world.people[one].client.heard();
    assert_eq!(heard.len(), 2, "two lines served three guests");
    assert!(heard.iter().all(|heard| heard.missing() == 0));
    assert_eq!(world.shard.sizes().peers, 1);
}

#[test]
fn one_room_never_hears_another() {
    let mut world = World::new(Weather::CLEAR, 9);
    let (here, there) = (world.open(), world.open());
    let (one, two) = (world.join(here), world.join(here));
    let (three, four) = (world.join(there), world.join(there));
    world.run_for(3 * SECOND);
    for (listener, publisher) in [(one, two), (two, one), (three, four), (four, three)] {
        assert!(world.packets(listener, publisher, "camera") > 50);
        assert!(world.packets(listener, publisher, "microphone") > 50);
        assert_eq!(world.people[listener].client.heard().len(), 2, "lines of nobody else");
    }
}

#[test]
fn a_browser_that_changes_its_address_goes_on() {
    let mut world = World::new(Weather::CLEAR, 10);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    world.people[two].client.move_to("10.9.9.9:5000".parse().expect("an address"));
    world.run_for(4 * SECOND);
    let (here, there) = (world.packets(one, two, "camera"), world.packets(two, one, "camera"));
    world.run_for(2 * SECOND);
    assert!(world.packets(one, two, "camera") > here + 40, "its picture goes on");
    assert!(world.packets(two, one, "camera") > there + 40, "and so does what it sees");
}

#[test]
fn silence_is_told_after_five_seconds_and_so_is_its_end() {
    let mut world = World::new(Weather::CLEAR, 11);
    let room = world.open();
    world.join(room);
    world.run_for(2 * SECOND);
    world.set_weather(Weather { loss: 1.0, ..Weather::CLEAR });
    let silent = world.now;
    world.run_for(8 * SECOND);
    let lost: Vec<_> = world
        .events
        .iter()
        .filter(|(_, event)| matches!(event, RoomEvent::Disconnected { .. }))
        .map(|(at, _)| *at - silent)
        .collect();
    assert_eq!(lost.len(), 1);
    assert!((Duration::from_millis(4_900)..Duration::from_millis(5_600)).contains(&lost[0]), "after {:?}", lost[0]);
    world.set_weather(Weather::CLEAR);
    world.run_for(6 * SECOND);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::Connected { .. })), 2);
}

#[test]
fn quality_is_told_every_two_seconds() {
    let mut world = World::new(Weather { loss: 0.05, ..Weather::CLEAR }, 12);
    let room = world.open();
    let (one, _) = (world.join(room), world.join(room));
    world.run_for(21 * SECOND);
    let id = world.people[one].id;
    let told: Vec<_> = world
        .events
        .iter()
        .filter_map(|(_, event)| {
            if let RoomEvent::Quality { participant, quality, .. } = event {
                Some((*participant, *quality))
            } else {
                None
            }
        })
        .filter(|(participant, _)| *participant == id)
        .map(|(_, quality)| quality)
        .collect();
    assert!((9..=11).contains(&told.len()), "{} times in 21 s", told.len());
    let last = told.last().expect("told");
    assert!(last.round_trip_ms.is_some_and(|ms| (15..80).contains(&ms)), "20 ms there and back: {last:?}");
    let mean = told.iter().map(|quality| f64::from(quality.loss_up)).sum::<f64>() / told.len() as f64;
    assert!((0.01..0.12).contains(&mean), "5 % loss was measured as {mean}");
    assert!(last.down_kbps.is_some_and(|kbps| kbps > 100), "{last:?}");
}

#[test]
fn a_screen_can_be_shared_stopped_and_shared_again() {
    let mut world = World::new(Weather::CLEAR, 13);
    let (room, _) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    world.people[two].client.publish(&[Line::Microphone, Line::Camera, Line::Screen]);
    world.run_for(2 * SECOND);
    let shared = world.packets(one, two, "screen");
    assert!(shared > 50);
    world.people[two].client.publish(&[Line::Microphone, Line::Camera]);
    world.run_for(2 * SECOND);
    let stopped = world.packets(one, two, "screen");
    world.people[two].client.publish(&[Line::Microphone, Line::Camera, Line::Screen]);
    world.run_for(2 * SECOND);
    assert!(stopped < shared + 20 && world.packets(one, two, "screen") > stopped + 50);
    let lines = world.people[one].client.heard().iter().filter(|heard| heard.track == "screen").count();
    assert_eq!(lines, 1);
}
