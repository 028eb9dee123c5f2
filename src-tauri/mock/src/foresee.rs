//! What would answer a request now, without asking: nothing is counted, logged or sent.

use axum::http::Method;
use bytes::Bytes;
use serde_json::Value;

use crate::asked::Asked;
use crate::ladder::{Pinned, Rung};
use crate::routes::House;

/// What would answer a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Foreseen {
    /// None where nothing would.
    pub rung: Option<Rung>,
    /// The rule that would decide; one that hangs on chance or on a count is not foreseen.
    pub rule: Option<String>,
}

/// For a request of the program that runs the stand-in, which is never forwarded.
pub(crate) async fn foresee(house: &House, method: &str, path: &str, body: &Value) -> Foreseen {
    let method = method.parse().unwrap_or(Method::POST);
    let bytes = Bytes::from(body.to_string());
    let asked = Asked::of(method, path, bytes, body.clone(), &house.knowledge);
    let ladder = house.controls.ladder();
    let pinned = ladder.pinned_for(&asked.key).cloned();
    if let Some(rule) = house.controls.foreseen_rule(&asked, pinned.as_ref()) {
        return Foreseen {
            rung: Some(Rung::Rule),
            rule: Some(rule),
        };
    }
    let rungs = match pinned {
        Some(Pinned::LiveLast) => vec![Rung::LiveLast],
        Some(Pinned::Sequence) => vec![Rung::Sequence],
        Some(Pinned::Composed) => vec![Rung::Composed],
        Some(Pinned::Upstream) => Vec::new(),
        Some(Pinned::Rule(_)) | None => ladder.rungs.clone(),
    };
    for rung in rungs {
        let any_effort = ladder.any_effort;
        let key = asked.key.clone();
        let has = match rung {
            Rung::Composed => true,
            Rung::Rule | Rung::Upstream => false,
            Rung::Sequence => {
                let look = move |all: &mut crate::recordings::Recordings| {
                    all.has(&key, any_effort).then_some(())
                };
                house.controls.recorded(look).await.is_some()
            }
            Rung::LiveLast => {
                let looked = asked.key.clone();
                let look = move |all: &mut crate::recordings::Recordings| {
                    all.last_live(&looked, any_effort)
                };
                let in_files = house.controls.recorded(look).await.is_some();
                in_files || house.controls.kept(&key, any_effort).await.is_some()
            }
        };
        if has {
            return Foreseen {
                rung: Some(rung),
                rule: None,
            };
        }
    }
    Foreseen::default()
}
