//! Lists are read page by page, from the newest on, each page beginning after the last id of the one before:
//! what is added meanwhile never shifts a page.

use mingjian_domain::error::{Error, Result};
use uuid::Uuid;

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The `next` of the page before; none for the first.
    pub cursor: Option<String>,
    /// At most so many items.
    pub limit: u16,
}

impl Page {
    /// The first page.
    #[must_use]
    pub const fn first(limit: u16) -> Self {
        Self { cursor: None, limit }
    }

    /// Ids below this one are wanted. The largest UUID for the first page, so that one SQL text serves every page.
    pub(crate) fn below(&self) -> Result<Uuid> {
        self.cursor.as_deref().map_or(Ok(Uuid::max()), |cursor| {
            Uuid::try_parse(cursor).map_err(|_| Error::Invalid("cursor 无效，请原样使用上一页返回的 next".into()))
        })
    }

    /// One row more than wanted tells whether there is a next page.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts the extra row off again.
    pub(crate) fn cut<T>(&self, mut items: Vec<T>, id: impl FnOnce(&T) -> Uuid) -> Paged<T> {
        let more = items.len() > usize::from(self.limit);
        items.truncate(usize::from(self.limit));
        let next = if more { items.last().map(|last| id(last).to_string()) } else { None };
        Paged { items, next }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

impl<T> Paged<T> {
    /// The same page with each item turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}

/// The pattern of `LIKE .. ESCAPE '!'` that finds what contains this text.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
