//! What stands behind the `?` of a path.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::check::parameter::{invalid_value, missing};
use crate::fault::Fault;

/// The pairs as they came. A list comes as `name[]` many times over, or as `name`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Asked(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Fault> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(pairs)) => Ok(Asked(pairs)),
            Err(_) => Err(Fault::new(
                StatusCode::BAD_REQUEST,
                "The query of the URL could not be read.",
            )),
        }
    }
}

impl Asked {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rfind(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let listed = |key: &str| key == name || key.strip_suffix("[]") == Some(name);
        self.0
            .iter()
            .filter(|(key, _)| listed(key))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        match self.text(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(invalid_value(name, other, &["true", "false"])),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Fault> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let message = format!(
                "Invalid type for '{name}': expected an integer, but got a string instead."
            );
            Fault::about(name, message).code("invalid_type")
        })
    }

    pub(crate) fn needed(&self, name: &str) -> Result<u64, Fault> {
        self.number(name)?.ok_or_else(|| missing(name))
    }

    /// A number of things on a page.
    pub(crate) fn limit(&self, most: u64, otherwise: u64) -> Result<usize, Fault> {
        let limit = self.number("limit")?.unwrap_or(otherwise);
        let (side, sign, bound, code) = match limit {
            0 => ("below minimum", ">=", 1, "integer_below_min_value"),
            _ if limit > most => ("above maximum", "<=", most, "integer_above_max_value"),
            _ => return Ok(limit as usize),
        };
        let message = format!(
            "Invalid 'limit': integer {side} value. Expected a value {sign} {bound}, but got {limit} instead."
        );
        Err(Fault::about("limit", message).code(code))
    }

    pub(crate) fn choice<'a>(
        &'a self,
        name: &str,
        values: &[&'a str],
        otherwise: &'a str,
    ) -> Result<&'a str, Fault> {
        match self.text(name) {
            None => Ok(otherwise),
            Some(text) if values.contains(&text) => Ok(text),
            Some(text) => Err(invalid_value(name, text, values)),
        }
    }
}
