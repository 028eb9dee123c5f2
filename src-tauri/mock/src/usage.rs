//! `/v1/organization/usage/completions` and `/v1/organization/costs`, over what this stand-in has served.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::check::parameter::invalid_value;
use crate::create::{check_key, now};
use crate::fault::Fault;
use crate::knowledge::Knowledge;
use crate::ledger::{Entry, Kind};
use crate::query::Asked;
use crate::routes::House;

const USAGE_GROUPS: [&str; 7] = [
    "project_id",
    "user_id",
    "api_key_id",
    "model",
    "batch",
    "service_tier",
    "api_source",
];
const COST_GROUPS: [&str; 3] = ["project_id", "line_item", "api_key_id"];

pub(crate) async fn completions(
    State(house): State<House>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let groups = groups(&asked, &USAGE_GROUPS)?;
    let width = asked.choice("bucket_width", &["1m", "1h", "1d"], "1d")?;
    let (seconds, otherwise, most) = match width {
        "1m" => (60, 60, 1_440),
        "1h" => (60 * 60, 24, 168),
        _ => (24 * 60 * 60, 7, 31),
    };
    let models = asked.list("models");
    let batch = asked.flag("batch")?;
    let pages = Pages::read(&asked, seconds, otherwise, most)?;
    pages.page(&house, |entries| {
        let wanted = entries.iter().filter(|entry| {
            entry.kind == Kind::Text
                && (models.is_empty() || models.contains(&entry.snapshot.as_str()))
                && batch.is_none_or(|batch| entry.batch == batch)
        });
        used(wanted, &groups)
    })
}

pub(crate) async fn costs(
    State(house): State<House>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let groups = groups(&asked, &COST_GROUPS)?;
    asked.choice("bucket_width", &["1d"], "1d")?;
    let pages = Pages::read(&asked, 24 * 60 * 60, 7, 180)?;
    let itemised = groups.contains(&"line_item");
    pages.page(&house, |entries| spent(&house.knowledge, entries, itemised))
}

fn groups<'a>(asked: &'a Asked, known: &[&str]) -> Result<Vec<&'a str>, Fault> {
    let groups = asked.list("group_by");
    match groups.iter().find(|group| !known.contains(*group)) {
        Some(stranger) => Err(invalid_value("group_by", stranger, known)),
        None => Ok(groups),
    }
}

/// The span of time that is asked for, in buckets of one width, some to a page.
struct Pages {
    from: u64,
    to: u64,
    seconds: u64,
    limit: usize,
}

impl Pages {
    fn read(asked: &Asked, seconds: u64, otherwise: u64, most: u64) -> Result<Self, Fault> {
        let start = asked.needed("start_time")?;
        let from = match asked.text("page") {
            None => start,
            Some(page) => page
                .strip_prefix("page_")
                .and_then(|at| at.parse().ok())
                .ok_or_else(|| {
                    let message = format!("Invalid 'page': '{page}' is no page of this list.");
                    Fault::about("page", message).code("invalid_value")
                })?,
        };
        let to = asked.number("end_time")?.unwrap_or_else(|| now() + 1);
        if to <= start {
            let message = "'end_time' must be after 'start_time'.";
            return Err(Fault::about("end_time", message).code("invalid_value"));
        }
        Ok(Pages {
            from: from / seconds * seconds,
            to,
            seconds,
            limit: asked.limit(most, otherwise)?,
        })
    }

    fn page(
        &self,
        house: &House,
        results: impl Fn(&[Entry]) -> Vec<Value>,
    ) -> Result<Json<Value>, Fault> {
        let mut data = Vec::new();
        let mut start = self.from;
        while start < self.to && data.len() < self.limit {
            let end = start.saturating_add(self.seconds);
            let entries = house.stores.ledger.between(start, end.min(self.to));
            data.push(json!({
                "object": "bucket",
                "start_time": start,
                "end_time": end,
                "results": results(&entries),
            }));
            start = end;
        }
        let more = start < self.to;
        let next = more.then(|| format!("page_{start}"));
        Ok(Json(
            json!({"object": "page", "data": data, "has_more": more, "next_page": next}),
        ))
    }
}

fn used<'a>(entries: impl Iterator<Item = &'a Entry>, groups: &[&str]) -> Vec<Value> {
    let by = |name: &str| groups.contains(&name);
    let mut sums: BTreeMap<(Option<&str>, Option<bool>), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let model = by("model").then_some(entry.snapshot.as_str());
        let batch = by("batch").then_some(entry.batch);
        sums.entry((model, batch)).or_default().push(entry);
    }
    let result = |((model, batch), entries): ((Option<&str>, Option<bool>), Vec<&Entry>)| {
        let sum = |part: fn(&Entry) -> u64| entries.iter().map(|entry| part(entry)).sum::<u64>();
        let (input, cached) = (sum(|entry| entry.input), sum(|entry| entry.cached));
        json!({
            "object": "organization.usage.completions.result",
            "input_tokens": input,
            "output_tokens": sum(|entry| entry.output),
            "num_model_requests": entries.len(),
            "input_cached_tokens": cached,
            "input_uncached_tokens": input - cached,
            "input_audio_tokens": 0,
            "output_audio_tokens": 0,
            "project_id": null,
            "user_id": null,
            "api_key_id": null,
            "model": model,
            "batch": batch,
            "service_tier": by("service_tier").then_some("default"),
        })
    };
    sums.into_iter().map(result).collect()
}

fn spent(knowledge: &Knowledge, entries: &[Entry], itemised: bool) -> Vec<Value> {
    let mut sums: BTreeMap<Option<String>, f64> = BTreeMap::new();
    for entry in entries {
        let Some(price) = knowledge.price(&entry.model) else {
            continue;
        };
        let (input, output) = price.of(entry);
        for (part, dollars) in [("input", input), ("output", output)] {
            let item = itemised.then(|| format!("{}, {part}", entry.snapshot));
            *sums.entry(item).or_default() += dollars;
        }
    }
    let result = |(item, dollars): (Option<String>, f64)| {
        json!({
            "object": "organization.costs.result",
            "amount": {"value": dollars, "currency": "usd"},
            "line_item": item,
            "project_id": null,
            "api_key_id": null,
        })
    };
    sums.into_iter().map(result).collect()
}
