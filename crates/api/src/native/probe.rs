//! Bytes to measure the throughput of a customer's network with, down and up.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;

use crate::Shared;
use crate::caller::Anybody;
use crate::fields::{PATIENCE, drain};
use crate::params::Params;
use crate::problems::Problem;

/// At most, in either direction.
const MOST: u32 = 2_000_000;
/// Down, unless the page asks otherwise.
const USUAL: u32 = 200_000;
const PIECE: u32 = 16 * 1024;

/// `?bytes=`: so many bytes. Random ones, so that nothing on the way can make them fewer.
///
/// # Errors
/// Invalid for a number out of range; busy for an address that asks too often.
pub async fn download(State(api): State<Shared>, Anybody(_): Anybody, mut params: Params) -> Result<Response, Problem> {
    let bytes = params.integer("bytes", 1..=MOST)?.unwrap_or(USUAL);
    let mut piece = vec![0; PIECE as usize];
    api.service.draw(|random| random.fill(&mut piece));
    let piece = Bytes::from(piece);
    let pieces = stream::unfold(bytes, move |left| {
        let now = left.min(PIECE);
        let piece = piece.slice(..now as usize);
        std::future::ready((now > 0).then(|| (Ok::<_, std::convert::Infallible>(piece), left - now)))
    });
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_LENGTH, bytes.to_string())];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Takes bytes and forgets them.
///
/// # Errors
/// Too large; busy for an address that asks too often.
pub async fn upload(Anybody(_): Anybody, request: Request) -> Result<StatusCode, Problem> {
    drain(request.into_body(), MOST as usize, &format!("请求体最大 {MOST} 字节"), PATIENCE, |_| ()).await?;
    Ok(StatusCode::NO_CONTENT)
}
