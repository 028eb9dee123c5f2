//! The rules in force, and how often each one applied.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::asked::Asked;
use crate::rule::{Action, Rule};
use crate::seed::Seed;

/// One rule and what came of it so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "MockRuleState")]
pub struct RuleState {
    pub rule: Rule,
    /// Requests that it matched while it could still apply.
    pub matched: u64,
    pub applied: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<RuleState>);

impl Rules {
    /// Counting starts at 0.
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        let fresh = |rule| RuleState {
            rule,
            matched: 0,
            applied: 0,
        };
        Rules(rules.into_iter().map(fresh).collect())
    }

    pub(crate) fn all(&self) -> Vec<RuleState> {
        self.0.clone()
    }

    /// The first rule that applies to a request.
    pub(crate) fn take(&mut self, asked: &Asked) -> Option<(String, Action)> {
        self.0.iter_mut().find_map(|state| state.take(asked))
    }

    /// A rule that a request is pinned to, whatever it matches.
    pub(crate) fn pinned(&mut self, id: &str) -> Option<(String, Action)> {
        let state = self.0.iter_mut().find(|state| state.rule.id == id)?;
        state.applied += 1;
        Some((state.rule.id.clone(), state.rule.action.clone()))
    }
}

impl RuleState {
    /// It decides on the next such request, whatever came before.
    pub(crate) fn is_sure(&self, asked: &Asked) -> bool {
        let rule = &self.rule;
        let spent = rule.times.is_some_and(|times| self.applied >= times);
        let by_chance = rule.matches.rate.is_some_and(|rate| rate < 1.0);
        let by_count = rule.matches.every.is_some_and(|every| every > 1);
        rule.enabled && !spent && !by_chance && !by_count && rule.matches.fits(asked)
    }

    fn take(&mut self, asked: &Asked) -> Option<(String, Action)> {
        let rule = &self.rule;
        let spent = rule.times.is_some_and(|times| self.applied >= times);
        if !rule.enabled || spent || !rule.matches.fits(asked) {
            return None;
        }
        self.matched += 1;
        let (rate, every) = (rule.matches.rate, rule.matches.every);
        let drawn = rate.is_none_or(|rate| {
            let seed = Seed::of(&serde_json::Value::from(rule.id.as_str()), self.matched);
            seed.dice("rate").share() < rate
        });
        if !drawn || every.is_some_and(|every| !self.matched.is_multiple_of(every)) {
            return None;
        }
        self.applied += 1;
        Some((rule.id.clone(), rule.action.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn asked(body: Value) -> Asked {
        Asked::new("POST", "/v1/responses?a=b", body, Some("medium"))
    }

    fn applied(rules: &str, body: Value, requests: usize) -> Vec<Option<String>> {
        let mut rules = Rules::new(Rule::read_all(rules).unwrap());
        let asked = asked(body);
        (0..requests)
            .map(|_| rules.take(&asked).map(|(id, _)| id))
            .collect()
    }

    #[test]
    fn the_first_that_applies_decides_and_falls_through_when_spent() {
        let rules = "\
- {id: off, enabled: false, action: {pin: x}}
- {id: twice, times: 2, action: {pin: x}}
- {id: third, matches: {every: 3}, action: {pin: x}}
";
        let got = applied(rules, json!({"model": "m"}), 8);
        let names: Vec<&str> = got.iter().map(|id| id.as_deref().unwrap_or("-")).collect();
        assert_eq!(
            names,
            ["twice", "twice", "-", "-", "third", "-", "-", "third"]
        );
    }

    #[test]
    fn every_part_of_a_match_counts() {
        let body =
            json!({"model": "gpt-5.5", "input": "an invoice", "reasoning": {"effort": "high"}});
        let cases = [
            ("{}", true),
            ("{path: /v1/responses}", true),
            ("{path: /v1/models}", false),
            ("{model: gpt-5*}", true),
            ("{model: gpt-6*}", false),
            ("{effort: high}", true),
            ("{effort: medium}", false),
            ("{body_contains: invoice}", true),
            ("{body_contains: receipt}", false),
            ("{key: nothing}", false),
            ("{rate: 1}", true),
            ("{rate: 0}", false),
        ];
        for (matches, fits) in cases {
            let rule = format!("- {{id: a, matches: {matches}, action: {{pin: x}}}}");
            assert_eq!(
                applied(&rule, body.clone(), 1)[0].is_some(),
                fits,
                "{matches}"
            );
        }
        let plain = applied(
            "- {id: a, matches: {effort: medium}, action: {pin: x}}",
            json!({"model": "m"}),
            1,
        );
        assert_eq!(
            plain,
            [Some("a".to_owned())],
            "the model's default counts as well"
        );
    }

    #[test]
    fn a_share_is_drawn_alike_every_time() {
        let rule = "- {id: a, matches: {rate: 0.3}, action: {pin: x}}";
        let first = applied(rule, json!({}), 1_000);
        assert_eq!(first, applied(rule, json!({}), 1_000));
        let hit = first.iter().flatten().count();
        assert!((250..350).contains(&hit), "{hit} of 1000 at 0.3");
    }
}
