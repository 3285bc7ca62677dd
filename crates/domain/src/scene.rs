//! What the composed picture of a recording shows when: one canvas, a place for everybody that stays the same, and scenes
//! between the moments at which somebody's picture comes, goes or is another file.
//!
//! One person fills the canvas, two sit side by side, more sit in a grid; while a screen is shared it takes the left two
//! thirds and the people are stacked to its right. Whoever has no picture at a moment keeps the place, and only the name is
//! seen in it. Scenes begin and end on frames of the film, so that films drawn scene by scene have no joints.

use crate::id::{ParticipantId, TrackId};
use crate::recording::SpeakerRole;

/// Pictures a second: what the composed film is measured with (8 pictures are 25 AAC frames at 48 kHz).
pub const FRAMES_PER_SECOND: u64 = 15;

/// A stretch of the recording that one file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The file.
    pub track: TrackId,
    /// First moment, in the recording.
    pub from_ms: u64,
    /// First moment after it.
    pub to_ms: u64,
}

/// Somebody who was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub participant: ParticipantId,
    /// The name.
    pub name: String,
    /// What for.
    pub role: SpeakerRole,
    /// When the camera's picture is there.
    pub camera: Vec<Stretch>,
    /// When a shared screen is there.
    pub screen: Vec<Stretch>,
}

/// A place on the canvas, in pixels. Every number is even, as the pictures' colours are sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub left: u32,
    /// From the top.
    pub top: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// What stands in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where.
    pub area: Area,
    /// Whose, as people read it.
    pub label: String,
    /// The file whose picture is shown; none where there is none at this time.
    pub picture: Option<TrackId>,
}

/// A run of frames with the same tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// First frame.
    pub from: u64,
    /// First frame after it.
    pub to: u64,
    /// What is drawn, from below to above.
    pub tiles: Vec<Tile>,
}

/// The composed film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// How many frames.
    pub frames: u64,
    /// One after the other, without a hole.
    pub scenes: Vec<Scene>,
}

/// The frame that is shown at a moment.
#[must_use]
pub const fn frame_at(ms: u64) -> u64 {
    (ms * FRAMES_PER_SECOND + 500) / 1000
}

impl Film {
    /// The film of a recording.
    #[must_use]
    pub fn of(duration_ms: u64, people: &[Person]) -> Self {
        let mut people: Vec<&Person> = people.iter().collect();
        people.sort_by_key(|person| (place_of(person.role), person.participant));
        let shares = people.iter().any(|person| !person.screen.is_empty());
        let (width, height) = canvas(people.len(), shares);
        let frames = (duration_ms * FRAMES_PER_SECOND).div_ceil(1000);
        let mut cuts: Vec<u64> = people
            .iter()
            .flat_map(|person| person.camera.iter().chain(&person.screen))
            .flat_map(|stretch| [frame_at(stretch.from_ms), frame_at(stretch.to_ms)])
            .filter(|&frame| 0 < frame && frame < frames)
            .collect();
        cuts.extend([0, frames]);
        cuts.sort_unstable();
        cuts.dedup();
        let mut scenes: Vec<Scene> = Vec::new();
        for pair in cuts.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let tiles = tiles(&people, from, width, height);
            match scenes.last_mut() {
                Some(last) if last.tiles == tiles => last.to = to,
                _ => scenes.push(Scene { from, to, tiles }),
            }
        }
        Self { width, height, frames, scenes }
    }
}

/// The seat sits left, as does the host of a meeting.
const fn place_of(role: SpeakerRole) -> u8 {
    match role {
        SpeakerRole::Seat | SpeakerRole::Host => 0,
        SpeakerRole::Customer => 1,
        SpeakerRole::Guest => 2,
        SpeakerRole::Supervisor => 3,
    }
}

/// Two cameras of 640 x 480 fit side by side without being scaled; a grid and a screen want the usual 720 lines.
const fn canvas(people: usize, shares: bool) -> (u32, u32) {
    match (people, shares) {
        (0 | 1, false) => (640, 480),
        (2, false) => (1280, 480),
        _ => (1280, 720),
    }
}

fn tiles(people: &[&Person], frame: u64, width: u32, height: u32) -> Vec<Tile> {
    let now = |stretches: &[Stretch]| {
        let there = |stretch: &&Stretch| frame_at(stretch.from_ms) <= frame && frame < frame_at(stretch.to_ms);
        stretches.iter().rev().find(there).map(|stretch| (stretch.from_ms, stretch.track))
    };
    // Of two screens at a time the one that was shared later.
    let shared = people
        .iter()
        .filter_map(|person| Some((now(&person.screen)?, person)))
        .max_by_key(|((from_ms, _), _)| *from_ms)
        .map(|((_, track), person)| (track, person));
    let tile = |area, person: &Person| Tile {
        area,
        label: person.name.clone(),
        picture: now(&person.camera).map(|(_, track)| track),
    };
    let Some((track, sharer)) = shared else {
        return people
            .iter()
            .zip(grid(people.len(), 0, 0, width, height))
            .map(|(person, area)| tile(area, person))
            .collect();
    };
    let left = even(width * 2 / 3);
    let screen = Area { left: 0, top: 0, width: left, height };
    let mut tiles = vec![Tile { area: screen, label: format!("{} 的屏幕", sharer.name), picture: Some(track) }];
    let stack = stack(people.len(), left, width - left, height);
    tiles.extend(people.iter().zip(stack).map(|(person, area)| tile(area, person)));
    tiles
}

const fn even(pixels: u32) -> u32 {
    pixels / 2 * 2
}

/// As square as it can be; the last row is centred.
fn grid(count: usize, left: u32, top: u32, width: u32, height: u32) -> Vec<Area> {
    let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
    // Two are always side by side.
    let columns = (1..=count).find(|columns| columns * columns >= count).unwrap_or(1);
    cells(count, columns, left, top, width, height)
}

/// One column beside a shared screen, two for more than four people.
fn stack(count: usize, left: u32, width: u32, height: u32) -> Vec<Area> {
    let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
    cells(count, if count > 4 { 2 } else { 1 }, left, 0, width, height)
}

fn cells(count: u32, columns: u32, left: u32, top: u32, width: u32, height: u32) -> Vec<Area> {
    let rows = count.div_ceil(columns);
    let (cell_width, cell_height) = (even(width / columns), even(height / rows));
    let cell = |n: u32| {
        let (row, column) = (n / columns, n % columns);
        let in_row = if row + 1 == rows { count - row * columns } else { columns };
        let indent = even((columns - in_row) * cell_width / 2);
        Area {
            left: left + indent + column * cell_width,
            top: top + row * cell_height,
            width: cell_width,
            height: cell_height,
        }
    };
    (0..count).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::random::Counting;

    struct Cast(Counting);

    impl Cast {
        fn track(&mut self) -> TrackId {
            TrackId::mint(OffsetDateTime::UNIX_EPOCH, &mut self.0)
        }

        fn person(&mut self, name: &str, role: SpeakerRole, camera: &[(u64, u64)]) -> Person {
            let participant = ParticipantId::mint(OffsetDateTime::UNIX_EPOCH, &mut self.0);
            let camera =
                camera.iter().map(|&(from_ms, to_ms)| Stretch { track: self.track(), from_ms, to_ms }).collect();
            Person { participant, name: name.to_owned(), role, camera, screen: Vec::new() }
        }
    }

    fn cast() -> Cast {
        Cast(Counting::default())
    }

    fn shown(scene: &Scene) -> Vec<(&str, bool)> {
        scene.tiles.iter().map(|tile| (tile.label.as_str(), tile.picture.is_some())).collect()
    }

    #[test]
    fn two_people_sit_side_by_side_the_seat_left() {
        let mut cast = cast();
        let customer = cast.person("张三", SpeakerRole::Customer, &[(0, 10_000)]);
        let seat = cast.person("坐席一", SpeakerRole::Seat, &[(0, 10_000)]);
        let film = Film::of(10_000, &[customer, seat]);
        assert_eq!((film.width, film.height, film.frames), (1280, 480, 150));
        let [scene] = &film.scenes[..] else { panic!("one scene: {film:?}") };
        assert_eq!((scene.from, scene.to), (0, 150));
        assert_eq!(shown(scene), [("坐席一", true), ("张三", true)]);
        let areas: Vec<_> = scene.tiles.iter().map(|tile| tile.area).collect();
        let half = |left| Area { left, top: 0, width: 640, height: 480 };
        assert_eq!(areas, [half(0), half(640)]);
    }

    #[test]
    fn who_comes_later_or_leaves_earlier_keeps_the_place_without_a_picture() {
        let mut cast = cast();
        let seat = cast.person("坐席一", SpeakerRole::Seat, &[(0, 10_000)]);
        let customer = cast.person("张三", SpeakerRole::Customer, &[(2_000, 4_000), (6_000, 8_000)]);
        let film = Film::of(10_000, &[seat, customer]);
        let told: Vec<_> =
            film.scenes.iter().map(|scene| (scene.from, scene.to, scene.tiles[1].picture.is_some())).collect();
        assert_eq!(told, [(0, 30, false), (30, 60, true), (60, 90, false), (90, 120, true), (120, 150, false)]);
        assert!(film.scenes.iter().all(|scene| scene.tiles[1].area.left == 640));
    }

    #[test]
    fn a_shared_screen_takes_two_thirds_and_the_people_are_stacked() {
        let mut cast = cast();
        let mut seat = cast.person("坐席一", SpeakerRole::Seat, &[(0, 10_000)]);
        seat.screen = vec![Stretch { track: cast.track(), from_ms: 4_000, to_ms: 6_000 }];
        let customer = cast.person("张三", SpeakerRole::Customer, &[(0, 10_000)]);
        let film = Film::of(10_000, &[seat, customer]);
        assert_eq!((film.width, film.height), (1280, 720));
        assert_eq!(film.scenes.len(), 3);
        let scene = &film.scenes[1];
        assert_eq!((scene.from, scene.to), (60, 90));
        assert_eq!(shown(scene), [("坐席一 的屏幕", true), ("坐席一", true), ("张三", true)]);
        assert_eq!(scene.tiles[0].area, Area { left: 0, top: 0, width: 852, height: 720 });
        assert_eq!(scene.tiles[2].area, Area { left: 852, top: 360, width: 428, height: 360 });
        assert_eq!(film.scenes[0].tiles[0].area, Area { left: 0, top: 0, width: 640, height: 720 });
    }

    #[test]
    fn a_new_file_of_the_same_person_is_another_scene_and_a_sliver_below_a_frame_is_none() {
        let mut cast = cast();
        let seat = cast.person("坐席一", SpeakerRole::Seat, &[(0, 5_000), (5_010, 10_000)]);
        let film = Film::of(10_000, &[seat]);
        assert_eq!((film.width, film.height), (640, 480));
        let cuts: Vec<_> = film.scenes.iter().map(|scene| (scene.from, scene.to)).collect();
        assert_eq!(cuts, [(0, 75), (75, 150)]);
        assert!(film.scenes.iter().all(|scene| scene.tiles[0].picture.is_some()));
    }

    #[test]
    fn every_crowd_has_places_inside_the_canvas_that_do_not_overlap() {
        for count in 1..=16_usize {
            for shares in [false, true] {
                let mut cast = cast();
                let mut people: Vec<_> =
                    (0..count).map(|n| cast.person(&n.to_string(), SpeakerRole::Guest, &[(0, 1_000)])).collect();
                if shares {
                    people[0].screen = vec![Stretch { track: cast.track(), from_ms: 0, to_ms: 1_000 }];
                }
                let film = Film::of(1_000, &people);
                let tiles = &film.scenes[0].tiles;
                assert_eq!(tiles.len(), count + usize::from(shares));
                for (n, Tile { area, .. }) in tiles.iter().enumerate() {
                    assert!(area.left + area.width <= film.width && area.top + area.height <= film.height, "{area:?}");
                    assert!(area.width >= 120 && area.height >= 80, "{count} people: {area:?}");
                    assert!([area.left, area.top, area.width, area.height].iter().all(|n| n % 2 == 0), "{area:?}");
                    for other in tiles[n + 1..].iter().map(|tile| tile.area) {
                        let apart = area.left + area.width <= other.left
                            || other.left + other.width <= area.left
                            || area.top + area.height <= other.top
                            || other.top + other.height <= area.top;
                        assert!(apart, "{area:?} and {other:?} of {count}");
                    }
                }
            }
        }
    }

    #[test]
    fn scenes_follow_each_other_from_the_first_frame_to_the_last() {
        let mut cast = cast();
        let one = cast.person("1", SpeakerRole::Seat, &[(100, 3_333), (3_400, 9_999)]);
        let two = cast.person("2", SpeakerRole::Customer, &[(50, 51), (2_000, 20_000)]);
        let film = Film::of(10_001, &[one, two]);
        assert_eq!(film.frames, 151);
        assert_eq!(film.scenes.first().map(|scene| scene.from), Some(0));
        assert_eq!(film.scenes.last().map(|scene| scene.to), Some(151));
        assert!(film.scenes.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].tiles != pair[1].tiles));
    }

    #[test]
    fn nobody_is_an_empty_canvas() {
        let film = Film::of(1_000, &[]);
        assert_eq!((film.width, film.height, film.scenes.len()), (640, 480, 1));
        assert!(film.scenes[0].tiles.is_empty());
        assert!(Film::of(0, &[]).scenes.is_empty());
    }
}
