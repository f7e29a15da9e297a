/// Work as it is stored: what the queue needs to know of it, and the first state of its run.
struct StoredWork: Sendable, Hashable {
    var work: QueuedWork
    /// As JSON.
    var state: [UInt8]
    /// How often it has been started.
    var attempt = 0
    /// How many were sent that it does together.
    var count = 1
    /// Why it is not tried again.
    var reason: String?
    /// When it became a dead letter, or when a failed run goes on.
    var moment: WallTime?

    /// What is known without the state; short names, since there may be a million.
    private struct Head: Codable {
        var g: String
        var e: String?
        var k: String?
        var p: Int?
        var q: WallTime
        var n: WallTime?
        var x: WallTime?
        var u: String?
        var a: Int?
        var c: Int?
        var r: String?
        var m: WallTime?
    }

    init(_ work: QueuedWork, state: [UInt8]) {
        self.work = work
        self.state = state
    }

    /// What an entry says; throws ``JournalError/Code/damaged`` if it is not what was written.
    init(_ entry: StorageEntry) throws(JournalError) {
        let run = RunID(entry.key.parts.last ?? "")
        let json = try Seal.opened(entry, of: run)
        guard let end = json.firstIndex(of: UInt8(ascii: "\n")),
            let head = try? JSONCoding.decode(Head.self, from: Array(json[..<end]))
        else { throw JournalError(.damaged, run: run, detail: "its place in a queue can't be read") }
        work = QueuedWork(
            run, graph: head.g, entry: head.e, key: head.k ?? "", priority: head.p ?? 0, enqueued: head.q,
            notBefore: head.n, expires: head.x, singleton: head.u)
        state = Array(json[(end + 1)...].dropLast())
        (attempt, count, reason, moment) = (head.a ?? 0, head.c ?? 1, head.r, head.m)
    }

    /// The bytes at a key: a line of what is known, the state, and a seal.
    func sealed(at key: StorageKey) throws -> [UInt8] {
        let head = Head(
            g: work.graph, e: work.entry, k: work.key.isEmpty ? nil : work.key,
            p: work.priority == 0 ? nil : work.priority, q: work.enqueued, n: work.notBefore, x: work.expires,
            u: work.singleton, a: attempt == 0 ? nil : attempt, c: count == 1 ? nil : count, r: reason, m: moment)
        return Seal.sealed(try JSONCoding.encode(head) + [UInt8(ascii: "\n")] + state + [UInt8(ascii: "}")], at: key)
    }
}
