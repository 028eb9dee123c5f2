//! What each model accepts, read from a data file.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};

/// A model's facts (API.md 1.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Model {
    pub id: String,
    /// Efforts in rising order.
    pub efforts: Vec<String>,
    /// What the model does when the body names no effort.
    pub default_effort: String,
    /// Input and output together, in tokens.
    pub context_window: u64,
    /// The largest `max_output_tokens`.
    pub max_output_tokens: u64,
    /// The documentation lists streaming for it.
    pub streams: bool,
}

/// A level of the effort ramp.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EffortLevel {
    /// The API's value, such as `xhigh`.
    pub value: String,
    /// The display name, such as `Extra high`.
    pub name: String,
    /// What stands on the dial while there are no figures: Fastest, Balanced, ...
    pub word: String,
    /// The stop of the colour ramp, 0 to 4.
    pub stop: u8,
}

/// What else is known of a model, and from where (API.md 1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelNotes {
    /// Other names that the API takes for the model: dated snapshots and short forms.
    pub snapshots: Vec<String>,
    pub endpoints: Vec<Door>,
    /// The largest input in tokens, where it is below the context window less the output.
    pub max_input_tokens: Option<u64>,
    /// The last day that the training data covers, ISO 8601.
    pub knowledge_cutoff: Option<String>,
    /// Tokens for a thousand patches of a picture; None where its rule is not known.
    pub picture_permille: Option<u32>,
    /// Fields that are inferred and that no source states.
    pub unverified: Vec<String>,
    /// Where the facts come from.
    pub source: String,
}

/// A door of the API through which a model can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    Responses,
    ChatCompletions,
    Batch,
}

/// The table that ships with this version, as text.
pub const SHIPPED: &str = include_str!("../../data/models.json");

/// The models and the ramp of efforts, of this version and of the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    models: Vec<Model>,
    /// In the order of `models`.
    notes: Vec<ModelNotes>,
    efforts: Vec<EffortLevel>,
}

impl Catalog {
    /// The catalog of the embedded data file, read once per process.
    ///
    /// # Errors
    /// `Internal` where the embedded file is broken, which the tests rule out.
    pub fn builtin() -> Result<&'static Self> {
        static BUILTIN: OnceLock<Result<Catalog>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::parse(SHIPPED))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Reads a catalog from JSON text of the form of `data/models.json`.
    ///
    /// # Errors
    /// `Internal` where the text is no such JSON, a name stands twice, or the efforts of a model
    /// are not on the ramp, not in its order, or lack the model's default.
    pub fn parse(text: &str) -> Result<Self> {
        let file: File = serde_json::from_str(text)
            .map_err(|error| Error::internal("The model catalog cannot be read", error))?;
        let mut catalog = Self {
            models: Vec::with_capacity(file.models.len()),
            notes: Vec::with_capacity(file.models.len()),
            efforts: file.efforts,
        };
        if let Some(level) = catalog.efforts.iter().find(|level| level.stop > TOP_STOP) {
            return Err(broken(&level.value, "has a stop beyond the colour ramp"));
        }
        for row in file.models {
            catalog.add(row)?;
        }
        Ok(catalog)
    }

    fn add(&mut self, row: Row) -> Result<()> {
        for name in row.snapshots.iter().chain([&row.id]) {
            if self.model(name).is_some() {
                return Err(broken(name, "stands twice"));
            }
        }
        let ranks: Option<Vec<usize>> = row.efforts.iter().map(|e| self.rank(e)).collect();
        match ranks {
            None => return Err(broken(&row.id, "has an effort that is not on the ramp")),
            Some(ranks) if !ranks.is_sorted_by(|a, b| a < b) => {
                return Err(broken(&row.id, "has efforts out of order"));
            }
            Some(_) => {}
        }
        if !row.efforts.contains(&row.default_effort) {
            return Err(broken(&row.id, "has a default that it does not offer"));
        }
        self.models.push(Model {
            id: row.id,
            efforts: row.efforts,
            default_effort: row.default_effort,
            context_window: row.context_window,
            max_output_tokens: row.max_output_tokens,
            streams: row.streams,
        });
        self.notes.push(ModelNotes {
            snapshots: row.snapshots,
            endpoints: row.endpoints,
            max_input_tokens: row.max_input_tokens,
            knowledge_cutoff: row.knowledge_cutoff,
            picture_permille: row.picture_permille,
            unverified: row.unverified,
            source: row.source,
        });
        Ok(())
    }

    /// Every model, in the order of the screen: the product's own family first.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The model of that id, or the one that a snapshot or short form stands for. `None` for a
    /// name that a user typed and that the catalog does not know: nothing limits it.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.index(id).and_then(|index| self.models.get(index))
    }

    /// What else is known of a model; takes the same names as [`Catalog::model`].
    pub fn notes(&self, id: &str) -> Option<&ModelNotes> {
        self.index(id).and_then(|index| self.notes.get(index))
    }

    /// The whole ramp of efforts, in rising order.
    pub fn efforts(&self) -> &[EffortLevel] {
        &self.efforts
    }

    /// The place of an effort on the ramp, from 0; `None` for a value that is not on it.
    pub fn rank(&self, effort: &str) -> Option<usize> {
        self.efforts.iter().position(|level| level.value == effort)
    }

    /// Whether a model takes an effort. An unknown model takes any: the server decides.
    ///
    /// # Errors
    /// `EffortUnsupported` at `reasoning.effort`, naming the model and what it offers.
    pub fn check_effort(&self, model: &str, effort: &str) -> Result<()> {
        let Some(known) = self.model(model) else {
            return Ok(());
        };
        if known.efforts.iter().any(|offered| offered == effort) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::EffortUnsupported,
            format!(
                "{model} does not offer the effort \"{effort}\". It offers {}.",
                known.efforts.join(", ")
            ),
        )
        .hint(format!(
            "Choose one of them; {} is the model's default.",
            known.default_effort
        ))
        .place("reasoning.effort"))
    }

    fn index(&self, id: &str) -> Option<usize> {
        self.models
            .iter()
            .zip(&self.notes)
            .position(|(model, notes)| model.id == id || notes.snapshots.iter().any(|s| s == id))
    }
}

/// The display name of an effort, such as `Extra high`; a value that is not on the ramp stands for
/// itself.
pub fn effort_name(effort: &str) -> String {
    Catalog::builtin()
        .ok()
        .and_then(|catalog| catalog.efforts.iter().find(|level| level.value == effort))
        .map_or_else(|| effort.to_owned(), |level| level.name.clone())
}

/// The last stop of the colour ramp (DESIGN.md 3.2).
const TOP_STOP: u8 = 4;

fn broken(what: &str, how: &str) -> Error {
    Error::internal("The model catalog cannot be read", format!("{what} {how}"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    efforts: Vec<EffortLevel>,
    models: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    snapshots: Vec<String>,
    endpoints: Vec<Door>,
    efforts: Vec<String>,
    default_effort: String,
    context_window: u64,
    max_input_tokens: Option<u64>,
    max_output_tokens: u64,
    streams: bool,
    knowledge_cutoff: Option<String>,
    picture_permille: Option<u32>,
    unverified: Vec<String>,
    source: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> &'static Catalog {
        Catalog::builtin().expect("the embedded catalog is sound")
    }

    #[test]
    fn the_product_s_own_family_comes_first() {
        let ids: Vec<&str> = catalog().models().iter().map(|m| m.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "gpt-5.5",
                "gpt-5.5-pro",
                "gpt-5.4",
                "gpt-5.4-pro",
                "gpt-5.4-mini",
                "gpt-5.4-nano",
                "gpt-5.6-sol",
                "gpt-5.6-terra",
                "gpt-5.6-luna",
                "gpt-6-astra",
                "gpt-6-sol",
                "gpt-6-luna",
                "gpt-6.1-sol",
                "gpt-6.1-terra",
                "gpt-6.2-astra",
                "gpt-6.2-sol",
            ]
        );
    }

    #[test]
    fn the_two_models_of_the_family_stand_as_documented() {
        let model = |id: &str, efforts: &[&str], default: &str, streams| Model {
            id: id.into(),
            efforts: efforts.iter().map(|&e| e.into()).collect(),
            default_effort: default.into(),
            context_window: 1_050_000,
            max_output_tokens: 128_000,
            streams,
        };
        let all = ["none", "low", "medium", "high", "xhigh"];
        assert_eq!(
            catalog().model("gpt-5.5"),
            Some(&model("gpt-5.5", &all, "medium", true))
        );
        assert_eq!(
            catalog().model("gpt-5.5-pro"),
            Some(&model("gpt-5.5-pro", &all[2..], "high", false))
        );
        let endpoints = |id| catalog().notes(id).map(|n| n.endpoints.clone());
        assert_eq!(
            endpoints("gpt-5.5"),
            Some(vec![Door::Responses, Door::ChatCompletions, Door::Batch])
        );
        assert_eq!(
            endpoints("gpt-5.5-pro"),
            Some(vec![Door::Responses, Door::Batch])
        );
    }

    #[test]
    fn snapshots_and_short_forms_lead_to_their_model() {
        let id = |name| catalog().model(name).map(|m| m.id.as_str());
        assert_eq!(id("gpt-5.5-2026-04-23"), Some("gpt-5.5"));
        assert_eq!(id("gpt-5.5-pro-2026-04-23"), Some("gpt-5.5-pro"));
        assert_eq!(id("gpt-5.6"), Some("gpt-5.6-sol"));
        assert_eq!(id("gpt-5.5-mini"), None);
        assert_eq!(id("gpt-5.5-2020-01-01"), None, "only listed snapshots");
    }

    #[test]
    fn every_row_is_sourced_and_what_is_inferred_says_so() {
        for (model, notes) in catalog().models.iter().zip(&catalog().notes) {
            assert!(!notes.source.is_empty(), "{} has a source", model.id);
            assert_eq!(
                notes.source.contains("inferred"),
                !notes.unverified.is_empty(),
                "{}",
                model.id
            );
        }
    }

    #[test]
    fn the_ramp_rises_and_has_words() {
        let ramp: Vec<_> = catalog()
            .efforts()
            .iter()
            .map(|l| (l.value.as_str(), l.name.as_str(), l.word.as_str(), l.stop))
            .collect();
        assert_eq!(
            ramp,
            [
                ("none", "None", "Fastest", 0),
                ("minimal", "Minimal", "Quick", 0),
                ("low", "Low", "Brief", 1),
                ("medium", "Medium", "Balanced", 2),
                ("high", "High", "Careful", 3),
                ("xhigh", "Extra high", "Deepest", 4),
                ("max", "Max", "Utmost", 4),
            ]
        );
        assert_eq!(effort_name("xhigh"), "Extra high");
        assert_eq!(effort_name("warp"), "warp");
    }

    #[test]
    fn an_effort_that_is_not_offered_is_named_with_those_that_are() {
        assert_eq!(catalog().check_effort("gpt-5.5", "none"), Ok(()));
        assert_eq!(
            catalog().check_effort("gpt-5.5-2026-04-23", "xhigh"),
            Ok(())
        );
        assert_eq!(catalog().check_effort("my-own-model", "warp"), Ok(()));
        assert_eq!(
            catalog().check_effort("gpt-5.5-pro", "none"),
            Err(Error::new(
                ErrorCode::EffortUnsupported,
                "gpt-5.5-pro does not offer the effort \"none\". It offers medium, high, xhigh."
            )
            .hint("Choose one of them; high is the model's default.")
            .place("reasoning.effort"))
        );
        for effort in ["minimal", "max"] {
            let refused = catalog().check_effort("gpt-5.5", effort);
            assert_eq!(
                refused.map_err(|e| e.code),
                Err(ErrorCode::EffortUnsupported)
            );
        }
    }

    #[test]
    fn a_broken_file_is_an_error_with_its_cause() {
        let whole = include_str!("../../data/models.json");
        let cases = [
            ("{", "EOF"),
            ("[]", "invalid"),
            (
                &whole.replace(
                    "\"default_effort\": \"medium\"",
                    "\"default_effort\": \"max\"",
                ),
                "gpt-5.5 has a default that it does not offer",
            ),
            (
                &whole.replace("\"medium\", \"high\", \"xhigh\"]", "\"high\", \"medium\"]"),
                "gpt-5.5 has efforts out of order",
            ),
            (
                &whole.replace("[\"none\", \"low\"", "[\"warp\", \"low\""),
                "gpt-5.5 has an effort that is not on the ramp",
            ),
            (
                &whole.replace("\"id\": \"gpt-5.4\"", "\"id\": \"gpt-5.5\""),
                "gpt-5.5 stands twice",
            ),
            (
                &whole.replace("\"stop\": 4", "\"stop\": 5"),
                "xhigh has a stop beyond the colour ramp",
            ),
            (
                &whole.replace("\"streams\"", "\"streems\""),
                "unknown field `streems`",
            ),
        ];
        for (text, cause) in cases {
            let error = Catalog::parse(text).expect_err("a broken file is refused");
            assert_eq!(error.code, ErrorCode::Internal);
            assert_eq!(error.message, "The model catalog cannot be read");
            let detail = error.detail.expect("a cause");
            assert!(detail.contains(cause), "{detail:?} names {cause:?}");
        }
    }
}
