//! About how many tokens a schema adds to the input of a request, and what that is of its runs and of their price.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::blocking;
use crate::error::Result;
use crate::money::figures::median_whole;
use crate::money::prices;
use crate::tokens;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MeasureSchemaInput {
    #[ts(type = "unknown")]
    pub schema: Value,
    /// The request whose runs it is held against; without one there is a count alone.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
    #[serde(default)]
    #[ts(optional = nullable)]
    pub model: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MeasureSchemaOutput {
    /// Counted here, of the schema as JSON without spaces: about.
    pub tokens: u64,
    /// Completed runs of the connection's own kind, at most 20.
    pub runs: u32,
    /// The runs are sample replies.
    pub sample: bool,
    /// The median input of these runs in tokens, the schema's own among them.
    pub input_tokens: Option<u64>,
    /// Nano-dollars per 1 000 000 tokens of uncached input, standard tier, by the day's table; None where no price is
    /// known.
    pub input_price: Option<u64>,
    /// Nano-dollars per run at that price.
    pub cost: Option<u64>,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: MeasureSchemaInput) -> Result<MeasureSchemaOutput> {
    let MeasureSchemaInput {
        schema,
        request_id,
        model,
    } = input;
    let tokens =
        blocking::run("Counting tokens broke", move || tokens::count_json(&schema)).await?;
    let sample = !bench.route().live;
    let inputs = match (request_id, model.clone()) {
        (Some(request), Some(model)) => {
            bench
                .read_history(move |history| history.recent_inputs(&request, &model, sample))
                .await?
        }
        _ => Vec::new(),
    };
    let day = prices::day_of(bench.clock.now_ms());
    let input_price =
        model.and_then(|model| bench.prices.price(&model, "default", day)?.short.input);
    let cost = input_price.and_then(|price| {
        let nanos = u128::from(price) * u128::from(tokens) / 1_000_000;
        u64::try_from(nanos).ok()
    });
    Ok(MeasureSchemaOutput {
        tokens,
        runs: u32::try_from(inputs.len()).unwrap_or(u32::MAX),
        sample,
        input_tokens: median_whole(&inputs),
        input_price,
        cost,
    })
}
