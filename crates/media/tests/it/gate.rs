//! Nobody is shown to anybody while it is not being recorded.

use std::time::Duration;

use mingjian_domain::room::{RecordingFault, RoomCommand, RoomEvent};
use mingjian_testkit::net::Weather;

use crate::world::{Disk, World};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn nothing_is_passed_on_before_the_recording_has_begun() {
    let mut world = World::new(Weather::CLEAR, 21);
    world.disk = Disk::Silent;
    let (room, recording) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(3 * SECOND);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::Connected { .. })), 2, "both are there");
    assert_eq!(world.people[one].client.heard().len(), 2, "and the lines are agreed");
    assert_eq!(
        world.packets(one, two, "camera") + world.packets(one, two, "microphone"),
        0,
        "but nothing is passed on"
    );
    assert_eq!(world.told(|event| matches!(event, RoomEvent::RecordingStarted { .. })), 0);

    let begun = world.now;
    world.begin_recording(recording);
    world.run_for(SECOND);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::RecordingStarted { .. })), 1);
    assert!(world.packets(one, two, "camera") > 20 && world.packets(one, two, "microphone") > 20, "now it is");
    assert!(world.first_heard(one, two, "camera").expect("a picture came") > begun);
}

#[test]
fn everything_stops_the_moment_the_disk_fails() {
    let mut world = World::new(Weather::CLEAR, 22);
    let (room, recording) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(3 * SECOND);
    assert!(world.packets(one, two, "camera") > 50, "it ran");
    // What is on the wire may still arrive.
    world.fail_disk(recording, RecordingFault::DiskFull);
    world.run_for(Duration::from_millis(50));
    let (camera, microphone) = (world.packets(one, two, "camera"), world.packets(one, two, "microphone"));
    world.run_for(3 * SECOND);
    assert_eq!((world.packets(one, two, "camera"), world.packets(one, two, "microphone")), (camera, microphone));
    assert_eq!(
        world.told(|event| matches!(event, RoomEvent::RecordingFailed { fault: RecordingFault::DiskFull, .. })),
        1
    );
    world.command(RoomCommand::Close { room });
    world.run_for(SECOND);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::Closed { .. })), 1, "it can still be closed");
}

#[test]
fn in_a_meeting_that_need_not_be_recorded_people_go_on_when_the_disk_fails() {
    let mut world = World::new(Weather::CLEAR, 23);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    let (_, plan_of) = world.open_recorded();
    let plan = mingjian_domain::room::RecordingPlan {
        recording: mingjian_domain::id::RecordingId::from_uuid(uuid_of(plan_of)),
        folder: "meeting".into(),
        started_at: world.unix(),
        paused_by: mingjian_domain::recording::journal::GapReason::Restart,
    };
    let recording = plan.recording;
    world.command(RoomCommand::StartRecording { room, plan });
    world.run_for(SECOND);
    world.fail_disk(recording, RecordingFault::TooSlow);
    let before = world.packets(one, two, "camera");
    world.run_for(2 * SECOND);
    assert!(world.packets(one, two, "camera") > before + 40);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::RecordingFailed { .. })), 1);
}

/// Another id than the given one.
fn uuid_of(id: mingjian_domain::id::RecordingId) -> uuid::Uuid {
    uuid::Uuid::from_u128(id.as_uuid().as_u128() ^ 1)
}

#[test]
fn a_closed_room_is_gone_once_its_recording_is_on_disk() {
    let mut world = World::new(Weather::CLEAR, 24);
    let (room, recording) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    world.command(RoomCommand::Close { room });
    world.run_for(SECOND);
    let order: Vec<_> = world
        .events
        .iter()
        .filter_map(|(_, event)| {
            if matches!(event, RoomEvent::RecordingStopped { .. }) {
                Some("stopped")
            } else {
                matches!(event, RoomEvent::Closed { .. }).then_some("closed")
            }
        })
        .collect();
    assert_eq!(order, ["stopped", "closed"]);
    assert!(world.people[one].client.is_closed() && world.people[two].client.is_closed(), "both were told good-bye");
    let sizes = world.shard.sizes();
    assert_eq!((sizes.rooms, sizes.peers, sizes.demux_entries), (0, 0, 0), "nothing is left");
    assert!(world.files.keys().any(|(of, _)| *of == recording));
}

#[test]
fn a_recording_can_be_stopped_while_people_go_on() {
    let mut world = World::new(Weather::CLEAR, 25);
    let (room, _) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    world.command(RoomCommand::StopRecording { room });
    world.run_for(SECOND);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::RecordingStopped { .. })), 1);
    let before = world.packets(one, two, "camera");
    world.run_for(SECOND);
    assert!(world.packets(one, two, "camera") > before + 20);
}
