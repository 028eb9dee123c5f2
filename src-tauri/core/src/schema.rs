//! Schemas of structured output: what strict mode takes, how to mend one, and what it says in other languages.

pub mod fix;
mod keywords;
mod pointer;
pub mod strict;

pub use strict::problem::{Counts, Fix, Problem, ProblemCode, Used};
