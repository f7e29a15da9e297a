public import Apus

/// Letters between agents, kept in a storage until they are read.
///
/// Each address has a box. Letters stand in it in the order in which they were sent; one sent twice under the same id is there once,
/// and one that was read is read once, as long as its id and its receipt are remembered. So agents of different runs, processes and machines talk with each other by them.
public struct Mailboxes: Sendable {
    private let storage: any Storage
    /// Letters that wait in one box at most; a sender beyond that is told.
    public let limit: Int
    /// How long ids and receipts are remembered.
    public let memory: Duration
    private let environment: any Environment

    public init(
        in storage: any Storage, limit: Int = 10_000, remembering memory: Duration = .seconds(30 * 86_400),
        environment: any Environment = .live
    ) {
        self.storage = storage
        self.limit = limit
        self.memory = memory
        self.environment = environment
    }

    /// Puts a letter into the box of its receiver. Throws ``MailError/Code/full`` beyond ``limit``.
    public func send(_ letter: Letter) async throws {
        let box = StorageKey("mail", letter.to)
        let mark = box.appending("id").appending(letter.id)
        while try await storage.value(at: mark) == nil {
            let end = try await storage.load(Ends.self, at: box.appending("ends")) ?? Ends()
            guard end.last - end.read < UInt64(limit) else {
                throw MailError(.full, address: letter.to, detail: "\(limit) letters wait in it")
            }
            var next = end
            next.last += 1
            var batch = try change(of: box, from: end, to: next)
            batch.create([], at: mark, expires: expiry)
            batch.create(try JSONCoding.encode(letter), at: box.appending("at").appending(next.last))
            if try await stored(batch) { return }
        }
    }

    /// Takes the letters that wait at an address, oldest first.
    ///
    /// `receipt` names the reading: the same again returns the same letters, so that a reader that was interrupted loses none.
    public func take(at address: String, receipt: String, limit: Int = 100) async throws -> [Letter] {
        let box = StorageKey("mail", address)
        let taken = box.appending("taken").appending(receipt)
        while true {
            if let letters = try await storage.load([Letter].self, at: taken) { return letters }
            let ends = try await storage.load(Ends.self, at: box.appending("ends")) ?? Ends()
            let places = box.appending("at")
            let entries = try await storage.scan(.below(places), limit: limit)
            guard let last = entries.last?.key.parts.last.flatMap(StorageKey.number) else { return [] }
            var next = ends
            next.read = last
            var batch = try change(of: box, from: ends, to: next)
            let letters = try entries.map { try $0.load(Letter.self) }
            for entry in entries { batch.delete(entry.key) }
            batch.create(try JSONCoding.encode(letters), at: taken, expires: expiry)
            if try await stored(batch) { return letters }
        }
    }

    /// How many letters wait at an address.
    public func count(at address: String) async throws -> Int {
        let ends = try await storage.load(Ends.self, at: StorageKey("mail", address, "ends")) ?? Ends()
        return Int(ends.last - ends.read)
    }

    private var expiry: WallTime { environment.now().wallTime.advanced(by: memory) }

    /// The last letter that came, and the last that was taken.
    private struct Ends: Codable {
        var last: UInt64 = 0
        var read: UInt64 = 0
    }

    private func change(of box: StorageKey, from old: Ends, to new: Ends) throws -> StorageBatch {
        let key = box.appending("ends")
        var batch = StorageBatch()
        batch.require(old.last == 0 ? .absent(key) : .holds(key, try JSONCoding.encode(old)))
        batch.put(try JSONCoding.encode(new), at: key)
        return batch
    }

    /// Whether a batch was stored; it was not where somebody else came first.
    private func stored(_ batch: StorageBatch) async throws -> Bool {
        do {
            try await storage.commit(batch)
            return true
        } catch let error as StorageError where error.code == .conflict {
            try Task.checkCancellation()
            return false
        }
    }
}

/// What one agent writes to another.
public struct Letter: Sendable, Hashable, Codable, Identifiable {
    /// The same whenever it is sent.
    public var id: String
    public var from: String
    public var to: String
    public var text: String
    /// Where words in it came from that anybody may have written.
    public var taint: [String]

    public init(_ text: String, from: String, to: String, id: String, taint: [String] = []) {
        self.id = id
        self.from = from
        self.to = to
        self.text = text
        self.taint = taint
    }
}

/// Why a letter was not sent.
public struct MailError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// So many letters wait already as may.
        case full
        /// The address is not among those one may write to.
        case unknownAddress
    }

    public var code: Code
    public var address: String
    public var detail: String?

    public init(_ code: Code, address: String, detail: String? = nil) {
        self.code = code
        self.address = address
        self.detail = detail
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.address == right.address }

    public var failureKind: FailureKind { code == .full ? .transient : .permanent }

    public var description: String {
        let more = detail.map { ": \($0)" } ?? ""
        switch code {
        case .full: return "The box of \"\(address)\" is full\(more); write later."
        case .unknownAddress: return "There is no \"\(address)\" to write to\(more)."
        }
    }
}
