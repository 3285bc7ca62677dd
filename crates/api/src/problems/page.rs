//! The page behind a problem's `type`: what it means, for whoever follows the address.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};

use super::{Kind, Problem};

/// Explains a kind of problem.
///
/// # Errors
/// Not found for a kind that there is not.
pub async fn explain(Path(slug): Path<String>) -> Result<Response, Problem> {
    let kind = Kind::ALL.iter().find(|kind| kind.slug() == slug).ok_or(Problem::from(Error::Missing(Noun::Path)))?;
    // Our own texts alone, none of which holds a character that HTML would read.
    let (slug, status, title, detail) = (kind.slug(), kind.status().as_u16(), kind.title(), kind.detail());
    let html = format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title} · 明鉴</title></head>\n\
         <body><h1>{title}</h1><p>{detail}</p><p>HTTP {status} · <code>{slug}</code></p></body></html>\n"
    );
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_needs_escaping() {
        for kind in Kind::ALL {
            let text = format!("{}{}{}", kind.slug(), kind.title(), kind.detail());
            assert!(!text.contains(['<', '>', '&', '"']), "{kind:?}");
        }
    }
}
