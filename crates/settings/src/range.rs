//! Ranges of IP addresses.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// Addresses with the same leading bits: one address, or a network such as `10.1.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IpRange {
    network: IpAddr,
    bits: u8,
}

impl IpRange {
    /// Whether the range contains an address. An IPv4 address from an IPv6 socket counts as an IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                masked_v4(address, self.bits) == masked_v4(network, self.bits)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                masked_v6(address, self.bits) == masked_v6(network, self.bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn masked_v4(address: Ipv4Addr, bits: u8) -> u32 {
    u32::from(address).checked_shr(32 - u32::from(bits)).unwrap_or(0)
}

fn masked_v6(address: Ipv6Addr, bits: u8) -> u128 {
    u128::from(address).checked_shr(128 - u32::from(bits)).unwrap_or(0)
}

impl FromStr for IpRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text:?} is not an IP address or a network; expected a value such as \"10.1.2.3\" or \"10.1.0.0/16\""
            )
        };
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let network = address.parse::<IpAddr>().map_err(|_| wrong())?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(wrong());
        }
        Ok(Self { network, bits })
    }
}

impl TryFrom<String> for IpRange {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<IpRange> for String {
    fn from(range: IpRange) -> Self {
        range.to_string()
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.network, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(range: &str, address: &str) -> bool {
        range.parse::<IpRange>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_range_contains_the_addresses_with_its_leading_bits() {
        assert!(contains("10.1.2.3", "10.1.2.3") && contains("10.1.2.3", "::ffff:10.1.2.3"));
        assert!(!contains("10.1.2.3", "10.1.2.4"));
        assert!(contains("10.1.0.0/16", "10.1.255.255") && !contains("10.1.0.0/16", "10.2.0.0"));
        assert!(contains("10.1.2.3/0", "192.0.2.1") && !contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1") && !contains("2001:db8::/32", "2001:db9::1"));
        assert!(contains("::/0", "2001:db8::1") && !contains("::/0", "10.1.2.3"));
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in ["", "10.1", "10.1.2.3/33", "::1/129", "10.1.2.3/", "10.1.2.3/-1", "host", "10.1.2.3/8/8"]
        {
            assert!(text.parse::<IpRange>().unwrap_err().contains("10.1.0.0/16"), "{text}");
        }
        assert_eq!("10.1.2.3".parse::<IpRange>().unwrap().to_string(), "10.1.2.3/32");
    }
}
