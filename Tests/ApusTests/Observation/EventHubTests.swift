import Apus
import Synchronization
import Testing

@Suite struct EventHubTests {
    @Test func `a hub without a reader records nothing and goes on counting`() async throws {
        let hub = EventHub(retaining: 0)
        #expect(!hub.isWatched)
        for _ in 0..<5 { hub.emit(.runPaused, at: .origin) }
        let events = hub.events(.wait)
        #expect(hub.isWatched)
        hub.emit(.runResumed, at: .origin)
        hub.end()
        #expect(try await events.collect() == [RunEvent(sequence: 5, instant: .origin, kind: .runResumed)])
    }

    @Test func `arguments are not evaluated when nobody listens`() {
        let hub = EventHub(retaining: 0)
        var evaluations = 0
        func costly() -> RunEvent.Kind {
            evaluations += 1
            return .runPaused
        }
        hub.emit(costly(), at: .origin)
        #expect(evaluations == 0)
    }

    @Test func `the first reader sees the run from its beginning, the second from the present`() async throws {
        let hub = EventHub(retaining: 4)
        #expect(hub.isWatched)
        for _ in 0..<4 { hub.emit(.runPaused, at: .origin) }
        let first = hub.events(.wait)
        let second = hub.events(.wait)
        hub.emit(.runResumed, at: .origin)
        hub.end()
        #expect(try await first.collect().map(\.sequence) == [0, 1, 2, 3, 4])
        #expect(try await second.collect().map(\.sequence) == [4])
    }

    @Test func `when more passed than is retained the reader begins at the present`() async throws {
        let hub = EventHub(retaining: 4)
        for _ in 0..<6 { hub.emit(.runPaused, at: .origin) }
        #expect(!hub.isWatched)
        let events = hub.events(.wait)
        hub.emit(.runResumed, at: .origin)
        hub.end()
        #expect(try await events.collect().map(\.sequence) == [6])
    }

    @Test func `retained events outlive the end, and a reader that comes later gets nil`() async throws {
        let hub = EventHub(retaining: 4)
        hub.emit(.runPaused, at: .origin)
        hub.end()
        hub.emit(.runResumed, at: .origin)
        #expect(try await hub.events(.wait).collect().map(\.kind) == [.runPaused])
        #expect(try await hub.events(.wait).collect().isEmpty)
    }

    @Test func `retained events do not count against the bound of a reader that may be cut`() async throws {
        let hub = EventHub(retaining: 100)
        for _ in 0..<100 { hub.emit(.runPaused, at: .origin) }
        let events = hub.events(.cut(bound: 2))
        for _ in 0..<2 { hub.emit(.runResumed, at: .origin) }
        hub.end()
        #expect(try await events.collect().count == 102)
    }

    @Test func `a reader that is cut learns where to resume`() async throws {
        let hub = EventHub(retaining: 0)
        var slow = hub.events(.cut(bound: 4)).makeAsyncIterator()
        let other = hub.events(.wait)
        for _ in 0..<3 { hub.emit(.runPaused, at: .origin) }
        #expect(try await slow.next()?.sequence == 0)
        for _ in 0..<7 { hub.emit(.runPaused, at: .origin) }
        #expect(try await slow.next()?.sequence == 1)
        await #expect(throws: EventError(.cut, resumeFrom: 2)) { try await slow.next() }
        hub.end()
        #expect(try await other.collect().count == 10)
    }

    @Test func `a second loop goes on where the first was left`() async throws {
        let hub = EventHub(retaining: 0)
        let events = hub.events(.wait)
        for _ in 0..<20 { hub.emit(.runPaused, at: .origin) }
        var seen: [UInt64] = []
        for try await event in events {
            seen.append(event.sequence)
            if event.sequence == 3 { break }
        }
        hub.end()
        seen += try await events.collect().map(\.sequence)
        #expect(seen == Array(0..<20))
    }

    @Test(arguments: [1, 3, 16])
    func `every one of many readers sees every event while many emit`(bound: Int) async throws {
        let hub = EventHub(retaining: 0)
        let readers = (0..<8).map { _ in hub.events(.wait(bound: bound)) }
        try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for reader in readers {
                group.addTask { try await reader.collect().map(\.sequence) }
            }
            await withTaskGroup(of: Void.self) { drivers in
                for _ in 0..<4 {
                    drivers.addTask {
                        for _ in 0..<500 {
                            await hub.room()
                            hub.emit(.runPaused, at: .origin)
                        }
                    }
                }
            }
            hub.end()
            for try await seen in group { #expect(seen == Array(0..<2_000)) }
        }
    }

    @Test func `readers that come and go while many emit see no gap`() async throws {
        let hub = EventHub(retaining: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<20 {
                group.addTask {
                    for round in 0..<20 {
                        let seen = try await hub.events(.wait(bound: 8)).prefix(reader + round).collect().map(
                            \.sequence)
                        for (one, next) in zip(seen, seen.dropFirst()) { #expect(next == one + 1) }
                    }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    while !Task.isCancelled {
                        await hub.room()
                        hub.emit(.runPaused, at: .origin)
                        await Task.yield()
                    }
                }
            }
            for _ in 0..<20 { try await group.next() }
            group.cancelAll()
        }
        #expect(!hub.isWatched)
    }
}

extension Instant {
    static let origin = Instant(uptime: .zero, sinceEpoch: .zero)
}

extension AsyncSequence where Element == RunEvent {
    func collect() async throws -> [RunEvent] {
        var all: [RunEvent] = []
        for try await event in self { all.append(event) }
        return all
    }
}
