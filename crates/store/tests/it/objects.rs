//! Objects on disk.

use std::fs::OpenOptions;
use std::io::Write;

use bytes::Bytes;
use futures_util::TryStreamExt;
use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::random::Randomness;
use mingjian_store::Objects;
use mingjian_testkit::random::Seeded;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const KEY: &str = "rec/DEMOBK/2026/11/23/0190a5f2/1.mp4";

fn place() -> (TempDir, Objects) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let objects = Objects::on_disk(&folder.path().join("objects")).expect("the folder can be made");
    (folder, objects)
}

/// Two and a half megabytes: more than two pieces of a stream.
fn film() -> Bytes {
    let mut bytes = vec![0; 2_500_003];
    Seeded::new(5).fill(&mut bytes);
    bytes.into()
}

#[tokio::test]
async fn an_object_reads_back_whole_and_in_ranges() -> Result<()> {
    let (_folder, objects) = place();
    let film = film();
    objects.put_new(KEY, film.clone()).await?;
    assert_eq!(objects.size(KEY).await?, Some(2_500_003));
    assert_eq!(objects.read(KEY).await?, Some(film.clone()));
    assert_eq!(objects.get_range(KEY, 5..300_000).await?, Some(film.slice(5..300_000)));
    assert_eq!(objects.get_range(KEY, 2_000_000..3_000_000).await?, Some(film.slice(2_000_000..)));
    assert_eq!(objects.get_range(KEY, 2_500_003..2_500_004).await?, Some(Bytes::new()));
    for range in [0..2_500_003, 7..2_499_000, 0..u64::MAX, 1_048_576..1_048_577, 9..9, 3_000_000..4_000_000] {
        let stream = objects.stream(KEY, range.clone()).await?.expect("the object is there");
        let pieces: Vec<Bytes> = stream.try_collect().await?;
        assert!(pieces.iter().all(|piece| piece.len() <= 1_048_576));
        let from = usize::try_from(range.start).expect("a test's range").min(film.len());
        let to = usize::try_from(range.end.min(2_500_003)).expect("a test's range").max(from);
        assert!(pieces.concat() == film[from..to], "{range:?}");
    }
    Ok(())
}

#[tokio::test]
async fn forty_who_read_at_once_get_smaller_pieces_and_every_byte() -> Result<()> {
    let (_folder, objects) = place();
    let film = film();
    objects.put_new(KEY, film.clone()).await?;
    let mut readers = Vec::new();
    for _ in 0..40 {
        let mut stream = objects.stream(KEY, 0..u64::MAX).await?.expect("the object is there");
        let first = stream.try_next().await?.expect("it has bytes");
        readers.push((first, stream));
    }
    assert!(readers.iter().any(|(first, _)| first.len() == 262_144), "nobody got a small piece");
    for (first, stream) in readers {
        let rest: Vec<Bytes> = stream.try_collect().await?;
        assert!([&first[..], &rest.concat()].concat() == film);
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_in_leaves_the_reserve_to_the_recordings() -> Result<()> {
    let (_folder, objects) = place();
    let full = objects.clone().with_reserve(u64::MAX);
    assert!(matches!(full.check_room(0), Err(Error::Full)));
    assert!(matches!(full.receive(KEY).await, Err(Error::Full)));
    assert!(matches!(full.grow(KEY, 0).await, Err(Error::Full)));
    assert!(matches!(full.draft("one"), Err(Error::Full)));
    // Nothing was begun, so nothing is in the way once there is room.
    assert!(objects.leftovers()?.is_empty());
    objects.check_room(1)?;
    objects.receive(KEY).await?;
    Ok(())
}

#[tokio::test]
async fn an_object_is_put_once() -> Result<()> {
    let (_folder, objects) = place();
    objects.put_new(KEY, Bytes::from_static(b"first")).await?;
    let again = objects.put_new(KEY, Bytes::from_static(b"second")).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::NameTaken(key))) if key == KEY));
    assert_eq!(objects.read(KEY).await?, Some(Bytes::from_static(b"first")));
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_none_everywhere() -> Result<()> {
    let (_folder, objects) = place();
    objects.put_new(KEY, Bytes::from_static(b"film")).await?;
    for key in ["rec/none.mp4", "rec/DEMOBK"] {
        assert_eq!(objects.size(key).await?, None, "{key}");
        assert_eq!(objects.read(key).await?, None, "{key}");
        assert_eq!(objects.get_range(key, 0..1).await?, None, "{key}");
        assert!(objects.stream(key, 0..1).await?.is_none(), "{key}");
    }
    assert!(!objects.delete("rec/none.mp4").await?);
    assert!(objects.delete(KEY).await?);
    assert_eq!(objects.size(KEY).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_file_that_grows_below_the_root_is_an_object() -> Result<()> {
    let (_folder, objects) = place();
    let path = objects.path_of(KEY)?;
    assert!(path.starts_with(objects.root()));
    std::fs::create_dir_all(path.parent().expect("the path has a folder")).expect("the folder can be made");
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the file can be made");
    file.write_all(b"moof").expect("the disk takes it");
    assert_eq!(objects.size(KEY).await?, Some(4));
    file.write_all(b"mdat").expect("the disk takes it");
    assert_eq!(objects.get_range(KEY, 2..8).await?, Some(Bytes::from_static(b"ofmdat")));
    Ok(())
}

#[tokio::test]
async fn a_key_cannot_leave_the_root() {
    let (_folder, objects) = place();
    for key in
        ["", "../secret", "rec/../../secret", "/etc/passwd", "rec//1.mp4", "rec/", "rec/./1", "录像/1.mp4", "a\0b"]
    {
        assert!(matches!(objects.path_of(key), Err(Error::Invalid(_))), "{key:?}");
        assert!(matches!(objects.read(key).await, Err(Error::Invalid(_))), "{key:?}");
        let put = objects.put_new(key, Bytes::new()).await;
        assert!(matches!(put, Err(Error::Invalid(_))), "{key:?}");
    }
    assert!(objects.path_of(KEY).is_ok());
}

const UPLOAD: &str = "files/DEMOBK/2026/11/23/0190a5f2";

/// Sends bytes in pieces of odd sizes.
async fn send(objects: &Objects, bytes: &Bytes) -> Result<mingjian_store::Received> {
    let mut incoming = objects.receive(UPLOAD).await?;
    for piece in bytes.chunks(70_001) {
        incoming.write(Bytes::copy_from_slice(piece)).await?;
    }
    assert_eq!(incoming.size_bytes(), bytes.len() as u64);
    incoming.finish().await
}

#[tokio::test]
async fn what_comes_in_pieces_is_an_object_once_it_is_in_place() -> Result<()> {
    let (_folder, objects) = place();
    let film: Bytes = [film(), film(), film()].concat().into();
    let mut received = send(&objects, &film).await?;
    assert_eq!((received.size_bytes, &received.head[..]), (film.len() as u64, &film[..64]));
    assert_eq!(received.sha256, <[u8; 32]>::from(Sha256::digest(&film)));
    assert_eq!(objects.size(UPLOAD).await?, None, "not in place yet");
    received.place().await?;
    received.keep();
    assert_eq!(objects.read(UPLOAD).await?, Some(film));
    assert_eq!(objects.leftovers()?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn nothing_is_a_whole_object_too() -> Result<()> {
    let (_folder, objects) = place();
    let mut received = send(&objects, &Bytes::new()).await?;
    assert_eq!(received.sha256, <[u8; 32]>::from(Sha256::digest(b"")));
    received.place().await?;
    received.keep();
    assert_eq!(objects.size(UPLOAD).await?, Some(0));
    Ok(())
}

#[tokio::test]
async fn what_is_given_up_on_its_way_leaves_nothing() -> Result<()> {
    let (_folder, objects) = place();
    let mut incoming = objects.receive(UPLOAD).await?;
    incoming.write(film()).await?;
    drop(incoming);
    drop(send(&objects, &film()).await?);
    let mut placed = send(&objects, &film()).await?;
    placed.place().await?;
    assert_eq!(objects.size(UPLOAD).await?, Some(2_500_003));
    drop(placed);
    assert_eq!((objects.size(UPLOAD).await?, objects.leftovers()?.len()), (None, 0));
    Ok(())
}

#[tokio::test]
async fn what_a_kill_leaves_is_settled_by_whether_it_is_known() -> Result<()> {
    let (_folder, objects) = place();
    for known in [true, false] {
        let mut received = send(&objects, &film()).await?;
        received.place().await?;
        received.leave_open();
        assert_eq!(objects.leftovers()?, [UPLOAD]);
        objects.settle(UPLOAD, known)?;
        assert_eq!((objects.size(UPLOAD).await?.is_some(), objects.leftovers()?.len()), (known, 0));
        if known {
            // On its way out it is marked first, and goes when its row is gone.
            objects.leave(UPLOAD).await?;
            objects.leave(UPLOAD).await?;
            assert_eq!((objects.size(UPLOAD).await?.is_some(), objects.leftovers()?), (true, vec![UPLOAD.to_owned()]));
            objects.settle(UPLOAD, false)?;
        }
        assert_eq!((objects.size(UPLOAD).await?, objects.leftovers()?.len()), (None, 0));
    }
    objects.leave(UPLOAD).await?;
    objects.settle(UPLOAD, false)
}

#[tokio::test]
async fn an_object_that_is_there_is_not_replaced_by_what_comes_in() -> Result<()> {
    let (_folder, objects) = place();
    objects.put_new(UPLOAD, Bytes::from_static(b"first")).await?;
    let mut received = send(&objects, &film()).await?;
    let taken = received.place().await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken(_)))), "{taken:?}");
    drop(received);
    assert_eq!(objects.read(UPLOAD).await?, Some(Bytes::from_static(b"first")));
    Ok(())
}
