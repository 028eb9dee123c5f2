//! What `max_output_tokens` leaves of a reply. Reasoning counts first, so nothing visible may be left (API.md 2.4).

use crate::reply::{Ending, Part, Reply};

pub(crate) fn cut(reply: Reply, max_output_tokens: Option<u64>) -> Reply {
    let Some(limit) = max_output_tokens else {
        return reply;
    };
    let visible = reply.visible_tokens();
    if reply.reasoning_tokens + visible <= limit {
        return reply;
    }
    let mut cut = reply;
    cut.ending = Ending::OutOfTokens;
    if cut.reasoning_tokens >= limit {
        let share = limit as f64 / cut.reasoning_tokens as f64;
        let summaries = (cut.summary.len() as f64 * share) as usize;
        cut.summary.truncate(summaries);
        cut.reasoning_tokens = limit;
        cut.parts.clear();
        cut.pace.reasoning *= share;
        cut.pace.writing = 0.0;
        return cut;
    }
    let mut left = limit - cut.reasoning_tokens;
    cut.pace.writing *= left as f64 / visible as f64;
    let mut kept = Vec::new();
    for part in cut.parts {
        if left == 0 {
            break;
        }
        let cost = part.tokens();
        kept.push(if cost <= left {
            part
        } else {
            shortened(part, left)
        });
        left = left.saturating_sub(cost);
    }
    cut.parts = kept;
    cut
}

fn shortened(part: Part, tokens: u64) -> Part {
    let start = |text: &str| text.chars().take(tokens as usize * 4).collect::<String>();
    match part {
        Part::Text(text) => Part::Text(start(&text)),
        Part::Call { name, arguments } => Part::Call {
            name,
            arguments: start(&arguments),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headers::Sample;
    use crate::reply::Pace;

    fn reply(
        reasoning_tokens: u64,
        text: &str,
        ending: Ending,
        writing: f64,
        reasoning: f64,
    ) -> Reply {
        Reply {
            sample: Sample::Composed,
            summary: Vec::new(),
            reasoning_tokens,
            parts: if text.is_empty() {
                Vec::new()
            } else {
                vec![Part::Text(text.to_owned())]
            },
            pace: Pace {
                first_byte: 0.5,
                reasoning,
                writing,
            },
            ending,
        }
    }

    #[test]
    fn reasoning_takes_its_tokens_first() {
        let whole = reply(100, "abcdefgh", Ending::Completed, 1.0, 2.0);
        assert_eq!(cut(whole.clone(), None), whole, "no limit leaves all");
        assert_eq!(
            cut(whole.clone(), Some(102)),
            whole,
            "an exact fit is whole"
        );
        let half = reply(100, "abcd", Ending::OutOfTokens, 0.5, 2.0);
        assert_eq!(
            cut(whole.clone(), Some(101)),
            half,
            "one token of text is left"
        );
        let silent = reply(50, "", Ending::OutOfTokens, 0.0, 1.0);
        assert_eq!(cut(whole, Some(50)), silent, "reasoning alone used it up");
    }
}
