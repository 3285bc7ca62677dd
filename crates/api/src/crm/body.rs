//! The body of a deposit, read as a stream: it may hold files of many megabytes in base64, and each goes from the network to the disk
//! without ever being whole in memory.
//!
//! The JSON is pulled token by token on a thread of its own, which waits for the network and for the disk; a text of base64 is a stream
//! within the stream. Keys may come in any order, so what belongs together is only known at the end.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::read::DecoderReader;
use futures_util::{StreamExt, TryStreamExt};
use mingjian_domain::error::{Error, Result as Checked};
use mingjian_service::Service;
use mingjian_service::archive::deposits::{Content, MOST_MATERIALS, MaterialDraft};
use mingjian_service::archive::intake::Intake;
use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ValueType};
use tokio::sync::Semaphore;
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::read::file_id;
use crate::Shared;
use crate::fields::{PATIENCE, is_json};
use crate::problems::{Kind, Problem};

/// Base64 up to 64 MB, and room for everything around it.
const LARGEST: u64 = (64 << 20) + (1 << 20);
/// A body that takes longer altogether is given up: at this pace 64 MB need more than 100 KB a second.
const WHOLE_PATIENCE: Duration = Duration::from_secs(600);
/// Bodies that are read at a time: each keeps a thread.
const AT_ONCE: usize = 16;
/// Longest text that is no file, in bytes. What the service allows is less.
const LONGEST_TEXT: u64 = 64 * 1024;

static READING: Semaphore = Semaphore::const_new(AT_ONCE);

/// Standard base64, whatever the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The body of call 2 or 6, its files on disk.
#[derive(Default)]
pub(super) struct Sent {
    texts: Vec<(&'static str, String)>,
    pub(super) materials: Vec<MaterialDraft>,
}

impl Sent {
    /// Takes a text out; blank counts as absent.
    pub(super) fn opt_text(&mut self, name: &str) -> Option<String> {
        let place = self.texts.iter().position(|(known, _)| *known == name)?;
        Some(self.texts.swap_remove(place).1.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming it.
    pub(super) fn text(&mut self, name: &str) -> Checked<String> {
        self.opt_text(name).ok_or_else(|| Error::Invalid(format!("{name}:必填")))
    }
}

/// The texts of either call; the rest is ignored.
const TEXTS: [&str; 9] =
    ["title", "businessId", "accountBizType", "accountNo", "createTime", "extras", "idType", "idNo", "extraCode"];

/// Why a body was cut off.
#[derive(Debug, Clone, Copy)]
enum Cut {
    TooLarge,
    TooSlow,
    Broken,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body was cut off")
    }
}

impl std::error::Error for Cut {}

/// What is wrong with a body.
enum Wrong {
    Cut(Cut),
    /// No JSON.
    Malformed,
    /// A refusal of our own.
    Refused(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        let mut cause = error.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
        while let Some(inner) = cause {
            if let Some(cut) = inner.downcast_ref::<Cut>() {
                return Self::Cut(*cut);
            }
            cause = inner
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref)
                .map_or_else(|| inner.source(), |inner| Some(inner as &(dyn std::error::Error + 'static)));
        }
        Self::Malformed
    }
}

impl From<ReaderError> for Wrong {
    fn from(error: ReaderError) -> Self {
        if let ReaderError::IoError { error, .. } = error { error.into() } else { Self::Malformed }
    }
}

/// Reads the body of call 2 or 6.
///
/// # Errors
/// 400 for what is no JSON or names an element that is wrong; 413 beyond 64 MB; 415; 408; 429 when too many are being read.
pub(super) async fn read(api: &Shared, request: Request) -> Result<Sent, Problem> {
    if !is_json(request.headers()) {
        return Err(Problem::of(Kind::UnsupportedType));
    }
    let Ok(Ok(turn)) = tokio::time::timeout(PATIENCE, READING.acquire()).await else {
        return Err(Problem::of(Kind::Busy));
    };
    let bytes = SyncIoBridge::new(StreamReader::new(Box::pin(pieces(request.into_body()))));
    let service = api.service.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let read = parse(&service, bytes);
        drop(turn);
        read
    });
    match reading.await {
        Ok(Ok(sent)) => Ok(sent),
        Ok(Err(Wrong::Cut(Cut::TooLarge))) => {
            let said = format!("请求体最大 {} MB，更大的文件请先用文件上传接口上传，再以 fileId 归档", LARGEST >> 20);
            Err(Problem::of(Kind::TooLarge).saying(said))
        }
        Ok(Err(Wrong::Cut(Cut::TooSlow))) => Err(Problem::of(Kind::TooSlow)),
        Ok(Err(Wrong::Cut(Cut::Broken))) => Err(Problem::of(Kind::Malformed).saying("请求体没有完整送达，请重试")),
        Ok(Err(Wrong::Malformed)) => {
            Err(Problem::of(Kind::Malformed).saying("请求体不是有效的 JSON 对象，请检查后重试"))
        }
        Ok(Err(Wrong::Refused(error))) => Err(error.into()),
        Err(error) => Err(Error::fault("reading a deposit", error).into()),
    }
}

/// The bytes of the body, cut off where there are too many or they come too slowly.
fn pieces(body: Body) -> impl futures_util::Stream<Item = io::Result<bytes::Bytes>> + Send {
    let begun = tokio::time::Instant::now();
    let cut = |why| io::Error::other(why);
    let state = (body.into_data_stream(), LARGEST);
    futures_util::stream::try_unfold(state, move |(mut body, left)| async move {
        let patience = PATIENCE.min(WHOLE_PATIENCE.saturating_sub(begun.elapsed()));
        match tokio::time::timeout(patience, body.next()).await {
            Err(_) => Err(cut(Cut::TooSlow)),
            Ok(None) => Ok(None),
            Ok(Some(Err(_))) => Err(cut(Cut::Broken)),
            Ok(Some(Ok(piece))) => {
                let left = left.checked_sub(piece.len() as u64).ok_or_else(|| cut(Cut::TooLarge))?;
                Ok(Some((piece, (body, left))))
            }
        }
    })
    .into_stream()
}

type Reader<R> = JsonStreamReader<R>;

fn parse<R: Read>(service: &Service, bytes: R) -> Result<Sent, Wrong> {
    let mut json = JsonStreamReader::new(bytes);
    let mut sent = Sent::default();
    json.begin_object()?;
    while json.has_next()? {
        let name = json.next_name_owned()?;
        if name == "materials" {
            sent.materials = materials(service, &mut json)?;
        } else if let Some(&known) = TEXTS.iter().find(|&&known| known == name) {
            if let Some(text) = opt_text(&mut json, known)? {
                sent.texts.push((known, text));
            }
        } else {
            json.skip_value()?;
        }
    }
    json.end_object()?;
    json.consume_trailing_whitespace()?;
    Ok(sent)
}

fn materials<R: Read>(service: &Service, json: &mut Reader<R>) -> Result<Vec<MaterialDraft>, Wrong> {
    let mut materials = Vec::new();
    if is_null(json)? {
        return Ok(materials);
    }
    expect(json, ValueType::Array, "materials", "应为数组")?;
    json.begin_array()?;
    while json.has_next()? {
        if materials.len() == MOST_MATERIALS {
            return Err(Error::Invalid(format!("materials:一次最多 {MOST_MATERIALS} 份")).into());
        }
        let element = format!("materials[{}]", materials.len());
        materials.push(material(service, json, &element)?);
    }
    json.end_array()?;
    Ok(materials)
}

fn material<R: Read>(service: &Service, json: &mut Reader<R>, element: &str) -> Result<MaterialDraft, Wrong> {
    expect(json, ValueType::Object, element, "应为对象")?;
    let (mut code, mut file, mut stored) = (None, None, None);
    json.begin_object()?;
    while json.has_next()? {
        match json.next_name_owned()?.as_str() {
            "code" => code = opt_text(json, &format!("{element}.code"))?.filter(|code| !code.trim().is_empty()),
            "fileId" => stored = opt_text(json, &format!("{element}.fileId"))?.filter(|id| !id.trim().is_empty()),
            "base64File" if is_null(json)? => {}
            "base64File" => file = Some(base64_file(service, json, &format!("{element}.base64File"))?),
            _ => json.skip_value()?,
        }
    }
    json.end_object()?;
    let code = code.ok_or_else(|| Error::Invalid(format!("{element}.code:必填")))?;
    let content = match (file, stored) {
        (Some((intake, name)), None) => {
            let named = |error| {
                if let Error::Invalid(sentence) = error {
                    Error::Invalid(format!("{element}.base64File:{sentence}"))
                } else {
                    error
                }
            };
            Content::Sent(intake.finish(&name).map_err(named)?)
        }
        (None, Some(id)) => {
            let id = file_id(id.trim());
            Content::Stored(id.ok_or_else(|| Error::Invalid(format!("{element}.fileId:应为 32 位十六进制的文件编号")))?)
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(Error::Invalid(format!("{element}:base64File 与 fileId 必须且只能传一个")).into());
        }
    };
    Ok(MaterialDraft { code: code.trim().to_owned(), content })
}

fn base64_file<R: Read>(service: &Service, json: &mut Reader<R>, element: &str) -> Result<(Intake, String), Wrong> {
    expect(json, ValueType::Object, element, "应为对象")?;
    let (mut name, mut intake) = (None, None);
    json.begin_object()?;
    while json.has_next()? {
        match json.next_name_owned()?.as_str() {
            "name" => name = opt_text(json, &format!("{element}.name"))?,
            "base64Data" => {
                let field = format!("{element}.base64Data");
                expect(json, ValueType::String, &field, "应为文字")?;
                intake = Some(decode(service, json.next_string_reader()?, &field)?);
            }
            _ => json.skip_value()?,
        }
    }
    json.end_object()?;
    let name = name.ok_or_else(|| Error::Invalid(format!("{element}.name:必填")))?;
    let intake = intake.ok_or_else(|| Error::Invalid(format!("{element}.base64Data:必填")))?;
    Ok((intake, name))
}

/// Decodes base64 straight onto the disk.
fn decode(service: &Service, text: impl Read, field: &str) -> Result<Intake, Wrong> {
    let mut intake = Intake::begin(service, LARGEST)?;
    let mut text = Unbroken(text);
    let mut bytes = DecoderReader::new(&mut text, &BASE64);
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = match bytes.read(&mut piece) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error)
                if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<base64::DecodeError>) =>
            {
                return Err(Error::Invalid(format!("{field}:不是有效的 base64，请检查编码")).into());
            }
            Err(error) => return Err(error.into()),
        };
        if read == 0 {
            break;
        }
        intake.write(&piece[..read])?;
    }
    intake.rest();
    Ok(intake)
}

/// Base64 without the line breaks that MIME encoders put into it.
struct Unbroken<R>(R);

impl<R: Read> Read for Unbroken<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.0.read(into)?;
            if read == 0 {
                return Ok(0);
            }
            let mut kept = 0;
            for place in 0..read {
                if !into[place].is_ascii_whitespace() {
                    into[kept] = into[place];
                    kept += 1;
                }
            }
            // Nothing but blanks is not the end.
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// A text, or a number taken as one; null is absent.
fn opt_text<R: Read>(json: &mut Reader<R>, field: &str) -> Result<Option<String>, Wrong> {
    match json.peek()? {
        ValueType::Null => {
            json.next_null()?;
            Ok(None)
        }
        ValueType::Number => Ok(Some(json.next_number_as_string()?)),
        ValueType::String => {
            let mut text = String::new();
            let mut reader = json.next_string_reader()?;
            reader.by_ref().take(LONGEST_TEXT + 1).read_to_string(&mut text)?;
            if text.len() as u64 > LONGEST_TEXT {
                return Err(Error::Invalid(format!("{field}:过长")).into());
            }
            Ok(Some(text))
        }
        ValueType::Array | ValueType::Object | ValueType::Boolean => {
            Err(Error::Invalid(format!("{field}:应为文字")).into())
        }
    }
}

fn is_null<R: Read>(json: &mut Reader<R>) -> Result<bool, Wrong> {
    let null = json.peek()? == ValueType::Null;
    if null {
        json.next_null()?;
    }
    Ok(null)
}

fn expect<R: Read>(json: &mut Reader<R>, wanted: ValueType, field: &str, said: &str) -> Result<(), Wrong> {
    if json.peek()? == wanted { Ok(()) } else { Err(Error::Invalid(format!("{field}:{said}")).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_in_base64_do_not_count() {
        let text = "\r\n aGVs\nbG8\t=\r\n   ";
        let mut bytes = Vec::new();
        DecoderReader::new(Unbroken(text.as_bytes()), &BASE64).read_to_end(&mut bytes).expect("it is base64");
        assert_eq!(bytes, b"hello");
    }

    #[test]
    fn padding_may_be_missing() {
        let mut bytes = Vec::new();
        DecoderReader::new(Unbroken(&b"aGVsbG8"[..]), &BASE64).read_to_end(&mut bytes).expect("it is base64");
        assert_eq!(bytes, b"hello");
    }
}
