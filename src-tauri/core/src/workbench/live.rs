//! Where Live goes and under which rules: those of the environment in use, or the base URL that was typed in.

use std::sync::PoisonError;

use url::Url;

use super::{Chosen, OPENAI, Workbench};
use crate::auth::{Found, KeyPlace};
use crate::error::{Error, ErrorCode, Result};
use crate::money::budget::Allowance;
use crate::openai::retry::Policy;
use crate::openai::transport::{self, Target};
use crate::run::facts::RunEnvironment;
use crate::workspace::environment_file::EnvironmentFile;

/// Where a live request would go now.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    pub environment: Option<EnvironmentFile>,
    pub base_url: Url,
}

impl Live {
    /// As an environment says it.
    ///
    /// # Errors
    /// `FileInvalid` where its base URL can't be one; `path` names its file.
    pub fn in_environment(path: &str, file: EnvironmentFile) -> Result<Self> {
        let base_url =
            Target::base_url(file.base_url.as_deref().unwrap_or(OPENAI)).map_err(|error| {
                Error {
                    code: ErrorCode::FileInvalid,
                    place: Some(path.to_owned()),
                    ..error
                }
            })?;
        Ok(Self {
            environment: Some(file),
            base_url,
        })
    }

    /// What its key is looked up by.
    pub fn key_place(&self) -> KeyPlace {
        let host = self.base_url.host_str().unwrap_or_default();
        let of_openai = host == "api.openai.com" || host.ends_with(".api.openai.com");
        match &self.environment {
            Some(environment) => KeyPlace {
                account: environment.id.clone(),
                reference: environment.key.clone(),
                in_environment: true,
                takes_usual: of_openai || transport::is_loopback(&self.base_url),
            },
            // By its host, so that a key kept for one address is never sent to another.
            None => KeyPlace {
                account: transport::host(&self.base_url),
                reference: None,
                in_environment: false,
                takes_usual: true,
            },
        }
    }

    /// The address, with a key or without one.
    pub fn target(&self, key: Option<&Found>) -> Target {
        let of_environment = |field: fn(&EnvironmentFile) -> &Option<String>| {
            self.environment
                .as_ref()
                .and_then(|file| field(file).clone())
        };
        Target {
            base_url: self.base_url.clone(),
            key: key.map(|found| found.key.clone()),
            organization: of_environment(|file| &file.organization),
            project: of_environment(|file| &file.project),
            own: None,
        }
    }

    /// The retries of the environment, and all else as usual.
    pub fn policy(&self, usual: Policy) -> Policy {
        let retries = self.environment.as_ref().and_then(|file| file.retries);
        Policy {
            max_retries: retries.unwrap_or(usual.max_retries),
            ..usual
        }
    }

    /// What may be spent in the environment, beside the limits that hold everywhere.
    pub fn allowance(&self) -> Option<Allowance> {
        self.environment.as_ref().map(|file| Allowance {
            id: file.id.clone(),
            name: file.name.clone(),
            limits: file.limits.in_nanos(),
        })
    }

    /// As it stands on a run's record.
    pub fn on_record(&self) -> Option<RunEnvironment> {
        self.environment.as_ref().map(|file| RunEnvironment {
            id: file.id.clone(),
            name: file.name.clone(),
        })
    }
}

impl Workbench {
    /// Where Live goes now. The environment's file is read each time: an edit outside shows at once.
    ///
    /// # Errors
    /// `FileInvalid`, `FileUnreadable` where the environment's file can't be used; `BadInput` where it is gone.
    pub fn live(&self) -> Result<Live> {
        let route = self.route();
        match &route.environment {
            Some(chosen) => self.live_chosen(chosen),
            None => Ok(Live {
                environment: None,
                base_url: route.live_base_url,
            }),
        }
    }

    fn live_chosen(&self, chosen: &Chosen) -> Result<Live> {
        let all = self.workspace.environments();
        let has_id = |file: &EnvironmentFile| file.id == chosen.id;
        let found = all.iter().find(|it| it.file.as_ref().is_ok_and(has_id));
        // Where it can't be read by its id, the file that it had may say why.
        let found = found.or_else(|| {
            all.iter()
                .find(|it| it.path == chosen.path && it.file.is_err())
        });
        match found {
            Some(read) => Live::in_environment(&read.path, read.file.clone()?),
            None => Err(Error::new(
                ErrorCode::BadInput,
                format!(
                    "The environment {} is gone: {} is not there any more.",
                    chosen.name, chosen.path
                ),
            )
            .place("environment")
            .hint("Choose another one, or put its file back.")),
        }
    }

    /// Where Live goes in an environment, by its id or its name.
    ///
    /// # Errors
    /// As [`Self::live`].
    pub fn live_in(&self, environment: &str) -> Result<Live> {
        let (read, file) = self.workspace.environment(environment)?;
        Live::in_environment(&read.path, file)
    }

    /// Where Live goes in the environment of this id or name, or in the one in use.
    ///
    /// # Errors
    /// As [`Self::live`].
    pub fn live_named(&self, environment: Option<&str>) -> Result<Live> {
        environment.map_or_else(|| self.live(), |environment| self.live_in(environment))
    }

    /// The key for `live`, with where it comes from.
    ///
    /// # Errors
    /// As [`crate::auth::Keys::find`]; `KeyMissing` where there is none and it goes to another computer.
    pub async fn key_for(&self, live: &Live) -> Result<Option<Found>> {
        let found = self.keys.find(&live.key_place()).await?;
        if found.is_none() && !transport::is_loopback(&live.base_url) {
            return Err(match &live.environment {
                Some(environment) => Error::new(
                    ErrorCode::KeyMissing,
                    format!("{} has no API key.", environment.name),
                )
                .hint("Type one in under Connection, or name where it is in the environment's file. OPENAI_API_KEY is used for OpenAI's own address only."),
                None => Error::new(ErrorCode::KeyMissing, "Live needs an API key, and there is none.")
                    .hint("Type one in under Connection, set OPENAI_API_KEY before the start, or use sample replies."),
            });
        }
        Ok(found)
    }

    /// Lets live calls go out in the production environment in use, for this session.
    ///
    /// # Errors
    /// As [`Self::live`].
    pub fn confirm_production(&self) -> Result<()> {
        if let Some(confirmed) = production(&self.live()?) {
            self.confirmed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(confirmed);
        }
        Ok(())
    }

    /// Whether a live call may go out: no production environment, or one that was confirmed.
    pub fn is_confirmed(&self, live: &Live) -> bool {
        production(live).is_none_or(|asked| {
            let confirmed = self
                .confirmed
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            confirmed.contains(&asked)
        })
    }

    /// # Errors
    /// `ConfirmProduction` where it was not confirmed in this session.
    pub fn check_confirmed(&self, live: &Live) -> Result<()> {
        if self.is_confirmed(live) {
            return Ok(());
        }
        let name = live.environment.as_ref().map_or("", |file| &file.name);
        Err(Error::new(
            ErrorCode::ConfirmProduction,
            format!("{name} is production, and this is the first live call of the session."),
        )
        .place("environment")
        .hint(format!(
            "It goes to {}. Confirm it once, and the rest of the session goes through.",
            live.base_url
        )))
    }
}

/// What is confirmed: this environment at this address. Another address is asked about anew.
fn production(live: &Live) -> Option<(String, String)> {
    let environment = live.environment.as_ref().filter(|file| file.production)?;
    Some((environment.id.clone(), live.base_url.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::environment_file::parse;
    use std::path::Path;

    fn live(text: &str) -> Live {
        let text = format!("id: one\nname: Staging\n{text}");
        let file = parse(Path::new("staging.yaml"), &text).unwrap();
        Live::in_environment("environments/staging.yaml", file).unwrap()
    }

    #[test]
    fn the_usual_key_goes_to_openai_and_to_this_computer_only() {
        let goes = |text: &str| live(text).key_place().takes_usual;
        assert!(goes(""));
        assert!(goes("base_url: https://eu.api.openai.com/v1"));
        assert!(goes("base_url: http://127.0.0.1:4010/v1"));
        for elsewhere in [
            "https://gateway.example/v1",
            "https://api.openai.com.example/v1",
            "https://xapi.openai.com/v1",
        ] {
            assert!(!goes(&format!("base_url: {elsewhere}")), "{elsewhere}");
        }
    }

    #[test]
    fn a_base_url_that_is_none_names_the_file() {
        let file = parse(
            Path::new("a.yaml"),
            "id: one\nname: A\nbase_url: http://gateway.example/v1",
        )
        .unwrap();
        let error = Live::in_environment("environments/a.yaml", file).unwrap_err();
        assert_eq!(
            (error.code, error.place.as_deref()),
            (ErrorCode::FileInvalid, Some("environments/a.yaml"))
        );
    }

    #[test]
    fn retries_and_limits_are_the_environments() {
        let live = live("retries: 0\nlimits: {per_run: 2}");
        assert_eq!(live.policy(Policy::default()).attempts_max(), 1);
        assert_eq!(
            live.allowance().unwrap().limits.per_run,
            Some(2_000_000_000)
        );
    }
}
