//! What is known of the world outside a repository: tables with a source and a date, and nothing else.

mod charts;
pub mod eso;
pub mod flux;
pub mod kubernetes;
mod table;
mod values;

pub use charts::{ChartFacts, Confidence, Facts};
