import Apus
import Synchronization
import Testing

@Suite struct BackPressureTests {
    @Test(arguments: [1, 2, 10])
    func `a run never gets further ahead of its reader than the bound`(bound: Int) async throws {
        let hub = EventHub(retaining: 0)
        let emitted = Atomic<Int>(0)
        let events = hub.events(.wait(bound: bound))
        async let driver: Void = {
            for _ in 0..<500 {
                await hub.room()
                hub.emit(.runPaused, at: .origin)
                emitted.add(1, ordering: .sequentiallyConsistent)
            }
            hub.end()
        }()
        var finished = 0
        for try await _ in events {
            #expect(emitted.load(ordering: .sequentiallyConsistent) - finished <= bound)
            await Task.yield()
            finished += 1
        }
        await driver
        #expect(finished == 500)
    }

    @Test func `room returns when the reader leaves`() async {
        let hub = EventHub(retaining: 0)
        var events: RunEvents? = hub.events(.wait(bound: 1))
        hub.emit(.runPaused, at: .origin)
        async let room: Void = hub.room()
        await Task.yield()
        #expect(events != nil)
        events = nil
        await room
        #expect(!hub.isWatched)
    }

    @Test func `room returns when the hub ends`() async throws {
        let hub = EventHub(retaining: 0)
        let events = hub.events(.wait(bound: 1))
        hub.emit(.runPaused, at: .origin)
        async let room: Void = hub.room()
        await Task.yield()
        hub.end()
        await room
        #expect(try await events.collect().count == 1)
    }

    @Test func `room returns when its task is cancelled`() async throws {
        let hub = EventHub(retaining: 0)
        let events = hub.events(.wait(bound: 1))
        hub.emit(.runPaused, at: .origin)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { await hub.room() } }
            await Task.yield()
            group.cancelAll()
        }
        hub.end()
        #expect(try await events.collect().count == 1)
    }

    @Test func `a reader whose task is cancelled leaves`() async throws {
        let hub = EventHub(retaining: 0)
        let events = hub.events(.wait(bound: 1))
        try await withThrowingTaskGroup(of: [RunEvent].self) { group in
            group.addTask { try await events.collect() }
            await Task.yield()
            group.cancelAll()
            let seen = try await group.next()
            #expect(seen?.isEmpty == true)
        }
        #expect(!hub.isWatched)
        for _ in 0..<5 { hub.emit(.runPaused, at: .origin) }
        await hub.room()
        #expect(try await events.collect().isEmpty)
    }

    @Test func `a reader that may be cut never holds the run up`() async throws {
        let hub = EventHub(retaining: 0)
        let events = hub.events(.cut(bound: 1))
        for _ in 0..<100 {
            await hub.room()
            hub.emit(.runPaused, at: .origin)
        }
        #expect(!hub.isWatched)
        await #expect(throws: EventError(.cut, resumeFrom: 0)) { try await events.collect() }
    }
}
