//! Extractors for bodies, queries and paths. An invalid value becomes a problem that names it.

use axum::{
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use http::request::Parts;
use model::Code;
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use super::problem::Problem;

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::Json::<T>::from_request(request, state).await;
        read.map(|axum::Json(body)| Self(body)).map_err(|error: JsonRejection| {
            match error.status().as_u16() {
                413 => Problem::too_large(error.body_text()),
                _ => Problem::new(Code::Invalid, error.body_text()),
            }
        })
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The query of a request. The type refuses unknown parameters.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(query)| Self(query))
            .map_err(|error: QueryRejection| Problem::new(Code::Invalid, error.body_text()))
    }
}

/// A parameter of the path.
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(part)| Self(part))
            .map_err(|error: PathRejection| Problem::new(Code::Invalid, error.body_text()))
    }
}

/// A list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Items<T> {
    /// The items of this page.
    pub(super) items: Vec<T>,
    /// The value that continues with the next page. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

impl<T> Items<T> {
    /// A list of all items, without pages.
    pub(super) fn all(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }

    /// A page of at most `limit` items. If it is full, `next` is what `mark` returns for its last item.
    pub(super) fn page(items: Vec<T>, limit: usize, mark: impl Fn(&T) -> String) -> Json<Self> {
        let next = items.last().filter(|_| items.len() == limit).map(mark);
        Json(Self { items, next })
    }
}

/// The default number of items on a page. Our choice.
const LIMIT: usize = 100;

/// Checks the requested number of items on a page.
pub(super) fn limit(wanted: Option<usize>) -> Result<usize, Problem> {
    match wanted.unwrap_or(LIMIT) {
        limit @ 1..=store::LIMIT_MAX => Ok(limit),
        limit => {
            let text = format!("limit is {limit}, expected 1 to {}", store::LIMIT_MAX);
            Err(Problem::new(Code::Invalid, text))
        }
    }
}
