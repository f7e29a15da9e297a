/// The graphs whose outlines this process has stored, by their fingerprints.
final class StoredOutlines: Sendable {
    private let noted = Guarded<Set<String>>([])

    func isNoted(_ fingerprint: String) -> Bool { noted.withLock { $0.contains(fingerprint) } }
    func note(_ fingerprint: String) { _ = noted.withLock { $0.insert(fingerprint) } }
}
