//! Names as people and programs of all ages write them, and as enemies do.

use serde_json::json;

use super::{DEMOBK, MP4, Part, call, has_code, list, names, put, said, upload};
use crate::stage::{Stage, get};

#[tokio::test]
async fn names_of_every_script_come_back_as_they_were_sent() {
    let stage = Stage::demo().await;
    let kept = [
        "张三 面签.mp4",
        "ＦＵＬＬ　ＷＩＤＴＨ．.mp4",
        "😀👩‍👩‍👧.mp4",
        "a'\"<b>&;`$(x)\\.mp4",
        "%2e%2e.mp4",
        "ñ é.MP4",
        "..hidden...mp4",
        "-rf.mp4",
    ];
    for name in kept {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        put(&stage, "/names", &encoded).await;
    }
    let listing = list(&stage, json!({"FilePath": "/names/", "PageSize": 50})).await;
    let mut listed = names(&listing);
    listed.reverse();
    assert_eq!(listed, kept);
    for name in kept {
        let found = list(&stage, json!({"FileName": format!("/names/{name}")})).await;
        assert_eq!(names(&found), [name]);
    }
}

#[tokio::test]
async fn a_name_in_gbk_is_read_wherever_it_stands() {
    let stage = Stage::demo().await;
    let gbk = b"\xd5\xc5\xc8\xfd.mp4";
    has_code(&said(&stage, upload(DEMOBK, &[("file", Some(gbk), MP4)])).await, "0");
    let parts: [Part<'_>; 2] = [("FileName", None, b"%C0%EE%CB%C4.mp4"), ("file", Some(b"x.mp4"), MP4)];
    has_code(&said(&stage, upload(DEMOBK, &parts)).await, "0");
    let parts: [Part<'_>; 2] = [("FileName", None, b"\xcd\xf5\xce\xe5.mp4"), ("file", Some(b"x.mp4"), MP4)];
    has_code(&said(&stage, upload(DEMOBK, &parts)).await, "0");
    assert_eq!(names(&list(&stage, json!({})).await), ["王五.mp4", "李四.mp4", "张三.mp4"]);
}

#[tokio::test]
async fn a_path_never_leaves_the_tenants_own_netdisk() {
    let stage = Stage::demo().await;
    let bad: [(&str, &[u8], &str); 9] = [
        ("DirPath", b"/..", "4"),
        ("DirPath", b"/a/../../etc", "4"),
        ("DirPath", b"%2F%2E%2E%2F", "4"),
        ("DirPath", b"/a%00b", "4"),
        ("DirPath", b"/a%0d%0aSet-Cookie:x", "4"),
        ("FileName", b"../a.mp4", "11"),
        ("FileName", b"..%2Fa.mp4", "11"),
        ("FileName", b"a%0d%0ab.mp4", "11"),
        ("FileName", b"..", "11"),
    ];
    for (word, value, wanted) in bad {
        let said = said(&stage, upload(DEMOBK, &[(word, None, value), ("file", Some(b"x.mp4"), MP4)])).await;
        assert_eq!(said["RspCode"], wanted, "{word} {}: {said}", String::from_utf8_lossy(value));
    }
    for words in
        [json!({"FilePath": "/../"}), json!({"FileName": "/../../mingjian.db"}), json!({"FilePath": "/a\u{0}/"})]
    {
        has_code(&said(&stage, call(DEMOBK, "netDisk/query", words.clone())).await, "4");
    }
    has_code(&said(&stage, call(DEMOBK, "netDisk/delete", json!({"FileName": "/../a.mp4"}))).await, "4");
    assert_eq!(list(&stage, json!({})).await["fileNum"], 0);
}

#[tokio::test]
async fn a_name_of_255_bytes_is_taken_and_a_longer_one_is_not() {
    let stage = Stage::demo().await;
    let name = |bytes: usize| format!("{}.mp4", "a".repeat(bytes - 4));
    put(&stage, "/", &name(255)).await;
    let longer = name(256);
    let said_of =
        said(&stage, upload(DEMOBK, &[("FileName", None, longer.as_bytes()), ("file", Some(b"x.mp4"), MP4)])).await;
    has_code(&said_of, "11");
    // 84 letters of three bytes each and the suffix are 256.
    let chinese = format!("{}.mp4", "面".repeat(84));
    let said_of =
        said(&stage, upload(DEMOBK, &[("FileName", None, chinese.as_bytes()), ("file", Some(b"x.mp4"), MP4)])).await;
    has_code(&said_of, "11");
    assert_eq!(names(&list(&stage, json!({})).await), [name(255)]);
}

#[tokio::test]
async fn slashes_collapse_and_folders_print_with_one_at_both_ends() {
    let stage = Stage::demo().await;
    put(&stage, "//2021-12-30", "a.mp4").await;
    put(&stage, "2021-12-30//", "b.mp4").await;
    put(&stage, "/a+b%2Bc/", "c.mp4").await;
    let root = list(&stage, json!({"FilePath": "//"})).await;
    let mut folders: Vec<_> =
        root["dirData"].as_array().expect("a list").iter().map(|dir| (&dir["dirPath"], &dir["dirName"])).collect();
    folders.sort_by_key(|(path, _)| path.to_string());
    assert_eq!(folders, [(&json!("/2021-12-30/"), &json!("2021-12-30")), (&json!("/a b+c/"), &json!("a b+c"))]);
    let day = list(&stage, json!({"FilePath": "/2021-12-30/"})).await;
    assert_eq!(names(&day), ["b.mp4", "a.mp4"]);
    assert_eq!(day["fileList"][0]["filePath"], "/2021-12-30/");
    assert_eq!(day["dirData"], json!([]), "a folder lists what is directly in it");
}

#[tokio::test]
async fn numbers_of_64_bits_are_numbers_and_larger_ones_are_told() {
    let stage = Stage::demo().await;
    for (number, wanted) in [
        (json!(i64::MAX), "请核对文件路径或编号"),
        (json!("9223372036854775807"), "请核对文件路径或编号"),
        (json!(u64::MAX), "FileID 应为整数"),
        (json!("1e3"), "FileID 应为整数"),
        (json!(1.5), "FileID 应为整数"),
        (json!(-1), "请核对文件路径或编号"),
    ] {
        let said = said(&stage, call(DEMOBK, "netDisk/delete", json!({"FileID": number}))).await;
        has_code(&said, "4");
        assert!(said["RspDesc"].as_str().is_some_and(|text| text.ends_with(wanted)), "{number}: {said}");
    }
}

#[tokio::test]
async fn a_callback_that_is_no_name_is_never_repeated() {
    let stage = Stage::demo().await;
    let query = "RequestId=1&CompID=1&SecretKey=a7febff6a21c36fb50150f88c95ef641";
    for evil in
        ["alert(1)//", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "a%0D%0AX-Evil:%201", "a;b", "%00", &"a".repeat(65)]
    {
        let path = format!("/CLOUDROOM-API/netDisk/query?{query}&callback={evil}");
        let answer = stage.ask(get(path).with("referer", "http://localhost/")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type").as_str()),
            (200, "application/json;charset=UTF-8")
        );
        assert_eq!(answer.json()["RspCode"], "4", "{evil}");
        for part in ["alert", "script", "Evil", "aaaa"] {
            assert!(!answer.text().contains(part), "{}", answer.text());
        }
        assert!(answer.headers.get("x-evil").is_none());
    }
}

#[tokio::test]
async fn the_file_may_be_named_by_its_own_part_with_the_path_of_an_old_browser() {
    let stage = Stage::demo().await;
    has_code(&said(&stage, upload(DEMOBK, &[("file", Some(b"C:\\videos\\a.mp4"), MP4)])).await, "0");
    assert_eq!(names(&list(&stage, json!({})).await), ["a.mp4"]);
    let nameless: [Part<'_>; 1] = [("file", None, MP4)];
    has_code(&said(&stage, upload(DEMOBK, &nameless)).await, "4");
}
