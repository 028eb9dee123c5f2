//! Background responses: they go on without a connection, so that one that is lost is no end (API.md 6.3).

use serde_json::Value;

use super::{ANSWER_LIMIT, Failed, Lane, LaneContext, StreamEnd, is_success, refusal};
use crate::error::{Error, ErrorCode};
use crate::openai::fault::{self, Charged, Lost};
use crate::openai::retry::{Cause, Decision, RetryHeaders};

/// The id of a response that is still at work.
pub(super) fn at_work(response: &Value) -> Option<String> {
    let status = response.get("status").and_then(Value::as_str)?;
    let id = response.get("id").and_then(Value::as_str)?;
    matches!(status, "queued" | "in_progress").then(|| id.to_owned())
}

impl Lane {
    fn is_background(&self) -> bool {
        self.body.get("background").and_then(Value::as_bool) == Some(true)
    }

    /// A stream was lost. That of a background response is taken up after its last event, without loss
    /// or repeat; any other is cut. Only tries in a row that bring nothing are counted.
    pub(super) async fn take_up_again(&self, context: &LaneContext, id: &str, fault: Error) {
        let host = context.target.host();
        let mut failed = Failed::of_reading(fault);
        let mut tries = 0;
        loop {
            let (response_id, after) = {
                let fold = self.state.fold();
                (fold.facts().response_id.clone(), fold.last_sequence())
            };
            let Some(response_id) = response_id.filter(|_| self.is_background()) else {
                return self.cut(failed.fault);
            };
            // Events without numbers can't be told from their repeats: the whole answer is waited for.
            let Some(after) = after else {
                return self.poll(context, id, &response_id).await;
            };
            tries += 1;
            let Some(waited_ms) = self.wait_again(context, tries, &failed).await else {
                return self.cut(left(failed.fault));
            };
            self.begin_attempt(context, id, Some(waited_ms), Some(after));
            let answer = context
                .transport
                .retrieve(&context.target, id, &response_id, Some(after))
                .await;
            failed = match answer {
                Err(lost) => Failed::of_lost(lost),
                Ok(answer) => {
                    self.answered(context, id, &answer.head);
                    match answer.head.status {
                        404 => return self.cut(fault::response_gone(&host)),
                        status if !is_success(status) => refusal(context, answer, &host).await,
                        _ if answer.is_stream() => {
                            match self.read_stream(context, id, answer, &host).await {
                                StreamEnd::Over => return,
                                StreamEnd::Lost(fault) => {
                                    if self.state.fold().last_sequence() > Some(after) {
                                        tries = 0;
                                    }
                                    Failed::of_reading(fault)
                                }
                            }
                        }
                        _ => match self.read_whole(context, id, answer, &host).await {
                            Ok(None) => return,
                            Ok(Some(_)) => return self.poll(context, id, &response_id).await,
                            Err(fault) => Failed::of_reading(fault),
                        },
                    }
                }
            };
            self.attempt_failed(context, id, &failed);
        }
    }

    /// Looks every 2 s how a background response stands, until it is over.
    pub(super) async fn poll(&self, context: &LaneContext, id: &str, response_id: &str) {
        let host = context.target.host();
        let mut tries = 0;
        loop {
            tokio::time::sleep(context.timeouts.poll).await;
            let answer = context
                .transport
                .retrieve(&context.target, id, response_id, None)
                .await;
            let failed = match answer {
                Err(lost) => Failed::of_lost(lost),
                Ok(answer) => match answer.head.status {
                    404 => return self.cut(fault::response_gone(&host)),
                    status if !is_success(status) => refusal(context, answer, &host).await,
                    _ => match self.read_whole(context, id, answer, &host).await {
                        Ok(None) => return,
                        Ok(Some(_)) => {
                            tries = 0;
                            continue;
                        }
                        Err(fault) => Failed::of_reading(fault),
                    },
                },
            };
            tries += 1;
            if self.wait_again(context, tries, &failed).await.is_none() {
                return self.cut(left(failed.fault));
            }
        }
    }

    /// Waits before try `tries`, as the policy says. None where there is no further one.
    async fn wait_again(&self, context: &LaneContext, tries: u32, failed: &Failed) -> Option<f64> {
        let tries_max = context.policy.max_retries;
        match self.decide(context, tries, failed) {
            Decision::Retry { after } => {
                Some(self.wait(context, after, tries, tries_max, true).await)
            }
            Decision::GiveUp(_) => None,
        }
    }

    /// Ends a background response that nobody waits for any more, so that it costs no more. The run's
    /// state already says that it is over.
    pub(super) async fn cancel_background(&self, context: &LaneContext, id: &str) {
        let response_id = {
            let fold = self.state.fold();
            if !self.is_background() || fold.is_terminal() {
                return;
            }
            fold.facts().response_id.clone()
        };
        let Some(response_id) = response_id else {
            return;
        };
        let answer = tokio::time::timeout(
            context.timeouts.cancel,
            self.ask_to_cancel(context, id, &response_id),
        )
        .await;
        let mut fold = self.state.fold();
        match answer.ok().flatten() {
            Some(response) => fold.cancelled(&response),
            None => fold.edit(|facts| {
                facts.oddities.push(
                    "The server did not confirm that it stopped: the response may go on, and be charged"
                        .into(),
                );
            }),
        }
    }

    /// What a response came to by the answer to its cancelling; None where it was not cancelled.
    async fn ask_to_cancel(
        &self,
        context: &LaneContext,
        id: &str,
        response_id: &str,
    ) -> Option<Value> {
        let answer = context
            .transport
            .cancel(&context.target, id, response_id)
            .await
            .ok()
            .filter(|answer| is_success(answer.head.status))?;
        let text = answer
            .text(ANSWER_LIMIT, context.timeouts.idle)
            .await
            .ok()?;
        serde_json::from_str(&text).ok()
    }
}

impl Failed {
    pub(super) fn of_lost(lost: Lost) -> Self {
        Self {
            fault: lost.error,
            cause: lost.cause,
            headers: RetryHeaders::default(),
            charged: if lost.reached {
                Charged::Maybe
            } else {
                Charged::No
            },
        }
    }

    /// An answer that was lost on the way, or is not this API's.
    fn of_reading(fault: Error) -> Self {
        let cause = match fault.code {
            ErrorCode::StreamIdle => Cause::Timeout,
            ErrorCode::NotTheApi => Cause::Certain,
            _ => Cause::Connection,
        };
        Self {
            fault,
            cause,
            headers: RetryHeaders::default(),
            charged: Charged::Maybe,
        }
    }
}

/// The words where a response is left to itself.
fn left(fault: Error) -> Error {
    fault.hint("The response may still be at work, and may be charged. What had arrived is kept.")
}
