//! Countries, which determine how telephone numbers are read.

use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All countries that have telephone numbers. ISO 3166-1 alpha-2; `AC`, `TA` and `XK` are reserved or user-assigned
/// (libphonenumber 9.0.33).
const COUNTRIES: &str = "\
    AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA \
     CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR \
     GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
     KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR \
     MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO \
     RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT \
     TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Why a text is not a country code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("country {0:?} is unknown; expected two capital letters as in ISO 3166, such as \"US\" or \"GB\"")]
pub struct CountryError(String);

/// A country, by its two-letter code in ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "US")]
pub struct Country([u8; 2]);

impl Country {
    /// Looks up a country by its two capital letters.
    pub fn new(code: impl AsRef<str>) -> Result<Self, CountryError> {
        let code = code.as_ref();
        Self::all().find(|country| country.as_str() == code).ok_or_else(|| CountryError(code.to_owned()))
    }

    /// Iterates over all countries.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.as_bytes().chunks(3).filter_map(|letters| Some(Self([*letters.first()?, *letters.get(1)?])))
    }

    /// The two-letter code.
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII letters from the list above.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl TryFrom<CompactString> for Country {
    type Error = CountryError;
    fn try_from(code: CompactString) -> Result<Self, CountryError> {
        Self::new(code)
    }
}

impl From<Country> for CompactString {
    fn from(country: Country) -> Self {
        CompactString::new(country.as_str())
    }
}

impl FromStr for Country {
    type Err = CountryError;
    fn from_str(code: &str) -> Result<Self, CountryError> {
        Self::new(code)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_two_capital_letters_of_the_list() {
        assert_eq!(Country::new("GB").unwrap().as_str(), "GB");
        for code in ["UK", "gb", "", "GBR", "G B", "AC AD"] {
            assert!(Country::new(code).is_err(), "{code:?}");
        }
        assert_eq!(Country::all().count(), 245);
    }
}
