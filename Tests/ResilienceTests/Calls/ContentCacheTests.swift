import Apus
import ApusTesting
import Testing

@Suite struct ContentCacheTests {
    private struct Missing: ClassifiedError { var failureKind: FailureKind { .permanent } }

    @Test func `who asks at once has it made once, and equal content is the same question`() throws {
        try Simulator(seed: 7).run { environment in
            let (service, cache) = (Dependency(delay: .seconds(1)), ContentCache("c"))
            let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await cache.value(for: ["b": number % 2, "a": 1], in: environment) {
                            try await service.call(in: environment)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(numbers) == [1, 2])
            #expect(service.calls == 2)
            #expect(cache.reading.admitted == 18)
        }
    }

    @Test(arguments: UInt64(0)..<200)
    func `when its maker is cancelled, the next who waits makes it`(_ seed: UInt64) throws {
        try Simulator(seed: seed).run { environment in
            let (service, cache) = (Dependency(delay: .seconds(2)), ContentCache("c"))
            let tasks = (0..<6).map { _ in
                environment.spawn {
                    try await cache.value(for: "k", in: environment) { try await service.call(in: environment) }
                }
            }
            var left = 0
            for task in tasks {
                if environment.random() % 2 == 0 { task.cancel() } else { left += 1 }
                try await environment.sleep(for: .milliseconds(Int(environment.random() % 3) * 500))
            }
            for task in tasks { _ = try? await task.value }
            #expect(service.most <= 1, "seed \(seed)")
            #expect(cache.reading.waiting == 0, "seed \(seed)")
            if left > 0 { #expect(cache.reading.held == 1, "seed \(seed)") }
        }
    }

    @Test func `a failure is shared by those who wait, and not remembered`() throws {
        try Simulator(seed: 7).run { environment in
            let (service, cache) = (Dependency(delay: .seconds(1)), ContentCache("c"))
            service.isDown = true
            await withTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask {
                        await #expect(throws: Dependency.Down()) {
                            try await cache.value(for: 1, in: environment) { try await service.call(in: environment) }
                        }
                    }
                }
            }
            #expect(service.calls == 1)
            service.isDown = false
            let second = try await cache.value(for: 1, in: environment) { try await service.call(in: environment) }
            #expect(second == 2)
        }
    }

    @Test func `negative results are remembered where that is asked for`() throws {
        try Simulator(seed: 7).run { environment in
            for (lifetime, calls) in [(nil, 4), (.seconds(5), 2)] as [(Duration?, Int)] {
                let (service, cache) = (Dependency(), ContentCache("c", CachePolicy(negativeLifetime: lifetime)))
                for _ in 0..<2 {
                    let none: Int? = try await cache.value(for: 1, in: environment) {
                        try await service.call(in: environment)
                        return nil
                    }
                    #expect(none == nil)
                    await #expect(throws: Missing.self) {
                        try await cache.value(for: 2, in: environment) { () -> Int in
                            try await service.call(in: environment)
                            throw Missing()
                        }
                    }
                }
                #expect(service.calls == calls)
            }
        }
    }

    @Test func `values of a storage outlive the process, for their lifetime and until their tag is void`() throws {
        try Simulator(seed: 7).run { environment in
            let (service, storage) = (Dependency(), MemoryStorage(environment: environment))
            @Sendable func ask(_ cache: ContentCache) async throws -> Int {
                try await cache.value(for: "k", tags: ["t"], in: environment) {
                    try await service.call(in: environment)
                }
            }
            let policy = CachePolicy(lifetime: .seconds(100), staleness: .seconds(5))
            let (here, there) = (
                ContentCache("c", policy, storage: storage), ContentCache("c", policy, storage: storage)
            )
            #expect(try await ask(here) == 1)
            #expect(try await ask(there) == 1)
            try await here.invalidate(tag: "t")
            #expect(try await ask(here) == 2)
            #expect(try await ask(there) == 1)
            try await environment.sleep(for: .seconds(5))
            #expect(try await ask(there) == 2)
            try await environment.sleep(for: .seconds(96))
            #expect(try await ask(there) == 3)
            #expect(try await ask(ContentCache("c", policy, storage: storage)) == 3)
            try await there.invalidateAll()
            #expect(try await ask(there) == 4)
        }
    }

    @Test func `what is made while its tag becomes void is not kept, in no level`() throws {
        try Simulator(seed: 7).run { environment in
            let (service, storage) = (Dependency(delay: .seconds(2)), MemoryStorage(environment: environment))
            let cache = ContentCache("c", storage: storage)
            let ask: @Sendable () async throws -> Int = {
                try await cache.value(for: "k", tags: ["t"], in: environment) {
                    try await service.call(in: environment)
                }
            }
            let task = environment.spawn { try await ask() }
            try await environment.sleep(for: .seconds(1))
            try await cache.invalidate(tag: "t")
            #expect(try await ask() == 2)
            #expect(try await task.value == 1)
            #expect(try await ask() == 2)
            let other = ContentCache("c", storage: storage)
            #expect(try await other.value(for: "k", tags: ["t"], in: environment) { 0 } == 2)
        }
    }

    @Test func `a storage in trouble fails no call`() async throws {
        struct Broken: Storage {
            func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { throw StorageError(.unavailable) }
            func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] { [] }
            func commit(_ batch: StorageBatch) async throws { throw StorageError(.unavailable) }
        }
        let cache = ContentCache("c", storage: Broken())
        #expect(try await cache.value(for: 1) { 7 } == 7)
        #expect(cache.reading.failed == 1)
    }

    @Test func `a cache is filled ahead`() throws {
        try Simulator(seed: 7).run { environment in
            let (service, cache) = (Dependency(delay: .seconds(1)), ContentCache("c"))
            let errors = await cache.warm(Array(0..<10), concurrency: 3, in: environment) { item in
                if item == 4 { throw Missing() }
                return try await service.call(in: environment)
            }
            #expect(errors.keys.sorted() == [4])
            #expect(service.most == 3)
            try await cache.put(70, for: 4, in: environment)
            #expect(try await cache.value(for: 4, in: environment) { 0 } == 70)
            _ = try await cache.value(for: 9, in: environment) { try await service.call(in: environment) }
            #expect(service.calls == 9)
        }
    }
}
