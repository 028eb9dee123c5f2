//! Counts what passed, failed and was skipped, and why, down to one closing line.

use std::process::ExitCode;

use crate::fault::Fault;

/// The count of one step.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Count {
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// All steps so far.
#[derive(Default)]
pub struct Report {
    steps: Vec<(String, Count)>,
    reasons: Vec<String>,
}

impl Report {
    /// A step that either holds or does not.
    pub fn check(&mut self, name: &str, outcome: Result<(), Fault>) {
        match outcome {
            Ok(()) => self.count(
                name,
                Count {
                    passed: 1,
                    ..Count::default()
                },
            ),
            Err(fault) => {
                self.count(
                    name,
                    Count {
                        failed: 1,
                        ..Count::default()
                    },
                );
                self.because(format!("failed: {name}: {fault}"));
            }
        }
    }

    /// A step that counts for itself.
    pub fn count(&mut self, name: &str, count: Count) {
        self.steps.push((name.to_owned(), count));
    }

    /// Why something failed or was skipped.
    pub fn because(&mut self, reason: String) {
        self.reasons.push(reason);
    }

    /// Prints the steps, the reasons, and the closing line, which stands alone and last.
    pub fn close(&self) -> ExitCode {
        let mut total = Count::default();
        let width = self
            .steps
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        println!();
        for (name, count) in &self.steps {
            total.add(*count);
            println!(
                "{name:<width$}  {:>5} passed {:>3} failed {:>3} skipped",
                count.passed, count.failed, count.skipped
            );
        }
        for reason in &self.reasons {
            println!("{reason}");
        }
        println!();
        println!(
            "{} passed, {} failed, {} skipped",
            total.passed, total.failed, total.skipped
        );
        if total.failed == 0 && total.passed > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
