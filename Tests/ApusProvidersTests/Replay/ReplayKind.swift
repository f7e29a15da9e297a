import Foundation

/// One kind of answers of one vendor's interface, and its recordings.
struct ReplayKind: Sendable {
    enum Answer: Sendable { case answers, streams, vectors, errors }

    var name: String
    var recordings: [Recording] = []

    /// All of them in a run that takes its time, otherwise some from all over.
    var sample: [Recording] {
        if ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full" { return recordings }
        let step = Double(max(recordings.count, Self.size)) / Double(Self.size)
        return stride(from: 0, to: Double(recordings.count), by: step).map { recordings[Int($0)] }
    }

    private static let size = 8

    var shortest: Recording? { recordings.min { $0.responseBody.utf8.count < $1.responseBody.utf8.count } }

    /// The kinds of all vendors, ordered by name. What can't be answered over a network is left out: a stream that was kept as one array, and
    /// those that the vendor broke off.
    static func all(_ answer: Answer) -> [ReplayKind] {
        var kinds: [String: ReplayKind] = [:]
        for recording in Recording.all where Self.answer(recording) == answer {
            guard let wire = Wire.of(recording), !(recording.isStream && recording.bodyKind == "json"),
                !(recording.isStream && recording.breaksOff)
            else { continue }
            let name = "\(recording.file), \(wire.name)"
            kinds[name, default: ReplayKind(name: name)].recordings.append(recording)
        }
        return kinds.values.sorted { $0.name < $1.name }
    }

    private static func answer(_ recording: Recording) -> Answer {
        if recording.responseStatus >= 400 { return .errors }
        if recording.api == "embeddings" { return .vectors }
        return recording.isStream ? .streams : .answers
    }
}
