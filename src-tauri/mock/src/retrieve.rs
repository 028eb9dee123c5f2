//! What can be done with a response that is kept: `/v1/responses/{id}` and what lies below it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::create::{check_key, follow};
use crate::fault::Fault;
use crate::page;
use crate::query::Asked;
use crate::routes::House;
use crate::shelf::Kept;

pub(crate) async fn retrieve(
    State(house): State<House>,
    Path(id): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    check_key(&headers)?;
    let kept = find(&house, &id)?;
    let after = asked.number("starting_after")?;
    let padded = asked.flag("include_obfuscation")? != Some(false);
    if asked.flag("stream")? != Some(true) {
        if after.is_some() {
            let message =
                "The 'starting_after' parameter is only allowed when 'stream' is enabled.";
            return Err(Fault::about("starting_after", message));
        }
        return Ok(Json(kept.standing()).into_response());
    }
    if !(kept.background && kept.streamed) {
        let message = format!(
            "Response with id '{id}' cannot be streamed: it was not created with both 'background' and 'stream'."
        );
        return Err(Fault::about("stream", message));
    }
    Ok(follow(&house, &kept, after, padded))
}

pub(crate) async fn cancel(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let kept = find(&house, &id)?;
    if !kept.background {
        let message = "Cannot cancel a synchronous response.";
        return Err(Fault::new(StatusCode::BAD_REQUEST, message));
    }
    Ok(Json(kept.cancel()))
}

pub(crate) async fn delete(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let removed = house.stores.responses.remove(&id);
    let removed = removed.ok_or_else(|| gone(&id))?;
    removed.stop.cancel();
    Ok(Json(
        json!({"id": id, "object": "response", "deleted": true}),
    ))
}

pub(crate) async fn input_items(
    State(house): State<House>,
    Path(id): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let kept = find(&house, &id)?;
    page::cut(&asked, kept.input.to_vec(), 100, 20).map(Json)
}

fn find(house: &House, id: &str) -> Result<Arc<Kept>, Fault> {
    house.stores.responses.find(id).ok_or_else(|| gone(id))
}

fn gone(id: &str) -> Fault {
    Fault::new(
        StatusCode::NOT_FOUND,
        format!("Response with id '{id}' not found."),
    )
}
