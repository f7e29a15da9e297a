// swift-tools-version: 6.2
import PackageDescription

/// One row a target: its kind, its name, where it stands and what it depends on.
struct Row {
    /// A support target is a library for one example and its tests, not a product.
    /// A system row names the headers of a library that the machine has. A program is a product.
    enum Kind { case library, support, program, example, tests, tool, system }
    let kind: Kind
    let name: String
    let path: String
    var dependencies: [String] = []
    var exclude: [String] = []
    var resources: [Resource] = []
    /// The library's name for pkg-config, and its packages.
    var system: (pkgConfig: String, apt: String, brew: String)?
    /// Where a system library is; everywhere if nothing is said.
    var platforms: [Platform]?
    /// What the product is called, if not as its target.
    var product: String?
}

let rows: [Row] = [
    Row(kind: .library, name: "Apus", path: "Sources/Apus"),
    Row(kind: .library, name: "ApusAgents", path: "Sources/ApusAgents", dependencies: ["Apus", "CLinux"]),
    Row(kind: .system, name: "CLinux", path: "Sources/CLinux", platforms: [.linux]),
    Row(
        kind: .program, name: "ApusConfine", path: "Sources/ApusConfine", dependencies: ["CLinux"],
        product: "apus-confine"),
    Row(
        kind: .library, name: "ApusTesting", path: "Sources/ApusTesting", dependencies: ["Apus", "ApusAgents"]),
    Row(
        kind: .system, name: "CSQLite", path: "Sources/CSQLite",
        system: (pkgConfig: "sqlite3", apt: "libsqlite3-dev", brew: "sqlite")),
    Row(kind: .library, name: "ApusSQLite", path: "Sources/ApusSQLite", dependencies: ["Apus", "CSQLite"]),
    Row(
        kind: .system, name: "CCurl", path: "Sources/CCurl",
        system: (pkgConfig: "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"), platforms: [.linux, .macOS]),
    Row(
        kind: .library, name: "ApusProviders", path: "Sources/ApusProviders",
        dependencies: ["Apus", "ApusAgents", "CCurl"]),
    Row(
        kind: .library, name: "ApusTelemetry", path: "Sources/ApusTelemetry",
        dependencies: ["Apus", "ApusAgents", "ApusProviders", "CCurl"]),
    Row(kind: .support, name: "AsideKit", path: "Tests/AsideKit"),
    Row(kind: .support, name: "CorpusKit", path: "Tests/CorpusKit"),
    Row(
        kind: .tests, name: "ApusTests", path: "Tests/ApusTests",
        dependencies: ["Apus", "ApusTesting", "AsideKit", "CorpusKit"]),
    Row(
        kind: .tool, name: "AgentChild", path: "Tests/AgentChild",
        dependencies: ["Apus", "ApusAgents", "ApusSQLite", "ApusTesting", "SQLiteFaults"]),
    Row(
        kind: .tests, name: "ApusAgentsTests", path: "Tests/ApusAgentsTests",
        dependencies: [
            "AgentChild", "Apus", "ApusAgents", "ApusConfine", "ApusSQLite", "ApusTesting", "AsideKit", "ProcessKit",
            "RefundDesk",
        ],
        exclude: ["Code/Payloads", "Safety/Payloads"]),
    Row(
        kind: .tests, name: "ApusTestingTests", path: "Tests/ApusTestingTests",
        dependencies: ["Apus", "ApusTesting", "AsideKit"]),
    Row(
        kind: .support, name: "SQLiteFaults", path: "Tests/SQLiteFaults",
        dependencies: ["Apus", "ApusSQLite", "ApusTesting", "CSQLite"]),
    Row(
        kind: .tool, name: "SQLiteChild", path: "Tests/SQLiteChild",
        dependencies: ["Apus", "ApusSQLite", "SQLiteFaults"]),
    Row(
        kind: .tests, name: "ApusSQLiteTests", path: "Tests/ApusSQLiteTests",
        dependencies: [
            "Apus", "ApusSQLite", "ApusTesting", "AsideKit", "CSQLite", "ProcessKit", "SQLiteChild", "SQLiteFaults",
        ],
        exclude: ["Payloads"]),
    Row(
        kind: .tests, name: "ApusProvidersTests", path: "Tests/ApusProvidersTests",
        dependencies: ["Apus", "ApusAgents", "ApusProviders", "ApusTesting", "AsideKit", "CorpusKit"]),
    Row(kind: .support, name: "CrashKit", path: "Tests/CrashKit", dependencies: ["Apus"]),
    Row(kind: .support, name: "ProcessKit", path: "Tests/ProcessKit", dependencies: ["AsideKit"]),
    Row(
        kind: .tool, name: "CrashChild", path: "Tests/CrashChild",
        dependencies: ["Apus", "ApusSQLite", "CrashKit", "SQLiteFaults"]),
    Row(
        kind: .tests, name: "CrashTests", path: "Tests/CrashTests",
        dependencies: ["Apus", "ApusSQLite", "ApusTesting", "AsideKit", "CrashChild", "CrashKit", "ProcessKit"]),
    Row(
        kind: .tests, name: "FaultTests", path: "Tests/FaultTests",
        dependencies: [
            "Apus", "ApusSQLite", "ApusTesting", "AsideKit", "CSQLite", "CrashChild", "CrashKit", "ProcessKit",
            "SQLiteFaults",
        ]),
    Row(
        kind: .tests, name: "DurabilityTests", path: "Tests/DurabilityTests",
        dependencies: ["Apus", "ApusTesting", "AsideKit"],
        exclude: ["Golden"]),
    Row(
        kind: .tests, name: "ResilienceTests", path: "Tests/ResilienceTests",
        dependencies: ["Apus", "ApusAgents", "ApusTesting", "AsideKit"]),
    Row(kind: .tests, name: "EventTests", path: "Tests/EventTests", dependencies: ["Apus", "ApusTesting", "AsideKit"]),
    Row(
        kind: .tests, name: "SagaTests", path: "Tests/SagaTests",
        dependencies: ["Apus", "ApusAgents", "ApusTesting", "AsideKit"]),
    Row(
        kind: .tests, name: "SchedulingTests", path: "Tests/SchedulingTests",
        dependencies: ["Apus", "ApusTesting", "AsideKit"]),
    Row(
        kind: .tests, name: "ObservationTests", path: "Tests/ObservationTests",
        dependencies: ["Apus", "ApusAgents", "ApusTesting", "CorpusKit"]),
    Row(
        kind: .tests, name: "ApusTelemetryTests", path: "Tests/ApusTelemetryTests",
        dependencies: ["Apus", "ApusAgents", "ApusProviders", "ApusTelemetry", "ApusTesting", "AsideKit", "ProcessKit"]),
    Row(
        kind: .tests, name: "TriggerTests", path: "Tests/TriggerTests",
        dependencies: ["Apus", "ApusTesting", "AsideKit", "CorpusKit"]),
    Row(kind: .tests, name: "TidyTests", path: "Tests/TidyTests", dependencies: ["AsideKit"]),
    Row(
        kind: .tests, name: "DocumentationTests", path: "Tests/DocumentationTests",
        dependencies: [
            "Apus", "ApusAgents", "ApusProviders", "ApusSQLite", "ApusTelemetry", "ApusTesting", "AsideKit",
            "ProcessKit",
        ]),
    Row(
        kind: .support, name: "OverdueRequestsKit", path: "Examples/OverdueRequests/Kit",
        dependencies: ["Apus", "ApusAgents", "ApusSQLite"], exclude: ["Resources/SOURCES.md"],
        resources: [.copy("Resources/service-requests.csv")]),
    Row(
        kind: .example, name: "OverdueRequests", path: "Examples/OverdueRequests/Main",
        dependencies: ["ApusAgents", "ApusProviders", "OverdueRequestsKit"]),
    Row(
        kind: .support, name: "FieldOperationsKit", path: "Examples/FieldOperations/Kit",
        dependencies: ["Apus", "ApusSQLite", "ApusTesting", "OverdueRequestsKit"]),
    Row(
        kind: .example, name: "FieldOperations", path: "Examples/FieldOperations/Main",
        dependencies: ["Apus", "FieldOperationsKit", "OverdueRequestsKit"]),
    Row(
        kind: .tests, name: "FieldOperationsTests", path: "Tests/FieldOperationsTests",
        dependencies: ["Apus", "AsideKit", "FieldOperationsKit", "OverdueRequestsKit"]),
    Row(kind: .example, name: "CustomNode", path: "Examples/CustomNode", dependencies: ["Apus"]),
    Row(kind: .example, name: "PartialFailure", path: "Examples/PartialFailure", dependencies: ["Apus"]),
    Row(
        kind: .example, name: "EmbeddedHarness", path: "Examples/EmbeddedHarness",
        dependencies: ["Apus", "ApusTesting"]),
    Row(
        kind: .example, name: "RefundDesk", path: "Examples/RefundDesk",
        dependencies: ["Apus", "ApusAgents", "ApusSQLite", "ApusTesting"]),
    Row(
        kind: .example, name: "ResearchTeam", path: "Examples/ResearchTeam",
        dependencies: ["Apus", "ApusAgents", "ApusProviders", "ApusTesting"]),
    Row(
        kind: .tests, name: "OverdueRequestsTests", path: "Tests/OverdueRequestsTests",
        dependencies: [
            "Apus", "ApusAgents", "ApusSQLite", "ApusTesting", "AsideKit", "OverdueRequests", "OverdueRequestsKit",
            "ProcessKit",
        ]),
    Row(
        kind: .tool, name: "Benchmarks", path: "Tests/Benchmarks",
        dependencies: ["Apus", "ApusAgents", "ApusConfine", "ApusProviders", "ApusSQLite", "CSQLite"]),
]

let settings: [SwiftSetting] =
    [
        "ExistentialAny", "InferIsolatedConformances", "InternalImportsByDefault", "MemberImportVisibility",
        "NonisolatedNonsendingByDefault",
    ].map { .enableUpcomingFeature($0) } + [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
    name: "Apus",
    platforms: [.macOS(.v26), .iOS(.v26)],
    products: rows.filter { $0.kind == .library }.map { .library(name: $0.name, targets: [$0.name]) }
        + rows.filter { $0.kind == .program }.map { .executable(name: $0.product ?? $0.name, targets: [$0.name]) },
    targets: rows.map { row in
        let dependencies = row.dependencies.map { name -> Target.Dependency in
            guard let platforms = rows.first(where: { $0.name == name })?.platforms else { return .target(name: name) }
            return .target(name: name, condition: .when(platforms: platforms))
        }
        switch row.kind {
        case .library, .support:
            return .target(
                name: row.name, dependencies: dependencies, path: row.path, exclude: row.exclude,
                resources: row.resources, swiftSettings: settings)
        case .program, .example, .tool:
            return .executableTarget(
                name: row.name, dependencies: dependencies, path: row.path, exclude: row.exclude,
                resources: row.resources, swiftSettings: settings)
        case .tests:
            return .testTarget(
                name: row.name, dependencies: dependencies, path: row.path, exclude: row.exclude,
                resources: row.resources, swiftSettings: settings)
        case .system:
            return .systemLibrary(
                name: row.name, path: row.path, pkgConfig: row.system?.pkgConfig,
                providers: row.system.map { [.apt([$0.apt]), .brew([$0.brew])] })
        }
    }
)
