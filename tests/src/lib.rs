//! Shared set-up of the tests across the seams.
