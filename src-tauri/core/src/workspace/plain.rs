//! What is wrong with a file, in plain words: the readers of YAML and JSON speak to who programs with them.

/// The first line of a reader's message, without what only a programmer can use.
pub fn words(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line.trim_start_matches("error: ");
    // "duplicate mapping key: model, set DuplicateKeyPolicy in Options if acceptable"
    let line = line.split(", set ").next().unwrap_or(line);
    line.replace("duplicate mapping key:", "the same name stands twice:")
        .replace("recursion limit exceeded", "it is nested too deeply")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::workspace::request_file;
    use std::path::Path;

    #[test]
    fn what_readers_say_is_told_to_people() {
        let told = |text: &str| {
            let error = request_file::parse(Path::new("a.yaml"), text).unwrap_err();
            assert_eq!(error.code, ErrorCode::FileInvalid);
            error.message
        };
        let twice = told("id: a\nname: b\nbody:\n  model: x\n  model: y\n");
        assert!(
            twice.ends_with("the same name stands twice: model"),
            "{twice}"
        );
        let nested = ["[".repeat(5_000), "]".repeat(5_000)].concat();
        let deep = format!("id: a\nname: b\nbody:\n  input: {nested}\n");
        let deep = told(&deep);
        assert!(deep.contains("nested too deeply"), "{deep}");
        assert_eq!(words("error: plain\nmore"), "plain");
    }
}
