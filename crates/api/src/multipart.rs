//! Bodies of several parts (RFC 7578), read piece by piece: memory does not grow with what is sent.

use std::task::{Poll, ready};

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use mingjian_domain::error::{Error, Refused};
use mingjian_service::files::upload::Upload;

use crate::fields::PATIENCE;
use crate::problems::{Kind, Problem};

/// So many bytes of a body are taken in at once.
const BREATH_BYTES: usize = 256 * 1024;

/// A body of several parts.
pub(crate) struct Form(multer::Multipart<'static>);

/// One part of it.
pub(crate) struct Part(multer::Field<'static>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| {
            Problem::of(Kind::UnsupportedType).saying("请以 Content-Type: multipart/form-data 发送，并带上 boundary")
        })?;
        Ok(Self(multer::Multipart::new(breathing(request.into_body()), boundary)))
    }
}

/// The bytes of a body, with a pause after each piece. What parses them takes in all that is ready before it hands anything on, and
/// from a sender that is faster than the disk all of it is ready at once.
fn breathing(body: Body) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static {
    let (mut body, mut taken) = (body.into_data_stream(), 0);
    stream::poll_fn(move |context| {
        if taken >= BREATH_BYTES {
            taken = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = ready!(body.poll_next_unpin(context));
        taken += piece.as_ref().and_then(|piece| piece.as_ref().ok()).map_or(0, Bytes::len);
        Poll::Ready(piece)
    })
}

impl Form {
    /// The next part; none at the end of the body. What is left of the part before is read over.
    ///
    /// # Errors
    /// Interrupted when the body ends too early; too slow; malformed.
    pub(crate) async fn next(&mut self) -> Result<Option<Part>, Problem> {
        Ok(in_time(self.0.next_field()).await?.map(Part))
    }
}

impl Part {
    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    /// The name of the file that it is, where it is one.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.0.file_name()
    }

    /// The value of its `Content-Disposition`, in which old clients write names in other encodings.
    pub(crate) fn disposition(&self) -> &[u8] {
        self.0.headers().get(header::CONTENT_DISPOSITION).map_or(b"", |value| value.as_bytes())
    }

    /// A text of at most so many bytes.
    ///
    /// # Errors
    /// Too large; malformed when it is no UTF-8; as [`Form::next`].
    pub(crate) async fn text(self, largest_bytes: usize) -> Result<String, Problem> {
        let bytes = self.bytes(largest_bytes).await?;
        String::from_utf8(bytes).map_err(|_| Problem::of(Kind::Malformed).saying("表单中的文字应为 UTF-8 编码"))
    }

    /// At most so many bytes, in whatever encoding.
    ///
    /// # Errors
    /// Too large; as [`Form::next`].
    pub(crate) async fn bytes(mut self, largest_bytes: usize) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if bytes.len() + piece.len() > largest_bytes {
                return Err(Problem::of(Kind::TooLarge));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// The next bytes; none at its end.
    ///
    /// # Errors
    /// As [`Form::next`].
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        in_time(self.0.chunk()).await
    }

    /// Hands everything on to an upload.
    ///
    /// # Errors
    /// What the upload refuses; as [`Form::next`].
    pub(crate) async fn pour(mut self, upload: &mut Upload) -> Result<(), Problem> {
        while let Some(bytes) = self.chunk().await? {
            upload.write(bytes).await?;
        }
        Ok(())
    }
}

/// Each piece must come in time, however long the whole takes.
async fn in_time<T>(piece: impl Future<Output = multer::Result<T>>) -> Result<T, Problem> {
    let Ok(piece) = tokio::time::timeout(PATIENCE, piece).await else { return Err(Problem::of(Kind::TooSlow)) };
    piece.map_err(|error| {
        let interrupted = matches!(
            error,
            multer::Error::IncompleteFieldData { .. }
                | multer::Error::IncompleteHeaders
                | multer::Error::IncompleteStream
                | multer::Error::StreamReadFailed(_)
        );
        if interrupted {
            Error::Refused(Refused::Interrupted).into()
        } else {
            Problem::of(Kind::Malformed).saying("请求体不是有效的 multipart/form-data,请检查后重试")
        }
    })
}
