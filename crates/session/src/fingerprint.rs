//! A hash that is the same in every process.

/// The offset basis of 128-bit FNV-1a.
const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
/// The prime of 128-bit FNV-1a.
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// 128-bit FNV-1a. It distinguishes messages of the same peer. It is not cryptographic: a peer can create two messages
/// with the same fingerprint.
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
