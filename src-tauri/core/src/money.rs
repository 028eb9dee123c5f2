//! Prices, bills and forecasts. Pure.

pub mod bill;
pub mod budget;
pub mod dollars;
pub mod figures;
pub mod forecast;
pub mod limits;
pub mod prices;
