//! `/v1/files`: what is uploaded, and what batches put out.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::check::parameter::{choice, missing};
use crate::create::{check_key, now};
use crate::fault::Fault;
use crate::page;
use crate::query::Asked;
use crate::routes::House;
use crate::seed::Seed;
use crate::shelf::held;

const PURPOSES: [&str; 6] = [
    "assistants",
    "batch",
    "fine-tune",
    "vision",
    "user_data",
    "evals",
];
/// What a file with one of these holds is not given out again.
const SEALED: [&str; 3] = ["assistants", "vision", "user_data"];
/// A batch's files are deleted after thirty days.
const BATCH_LIFE: u64 = 30 * 24 * 60 * 60;
const SHORTEST_LIFE: u64 = 60 * 60;
const LONGEST_LIFE: u64 = 30 * 24 * 60 * 60;
const MOST: usize = 10_000;
const MOST_BYTES: usize = 512 << 20;

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub id: String,
    pub name: String,
    pub purpose: String,
    pub created_at: u64,
    pub expires_at: Option<u64>,
    pub bytes: Bytes,
}

#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Oldest first.
    kept: Mutex<Vec<Arc<File>>>,
    made: Mutex<u64>,
}

impl Files {
    /// An id that no other file here has.
    pub(crate) fn id(&self) -> String {
        let mut made = held(&self.made);
        *made += 1;
        format!("file-{}", Seed::from(*made).hex("file", 24))
    }

    pub(crate) fn put(&self, file: File) -> Result<Arc<File>, Fault> {
        let mut kept = held(&self.kept);
        kept.retain(|one| one.expires_at.is_none_or(|end| end > now()));
        let bytes: usize = kept.iter().map(|one| one.bytes.len()).sum();
        if bytes + file.bytes.len() > MOST_BYTES || kept.len() >= MOST {
            let message = format!(
                "Rheostat's stand-in keeps {MOST} files of {} MB in all. Delete some, or start it anew.",
                MOST_BYTES >> 20
            );
            return Err(Fault::new(StatusCode::BAD_REQUEST, message));
        }
        let file = Arc::new(file);
        kept.push(Arc::clone(&file));
        Ok(file)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<File>> {
        let kept = held(&self.kept);
        let lives = |file: &&Arc<File>| file.expires_at.is_none_or(|end| end > now());
        kept.iter()
            .filter(lives)
            .find(|file| file.id == id)
            .cloned()
    }

    fn remove(&self, id: &str) -> Option<Arc<File>> {
        let mut kept = held(&self.kept);
        let at = kept.iter().position(|file| file.id == id)?;
        Some(kept.remove(at))
    }

    fn all(&self) -> Vec<Arc<File>> {
        held(&self.kept).clone()
    }
}

impl File {
    fn object(&self) -> Value {
        json!({
            "id": self.id,
            "object": "file",
            "bytes": self.bytes.len(),
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "filename": self.name,
            "purpose": self.purpose,
            "status": "processed",
            "status_details": null,
        })
    }
}

pub(crate) async fn upload(
    State(house): State<House>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let form = form.map_err(|_| unreadable())?;
    let form = Form::read(form).await?;
    let (name, bytes) = form.file.ok_or_else(|| missing("file"))?;
    let purpose = form.purpose.ok_or_else(|| missing("purpose"))?;
    choice("purpose", &PURPOSES, &json!(purpose))?;
    if purpose == "batch" && !name.ends_with(".jsonl") {
        let message = "Invalid file format for Batch API. Must be .jsonl";
        return Err(Fault::new(StatusCode::BAD_REQUEST, message));
    }
    let created_at = now();
    let life = match form.seconds {
        Some(seconds) => Some(life(&seconds)?),
        None => (purpose == "batch").then_some(BATCH_LIFE),
    };
    let file = File {
        id: house.stores.files.id(),
        name,
        purpose,
        created_at,
        expires_at: life.map(|life| created_at + life),
        bytes,
    };
    Ok(Json(house.stores.files.put(file)?.object()))
}

pub(crate) async fn list(
    State(house): State<House>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let wanted = asked.text("purpose");
    let all = house.stores.files.all();
    let listed = all
        .iter()
        .filter(|file| wanted.is_none_or(|purpose| file.purpose == purpose))
        .map(|file| file.object())
        .collect();
    page::cut(&asked, listed, 10_000, 10_000).map(Json)
}

pub(crate) async fn retrieve(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let file = house.stores.files.find(&id).ok_or_else(|| gone(&id))?;
    Ok(Json(file.object()))
}

pub(crate) async fn content(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    check_key(&headers)?;
    let file = house.stores.files.find(&id).ok_or_else(|| gone(&id))?;
    if SEALED.contains(&file.purpose.as_str()) {
        let message = format!("Not allowed to download files of purpose: {}", file.purpose);
        return Err(Fault::new(StatusCode::BAD_REQUEST, message));
    }
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, file.bytes.clone()).into_response())
}

pub(crate) async fn delete(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    house.stores.files.remove(&id).ok_or_else(|| gone(&id))?;
    Ok(Json(json!({"id": id, "object": "file", "deleted": true})))
}

fn gone(id: &str) -> Fault {
    let message = format!("No such File object: {id}");
    Fault::new(StatusCode::NOT_FOUND, message).param("id")
}

fn unreadable() -> Fault {
    Fault::new(
        StatusCode::BAD_REQUEST,
        "The form could not be read. Files are sent as multipart/form-data.",
    )
}

fn life(seconds: &str) -> Result<u64, Fault> {
    let life = seconds.parse::<u64>().ok();
    life.filter(|life| (SHORTEST_LIFE..=LONGEST_LIFE).contains(life))
        .ok_or_else(|| {
            let message = format!(
                "Invalid 'expires_after.seconds': expected an integer from {SHORTEST_LIFE} to {LONGEST_LIFE}, but got \
                 {seconds} instead."
            );
            Fault::about("expires_after.seconds", message).code("invalid_value")
        })
}

#[derive(Debug, Default)]
struct Form {
    file: Option<(String, Bytes)>,
    purpose: Option<String>,
    seconds: Option<String>,
}

impl Form {
    async fn read(mut parts: Multipart) -> Result<Self, Fault> {
        let mut form = Form::default();
        while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().unwrap_or("upload").to_owned();
            let bytes = part.bytes().await.map_err(|_| unreadable())?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match name.as_str() {
                "file" => form.file = Some((file_name, bytes)),
                "purpose" => form.purpose = Some(text()),
                "expires_after[seconds]" => form.seconds = Some(text()),
                "expires_after[anchor]" => {
                    choice("expires_after.anchor", &["created_at"], &json!(text()))?;
                }
                other => return Err(crate::check::parameter::unknown_field(other)),
            }
        }
        Ok(form)
    }
}
