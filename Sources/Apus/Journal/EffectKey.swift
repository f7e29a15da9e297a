/// Names an effect for the outside: by the run, the activation and the effect.
enum EffectKey {
    /// Longer keys are handed out as their SHA-256; many services take 255 bytes.
    private static let longest = 255

    static func text(_ run: RunID, _ activation: String, _ name: String) -> String {
        let key = "\(run)/\(activation)/\(ActivationID.escaped(name))"
        guard key.utf8.count > longest else { return key }
        let digest = SHA256.digest(of: key.utf8).flatMap { [HexDigit.of($0 >> 4), HexDigit.of($0 & 15)] }
        return String(decoding: digest, as: UTF8.self)
    }
}
