//! The stand-in's data files, read once at the start.

use serde::de::DeserializeOwned;

use crate::chat::table::ChatTable;
use crate::check::table::Table;
use crate::compose::prose::Phrases;
use crate::images::table::ImageTable;
use crate::ledger::Price;
use crate::levels::Level;
use crate::models::Model;
use crate::stand_in::StartError;
use crate::written::Written;

#[derive(Debug)]
pub(crate) struct Knowledge {
    pub models: Vec<Model>,
    pub table: Table,
    pub chat: ChatTable,
    pub images: ImageTable,
    pub levels: Vec<Level>,
    pub prices: Vec<Price>,
    pub phrases: Phrases,
    pub written: Vec<Written>,
}

const WRITTEN: [(&str, &str); 3] = [
    (
        "replies/flag-locking-ddl.yaml",
        include_str!("../replies/flag-locking-ddl.yaml"),
    ),
    (
        "replies/worker-pool.yaml",
        include_str!("../replies/worker-pool.yaml"),
    ),
    (
        "replies/extract-session.yaml",
        include_str!("../replies/extract-session.yaml"),
    ),
];

impl Knowledge {
    pub(crate) fn load() -> Result<Self, StartError> {
        let mut written = Vec::with_capacity(WRITTEN.len());
        for (file, text) in WRITTEN {
            written.push(read(file, text)?);
        }
        Ok(Knowledge {
            models: read("data/models.yaml", include_str!("../data/models.yaml"))?,
            table: read(
                "data/parameters.yaml",
                include_str!("../data/parameters.yaml"),
            )?,
            chat: read("data/chat.yaml", include_str!("../data/chat.yaml"))?,
            images: read("data/images.yaml", include_str!("../data/images.yaml"))?,
            levels: read("data/levels.yaml", include_str!("../data/levels.yaml"))?,
            prices: read("data/prices.yaml", include_str!("../data/prices.yaml"))?,
            phrases: read("data/prose.yaml", include_str!("../data/prose.yaml"))?,
            written,
        })
    }

    /// A model by its name or by the name of its dated snapshot.
    pub(crate) fn model(&self, name: &str) -> Option<&Model> {
        self.models
            .iter()
            .find(|model| model.id == name || model.snapshot == name)
    }

    /// What a model is sold at, by its name.
    pub(crate) fn price(&self, model: &str) -> Option<&Price> {
        self.prices.iter().find(|price| price.model == model)
    }

    pub(crate) fn level(&self, effort: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.effort == effort)
    }
}

fn read<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, StartError> {
    serde_saphyr::from_str(text).map_err(|error| StartError::Data {
        file,
        reason: error.to_string(),
    })
}
