//! Requests for Chat Completions in the words of Responses, where that is asked for.

use super::{Imported, ImportedContent, LeftOut};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::translate::translate;

/// Translates every request for Chat Completions. What does not carry over, or says something slightly different, is
/// named.
///
/// # Errors
/// `Internal` where the embedded table is broken, which the tests rule out.
pub fn to_responses(imported: &mut Imported) -> Result<()> {
    let table = ParameterTable::builtin()?;
    for item in &mut imported.items {
        let ImportedContent::Request { request } = &mut item.content else {
            continue;
        };
        if request.endpoint != Endpoint::ChatCompletions {
            continue;
        }
        let translation = translate(&request.body, Endpoint::ChatCompletions, table);
        request.body = translation.body;
        request.endpoint = Endpoint::Responses;
        for remark in translation.lost.into_iter().chain(translation.changed) {
            imported.left_out.push(LeftOut {
                place: item.place.clone(),
                what: format!("{} of Chat Completions", remark.pointer),
                why: remark.message,
            });
        }
    }
    Ok(())
}
