//! The models that the stand-in knows, and the endpoints that list them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::routes::House;

/// One row of `data/models.yaml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    pub id: String,
    pub snapshot: String,
    pub created: u64,
    #[serde(default)]
    pub shutdown_date: Option<String>,
    pub efforts: Vec<String>,
    pub default: String,
    pub context: u64,
    pub max_output: u64,
    /// Whether Chat Completions takes it.
    #[serde(default = "yes")]
    pub chat: bool,
    #[serde(default)]
    pub modes: Vec<String>,
    #[serde(default)]
    pub cache_retention: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Model {
    fn entry(&self, id: &str) -> Value {
        json!({
            "id": id,
            "object": "model",
            "created": self.created,
            "owned_by": "system",
            "shutdown_date": self.shutdown_date,
        })
    }
}

/// What the API answers for a model that does not exist or is not open to the key.
pub(crate) fn unknown(name: &str) -> Fault {
    Fault::new(
        StatusCode::NOT_FOUND,
        format!("The model '{name}' does not exist"),
    )
    .param("model")
    .code("model_not_found")
}

pub(crate) async fn list(State(house): State<House>) -> Response {
    let mut data = Vec::new();
    for model in &house.knowledge.models {
        data.push(model.entry(&model.id));
        if model.snapshot != model.id {
            data.push(model.entry(&model.snapshot));
        }
    }
    Json(json!({"object": "list", "data": data})).into_response()
}

pub(crate) async fn one(State(house): State<House>, Path(name): Path<String>) -> Response {
    match house.knowledge.model(&name) {
        Some(model) => Json(model.entry(&name)).into_response(),
        None => unknown(&name).into_response(),
    }
}
