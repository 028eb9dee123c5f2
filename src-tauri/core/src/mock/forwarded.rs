//! An answer that passed through the stand-in on its way from the live API, put into the history like any run.

use std::time::Duration;

use rheostat_mock::{Forwarded, Recording, Source};
use serde_json::{Map, Value};
use url::Url;

use crate::history::{History, NewRun, words_of};
use crate::ids;
use crate::money::prices::PriceBook;
use crate::openai::fault::{self, Charged};
use crate::openai::transport;
use crate::run::bill;
use crate::run::facts::{Attempt, RunEnvironment, RunFacts, RunSource, SampleKind};
use crate::run::fold::Fold;
use crate::run::{lane, replay};

/// What the history calls the request of another program.
const NAME: &str = "Recorded through the mock";

/// Writes the run; None for what is no answer of a model, such as a list of files.
pub fn keep(
    history: &History,
    book: &PriceBook,
    passed: Forwarded<'_>,
    environment: Option<RunEnvironment>,
) -> Option<RunFacts> {
    let recording = passed.recording;
    let request = &recording.head.request;
    let endpoint = super::endpoint(&request.path).filter(|_| request.method == "POST")?;
    let body = request.body.as_object()?;
    let sent_at = i64::try_from(recording.head.recorded_at).ok()?;
    let host = host(passed.base_url);
    let mut fold = Fold::new(before(recording, body, sent_at));
    fold.sent(sent_at);
    let first_ms = recording.lines.first().map_or(0, |(ms, _)| *ms);
    fold.connected(as_ms(first_ms));
    fold_answer(&mut fold, recording, &host);
    let region = book.region(passed.base_url);
    let billed = bill::of_run(book, fold.facts(), sent_at, region);
    fold.edit(|facts| {
        facts.environment = environment;
        charge(facts, billed);
    });
    let facts = fold.facts().clone();

    let recorder = history.recorder();
    recorder.begin_run(NewRun {
        facts: facts.clone(),
        request_name: Some(NAME.to_owned()),
        lane: None,
        source: RunSource::StandIn,
        endpoint: endpoint.path().to_owned(),
        host,
        body: Value::Object(body.clone()).to_string().into(),
    });
    if let Some(attempt) = facts.attempts.first() {
        recorder.attempt(&facts.id, attempt);
    }
    for (index, (ms, raw)) in recording.lines.iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        recorder.event(&facts.id, index, Duration::from_millis(*ms), raw.as_str());
    }
    let words = words_of(Some(NAME), &facts.model, body, &replay::answer(&fold));
    recorder.words(&facts.id, words);
    recorder.finish_run(facts.clone());
    Some(facts)
}

fn before(recording: &Recording, body: &Map<String, Value>, sent_at: i64) -> RunFacts {
    let header = |name: &str| recording.head.response.headers.get(name).cloned();
    let mut facts = lane::facts_before(ids::new(), "", body, 1);
    facts.request_id = None;
    facts.sample = (recording.head.source == Source::Sample).then_some(SampleKind::Composed);
    facts.attempts.push(Attempt {
        number: 1,
        started_at: sent_at,
        http_status: Some(recording.head.response.status),
        request_id: header("x-request-id"),
        answered_ms: recording.lines.first().map(|(ms, _)| as_ms(*ms)),
        ..Attempt::default()
    });
    facts
}

fn fold_answer(fold: &mut Fold, recording: &Recording, host: &str) {
    for (ms, raw) in &recording.lines {
        fold.event(as_ms(*ms), raw);
    }
    let end = as_ms(recording.total_ms());
    fold.chat_over(end);
    if !recording.streamed() {
        fold.without_phases(end);
    }
    if !fold.is_terminal() {
        fold.cut(end, fault::no_terminal_event(fold.facts().events, host));
    }
}

fn charge(facts: &mut RunFacts, billed: Option<crate::money::bill::Bill>) {
    let cost = billed.as_ref().and_then(|bill| bill.total);
    facts.charged = match (facts.sample, &facts.usage) {
        (Some(_), _) => Charged::No,
        (None, Some(_)) => Charged::Yes,
        (None, None) => Charged::Maybe,
    };
    facts.bill = billed;
    let charged = facts.charged;
    for attempt in &mut facts.attempts {
        attempt.charged = charged;
        attempt.cost = cost.filter(|_| charged == Charged::Yes);
    }
}

/// The host of the upstream, as history names hosts.
fn host(base_url: &str) -> String {
    Url::parse(base_url).map_or_else(|_| base_url.to_owned(), |url| transport::host(&url))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of an answer are far below 2^52"
)]
fn as_ms(ms: u64) -> f64 {
    ms as f64
}
