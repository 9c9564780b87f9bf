//! A number for a text: the same text has the same number in every process.

/// Where FNV-1a of 128 bits begins.
const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
/// What FNV-1a of 128 bits multiplies by.
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// FNV-1a of 128 bits: tells contents apart that one and the same peer sent. Whoever wants two contents with one number can make them, so
/// it protects nobody from anybody else.
pub fn fingerprint(bytes: &[u8]) -> u128 {
    bytes.iter().fold(BASIS, |sum, byte| (sum ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn it_is_fnv_1a() {
        assert_eq!(fingerprint(b""), 0x6c62272e07bb014262b821756295c58d);
        assert_eq!(fingerprint(b"a"), 0xd228cb696f1a8caf78912b704e4a8964);
    }
}
