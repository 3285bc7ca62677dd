//! Garbage, replays and silence on the media port, while people talk.

use std::io::Read;
use std::net::{TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use mingjian_domain::random::Randomness;
use mingjian_testkit::client::Line;
use mingjian_testkit::random::Seeded;
use mingjian_testkit::server::page::Page;

use crate::stage::{Call, DEMOBK, Stage};

const SEED: u64 = 100_000;
const DATAGRAMS: usize = 100_000;
/// Sent between two turns of the clients. The kernel's buffer holds a few hundred; a test of ours must not overflow it, since
/// what that drops would be the call's own packets, and no server could help it.
const BURST: usize = 40;
const MAY_GROW_BYTES: u64 = 5 << 20;
const SILENT: usize = 200;

/// The longest time for which a listener got nothing of a speaker, and how many packets came of how many that were sent.
struct Arrival {
    sent: u64,
    came: u64,
    longest: Duration,
}

impl Arrival {
    #[expect(clippy::cast_precision_loss, reason = "thousands of packets")]
    fn ratio(&self) -> f64 {
        self.came as f64 / self.sent as f64
    }
}

/// Watches what arrives at both sides while something else is done to the server. Everybody is quiet for a moment before and
/// after, so that nothing is under way when it is counted.
fn watch(stage: &mut Stage, call: &Call, mut meanwhile: impl FnMut(&mut Stage) -> bool) -> Vec<Arrival> {
    let ways = [(call.seat, call.customer), (call.customer, call.seat)];
    let count = |stage: &mut Stage| {
        for who in [call.seat, call.customer] {
            stage.client(who).expect("it is connected").publish(&[]);
        }
        stage.run_for(Duration::from_millis(300));
        ways.map(|(listener, speaker)| {
            let sent = stage.sent(speaker, Line::Microphone) + stage.sent(speaker, Line::Camera);
            (sent, stage.heard_in_all(listener, speaker))
        })
    };
    let before = count(stage);
    for who in [call.seat, call.customer] {
        stage.client(who).expect("it is connected").publish(&[Line::Microphone, Line::Camera]);
    }
    let mut latest = ways.map(|(listener, speaker)| (stage.heard_in_all(listener, speaker), Instant::now()));
    let mut longest = [Duration::ZERO; 2];
    while meanwhile(stage) {
        stage.turn();
        for (at, (listener, speaker)) in ways.into_iter().enumerate() {
            let came = stage.heard_in_all(listener, speaker);
            if came > latest[at].0 {
                latest[at] = (came, Instant::now());
            }
            longest[at] = longest[at].max(latest[at].1.elapsed());
        }
    }
    let after = count(stage);
    (0..2)
        .map(|at| Arrival { sent: after[at].0 - before[at].0, came: after[at].1 - before[at].1, longest: longest[at] })
        .collect()
}

fn undisturbed(arrivals: &[Arrival]) {
    for arrival in arrivals {
        println!(
            "{} of {} packets came ({:.4}), the longest silence {} ms",
            arrival.came,
            arrival.sent,
            arrival.ratio(),
            arrival.longest.as_millis()
        );
        assert!(arrival.sent > 200, "a call was going on");
        assert!(arrival.ratio() >= 0.999, "{:.4}", arrival.ratio());
        assert!(arrival.longest < Duration::from_secs(2), "a stall of {:?}", arrival.longest);
    }
}

#[test]
fn a_hundred_thousand_datagrams_of_garbage_and_replays_neither_disturb_a_call_nor_stay_in_memory() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    // Everything that the two send for a while, handshakes apart and checks of the path among it, to be sent again by others and by themselves.
    stage.tap(call.seat);
    stage.tap(call.customer);
    stage.run_for(Duration::from_secs(4));
    let mut replays = stage.tapped(call.seat);
    replays.extend(stage.tapped(call.customer));
    assert!(replays.len() > 100, "{} datagrams were recorded", replays.len());

    let rtc = stage.server().rtc();
    let strangers: Vec<UdpSocket> = (0..16).map(|_| UdpSocket::bind("127.0.0.1:0").expect("a free port")).collect();
    let mut random = Seeded::new(SEED);
    let before = stage.server().resident_bytes();
    let mut sent = 0;
    let arrivals = watch(&mut stage, &call, |stage| {
        for _ in 0..BURST {
            let replay = &replays[usize::try_from(random.below(replays.len() as u64)).expect("small")];
            let stranger = &strangers[sent % strangers.len()];
            match sent % 4 {
                // Pure noise, of every length.
                0 => drop(stranger.send_to(&noise(&mut random, None), rtc)),
                // Noise that looks like STUN, DTLS, RTP and RTCP (RFC 7983).
                1 => {
                    let first = [0_u8, 22, 128, 129][usize::try_from(random.below(4)).expect("small")];
                    drop(stranger.send_to(&noise(&mut random, Some(first)), rtc));
                }
                // What somebody has overheard, from somewhere else.
                2 => drop(stranger.send_to(replay, rtc)),
                // What somebody has overheard, from the very address that it came from, or from the other one's.
                _ => stage.send_as(if random.chance(0.5) { call.seat } else { call.customer }, rtc, replay),
            }
            sent += 1;
        }
        sent < DATAGRAMS
    });
    let grown = stage.server().resident_bytes().saturating_sub(before);
    println!("{sent} datagrams, {} KiB more resident memory", grown / 1024);
    undisturbed(&arrivals);
    assert!(grown < MAY_GROW_BYTES, "{grown} bytes more");
    stage.decide(&call, "pass");
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    let folder = stage.folder_of(recording["id"].as_str().expect("an id")).expect("it has files");
    for file in crate::film::track_files(&folder) {
        crate::film::watch(&file).expect("it plays");
    }
}

fn noise(random: &mut Seeded, first: Option<u8>) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(1 + random.below(1_400)).expect("small")];
    random.fill(&mut bytes);
    if let Some(first) = first {
        bytes[0] = first;
    }
    bytes
}

#[test]
fn two_hundred_connections_that_never_speak_disturb_nobody_and_are_closed() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    let mut sockets: Vec<TcpStream> =
        (0..SILENT).map(|_| TcpStream::connect(stage.server().rtc()).expect("it listens")).collect();
    for socket in &sockets {
        socket.set_nonblocking(true).expect("a socket of ours");
    }
    let mut pages: Vec<Page> =
        (0..SILENT).map(|_| Page::open(stage.server().address(), &[]).expect("it listens")).collect();
    let begun = Instant::now();
    let arrivals = watch(&mut stage, &call, |_| {
        for page in &mut pages {
            page.poll();
        }
        sockets.retain_mut(|socket| !matches!(socket.read(&mut [0; 16]), Ok(0)));
        let open = pages.iter().filter(|page| page.closed().is_none()).count() + sockets.len();
        assert!(begun.elapsed() < crate::stage::PATIENCE, "{open} silent connections are still open after a minute");
        open > 0
    });
    assert!(pages.iter().all(|page| page.closed() == Some(4000)), "each page was told why");
    undisturbed(&arrivals);
    stage.decide(&call, "pass");
}
