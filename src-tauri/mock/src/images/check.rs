//! Checks a request for pictures (API.md 7).

use serde_json::Value;

use super::table::{ImageTable, Quality};
use crate::check::parameter::{self, invalid_type, missing, unknown_field};
use crate::fault::Fault;
use crate::models;

const LONGEST_PROMPT: usize = 32_000;
const STEP: u32 = 16;
const LONGEST_EDGE: u32 = 3_840;
const LEAST_PIXELS: u64 = 655_360;
const MOST_PIXELS: u64 = 8_294_400;

/// What is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    pub number: u64,
    pub partial: u64,
    pub width: u32,
    pub height: u32,
    pub quality: Quality,
}

impl Wanted {
    pub(super) fn size(&self) -> String {
        format!("{}x{}", self.width, self.height)
    }

    /// The same for a single picture.
    pub(super) fn one(&self) -> Self {
        Wanted {
            number: 1,
            ..self.clone()
        }
    }
}

pub(super) fn body(table: &ImageTable, body: &Value) -> Result<Wanted, Fault> {
    let Some(map) = body.as_object() else {
        return Err(invalid_type("body", "an object", body));
    };
    let known = |key: &&String| table.parameters.iter().any(|row| row.name == **key);
    if let Some(stranger) = map.keys().find(|key| !known(key)) {
        return Err(unknown_field(stranger));
    }
    let given = |key: &str| map.get(key).filter(|value| !value.is_null());
    for row in &table.parameters {
        match given(&row.name) {
            None if row.name == "prompt" => return Err(missing("prompt")),
            None => {}
            Some(value) => parameter::check(row, map, value)?,
        }
    }
    let text = |key: &str| given(key).and_then(Value::as_str);
    check_prompt(text("prompt").unwrap_or_default())?;
    if let Some(name) = text("model").filter(|name| !table.is_model(name)) {
        return Err(models::unknown(name));
    }
    if text("background") == Some("transparent") {
        let message = "Transparent background is not supported for this model.";
        return Err(Fault::about("background", message).code("invalid_value"));
    }
    if let Some(format) = text("output_format").filter(|format| *format != "png") {
        let message = format!("Rheostat's stand-in draws PNG pictures alone, and no {format}.");
        return Err(Fault::about("output_format", message));
    }
    if given("output_compression").is_some_and(|level| level != 100) {
        let message = "Compression less than 100 is not supported for PNG output format";
        return Err(Fault::about("output_compression", message).code("invalid_value"));
    }
    let number = |key: &str| given(key).and_then(Value::as_u64);
    if number("partial_images").is_some_and(|partial| partial > 0) && body["stream"] != true {
        let message = "The 'partial_images' parameter is only allowed when 'stream' is enabled.";
        return Err(Fault::about("partial_images", message));
    }
    let (width, height) = size(text("size").unwrap_or("auto"))?;
    let name = match text("quality") {
        None | Some("auto") => "medium",
        Some(name) => name,
    };
    let quality = table.qualities.iter().find(|quality| quality.name == name);
    Ok(Wanted {
        number: number("n").unwrap_or(1),
        partial: number("partial_images").unwrap_or(0),
        width,
        height,
        quality: quality.cloned().ok_or_else(|| missing("quality"))?,
    })
}

fn check_prompt(prompt: &str) -> Result<(), Fault> {
    let length = prompt.chars().count();
    if length == 0 {
        let message = "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty \
            string instead.";
        return Err(Fault::about("prompt", message).code("empty_string"));
    }
    if length > LONGEST_PROMPT {
        let message = format!(
            "Invalid 'prompt': string too long. Expected a string with maximum length {LONGEST_PROMPT}, but got a \
             string with length {length} instead."
        );
        return Err(Fault::about("prompt", message).code("string_above_max_length"));
    }
    Ok(())
}

fn size(text: &str) -> Result<(u32, u32), Fault> {
    let refused = |why: String| {
        let message = format!("Invalid size '{text}'. {why}");
        Err(Fault::about("size", message).code("invalid_value"))
    };
    if text == "auto" {
        return Ok((1024, 1024));
    }
    let edges = text.split_once('x');
    let edges = edges.and_then(|(w, h)| Some((w.parse::<u32>().ok()?, h.parse::<u32>().ok()?)));
    let Some((width, height)) = edges else {
        return refused("Expected 'auto' or WIDTHxHEIGHT.".to_owned());
    };
    let (short, long) = (width.min(height), width.max(height));
    let pixels = u64::from(width) * u64::from(height);
    if !(width.is_multiple_of(STEP) && height.is_multiple_of(STEP)) {
        return refused(format!("Width and height must be multiples of {STEP}."));
    }
    if long > LONGEST_EDGE {
        return refused(format!(
            "The longer edge must be at most {LONGEST_EDGE} pixels."
        ));
    }
    if u64::from(long) > u64::from(short) * 3 {
        return refused("The edges must not differ by more than 3:1.".to_owned());
    }
    if !(LEAST_PIXELS..=MOST_PIXELS).contains(&pixels) {
        return refused(format!(
            "The picture must have from {LEAST_PIXELS} to {MOST_PIXELS} pixels."
        ));
    }
    Ok((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_must_fit_the_rule() {
        let fits = [
            ("auto", true),
            ("1024x1024", true),
            ("3840x2160", true),
            ("1536x1024", true),
            ("1000x1000", false),
            ("512x512", false),
            ("3856x2160", false),
            ("3840x1024", false),
            ("2880x2896", false),
            ("big", false),
            ("0x0", false),
        ];
        for (text, fit) in fits {
            assert_eq!(size(text).is_ok(), fit, "{text}");
        }
    }
}
