//! Files and folders: pages of a folder against a naive model, names, numbers, and the bytes that they take.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::file::{
    Content, File, FileKind, FileName, FilePath, Folder, FolderPath, Hold, MediaType, NewFile, Retention,
};
use mingjian_domain::id::FileId;
use mingjian_store::{FileUsage, Store, Tx};
use time::{Duration, OffsetDateTime};

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    a_listing_is_what_a_walk_through_its_moment_gives
    pages_of_a_large_folder_are_found_over_the_joints_of_blocks
    a_file_has_its_number_before_it_is_whole_and_keeps_it
    a_name_is_free_again_when_its_file_is_deleted
    folders_are_made_with_those_above_them
    a_file_is_found_by_its_own_tenant_alone
    keeping_and_links_of_a_deleted_file_do_not_change
    two_that_upload_at_once_get_ordinals_and_moments_in_one_order
}

fn path(text: &str) -> FilePath {
    FilePath::parse(text).expect("a path")
}

fn new(folder: &Folder, name: &str, now: OffsetDateTime) -> NewFile {
    NewFile {
        folder: folder.clone(),
        name: FileName::parse(name).expect("a name"),
        kind: FileKind::Upload,
        recording: None,
        business_no: Some("A1".into()),
        retention: None,
        created_at: now,
    }
}

fn content(size_bytes: u64) -> Content {
    Content { object_key: "files/x".into(), size_bytes, sha256: [7; 32], media_type: MediaType::MP4 }
}

/// Adds a file that is whole at once.
async fn add(tx: &mut Tx, folder: &Folder, name: &str, now: OffsetDateTime) -> Result<File> {
    let id = tx.files().insert(&new(folder, name, now)).await?;
    let file = tx.files().lookup(folder.tenant, id).await?.expect("it was just added");
    tx.files().make_whole(&file, &content(10), now).await?;
    Ok(tx.files().lookup(folder.tenant, id).await?.expect("it was just added"))
}

async fn root(store: &Store, make: &mut Maker) -> Result<Folder> {
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let mut tx = store.begin().await?;
    let root = tx.folders().open(bank.tenant.id, &FolderPath::root(), NOON).await?;
    tx.commit().await?;
    Ok(root)
}

/// What the model knows of a file: number, since when, until when.
type Known = (FileId, OffsetDateTime, Option<OffsetDateTime>);

/// The naive listing of a moment.
fn walk(known: &[Known], as_of: OffsetDateTime) -> Vec<FileId> {
    let mut there: Vec<&Known> = known
        .iter()
        .filter(|(_, listed, deleted)| *listed <= as_of && deleted.is_none_or(|deleted| deleted > as_of))
        .collect();
    there.sort_by_key(|(id, listed, _)| std::cmp::Reverse((*listed, *id)));
    there.iter().map(|(id, ..)| *id).collect()
}

async fn a_listing_is_what_a_walk_through_its_moment_gives(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let mut known: Vec<Known> = Vec::new();
    let mut moments = vec![NOON - Duration::seconds(1)];
    let mut now = NOON;
    for round in 0..12 {
        let mut tx = store.begin().await?;
        for n in 0..40 {
            // The clock stands still, steps forwards, and now and then goes back.
            now += Duration::milliseconds(i64::try_from(make.random.below(3)).expect("small"))
                - Duration::milliseconds(i64::from(n % 20 == 19) * 15);
            let living: Vec<usize> = (0..known.len()).filter(|&at| known[at].2.is_none()).collect();
            if !living.is_empty() && make.random.chance(0.35) {
                let at = living[usize::try_from(make.random.below(living.len() as u64)).expect("small")];
                let file = tx.files().lookup(root.tenant, known[at].0).await?.expect("it is known");
                known[at].2 = Some(tx.files().delete(&file, now).await?);
            } else {
                let file = add(&mut tx, &root, &format!("{round}-{n}.mp4"), now).await?;
                known.push((file.id, file.whole.expect("it is whole").listed_at, None));
            }
        }
        tx.commit().await?;
        let folder = store.read().await?.folders().lookup(root.tenant, root.id).await?.expect("it is there");
        moments.push(folder.settled_at(now));
        // Earlier searches are asked again, with another size of page each time.
        let mut tx = store.read().await?;
        for &as_of in &moments {
            let told = walk(&known, as_of);
            let limit = u16::try_from(make.random.below(60) + 1).expect("small");
            let mut read = Vec::new();
            loop {
                let page = tx.files().page(root.id, as_of, read.len() as u64, limit).await?;
                assert_eq!(page.total, told.len() as u64);
                for file in &page.items {
                    let (_, listed, deleted) = known.iter().find(|row| row.0 == file.id).expect("it is known");
                    assert_eq!(
                        (file.whole.as_ref().map(|whole| whole.listed_at), file.deleted_at),
                        (Some(*listed), *deleted)
                    );
                }
                let full = page.items.len() == usize::from(limit);
                read.extend(page.items.iter().map(|file| file.id));
                if !full {
                    break;
                }
            }
            assert_eq!(read, told, "as of {as_of}, {limit} a page");
        }
    }
    assert!(moments.windows(2).all(|pair| pair[0] < pair[1]), "every search is later than the one before");
    Ok(())
}

async fn pages_of_a_large_folder_are_found_over_the_joints_of_blocks(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let mut tx = store.begin().await?;
    let mut known: Vec<Known> = Vec::new();
    for n in 0..1_100 {
        let file = add(&mut tx, &root, &format!("{n}.mp4"), NOON).await?;
        known.push((file.id, file.whole.expect("it is whole").listed_at, None));
    }
    let before = known[1_099].1;
    for row in &mut known[1_000..1_030] {
        let file = tx.files().lookup(root.tenant, row.0).await?.expect("it is known");
        row.2 = Some(tx.files().delete(&file, NOON).await?);
    }
    let after = known[1_029].2.expect("it was deleted");
    for as_of in [before, after, known[500].1] {
        let told = walk(&known, as_of);
        for offset in [0, 1, 40, 60, 66, 75, 76, 77, 100, 490, 1_050, 1_069, 1_070, 1_099, 1_100, 9_999_u64] {
            let page = tx.files().page(root.id, as_of, offset, 20).await?;
            let skip = usize::try_from(offset).expect("small");
            let wanted: Vec<FileId> = told.iter().copied().skip(skip).take(20).collect();
            assert_eq!(page.items.iter().map(|file| file.id).collect::<Vec<_>>(), wanted, "{offset} as of {as_of}");
            assert_eq!(page.total, told.len() as u64);
        }
    }
    Ok(())
}

async fn a_file_has_its_number_before_it_is_whole_and_keeps_it(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (_, interview) = make.business(store, &bank, "A1").await?;
    let recording = make.recording(&bank.tenant, Some(&interview));
    let mut tx = store.begin().await?;
    tx.recordings().insert(&recording).await?;
    let folder = tx.folders().open(bank.tenant.id, &FolderPath::root(), NOON).await?;
    let mut of_recording = new(&folder, "A1.mp4", NOON);
    of_recording.recording = Some(recording.id);
    of_recording.kind = FileKind::Interview;
    let id = tx.files().insert(&of_recording).await?;
    let upload = add(&mut tx, &folder, "b.mp4", NOON).await?;

    let late = NOON + Duration::hours(1);
    let listed = |page: mingjian_store::FilesPage| page.items.iter().map(|file| file.id).collect::<Vec<_>>();
    assert_eq!(listed(tx.files().page(folder.id, late, 0, 9).await?), [upload.id], "it is not whole yet");
    let file = tx.files().lookup_by_recording(bank.tenant.id, recording.id).await?.expect("it is known");
    assert_eq!((file.id, &file.whole), (id, &None));
    tx.files().make_whole(&file, &content(1_000), late).await?;
    assert_eq!(listed(tx.files().page(folder.id, late, 0, 9).await?), [id, upload.id]);
    assert_eq!(tx.files().usage(bank.tenant.id).await?, FileUsage { uploaded_bytes: 10, recorded_bytes: 1_000 });

    let again = tx.files().make_whole(&file, &content(1_000), late).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::WrongState))), "{again:?}");
    let whole = tx.files().lookup(bank.tenant.id, id).await?.expect("it is known");
    tx.files().delete(&whole, late).await?;
    assert_eq!(tx.files().usage(bank.tenant.id).await?, FileUsage { uploaded_bytes: 10, recorded_bytes: 0 });
    let gone = tx.files().make_whole(&file, &content(1_000), late).await;
    assert!(matches!(gone, Err(Error::Missing(Noun::File))), "{gone:?}");
    Ok(())
}

async fn a_name_is_free_again_when_its_file_is_deleted(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let mut tx = store.begin().await?;
    let first = add(&mut tx, &root, "demo.mp4", NOON).await?;
    tx.commit().await?;
    let mut tx = store.begin().await?;
    let taken = tx.files().insert(&new(&root, "demo.mp4", NOON)).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken(_)))), "{taken:?}");
    drop(tx);
    let mut tx = store.begin().await?;
    tx.files().delete(&first, NOON).await?;
    let again = tx.files().delete(&first, NOON).await;
    assert!(matches!(again, Err(Error::Missing(Noun::File))), "{again:?}");
    drop(tx);
    let mut tx = store.begin().await?;
    tx.files().delete(&first, NOON).await?;
    let second = add(&mut tx, &root, "demo.mp4", NOON).await?;
    assert!(second.id > first.id, "numbers are never used twice");
    let found = tx.files().lookup_by_path(root.tenant, &path("/demo.mp4")).await?;
    assert_eq!(found.map(|file| file.id), Some(second.id));
    assert!(tx.files().has_object("files/x").await?);
    assert!(!tx.files().has_object("files/y").await?);
    Ok(())
}

async fn folders_are_made_with_those_above_them(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let mut tx = store.begin().await?;
    let deep = FolderPath::parse("/2018/二月/").expect("a path");
    let made = tx.folders().open(root.tenant, &deep, NOON).await?;
    assert_eq!(tx.folders().open(root.tenant, &deep, NOON).await?, made, "a second time finds it");
    let above = tx.folders().lookup_by_path(root.tenant, &FolderPath::parse("/2018").expect("a path")).await?;
    let above = above.expect("it was made on the way");
    assert_eq!((above.parent, made.parent), (Some(root.id), Some(above.id)));
    tx.folders().open(root.tenant, &FolderPath::parse("/2017").expect("a path"), NOON).await?;
    let names = |folders: Vec<Folder>| folders.iter().map(|folder| folder.path.to_string()).collect::<Vec<_>>();
    assert_eq!(names(tx.folders().list(root.id, None, 10).await?), ["/2017/", "/2018/"]);
    assert_eq!(names(tx.folders().list(root.id, None, 1).await?), ["/2017/"]);
    assert_eq!(names(tx.folders().list(root.id, Some(&above.path), 10).await?), [""; 0]);
    let taken = tx.folders().insert(root.tenant, Some(above.id), &deep, NOON).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken(_)))), "{taken:?}");
    Ok(())
}

async fn a_file_is_found_by_its_own_tenant_alone(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let theirs = make.bank(store, "OTHERB", "2001").await?;
    let mut tx = store.begin().await?;
    let file = add(&mut tx, &root, "demo.mp4", NOON).await?;
    let demo = path("/demo.mp4");
    for (tenant, found) in [(root.tenant, true), (theirs.tenant.id, false)] {
        assert_eq!(tx.files().lookup(tenant, file.id).await?.is_some(), found);
        assert_eq!(tx.files().lookup_by_path(tenant, &demo).await?.is_some(), found);
        assert_eq!(tx.folders().lookup(tenant, root.id).await?.is_some(), found);
        assert_eq!(tx.folders().lookup_by_path(tenant, &FolderPath::root()).await?.is_some(), found);
        assert_eq!(tx.files().usage(tenant).await?.uploaded_bytes, if found { 10 } else { 0 });
    }
    let mut foreign = new(&root, "x.mp4", NOON);
    foreign.folder.tenant = theirs.tenant.id;
    let refused = tx.files().insert(&foreign).await;
    assert!(matches!(refused, Err(Error::Missing(Noun::Folder))), "{refused:?}");
    Ok(())
}

async fn keeping_and_links_of_a_deleted_file_do_not_change(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let mut tx = store.begin().await?;
    let file = add(&mut tx, &root, "demo.mp4", NOON).await?;
    let retention = Retention { until: NOON + Duration::days(1), reason: "五年".into() };
    let hold = Hold { since: NOON, reason: "诉讼".into() };
    tx.files().set_keeping(file.id, Some(&retention), Some(&hold)).await?;
    tx.files().revoke_links(file.id).await?;
    let kept = tx.files().lookup(root.tenant, file.id).await?.expect("it is there");
    assert_eq!((&kept.retention, &kept.hold, kept.link_revision), (&Some(retention), &Some(hold), 1));
    tx.files().delete(&kept, NOON).await?;
    assert!(matches!(tx.files().set_keeping(file.id, None, None).await, Err(Error::Missing(Noun::File))));
    assert!(matches!(tx.files().revoke_links(file.id).await, Err(Error::Missing(Noun::File))));
    Ok(())
}

async fn two_that_upload_at_once_get_ordinals_and_moments_in_one_order(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let root = root(store, &mut make).await?;
    let one = async |who: &str| -> Result<()> {
        for n in 0..15 {
            let mut tx = store.begin().await?;
            // A folder as it was before the other's commit must not matter.
            add(&mut tx, &root, &format!("{who}{n}.mp4"), NOON).await?;
            tx.commit().await?;
        }
        Ok(())
    };
    let (left, right) = tokio::join!(one("a"), one("b"));
    left?;
    right?;
    let page = store.read().await?.files().page(root.id, NOON + Duration::hours(1), 0, 50).await?;
    let moments: Vec<_> = page.items.iter().map(|file| file.whole.as_ref().map(|whole| whole.listed_at)).collect();
    assert_eq!((page.total, moments.len()), (30, 30));
    assert!(moments.windows(2).all(|pair| pair[0] > pair[1]), "{moments:?}");
    Ok(())
}
