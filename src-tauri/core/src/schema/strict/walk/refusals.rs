//! Keywords that strict mode refuses wherever they stand, or beside a reference.

use serde_json::{Map, Value};

use super::{Walk, cut};
use crate::schema::fix::offer;
use crate::schema::keywords::{Refused, may_stand_beside_ref, refused};
use crate::schema::pointer::{self, Step};
use crate::schema::strict::problem::ProblemCode;
use crate::schema::strict::references;

impl<'a> Walk<'a> {
    pub(super) fn refusals(&mut self, node: &'a Map<String, Value>) {
        for (keyword, _) in node {
            let Some(who) = refused(keyword) else {
                continue;
            };
            let fix = offer::keyword(self.root, node, keyword);
            let place = [Step::Key(keyword.as_str())];
            self.tell(
                ProblemCode::KeywordUnsupported,
                &place,
                |words| format!("{words} uses {keyword}"),
                fix,
            );
            if let Some(problem) = self.problems.last_mut() {
                problem.reason = match who {
                    Refused::Listed => {
                        format!("OpenAI's guide lists {keyword} as not supported in strict mode.")
                    }
                    Refused::ByPackage => format!(
                        "OpenAI's own Node package throws on {keyword} before it sends anything."
                    ),
                    Refused::Reported => format!(
                        "OpenAI's list of supported keywords leaves {keyword} out, and a request with it was answered with 400 (report of 2025-12)."
                    ),
                };
            }
        }
        if let Some((keyword, Value::Array(_))) = node.get_key_value("items") {
            let fix = offer::tuple(node);
            self.tell(
                ProblemCode::TupleItems,
                &[Step::Key(keyword)],
                |place| format!("{place} has a schema for each place of the list"),
                fix,
            );
        }
    }

    pub(super) fn reference(&mut self, value: &'a Value, node: &'a Map<String, Value>) {
        let Some((keyword, Value::String(reference))) = node.get_key_value("$ref") else {
            return;
        };
        let at = pointer::text(&self.path);
        if !reference.starts_with('#') {
            self.tell(
                ProblemCode::RefRemote,
                &[Step::Key(keyword)],
                |place| format!("{place} refers to {} outside of the schema", cut(reference)),
                None,
            );
        } else if let Some(target) =
            pointer::target(self.root, reference).filter(|target| target.is_object())
        {
            self.references.push(references::Site {
                node: value,
                target,
                pointer: at,
                reference,
            });
        } else {
            self.tell(
                ProblemCode::RefMissing,
                &[Step::Key(keyword)],
                |place| format!("{place} refers to {}, which is not there", cut(reference)),
                None,
            );
        }
        for sibling in node.keys() {
            // What is refused anyway has its own problem.
            if may_stand_beside_ref(sibling) || refused(sibling).is_some() {
                continue;
            }
            let fix = offer::sibling(self.root, node, sibling);
            self.tell(
                ProblemCode::RefSibling,
                &[Step::Key(sibling)],
                |place| format!("{place} has {sibling} beside $ref"),
                Some(fix),
            );
        }
    }
}
