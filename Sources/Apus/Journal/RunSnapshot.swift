/// All of a run at a moment at which one branch was open, so that what came before need not be read again.
package struct RunSnapshot: Sendable, Equatable {
    /// Of the graph that wrote it; another one can't read it.
    package var fingerprint: String
    /// The record with which the run began.
    package var began: JournalRecord
    /// How many activations had ended.
    package var steps: Int
    /// How many records of the journal came before.
    package var records = 0
    /// What undoes completed work.
    package var compensations: [JournalRecord]
    /// The node that was about to run.
    package var node: Int
    /// JSON.
    package var machine: [UInt8]
    /// JSON.
    package var state: [UInt8]

    package init(
        fingerprint: String, began: JournalRecord, steps: Int, compensations: [JournalRecord], node: Int,
        machine: [UInt8], state: [UInt8]
    ) {
        self.fingerprint = fingerprint
        self.began = began
        self.steps = steps
        self.compensations = compensations
        self.node = node
        self.machine = machine
        self.state = state
    }

    /// The value of its record.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("f", fingerprint)
            object.key("b")
            began.write(to: &object)
            object.key("n")
            object.number(steps)
            object.key("k")
            object.number(records)
            object.key("r")
            object.array { list in for record in compensations { record.write(to: &list) } }
            object.key("a")
            object.number(node)
            object.key("m")
            object.raw(machine)
            object.key("v")
            object.raw(state)
        }
        return writer.bytes
    }

    init(_ json: [UInt8]) throws(JSONReader.Malformed) {
        self.init(
            fingerprint: "", began: JournalRecord(.began), steps: 0, compensations: [], node: 0, machine: [], state: [])
        var reader = JSONReader(json)
        var snapshot = self
        try reader.object { key, reader throws(JSONReader.Malformed) in
            switch key {
            case "f": snapshot.fingerprint = try reader.string()
            case "b": snapshot.began = try JournalRecord(from: &reader)
            case "n": snapshot.steps = Int(truncatingIfNeeded: try reader.integer())
            case "k": snapshot.records = Int(truncatingIfNeeded: try reader.integer())
            case "r":
                try reader.array { reader throws(JSONReader.Malformed) in
                    snapshot.compensations.append(try JournalRecord(from: &reader))
                }
            case "a": snapshot.node = Int(truncatingIfNeeded: try reader.integer())
            case "m": snapshot.machine = try reader.raw()
            case "v": snapshot.state = try reader.raw()
            default: _ = try reader.raw()
            }
        }
        self = snapshot
    }
}

/// When a snapshot is worth its bytes.
///
/// One is stored where the journal since the last has grown to ``ratio`` times the size of a new one. So all snapshots together
/// take at most a `ratio`th of the journal, and what is read to take a run up stays in proportion to its state.
struct SnapshotBudget: Sendable {
    static let ratio = 4
    /// The least that a journal has grown by.
    static let least = 64 * 1_024

    private let least: Int
    private(set) var grown = 0
    private var due: Int

    init(least: Int) { (self.least, due) = (least, least) }

    /// Whether it is time to look how large a snapshot is.
    var isDue: Bool { grown >= due }

    mutating func add(_ bytes: Int) { grown += bytes }

    /// Whether a snapshot of this size is to be stored; if not, it is time again when it would be.
    mutating func takes(_ size: Int) -> Bool {
        if least == 0 { return true }
        guard grown >= size * Self.ratio else {
            due = size * Self.ratio
            return false
        }
        grown = 0
        due = max(least, size * Self.ratio)
        return true
    }
}

/// Where the frame with the newest snapshot is.
struct SnapshotPointer: Sendable, Equatable {
    var sequence: Int
    /// The hash of the frame before it.
    var link: JournalLink

    var bytes: [UInt8] { Array("\(sequence) \(link.text)".utf8) }

    init(sequence: Int, link: JournalLink) {
        self.sequence = sequence
        self.link = link
    }

    init?(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, let sequence = Int(parts[0]), sequence >= 0,
            parts[1].utf8.count == JournalLink.length
        else { return nil }
        self.init(sequence: sequence, link: JournalLink(String(parts[1])))
    }
}
