//! Prices, bills and forecasts. Pure.

pub mod bill;
