//! What comes from people who mean no good, and from browsers that cannot take part.

use std::net::SocketAddr;
use std::time::Duration;

use mingjian_domain::id::{ParticipantId, RoomId};
use mingjian_domain::random::Randomness;
use mingjian_domain::room::{JoinId, NegotiationRefusal, RoomCommand, RoomEvent};
use mingjian_media::shard::Transport;
use mingjian_testkit::client::{Codecs, Line};
use mingjian_testkit::net::Weather;
use mingjian_testkit::random::Seeded;

use crate::world::{SERVER, World};

const SECOND: Duration = Duration::from_secs(1);

fn refusals(world: &World) -> Vec<NegotiationRefusal> {
    let refused = world.events.iter().filter_map(|(_, event)| {
        if let RoomEvent::Refused { refusal, .. } = event { Some(refusal.clone()) } else { None }
    });
    refused.collect()
}

#[test]
fn a_hundred_thousand_stray_datagrams_change_nothing() {
    let mut world = World::new(Weather::CLEAR, 31);
    let (room, _) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(3 * SECOND);
    let (sizes, overheard) = (world.shard.sizes(), world.overheard.clone());
    let mut random = Seeded::new(99);
    for n in 0..100_000_u32 {
        let (source, _, bytes) = &overheard[n as usize % overheard.len()];
        let stranger =
            SocketAddr::from(([198, 51, 100, 7], u16::try_from(random.below(60_000)).expect("below 65,536")));
        match n % 4 {
            // Replayed from its own address, and from a stranger's.
            0 => world.shard.handle_datagram(Transport::Udp, *source, SERVER, bytes, world.now),
            1 => world.shard.handle_datagram(Transport::Udp, stranger, SERVER, bytes, world.now),
            2 => {
                let mut garbage = vec![0; usize::try_from(random.below(1_400)).expect("small")];
                random.fill(&mut garbage);
                world.shard.handle_datagram(Transport::Udp, stranger, SERVER, &garbage, world.now);
            }
            // A genuine datagram with one bit turned, from its own address.
            _ => {
                let mut turned = bytes.clone();
                let at = usize::try_from(random.below(turned.len() as u64)).expect("small");
                turned[at] ^= 1 << random.below(8);
                world.shard.handle_datagram(Transport::Udp, *source, SERVER, &turned, world.now);
            }
        }
        if n % 1_000 == 0 {
            world.run_for(Duration::from_millis(10));
        }
    }
    let after = world.shard.sizes();
    assert_eq!((after.rooms, after.peers), (sizes.rooms, sizes.peers));
    // A replayed STUN check proves its password, so its address is known; there are few of those per peer, whatever comes.
    assert!(after.demux_entries <= 2 * 17, "{} entries", after.demux_entries);
    let (camera, microphone) = (world.packets(one, two, "camera"), world.packets(one, two, "microphone"));
    world.run_for(4 * SECOND);
    assert!(world.packets(one, two, "camera") > camera + 80, "the call goes on");
    assert!(world.packets(one, two, "microphone") > microphone + 180);
    assert_eq!(world.told(|event| matches!(event, RoomEvent::Disconnected { .. })), 0);
    let counters = world.shard.counters();
    assert!(counters.unknown > 40_000 && counters.panics == 0, "{counters:?}");
}

#[test]
fn a_browser_without_h264_is_told_so() {
    let mut world = World::new(Weather::CLEAR, 32);
    let room = world.open();
    world.join_with(room, |config| config.codecs = Codecs::OpusAndVp8);
    assert_eq!(refusals(&world), [NegotiationRefusal::NoH264]);
    world.join_with(room, |config| config.codecs = Codecs::PcmuAndH264);
    assert_eq!(refusals(&world)[1..], [NegotiationRefusal::NoOpus]);
    assert_eq!(world.shard.sizes().peers, 0);
    world.join(room);
    assert_eq!(refusals(&world).len(), 2, "a browser with both is let in");
    assert_eq!(world.shard.sizes().peers, 1);
}

#[test]
fn an_offer_that_is_no_offer_is_refused_and_harms_nobody() {
    let mut world = World::new(Weather::CLEAR, 33);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(SECOND);
    let participant = world.people[two].id;
    for offer in ["", "garbage", "v=0\r\n", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", &"m=".repeat(10_000)] {
        world.command(RoomCommand::Join { room, participant, join: JoinId(7), offer: offer.to_owned() });
    }
    let told = refusals(&world);
    assert_eq!(told.len(), 5);
    assert!(told.iter().all(|refusal| matches!(refusal, NegotiationRefusal::Malformed(_))), "{told:?}");
    let before = world.packets(one, two, "camera");
    world.run_for(SECOND);
    assert!(world.packets(one, two, "camera") > before + 20, "the connection that was there is untouched");
}

#[test]
fn no_garbled_offer_or_answer_brings_a_machine_to_panic() {
    let mut world = World::new(Weather::CLEAR, 38);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(SECOND);
    let offer = mingjian_testkit::client::Client::new(
        mingjian_testkit::client::ClientConfig::new(SocketAddr::from(([10, 8, 8, 8], 1)), crate::world::CLIP.clone()),
        world.now,
    )
    .offer();
    let mut random = Seeded::new(5);
    let mut garble = |text: &str| {
        let mut lines: Vec<Vec<u8>> = text.lines().map(|line| line.as_bytes().to_vec()).collect();
        for _ in 0..=random.below(3) {
            let at = usize::try_from(random.below(lines.len() as u64)).expect("small");
            match random.below(5) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines.swap(at, 0),
                3 => lines.truncate(at.max(1)),
                _ => {
                    let line = &mut lines[at];
                    let place = usize::try_from(random.below(line.len().max(1) as u64)).expect("small");
                    if let Some(byte) = line.get_mut(place) {
                        *byte = b' ' + u8::try_from(random.below(90)).expect("small");
                    }
                }
            }
        }
        String::from_utf8_lossy(&lines.join(&b"\r\n"[..])).into_owned() + "\r\n"
    };
    let before = world.packets(one, two, "camera");
    let mut taken = 0;
    for n in 0..1_000_u128 {
        let participant = ParticipantId::from_uuid(uuid::Uuid::from_u128(n));
        let join = RoomCommand::Join { room, participant, join: JoinId(0), offer: garble(&offer) };
        world.shard.handle_command(join, world.now);
        while let Some(output) = world.shard.poll_output() {
            if let mingjian_media::shard::Output::Event(RoomEvent::Offer { participant: of, offer, .. }) = output
                && of == participant
            {
                taken += 1;
                let answer = garble(&offer.replace("a=sendonly", "a=recvonly"));
                world.shard.handle_command(RoomCommand::Answer { room, participant, answer }, world.now);
            }
        }
        world.shard.handle_command(RoomCommand::Leave { room, participant }, world.now);
    }
    assert!(taken > 100, "{taken} of them could be taken");
    world.run_for(2 * SECOND);
    assert!(world.packets(one, two, "camera") > before + 40, "the call goes on");
    assert_eq!(world.shard.counters().panics, 0);
    assert_eq!(world.shard.sizes().peers, 2);
}

#[test]
fn an_answer_that_fits_nothing_is_refused_and_a_fresh_offer_made() {
    let mut world = World::new(Weather::CLEAR, 34);
    let room = world.open();
    let one = world.join(room);
    world.people[one].answering = false;
    let two = world.join(room);
    world.run_for(SECOND);
    let participant = world.people[one].id;
    let offers = world.people[one].offers.len();
    world.command(RoomCommand::Answer { room, participant, answer: "garbage".to_owned() });
    assert!(matches!(refusals(&world)[..], [NegotiationRefusal::Malformed(_)]));
    assert_eq!(world.people[one].offers.len(), offers + 1);
    world.answer(one);
    world.run_for(SECOND);
    assert!(world.packets(one, two, "camera") > 10, "the fresh offer was answered, and it works");
    world.command(RoomCommand::Answer { room, participant, answer: "unasked".to_owned() });
    assert_eq!(refusals(&world).len(), 2);
    world.command(RoomCommand::Join { room, participant, join: JoinId(7), offer: "garbage".to_owned() });
    let named: Vec<Option<JoinId>> = world
        .events
        .iter()
        .filter_map(|(_, event)| if let RoomEvent::Refused { join, .. } = event { Some(*join) } else { None })
        .collect();
    assert_eq!(named, [None, None, Some(JoinId(7))], "an offer is refused by its name, an answer without one");
}

#[test]
fn one_offer_is_open_at_a_time_and_the_next_one_holds_all_that_changed_meanwhile() {
    let mut world = World::new(Weather::CLEAR, 35);
    let room = world.open();
    let one = world.join(room);
    world.people[one].answering = false;
    for _ in 0..3 {
        world.join(room);
    }
    world.run_for(SECOND);
    assert_eq!(world.people[one].offers.len(), 1);
    world.answer(one);
    world.run_for(Duration::from_millis(10));
    assert_eq!(world.people[one].offers.len(), 2, "one more for the two who came meanwhile");
    world.answer(one);
    world.run_for(SECOND);
    assert_eq!(world.people[one].client.heard().len(), 6);
    assert!(world.people[one].client.heard().iter().all(|heard| heard.packets > 10));
}

#[test]
fn a_full_room_and_a_room_that_is_not_open_are_told() {
    let mut world = World::with_capacity(Weather::CLEAR, 36, 2);
    let room = world.open();
    let (_, two) = (world.join(room), world.join(room));
    world.join(room);
    assert_eq!(refusals(&world), [NegotiationRefusal::RoomFull]);
    world.rejoin(two);
    assert_eq!(refusals(&world).len(), 1, "who is in may come back");
    let (nowhere, nobody) = (RoomId::from_uuid(uuid::Uuid::nil()), ParticipantId::from_uuid(uuid::Uuid::nil()));
    world.command(RoomCommand::Join { room: nowhere, participant: nobody, join: JoinId(9), offer: String::new() });
    assert_eq!(refusals(&world)[1..], [NegotiationRefusal::RoomNotOpen]);
}

#[test]
fn an_address_cannot_be_taken_without_the_password() {
    let mut world = World::new(Weather::CLEAR, 37);
    let room = world.open();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(2 * SECOND);
    // A check of the one, its password garbled, that seems to come from the other's address.
    let (_, _, check) = world
        .overheard
        .iter()
        .find(|(source, _, bytes)| source.ip() == world.people[one].client.local().ip() && bytes[0] == 0)
        .expect("a check was sent")
        .clone();
    let mut forged = check;
    let last = forged.len() - 1;
    forged[last] ^= 1;
    forged[30] ^= 0;
    let victim = world.people[two].client.local();
    for _ in 0..100 {
        world.shard.handle_datagram(Transport::Udp, victim, SERVER, &forged, world.now);
    }
    let before = world.packets(one, two, "camera");
    world.run_for(2 * SECOND);
    assert!(world.packets(one, two, "camera") > before + 40);
}

#[test]
fn a_check_replayed_from_the_address_of_somebody_else_does_not_take_it_over() {
    let mut world = World::new(Weather::CLEAR, 33);
    let (room, _) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(3 * SECOND);
    let checks: Vec<_> = world.overheard.iter().filter(|(.., bytes)| bytes[0] < 4).cloned().collect();
    let addresses = [one, two].map(|at| world.people[at].client.local());
    assert!(addresses.iter().all(|address| checks.iter().any(|(source, ..)| source == address)));
    let count = |world: &World| {
        [(two, one), (one, two)].map(|(to, of)| (world.packets(to, of, "camera"), world.sent(of, Line::Camera)))
    };
    let before = count(&world);
    for n in 0..5_000 {
        let (source, _, bytes) = &checks[n % checks.len()];
        let other = if *source == addresses[0] { addresses[1] } else { addresses[0] };
        for spoofed in [other, *source] {
            world.shard.handle_datagram(Transport::Udp, spoofed, SERVER, bytes, world.now);
        }
        world.run_for(Duration::from_millis(1));
    }
    for (after, before) in count(&world).into_iter().zip(before) {
        let (came, sent) = (after.0 - before.0, after.1 - before.1);
        // What is under way at either moment is counted on one side only.
        assert!(sent > 150 && came + 10 >= sent, "{came} of {sent} packets came");
    }
}
