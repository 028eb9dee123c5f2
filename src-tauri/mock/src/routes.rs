//! The paths that the stand-in answers, and what happens around every one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::choose::{self, Logged};
use crate::controls::Controls;
use crate::fault::Fault;
use crate::headers::{self, AsRecorded, Sample};
use crate::knowledge::Knowledge;
use crate::options::Speed;
use crate::rate::Rate;
use crate::record::Record;
use crate::seed::Seed;
use crate::stores::Stores;
use crate::{batches, chat, count, create, door, files, images, models, retrieve, socket, usage};

/// Enough for the longest prompt and its pictures.
pub(crate) const LARGEST_BODY: usize = 64 << 20;

/// What every handler may look at.
#[derive(Debug, Clone)]
pub(crate) struct House {
    pub port: u16,
    pub controls: Arc<Controls>,
    pub knowledge: Arc<Knowledge>,
    pub record: Arc<Record>,
    pub rate: Arc<Rate>,
    pub stores: Arc<Stores>,
    pub stop: CancellationToken,
}

impl House {
    /// As it is set at this moment.
    pub(crate) fn speed(&self) -> Speed {
        self.controls.speed()
    }
}

/// The tokens that a reply counts against the rate limit, left for the headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charged(pub u64);

pub(crate) fn router(house: House) -> Router {
    Router::new()
        .route("/v1/responses", post(create::create).get(socket::open))
        .route("/v1/responses/input_tokens", post(count::count))
        .route(
            "/v1/responses/{id}",
            get(retrieve::retrieve).delete(retrieve::delete),
        )
        .route("/v1/responses/{id}/cancel", post(retrieve::cancel))
        .route("/v1/responses/{id}/input_items", get(retrieve::input_items))
        .route("/v1/chat/completions", post(chat::create))
        .route("/v1/files", post(files::upload).get(files::list))
        .route("/v1/files/{id}", get(files::retrieve).delete(files::delete))
        .route("/v1/files/{id}/content", get(files::content))
        .route("/v1/batches", post(batches::create).get(batches::list))
        .route("/v1/batches/{id}", get(batches::retrieve))
        .route("/v1/batches/{id}/cancel", post(batches::cancel))
        .route("/v1/images/generations", post(images::create))
        .route(
            "/v1/organization/usage/completions",
            get(usage::completions),
        )
        .route("/v1/organization/costs", get(usage::costs))
        .route("/v1/models", get(models::list))
        .route("/v1/models/{name}", get(models::one))
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        // `keep` has its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(
            house.clone(),
            choose::choose,
        ))
        .layer(middleware::from_fn_with_state(house.clone(), keep))
        .layer(middleware::from_fn_with_state(house.clone(), door::guard))
        .layer(middleware::from_fn_with_state(house.clone(), stamp))
        .with_state(house)
}

async fn nowhere(method: Method, uri: Uri) -> Fault {
    Fault::new(
        StatusCode::NOT_FOUND,
        format!("Invalid URL ({method} {})", uri.path()),
    )
}

pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Fault {
    let message = format!("Not allowed to {method} on {}.", uri.path());
    Fault::new(StatusCode::METHOD_NOT_ALLOWED, message).code("method_not_supported")
}

/// Reads the body once, keeps what came in, and hands it on whole.
async fn keep(State(house): State<House>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, LARGEST_BODY).await {
        Ok(bytes) => {
            house
                .record
                .keep(&parts.method, &parts.uri, &parts.headers, &bytes);
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(_) => Fault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request is larger than 64 MB.",
        )
        .into_response(),
    }
}

/// Puts the API's headers on every reply, refusals included.
async fn stamp(State(house): State<House>, request: Request, next: Next) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let since = Instant::now();
    let mut response = next.run(request).await;
    let extensions = response.extensions();
    let charged = extensions.get::<Charged>().map_or(0, |charged| charged.0);
    let logged = extensions.get::<Logged>().copied();
    let as_recorded = extensions.get::<AsRecorded>().is_some();
    let room = house.rate.take(charged);
    let seed = Seed::from(u64::from(house.port) << 40 | COUNT.fetch_add(1, Ordering::Relaxed));
    let processing_ms = since.elapsed().as_millis() as u64;
    // A real answer must not look composed, nor tell of limits that are none of its own.
    if !as_recorded {
        if !response.headers().contains_key(headers::SAMPLE) {
            headers::mark(response.headers_mut(), Sample::Composed);
        }
        headers::stamp(response.headers_mut(), seed, processing_ms, &room);
    }
    if let Some(Logged(id)) = logged {
        let log = &house.controls.log;
        log.head(id, response.status().as_u16(), response.headers());
    }
    response
}
