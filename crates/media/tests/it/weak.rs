//! Listeners whose network takes less than they are sent.

use std::time::Duration;

use mingjian_domain::room::RoomEvent;
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::net::Weather;

use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);
/// What a browser sends when nobody limits it, as the clip of a call.
const FULL_KBPS: f64 = 800.0;

/// What somebody's page was told last.
fn limit(world: &World, at: usize) -> Option<u32> {
    let id = world.people[at].id;
    let told = world.events.iter().rev().find_map(|(_, event)| {
        let RoomEvent::Limit { participant, video_kbps, .. } = event else { return None };
        (*participant == id).then_some(*video_kbps)
    });
    told.flatten()
}

/// Lets time pass while everybody sends no more than was told.
fn obey_for(world: &mut World, seconds: u32) {
    for _ in 0..seconds * 2 {
        world.run_for(SECOND / 2);
        for at in 0..world.people.len() {
            let share = limit(world, at).map_or(1.0, |kbps| (f64::from(kbps) / FULL_KBPS).min(1.0));
            world.people[at].client.shrink_pictures(share);
        }
    }
}

#[test]
fn whoever_talks_to_somebody_with_a_narrow_network_sends_less_until_it_is_wide_again() {
    let mut world = World::new(Weather::CLEAR, 71);
    let room = world.open();
    let clip = Clip::make(&ClipSpec::call()).expect("a clip can be made");
    let (strong, weak) = (
        world.join_with(room, |config| config.clip = clip.clone()),
        world.join_with(room, |config| config.clip = clip.clone()),
    );
    obey_for(&mut world, 20);
    assert_eq!((limit(&world, strong), limit(&world, weak)), (None, None), "nobody is limited without need");

    world.narrow(weak, Some(400));
    obey_for(&mut world, 20);
    let told = limit(&world, strong).expect("the one who is too much is told");
    assert!((150..400).contains(&told), "{told} kbit/s");
    assert_eq!(limit(&world, weak), None, "the strong one takes everything that the weak one sends");
    let before = world.packets(weak, strong, "camera");
    let sent = world.sent(strong, mingjian_testkit::client::Line::Camera);
    obey_for(&mut world, 20);
    let heard = world.packets(weak, strong, "camera") - before;
    let sent = world.sent(strong, mingjian_testkit::client::Line::Camera) - sent;
    assert!(heard * 100 >= sent * 97, "{heard} of {sent} packets fit through");

    world.narrow(weak, None);
    obey_for(&mut world, 60);
    assert_eq!(limit(&world, strong), None, "the network is wide again");
}
