//! A secret from a program: run without a shell, for a limited time, its first line taken.

use std::process::Stdio;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::error::{Error, ErrorCode, Result};
use crate::secret_ref::SecretRef;

/// A password manager may ask for a finger first.
pub const TIME: Duration = Duration::from_secs(30);

/// More than any secret is long.
const LONGEST: u64 = 64 * 1024;

/// Runs a program and takes the first line that it prints. What else it says is shown to nobody: it may be secret.
/// `hidden` names variables that it must not see.
///
/// # Errors
/// `SecretUnreadable`, naming the reference and never the output.
pub async fn read(words: &[String], hidden: &[&str], time: Duration) -> Result<SecretString> {
    let name = SecretRef::Command(words.to_vec()).to_string();
    let failed = |why: String| {
        Error::new(
            ErrorCode::SecretUnreadable,
            format!("{name} gave no secret: {why}."),
        )
        .place(name.clone())
        .hint("Run the command in a terminal to see what it says. It is run without a shell.")
    };
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| failed("it names no program".into()))?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    for variable in hidden {
        command.env_remove(variable);
    }
    let mut child = command
        .spawn()
        .map_err(|error| failed(format!("{program} could not be started: {error}")))?;
    let mut output = Vec::new();
    let work = async {
        if let Some(stdout) = child.stdout.take() {
            stdout.take(LONGEST).read_to_end(&mut output).await?;
        }
        child.wait().await
    };
    let status = tokio::time::timeout(time, work)
        .await
        .map_err(|_| failed(format!("it took longer than {time:?}")))?
        .map_err(|error| failed(format!("it was lost: {error}")))?;
    if !status.success() {
        return Err(failed(format!("it ended with {status}")));
    }
    let text =
        String::from_utf8(output).map_err(|_| failed("what it printed is no text".into()))?;
    match text.lines().map(str::trim).next() {
        Some(line) if !line.is_empty() => Ok(SecretString::from(line)),
        _ => Err(failed("it printed nothing".into())),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    async fn run(words: &[&str]) -> Result<String> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let secret = read(&words, &["PATH_TO_HIDE"], Duration::from_millis(500)).await?;
        Ok(secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn the_first_line_is_taken_and_no_shell_sees_the_words() {
        assert_eq!(run(&["printf", " one \\ntwo\\n"]).await.unwrap(), "one");
        assert_eq!(
            run(&["echo", "$HOME; echo two"]).await.unwrap(),
            "$HOME; echo two"
        );
    }

    #[tokio::test]
    async fn a_failure_names_the_reference_and_not_the_output() {
        let cases: [(&[&str], &str); 5] = [
            (&["no-such-program-here"], "could not be started"),
            (
                &["sh", "-c", "printf s%s ecret; printf s%s ecret >&2; exit 3"],
                "exit status: 3",
            ),
            (&["sleep", "30"], "longer than 500ms"),
            (&["printf", ""], "printed nothing"),
            (&["printf", "\\377"], "no text"),
        ];
        for (words, cause) in cases {
            let error = run(words).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::SecretUnreadable);
            assert!(
                error.message.starts_with(&format!("command:{}", words[0])),
                "{error}"
            );
            assert!(error.message.contains(cause), "{error}");
            assert!(!format!("{error:?}").contains("secret\""), "{error:?}");
            assert!(!format!("{error:?}").contains("secret "), "{error:?}");
        }
    }
}
