//! `data/images.yaml`, read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::check::table::Parameter;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImageTable {
    pub models: Vec<ImageModel>,
    pub parameters: Vec<Parameter>,
    pub qualities: Vec<Quality>,
    pub letters: BTreeMap<char, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImageModel {
    pub id: String,
    pub snapshot: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quality {
    pub name: String,
    pub square: u64,
    pub oblong: u64,
    pub seconds: f64,
}

impl ImageTable {
    pub(crate) fn is_model(&self, name: &str) -> bool {
        self.models
            .iter()
            .any(|model| model.id == name || model.snapshot == name)
    }
}

impl Quality {
    /// Larger pictures cost more in step with their area, smaller ones no less.
    pub(crate) fn tokens(&self, width: u32, height: u32) -> u64 {
        let (base, area) = match width == height {
            true => (self.square, 1024 * 1024),
            false => (self.oblong, 1024 * 1536),
        };
        let pixels = u64::from(width) * u64::from(height);
        (base * pixels / area).max(base)
    }
}
