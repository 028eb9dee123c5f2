//! The way out: a proxy and an authority of one's own, as a company network asks for them.

use std::path::{Path, PathBuf};

use reqwest::{Certificate, Proxy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::error::{Error, ErrorCode, Result};

/// Names the proxy, as `http://host:port`, instead of the system's.
pub const PROXY_VARIABLE: &str = "RHEOSTAT_PROXY";
/// Names a PEM file of authorities to trust beside the system's.
pub const CA_FILE_VARIABLE: &str = "RHEOSTAT_CA_FILE";

/// The settings of the way out, as the caller read them from the environment.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// `RHEOSTAT_PROXY`. May hold a name and a password: it is never shown whole.
    pub proxy: Option<SecretString>,
    /// `RHEOSTAT_CA_FILE`.
    pub ca_file: Option<PathBuf>,
}

impl Network {
    /// The proxy's address, if one is set. What goes to this computer never passes it.
    ///
    /// # Errors
    /// `BadInput` where it is no http(s) URL with a host; the text itself is not repeated.
    pub fn proxy_url(&self) -> Result<Option<Url>> {
        let Some(text) = self.proxy.as_ref().map(|text| text.expose_secret().trim()) else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(None);
        }
        Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .map(Some)
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::BadInput,
                    format!("{PROXY_VARIABLE} is no address of an HTTP proxy."),
                )
                .place(PROXY_VARIABLE)
                .hint("Give it as http://host:port, and start Rheostat again.")
            })
    }

    /// The proxy as the client takes it.
    ///
    /// # Errors
    /// As [`Self::proxy_url`].
    pub(super) fn proxy(&self) -> Result<Option<Proxy>> {
        self.proxy_url()?
            .map(|url| {
                Proxy::all(url).map_err(|error| {
                    // The cause may repeat the address with its password.
                    tracing::debug!(kind = error.is_builder(), "the proxy was refused");
                    Error::new(
                        ErrorCode::BadInput,
                        format!("{PROXY_VARIABLE} can't be used as a proxy."),
                    )
                    .place(PROXY_VARIABLE)
                    .hint("Give it as http://host:port, and start Rheostat again.")
                })
            })
            .transpose()
    }

    /// The authorities of the file, if one is set.
    ///
    /// # Errors
    /// `FileUnreadable`, or `FileInvalid` where it holds no certificate.
    pub(super) fn authorities(&self) -> Result<Vec<Certificate>> {
        let path = self.ca_file.as_deref();
        path.filter(|path| !path.as_os_str().is_empty())
            .map_or(Ok(Vec::new()), read_pem)
    }
}

fn read_pem(path: &Path) -> Result<Vec<Certificate>> {
    let name = path.display();
    let pem = std::fs::read(path).map_err(|error| {
        Error::new(
            ErrorCode::FileUnreadable,
            format!("{name} could not be read: {error}."),
        )
        .place(CA_FILE_VARIABLE)
        .hint(format!(
            "Set {CA_FILE_VARIABLE} to a PEM file, or unset it, and start Rheostat again."
        ))
    })?;
    let invalid = || {
        Error::new(
            ErrorCode::FileInvalid,
            format!("{name} holds no certificate in PEM form."),
        )
        .place(CA_FILE_VARIABLE)
        .hint("It begins with -----BEGIN CERTIFICATE-----. Convert it, and start Rheostat again.")
    };
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|_| invalid())?;
    if certificates.is_empty() {
        return Err(invalid());
    }
    Ok(certificates)
}

/// An address without its name and password.
pub fn without_password(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(
        || format!("{}://{host}", url.scheme()),
        |port| format!("{}://{host}:{port}", url.scheme()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(proxy: &str) -> Network {
        Network {
            proxy: Some(proxy.to_owned().into()),
            ca_file: None,
        }
    }

    #[test]
    fn a_proxy_is_an_http_address() {
        for good in [
            "http://proxy.example:3128",
            "https://proxy.example",
            " http://a:b@127.0.0.1:1 ",
        ] {
            assert!(network(good).proxy().unwrap().is_some(), "{good}");
        }
        for none in ["", "  "] {
            assert!(network(none).proxy().unwrap().is_none());
        }
        for bad in ["proxy:3128", "socks5://host:1", "http://", "a b", "/etc"] {
            let error = network(bad).proxy().unwrap_err();
            assert_eq!(error.code, ErrorCode::BadInput, "{bad}");
            assert_eq!(error.place.as_deref(), Some(PROXY_VARIABLE));
        }
    }

    #[test]
    fn the_password_is_in_no_text() {
        let secret = network("ftp://name:hunter22@host:1");
        let error = secret.proxy().unwrap_err();
        assert!(!format!("{secret:?}{error:?}").contains("hunter22"));
        let url = network("http://name:hunter22@host:3128")
            .proxy_url()
            .unwrap()
            .unwrap();
        assert_eq!(without_password(&url), "http://host:3128");
    }

    #[test]
    fn a_file_of_authorities_is_read_or_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let network = Network {
            proxy: None,
            ca_file: Some(path.clone()),
        };
        assert_eq!(
            network.authorities().unwrap_err().code,
            ErrorCode::FileUnreadable
        );
        std::fs::write(&path, "not a certificate").unwrap();
        let error = network.authorities().unwrap_err();
        assert_eq!(error.code, ErrorCode::FileInvalid);
        assert!(error.message.contains("ca.pem"));
        assert!(Network::default().authorities().unwrap().is_empty());
    }
}
