/// Asks one dependency how it is.
public struct HealthCheck: Sendable {
    /// What becomes of the whole when this one fails.
    public enum Weight: String, Sendable, Hashable, Codable {
        /// It can't do its work.
        case required
        /// It works, with less.
        case optional
    }

    public var name: String
    public var weight: Weight
    /// How long it may take; what takes longer has failed.
    public var timeout: Duration
    /// How long its last answer counts.
    public var freshness: Duration
    let probe: @Sendable () async throws -> String?

    /// `probe` returns what there is to say when all is well, and throws if it is not.
    public init(
        _ name: String, _ weight: Weight = .required, timeout: Duration = .seconds(2),
        freshness: Duration = .seconds(5), _ probe: @escaping @Sendable () async throws -> String?
    ) {
        self.name = name
        self.weight = weight
        self.timeout = timeout
        self.freshness = freshness
        self.probe = probe
    }
}

extension HealthCheck {
    /// Whether a storage can be read.
    public static func storage(_ storage: any Storage, named name: String = "storage") -> HealthCheck {
        HealthCheck(name) {
            _ = try await storage.read([StorageKey("health")])
            return nil
        }
    }
}

/// A dependency did not answer in its time.
struct HealthTimeout: Error, CustomStringConvertible {
    var limit: Duration

    var description: String { "it did not answer within \(limit)" }
}

/// How a program and what it depends on are.
public struct HealthReport: Sendable, Hashable, Codable {
    public enum Status: String, Sendable, Hashable, Codable, Comparable {
        case healthy, degraded, unhealthy

        private var rank: Int { self == .healthy ? 0 : self == .degraded ? 1 : 2 }

        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    public struct Dependency: Sendable, Hashable, Codable {
        public var name: String
        public var weight: HealthCheck.Weight
        public var status: Status
        /// What the dependency says of itself, or why it failed.
        public var detail: String?
        public var milliseconds: Int
        public var checked: WallTime
    }

    public var status: Status
    /// In the order in which they were named.
    public var dependencies: [Dependency]

    public init(_ dependencies: [Dependency]) {
        self.dependencies = dependencies
        status = dependencies.map(\.status).max() ?? .healthy
    }

    /// Whether work may be sent here.
    public var isReady: Bool { status != .unhealthy }

    /// What a probe over HTTP answers with: 200, or 503 when it is not ready.
    public var httpStatus: Int { isReady ? 200 : 503 }

    /// The report as JSON.
    public var json: JSON {
        let rows = dependencies.map { dependency -> JSON in
            var members: [(key: String, value: JSON)] = [
                ("name", .string(dependency.name)), ("weight", .string(dependency.weight.rawValue)),
                ("status", .string(dependency.status.rawValue)),
            ]
            if let detail = dependency.detail { members.append(("detail", .string(detail))) }
            members.append(("milliseconds", .integer(Int64(dependency.milliseconds))))
            members.append(("checked", .integer(dependency.checked.milliseconds)))
            return .object(JSON.Object(members))
        }
        return ["status": .string(status.rawValue), "ready": .bool(isReady), "dependencies": .array(rows)]
    }
}
