//! Emergency numbers.

use model::{Country, Number};

/// Emergency numbers in every country: 112 in all GSM networks (3GPP TS 22.101 §10) and 911 in the Americas. Neither
/// has another use anywhere.
const EVERYWHERE: [&str; 2] = ["112", "911"];

/// Emergency numbers in addition to [`EVERYWHERE`], by country. Source: `emergency` of libphonenumber's
/// `ShortNumberMetadata.xml`, 9.0.33, without numbers of more than four digits; for Gabon only the main ones.
const BY_COUNTRY: &str = "\
     AC 999; AD 110 116 118; AE 997 998 999; AF 100 102 119; AG 999; AL 127 128 129; AM 101 102 103; AO 113 115; \
     AR 100 101 107; AT 122 133 144; AU 000 106; AW 100; AZ 101 102 103; BA 122 123 124; BB 211 311 511; \
     BD 100 101 102 199 999; BE 100 101; BF 17 18; BG 150 160 166; BH 199 999; BI 113 117; BJ 114 116 117 118; BL 18; \
     BN 991 993 995; BO 110 118 119; BR 128 190 192 193; BS 919; BT 110 113; BW 997 998 999; BY 101 102 103; BZ 90 990; \
     CC 000; CD 113 114 118 177 188; CF 117 118 1220; CG 117 118; CH 117 118 144; CI 110 111 170 180; CK 996 998 999; \
     CL 131 132 133; CM 113 117 13 17; CN 110 119 120; CO 119 123 132 156; CU 104 105 106; CV 130 131 132; CX 000; CY 199; \
     CZ 150 151 152 153 154 155 156 157 158 159; DE 110; DJ 17 18; DK 114; DM 333 999; DZ 14 17; EC 101 102; EE 110; \
     EG 122 123 180; EH 15 177 19; ER 113 114 116; ES 085 088; ET 91 92 93 939 991 997; FJ 917; FK 999; FO 114; \
     FR 15 17 18; GA 1300 1730 18; GB 999; GE 011 022 033 111 113 122; GF 15 17 18; GG 999; GH 191 192 193 999; \
     GI 190 199; GM 116 117 118 16 17 18; GP 15 17 18; GR 100 166 199; GT 110 120 123; GW 113 117 118; GY 912 913; \
     HK 992 999; HN 199; HR 192 193 194 93 94; HT 114 118; HU 104 105 107; ID 110 113 118 119; IE 999; IL 100 101 102; \
     IM 999; IN 100 101 102 108 1298 2611; IQ 100 104 115 122; IR 110 115 125; IT 113 115 118; JE 999; JM 110 119; \
     JO 191 192 197; JP 110 119; KE 114 999; KG 101 102 103; KH 117 118 119 666; KI 192 193 194 195 992 993 994; KM 17 18; \
     KN 333 999; KP 119 819; KR 119; KZ 101 102 103; LA 190 191 195; LB 140 175 999; LC 999; LI 117 118 144; \
     LK 110 116 118 119; LR 355; LS 115 117; LT 01 011 02 022 03 033 101 102 103; LU 113; LV 01 02 03 110 113; \
     LY 190 191 193; MA 15 177 19; MC 15 17 18; MD 901 902 903; ME 122 123 124; MF 15 17 18; MG 117 118 17 18; \
     MK 192 193 194; ML 15 17 18; MM 199; MN 100 101 102 103 105; MO 999; MQ 15 17 18; MR 17 18; MS 999; \
     MU 114 115 995 999; MV 102 118 119; MW 199 997 998 999; MX 060 065 066 068 080; MY 999; MZ 117 119 197 198; \
     NC 15 16 17 18; NE 118 15 17 18; NF 955 977; NG 199; NI 115 118 120 128; NO 110 113; NP 100 101 102 103; NR 110 111; \
     NU 999; NZ 111; OM 1444 9999; PE 105 116 117; PF 15 17 18; PG 000 110 111; PH 117; PK 1122 115 15 16; PL 997 998 999; \
     PM 15 17 18; PS 100 101 102; PT 115; PY 128; QA 999; RE 15 17 18; RS 92 93 94; RU 01 02 03 101 102 103; RW 111; \
     SA 997 999; SB 999; SC 999; SD 999; SG 993 995 999; SH 999; SI 113; SJ 110 113; SK 150 155 158; SL 019 999; \
     SM 113 115 118; SN 17 18; SO 555 888 999; SR 115; SS 999; SV 913; SX 919; SY 110 113; SZ 999; TC 999; TD 17 18; \
     TG 117 118 171 172 177; TH 1669 191 199; TJ 101 102 103; TL 115; TM 01 02 03; TN 190 197 198; TO 922 933 999; \
     TR 110 155; TT 990 999; TW 110 119; TZ 110 111 114 115 999; UA 101 102 103; UG 999; UY 128; \
     UZ 001 002 003 01 02 03 050; VA 113 115 118; VC 999; VE 171; VG 999; VN 113 114 115; WF 15 17 18; WS 994 995 996 999; \
     XK 192 193 194; YE 191 194 195 199; YT 15; ZM 991 993 999; ZW 993 994 995 999";

/// Whether a number is an emergency number, in the floor's country or everywhere.
pub fn is_emergency(number: &Number, country: Option<Country>) -> bool {
    let of_country = country.as_ref().map(of).into_iter().flatten();
    EVERYWHERE.into_iter().chain(of_country).any(|emergency| emergency == number.as_str())
}

/// The emergency numbers of a country besides 112 and 911.
fn of(country: &Country) -> impl Iterator<Item = &'static str> + use<> {
    let row = BY_COUNTRY.split(';').find_map(|row| row.trim().strip_prefix(country.as_str()));
    row.unwrap_or_default().split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_called_by_the_numbers_of_the_country_and_everywhere() {
        let calls = |number: &str, country: Option<&str>| {
            is_emergency(&Number::new(number).unwrap(), country.map(|code| Country::new(code).unwrap()))
        };
        assert!(calls("112", None) && calls("911", None) && !calls("999", None));
        assert!(calls("999", Some("GB")) && calls("112", Some("GB")) && !calls("110", Some("GB")));
        assert!(calls("110", Some("DE")) && calls("155", Some("TR")) && calls("000", Some("AU")));
        assert!(!calls("9110", Some("US")) && !calls("+112", Some("US")));
    }
}
