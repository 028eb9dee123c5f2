//! Schemas of structured output: what strict mode takes, how to mend one, and what it says in other languages.

mod circles;
pub mod fix;
pub mod infer;
mod keywords;
pub mod partial;
mod pointer;
pub mod print;
pub mod strict;
pub mod validate;

pub use strict::problem::{Counts, Fix, Problem, ProblemCode, Used};
