//! The written replies against the checks of the sample requests.
