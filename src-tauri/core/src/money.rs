//! Prices, bills and forecasts. Pure.

pub mod bill;
pub mod figures;
pub mod prices;
