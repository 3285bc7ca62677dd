//! What stands in the address: the parts of the path and the query.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_service::Page;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::problems::{Kind, Problem};

/// Items on a page unless the caller asks otherwise, and at most.
const USUAL: u16 = 20;
const MOST: u16 = 100;

/// The parts of the path; one that is no UTF-8 names nothing.
pub struct Segments<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(segments)| Self(segments)).map_err(|_| Error::Missing(Noun::Path).into())
    }
}

/// The query, taken out name by name. Names that nobody takes are ignored.
#[derive(Debug)]
pub struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Problem> {
        let query = Query::try_from_uri(&parts.uri);
        query
            .map(|Query(pairs)| Self(pairs))
            .map_err(|_| Problem::of(Kind::Malformed).saying("请求地址中的参数无法读取，请检查编码"))
    }
}

impl Params {
    /// A text; an empty one counts as absent.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(place).1).filter(|text| !text.is_empty())
    }

    /// A moment in RFC 3339.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is none.
    pub fn moment(&mut self, name: &str) -> Result<Option<OffsetDateTime>> {
        let moment = |text: String| {
            OffsetDateTime::parse(&text, &Rfc3339)
                .map_err(|_| Error::Invalid(format!("{name}:应为带时区的时间，例如 2026-11-23T09:00:00Z")))
        };
        self.text(name).map(moment).transpose()
    }

    /// A whole number in a range.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is none or lies outside.
    pub fn integer(&mut self, name: &str, range: std::ops::RangeInclusive<u32>) -> Result<Option<u32>> {
        let number = |text: String| {
            text.parse()
                .ok()
                .filter(|number| range.contains(number))
                .ok_or_else(|| Error::Invalid(format!("{name}:应为 {} 至 {} 的整数", range.start(), range.end())))
        };
        self.text(name).map(number).transpose()
    }

    /// `cursor` and `limit`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the limit is none.
    pub fn page(&mut self) -> Result<Page> {
        let limit = self.integer("limit", 1..=u32::from(MOST))?;
        let limit = limit.and_then(|limit| u16::try_from(limit).ok()).unwrap_or(USUAL);
        Ok(Page { cursor: self.text("cursor"), limit })
    }
}
