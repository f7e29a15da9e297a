import Apus
import ApusTesting
import AsideKit
import Testing

/// A storage behind a decorator is a storage.
@Suite(.aside) struct StorageDecoratorTests {
    private static let clauses = StorageConformance.clauses + StorageConformance.watchingClauses

    @Test(arguments: clauses)
    func `a cached storage meets the contract`(_ clause: StorageConformance.Clause) async throws {
        let subject = StorageSubject { environment in
            MemoryStorage(environment: environment).cached(
                limit: 10_000, staleness: .seconds(3_600), environment: environment)
        }
        try await clause.check(subject.watching())
    }

    @Test(arguments: clauses)
    func `a storage behind a small cache meets the contract`(_ clause: StorageConformance.Clause) async throws {
        let subject = StorageSubject { environment in
            MemoryStorage(environment: environment).cached(limit: 8, staleness: .zero, environment: environment)
        }
        try await clause.check(subject.watching())
    }

    @Test(arguments: clauses)
    func `a metered storage meets the contract`(_ clause: StorageConformance.Clause) async throws {
        let subject = StorageSubject { environment in
            MemoryStorage(environment: environment).metered(by: StorageMeter(), environment: environment)
        }
        try await clause.check(subject.watching())
    }

    @Test(arguments: clauses)
    func `an encrypted storage meets the contract`(_ clause: StorageConformance.Clause) async throws {
        let subject = StorageSubject { environment in
            MemoryStorage(environment: environment).encrypted(with: ToyCodec())
        }
        try await clause.check(subject.watching())
    }

    @Test(arguments: clauses)
    func `a part of a storage meets the contract`(_ clause: StorageConformance.Clause) async throws {
        let subject = StorageSubject { environment in
            let whole = MemoryStorage(environment: environment)
            for key in ["p", "p/", "p0", "o/x", "p%2Fa/b"] {
                try await whole.put([9], at: StorageKey(bytes: Array(key.utf8)))
            }
            try await whole.delete(StorageKey(bytes: Array("p/".utf8)))
            return whole.prefixed(with: StorageKey("p"))
        }
        try await clause.check(subject.watching())
    }

    @Test(arguments: clauses)
    func `all decorators together meet the contract`(_ clause: StorageConformance.Clause) async throws {
        let subject = StorageSubject { environment in
            MemoryStorage(environment: environment).encrypted(with: ToyCodec()).prefixed(with: StorageKey("a", "b"))
                .metered(by: StorageMeter(), environment: environment)
                .cached(limit: 10_000, staleness: .seconds(3_600), environment: environment)
        }
        try await clause.check(subject.watching())
    }

    private static let clausesAboutTime = clauses.filter {
        [.preconditions, .pages, .expiry, .concurrency, .cancellation, .watching].contains($0.area)
    }

    @Test(arguments: clausesAboutTime, 0..<4 as Range<UInt64>)
    func `decorators meet the contract in every order of events`(
        _ clause: StorageConformance.Clause, _ seed: UInt64
    ) throws {
        let faults = StorageFaults([.delay: 0.5], longestDelay: .milliseconds(20))
        try Simulator(seed: seed).run { environment in
            let subject = StorageSubject { environment in
                MemoryStorage(environment: environment).faulty(faults, seed: seed, environment: environment)
                    .encrypted(with: ToyCodec()).cached(
                        limit: 100, staleness: .seconds(3_600), environment: environment)
            }
            try await clause.check(subject.watching(), on: environment)
        }
    }
}
