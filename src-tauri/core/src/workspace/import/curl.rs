//! cURL commands, one or a script of them. What a command says is read where pasted ones are.

use super::call::{Item, KEY_WHY};
use super::names;
use super::placeholders::Syntax;
use super::{Files, Imported};
use crate::error::Result;
use crate::request_code::paste_script;

pub(super) fn read(name: &str, text: &str, files: &mut Files, out: &mut Imported) -> Result<()> {
    let beside = |path: &str| files.body_beside(name, path);
    for (number, pasted) in paste_script(text, beside)?.into_iter().enumerate() {
        let place = format!("{name}, command {}", number + 1);
        let pasted = match pasted {
            Ok(pasted) => pasted,
            Err(error) => {
                out.leave(place, "The command", error.message);
                continue;
            }
        };
        for left in pasted.left_out {
            let why = if left.what.starts_with("The key") {
                KEY_WHY.to_owned()
            } else {
                left.why
            };
            out.leave(place.clone(), left.what, why);
        }
        if let Some(base_url) = pasted.base_url {
            let host = base_url
                .split_once("://")
                .map_or(base_url.as_str(), |(_, rest)| rest);
            out.leave(
                place.clone(),
                format!("The address {}", names::shortened(host)),
                "A request goes where the connection says.",
            );
        }
        Item {
            place,
            folder: String::new(),
            name: "",
            endpoint: pasted.endpoint,
            body: pasted.body,
            syntax: Syntax::Braces,
            checks: Vec::new(),
        }
        .push(out);
    }
    Ok(())
}
