//! The user's own `models.json` and `prices.json` in the data folder, laid over the tables that Rheostat
//! comes with: a newer model, a dropped effort or a changed price needs no new version.
//!
//! A file holds only what differs, in the form of the table it is laid over. Of a model, the fields that
//! it names replace ours; a model that we don't have is added. Of prices, its rows for a model replace all
//! of ours for that model, since a model has a row per period.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::catalog::models::{self, Catalog};
use crate::error::{Error, ErrorCode, Result};
use crate::money::prices::{self, PriceBook};

/// The user's models, in the data folder.
pub const MODELS: &str = "models.json";
/// The user's prices, in the data folder.
pub const PRICES: &str = "prices.json";

/// A table holds a few kilobytes.
const SIZE_LIMIT: u64 = 4 * 1024 * 1024;

/// The models of this installation, and why the user's file was left aside.
///
/// # Errors
/// `Internal` where the embedded table is broken, which the tests rule out.
pub fn open_models(data: &Path) -> Result<(Arc<Catalog>, Option<Error>)> {
    let builtin = Catalog::builtin()?;
    Ok(
        match laid_over(data, MODELS, merge_models, Catalog::parse) {
            Ok(own) => (Arc::new(own.unwrap_or_else(|| builtin.clone())), None),
            Err(problem) => (Arc::new(builtin.clone()), Some(problem)),
        },
    )
}

/// The prices of this installation, and why the user's file was left aside.
///
/// # Errors
/// `Internal` where the embedded table is broken, which the tests rule out.
pub fn open_prices(data: &Path) -> Result<(&'static PriceBook, Option<Error>)> {
    let builtin = PriceBook::builtin()?;
    Ok(
        match laid_over(data, PRICES, merge_prices, PriceBook::parse) {
            // Every lane and bill holds the book for as long as the process lives, and it is read once.
            Ok(Some(own)) => (Box::leak(Box::new(own)), None),
            Ok(None) => (builtin, None),
            Err(problem) => (builtin, Some(problem)),
        },
    )
}

/// `None`: there is no such file.
fn laid_over<T>(
    data: &Path,
    name: &str,
    merge: impl Fn(Map<String, Value>) -> std::result::Result<Value, String>,
    parse: impl Fn(&str) -> Result<T>,
) -> Result<Option<T>> {
    let path = data.join(name);
    let unusable = |why: String, line: Option<usize>| {
        let place = line.map_or_else(
            || path.display().to_string(),
            |line| format!("{}:{line}", path.display()),
        );
        Error::new(
            ErrorCode::FileInvalid,
            format!("{name} in the data folder can't be used: {why}."),
        )
        .place(place)
        .hint("What Rheostat comes with is used until the file is mended or taken away.")
    };
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(error.to_string(), None)),
        Ok(known) if known.len() > SIZE_LIMIT => {
            let megabytes = known.len() / 1024 / 1024;
            return Err(unusable(format!("it is {megabytes} MB large"), None));
        }
        Ok(_) => {}
    }
    let text = std::fs::read_to_string(&path).map_err(|error| unusable(error.to_string(), None))?;
    let own: Map<String, Value> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| unusable(error.to_string(), Some(error.line())))?;
    let merged = merge(own).map_err(|why| unusable(why, None))?;
    let read = parse(&merged.to_string());
    read.map(Some).map_err(|error| {
        let why = error.detail.unwrap_or(error.message);
        unusable(why.trim_end_matches('.').to_owned(), None)
    })
}

fn merge_models(own: Map<String, Value>) -> std::result::Result<Value, String> {
    let mut table: Value = serde_json::from_str(models::SHIPPED).map_err(|it| it.to_string())?;
    let rows = own_rows(&own, "models", &["about"])?;
    let known = table["models"].as_array_mut().ok_or("it has no models")?;
    for (index, row) in rows.iter().enumerate() {
        let id = named(row, "models", index, "id")?;
        let fields = row.as_object().into_iter().flatten();
        let fields = fields.map(|(key, value)| (key.clone(), value.clone()));
        match known.iter_mut().find(|row| row["id"] == id) {
            Some(Value::Object(ours)) => ours.extend(fields),
            _ => {
                let mut row = unknown_model();
                row.extend(fields);
                known.push(Value::Object(row));
            }
        }
    }
    Ok(table)
}

/// What is taken of a model that only the user knows, where the file says nothing.
fn unknown_model() -> Map<String, Value> {
    let row = json!({
        "snapshots": [],
        "endpoints": ["responses", "chat_completions", "batch"],
        "streams": true,
        "unverified": [],
        "source": "models.json in the data folder",
    });
    match row {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}

fn merge_prices(own: Map<String, Value>) -> std::result::Result<Value, String> {
    let mut table: Value = serde_json::from_str(prices::SHIPPED).map_err(|it| it.to_string())?;
    let rows = own_rows(&own, "rows", &["about", "date"])?.clone();
    let mut priced = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        priced.push(named(row, "rows", index, "model")?.to_owned());
    }
    if let Some(date) = own.get("date") {
        table["date"] = date.clone();
    }
    let known = table["rows"].as_array_mut().ok_or("it has no rows")?;
    known.retain(|row| {
        !row["model"]
            .as_str()
            .is_some_and(|id| priced.iter().any(|it| it == id))
    });
    for row in rows {
        let mut whole = Map::from_iter([
            ("aliases".to_owned(), json!([])),
            ("as_input".to_owned(), json!([])),
            ("source".to_owned(), json!("prices.json in the data folder")),
        ]);
        whole.extend(row.as_object().cloned().unwrap_or_default());
        known.push(Value::Object(whole));
    }
    Ok(table)
}

/// The list of a file that holds nothing else but what may stand beside it.
fn own_rows<'a>(
    own: &'a Map<String, Value>,
    list: &str,
    beside: &[&str],
) -> std::result::Result<&'a Vec<Value>, String> {
    let stranger = own
        .keys()
        .find(|key| *key != list && !beside.contains(&key.as_str()));
    if let Some(stranger) = stranger {
        return Err(format!("{stranger} has no place in it"));
    }
    own.get(list)
        .and_then(Value::as_array)
        .ok_or_else(|| format!("it has no list called {list}"))
}

fn named<'a>(
    row: &'a Value,
    list: &str,
    index: usize,
    key: &str,
) -> std::result::Result<&'a str, String> {
    row.get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("{list}[{index}] has no {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> (Arc<Catalog>, Option<Error>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(MODELS), text).unwrap();
        open_models(folder.path()).unwrap()
    }

    #[test]
    fn without_a_file_ours_are_used() {
        let folder = tempfile::tempdir().unwrap();
        let (catalog, problem) = open_models(folder.path()).unwrap();
        assert_eq!((&*catalog, problem), (Catalog::builtin().unwrap(), None));
        let (prices, problem) = open_prices(folder.path()).unwrap();
        assert_eq!((prices, problem), (PriceBook::builtin().unwrap(), None));
    }

    #[test]
    fn a_field_replaces_ours_and_the_others_stay() {
        let (catalog, problem) = open(
            r#"{"models": [{"id": "gpt-5.5", "efforts": ["none", "low", "medium", "high"]}]}"#,
        );
        assert_eq!(problem, None);
        let ours = Catalog::builtin().unwrap();
        let mut expected = ours.model("gpt-5.5").unwrap().clone();
        expected.efforts.pop();
        assert_eq!(catalog.model("gpt-5.5-2026-04-23"), Some(&expected));
        assert_eq!(catalog.models().len(), ours.models().len());
        assert_eq!(
            catalog
                .check_effort("gpt-5.5", "xhigh")
                .map_err(|it| it.code),
            Err(ErrorCode::EffortUnsupported)
        );
    }

    #[test]
    fn a_model_that_we_do_not_have_is_added() {
        let (catalog, problem) = open(
            r#"{"about": "mine", "models": [{"id": "gpt-7", "efforts": ["low", "max"], "default_effort": "low",
                "context_window": 2000000, "max_output_tokens": 256000}]}"#,
        );
        assert_eq!(problem, None);
        let added = catalog.models().last().unwrap();
        assert_eq!((added.id.as_str(), added.streams), ("gpt-7", true));
    }

    #[test]
    fn a_broken_file_is_named_with_its_place_and_ours_are_used() {
        let cases = [
            ("{\n\"models\": [,]}", "models.json:2", "expected value"),
            ("[]", "models.json:1", "invalid type"),
            ("{}", "models.json", "it has no list called models"),
            (
                r#"{"models": [{"efforts": []}]}"#,
                "models.json",
                "models[0] has no id",
            ),
            (
                r#"{"models": [], "efforts": []}"#,
                "models.json",
                "efforts has no place in it",
            ),
            (
                r#"{"models": [{"id": "gpt-5.5", "efforts": ["low"]}]}"#,
                "models.json",
                "gpt-5.5 has a default that it does not offer",
            ),
            (
                r#"{"models": [{"id": "gpt-5.5", "wings": 2}]}"#,
                "models.json",
                "unknown field `wings`",
            ),
            (
                r#"{"models": [{"id": "gpt-7"}]}"#,
                "models.json",
                "missing field",
            ),
        ];
        for (text, place, cause) in cases {
            let (catalog, problem) = open(text);
            assert_eq!(&*catalog, Catalog::builtin().unwrap(), "{text}");
            let problem = problem.unwrap();
            assert_eq!(problem.code, ErrorCode::FileInvalid);
            assert!(problem.message.contains(cause), "{}", problem.message);
            assert!(problem.place.unwrap().ends_with(place), "{text}");
        }
    }

    #[test]
    fn own_prices_replace_those_of_their_model() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"date": "2026-12-01", "rows": [{"model": "gpt-5.5", "tiers":
            {"default": {"short": {"input": 1000000000, "output": 2000000000}}}}]}"#;
        std::fs::write(folder.path().join(PRICES), text).unwrap();
        let (prices, problem) = open_prices(folder.path()).unwrap();
        assert_eq!((prices.date(), problem), ("2026-12-01", None));
        let day = prices::day_of(1_795_000_000_000);
        let price = prices.price("gpt-5.5", "default", day).unwrap();
        assert_eq!(price.long, None);
        let other = |book: &PriceBook| {
            book.price("gpt-5.5-pro", "default", day)
                .map(|it| format!("{it:?}"))
        };
        assert_eq!(other(prices), other(PriceBook::builtin().unwrap()));
        std::fs::write(
            folder.path().join(PRICES),
            r#"{"rows": [{"model": "gpt-5.5"}]}"#,
        )
        .unwrap();
        let (prices, problem) = open_prices(folder.path()).unwrap();
        assert_eq!(prices, PriceBook::builtin().unwrap());
        assert!(problem.unwrap().message.contains("missing field `tiers`"));
    }
}
