//! A script of cURL commands, read one by one.

use super::{HINT, Options, Pasted, Token, bad, command, json_text, read, split};
use crate::error::Result;

/// Reads every cURL command of a text. Other commands are passed over. `files` gives the text of a file that a command
/// names with `@`, where it is at hand.
///
/// # Errors
/// `BadInput` where the text is too large, its quotes are broken, or it holds no such command. What is wrong with one
/// command stands in its place in the list.
pub fn paste_script(
    text: &str,
    mut files: impl FnMut(&str) -> Option<String>,
) -> Result<Vec<Result<Pasted>>> {
    if text.len() > json_text::SIZE_LIMIT {
        return Err(bad("The script is larger than 16 MB.").hint("Split it."));
    }
    let tokens = split(text.trim_start_matches('\u{feff}'))
        .map_err(|why| bad(format!("The commands can't be read: {why}.")))?;
    let commands: Vec<Result<Pasted>> = tokens
        .split(|token| *token == Token::End)
        .filter_map(command)
        .map(|(arguments, input)| read(Options::of(&arguments, input, Some(&mut files))?))
        .collect();
    if commands.is_empty() {
        return Err(bad("It holds no cURL command.").hint(HINT));
    }
    Ok(commands)
}
