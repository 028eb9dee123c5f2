//! `/v1/batches`: many requests in one file, answered later at half the price (API.md 6.1).

mod lines;
mod run;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::check::parameter::{choice, invalid_type, metadata, missing, only};
use crate::create::{check_key, read};
use crate::fault::Fault;
use crate::page;
use crate::query::Asked;
use crate::routes::House;
use crate::seed::Seed;
use crate::shelf::held;
use run::Batch;

/// The oldest are forgotten first.
const MOST: usize = 1_000;
const ENDPOINTS: [&str; 8] = [
    "/v1/responses",
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/completions",
    "/v1/moderations",
    "/v1/images/generations",
    "/v1/images/edits",
    "/v1/videos",
];
const OWN: [&str; 3] = [
    "/v1/responses",
    "/v1/chat/completions",
    "/v1/images/generations",
];
const FIELDS: [&str; 5] = [
    "input_file_id",
    "endpoint",
    "completion_window",
    "metadata",
    "output_expires_after",
];

#[derive(Debug, Default)]
pub(crate) struct Batches {
    /// Oldest first.
    kept: Mutex<Vec<Arc<Batch>>>,
    made: AtomicU64,
}

impl Batches {
    fn find(&self, id: &str) -> Result<Arc<Batch>, Fault> {
        let kept = held(&self.kept);
        let found = kept.iter().find(|batch| batch.id == id).cloned();
        found.ok_or_else(|| {
            let message = format!("No batch found with id '{id}'.");
            Fault::new(StatusCode::NOT_FOUND, message)
        })
    }
}

pub(crate) async fn create(
    State(house): State<House>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let body = read(&body)?;
    let asked = check(&body)?;
    let batch = {
        let batches = &house.stores.batches;
        let seed = Seed::from(batches.made.fetch_add(1, Ordering::Relaxed));
        let id = format!("batch_{}", seed.hex("batch", 32));
        let batch = Arc::new(Batch::new(id, asked, house.speed()));
        let mut kept = held(&batches.kept);
        kept.push(Arc::clone(&batch));
        if kept.len() > MOST {
            kept.remove(0);
        }
        batch
    };
    let object = batch.begun();
    // Thousands of lines take a while to compose.
    tokio::task::spawn_blocking(move || batch.work(&house));
    Ok(Json(object))
}

pub(crate) async fn list(
    State(house): State<House>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let all = held(&house.stores.batches.kept).clone();
    let objects = all.iter().map(|batch| batch.object(&house)).collect();
    page::cut(&asked, objects, 100, 20).map(Json)
}

pub(crate) async fn retrieve(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let batch = house.stores.batches.find(&id)?;
    Ok(Json(batch.object(&house)))
}

pub(crate) async fn cancel(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let batch = house.stores.batches.find(&id)?;
    batch.cancel(&house).map(Json)
}

fn check(body: &Value) -> Result<Map<String, Value>, Fault> {
    let Some(map) = body.as_object() else {
        return Err(invalid_type("body", "an object", body));
    };
    if let Some(stranger) = map.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(crate::check::parameter::unknown_field(stranger));
    }
    let given = |key: &str| map.get(key).filter(|value| !value.is_null());
    for name in ["input_file_id", "endpoint", "completion_window"] {
        match given(name) {
            None => return Err(missing(name)),
            Some(Value::String(_)) => {}
            Some(other) => return Err(invalid_type(name, "a string", other)),
        }
    }
    choice("endpoint", &ENDPOINTS, &body["endpoint"])?;
    choice("completion_window", &["24h"], &body["completion_window"])?;
    if let Some(pairs) = given("metadata") {
        metadata(pairs)?;
    }
    if let Some(after) = given("output_expires_after") {
        check_life(after)?;
    }
    let endpoint = body["endpoint"].as_str().unwrap_or_default();
    if !OWN.contains(&endpoint) {
        let message = format!("Rheostat's stand-in runs no batches of '{endpoint}'.");
        return Err(Fault::about("endpoint", message));
    }
    Ok(map.clone())
}

fn check_life(after: &Value) -> Result<(), Fault> {
    let place = "output_expires_after";
    let Some(map) = after.as_object() else {
        return Err(invalid_type(place, "an object", after));
    };
    only(place, map, &["anchor", "seconds"])?;
    let anchor = map.get("anchor");
    let anchor = anchor.ok_or_else(|| missing(&format!("{place}.anchor")))?;
    choice(&format!("{place}.anchor"), &["created_at"], anchor)?;
    let param = format!("{place}.seconds");
    let (least, most) = (3_600, 2_592_000);
    match map
        .get("seconds")
        .map(|seconds| (seconds.as_u64(), seconds))
    {
        None => Err(missing(&param)),
        Some((None, other)) => Err(invalid_type(&param, "an integer", other)),
        Some((Some(seconds), _)) if (least..=most).contains(&seconds) => Ok(()),
        Some((Some(seconds), _)) => {
            let (side, sign, bound, code) = match seconds < least {
                true => ("below minimum", ">=", least, "integer_below_min_value"),
                false => ("above maximum", "<=", most, "integer_above_max_value"),
            };
            let message = format!(
                "Invalid '{param}': integer {side} value. Expected a value {sign} {bound}, but got {seconds} instead."
            );
            Err(Fault::about(param, message).code(code))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_life_has_two_bounds() {
        let code = |seconds: u64| {
            let after = json!({"anchor": "created_at", "seconds": seconds});
            check_life(&after).map_err(|fault| fault.code)
        };
        assert_eq!(
            [3_599, 3_600, 2_592_000, 2_592_001].map(code),
            [
                Err(Some("integer_below_min_value")),
                Ok(()),
                Ok(()),
                Err(Some("integer_above_max_value")),
            ]
        );
    }
}
