//! A whole file as `multipart/form-data`: text parts first (`businessNo`, `videoType` and, from a business system, `tenantId` and
//! its proof), then the part `file`.

use axum::extract::{FromRequest, Multipart, Request};
use axum::response::Response;
use futures_util::StreamExt;
use mingjian_domain::error::Error;
use mingjian_service::counter::Hand;
use mingjian_service::counter::uploads::{self, Whole};

use super::super::caller::{is_page, operator, page, system};
use super::super::params::Parameters;
use super::super::{success, view};
use super::{metadata, next};
use crate::Shared;
use crate::origin::Origin;
use crate::problems::{Kind, Problem};

/// Text parts, and bytes in each.
const MOST_PARTS: usize = 20;
const LONGEST_PART: usize = 4 * 1024;

pub(super) async fn receive(api: &Shared, origin: &Origin, request: Request) -> Result<Response, Problem> {
    let of_page = is_page(request.headers());
    let (method, headers, query) =
        (request.method().clone(), request.headers().clone(), request.uri().query().unwrap_or_default().to_owned());
    let mut form = Multipart::from_request(request, api).await.map_err(|_| broken())?;
    let mut texts: Vec<(String, String)> = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            if texts.len() == MOST_PARTS {
                return Err(broken());
            }
            let mut bytes = Vec::new();
            while let Some(piece) = next(&mut field_stream(&mut field)).await {
                bytes.extend_from_slice(&piece?);
                if bytes.len() > LONGEST_PART {
                    return Err(Error::Invalid(format!("{name}:过长")).into());
                }
            }
            texts.push((name, String::from_utf8(bytes).map_err(|_| broken())?));
            continue;
        }
        let filetype = field.content_type().unwrap_or_default().to_owned();
        let parameters = Parameters::of_pairs(texts);
        let hand = if of_page {
            page(api, origin, &method, &headers, &query).await?.hand
        } else {
            let caller = system(api, origin, &parameters, None).await?;
            Hand::System { caller, operator: operator(&parameters)? }
        };
        let mut whole = begin(api, &hand, &parameters, &filetype).await?;
        while let Some(piece) = next(&mut field_stream(&mut field)).await {
            let added = match piece {
                Ok(piece) => whole.add(&piece).await.map_err(Problem::from),
                Err(problem) => Err(problem),
            };
            if let Err(problem) = added {
                whole.forget(&api.service).await?;
                return Err(problem);
            }
        }
        let take = whole.finish(&api.service, &hand).await?;
        return Ok(success(serde_json::json!({
            "id": take.id.to_string(), "videoStatus": view::status(&take.state),
        })));
    }
    Err(Error::Invalid("file:必填，且应在其他各部分之后".into()).into())
}

async fn begin(api: &Shared, hand: &Hand, parameters: &Parameters, filetype: &str) -> Result<Whole, Problem> {
    // What cannot be read as one value is told by whoever asks for it.
    for name in ["localId", "businessNo", "videoType", "reason", "startedAt", "durationMs", "sha256", "filetype"] {
        parameters.one(name)?;
    }
    let said = metadata::announcement(
        |name| match name {
            "filetype" => parameters.one(name).ok().flatten().or(Some(filetype)),
            // A business system has no name of its own for it, and need not.
            "localId" => parameters.one(name).ok().flatten().or(Some("whole-file-in-a-form")),
            name => parameters.one(name).ok().flatten(),
        },
        0,
    )?;
    let named = parameters.one("localId")?.is_some();
    Ok(uploads::begin_whole(&api.service, hand, said, named).await?)
}

fn field_stream<'a, 'f>(
    field: &'a mut axum::extract::multipart::Field<'f>,
) -> impl StreamExt<Item = Result<bytes::Bytes, axum::Error>> + Unpin + use<'a, 'f> {
    field.map(|piece| piece.map_err(axum::Error::new))
}

fn broken() -> Problem {
    let said = "表单无法读取，请检查 boundary 与各部分是否完整";
    Problem::of(Kind::Malformed).saying(said)
}
