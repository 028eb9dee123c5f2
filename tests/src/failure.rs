//! Why a test could not go on, in words.

/// Carries what was tried or waited for. Made from any error, so that `?` works everywhere.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// Puts what was tried in front.
    pub fn during(self, tried: &str) -> Self {
        Self(format!("{tried}: {}", self.0))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        // The outer words alone ("error sending request") rarely say what happened.
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            words += &format!(": {error}");
            cause = error.source();
        }
        Self(words)
    }
}

pub type Result<T> = std::result::Result<T, Failure>;
