import Apus
import FieldOperationsKit
import Foundation
import OverdueRequestsKit

// One day of field operations on a virtual clock: swift run FieldOperations
// A month on hosts that are killed: swift run FieldOperations month
// The same in processes and real time: swift run FieldOperations soak --minutes 10

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
    print(Arguments.usage)
    exit(64)
}

// Settings come from FIELD_NOTICES_PER_AGENCY and FIELD_BREAKER_OPEN_TIME, if they are there.
let configuration = Configuration(prefix: "FIELD")
try await configuration.load(declaring: FieldSettings.perAgency, FieldSettings.openTime)

let requests = try await CSVRequestSource.bundled().requests().requests
try FileManager.default.createDirectory(at: arguments.folder, withIntermediateDirectories: true)
let soak = FieldSoak(
    from: arguments.from, hours: arguments.hours, duration: .seconds(arguments.minutes * 60),
    file: arguments.folder.appending(path: "field.db"), requests: requests)
var problems: [String] = []

switch arguments.command {
case .day:
    let day = FieldDay(from: arguments.from, hours: arguments.hours, seed: arguments.seed, requests: requests)
    let report = try day.run(configuration)
    print(report)
    let file = arguments.folder.appending(path: "dashboard.svg")
    try Data(report.dashboard.utf8).write(to: file)
    print("\nThe day as a picture: \(file.relativePath)")
    let page = arguments.folder.appending(path: "metrics.txt")
    try Data(report.metrics.utf8).write(to: page)
    print("What a scraper would have read: \(page.relativePath)")
    exit(report.problems.isEmpty ? 0 : 70)
case .month:
    let month = FieldMonth(from: arguments.from, hours: arguments.hours, seed: arguments.seed, requests: requests)
    let outcome = try month.run(configuration)
    print("\(arguments.hours) hours, \(outcome.kills) hosts killed, \(outcome.problems.count) problems")
    problems = outcome.problems
case .serve: try await soak.serve(began: arguments.began, configuration)
case .soak:
    for name in ["field.db", "field.db-wal", "field.db-shm"] {
        try? FileManager.default.removeItem(at: arguments.folder.appending(path: name))
    }
    let host = [
        "serve", "--from", "\(arguments.from)", "--hours", "\(arguments.hours)", "--minutes", "\(arguments.minutes)",
        "--out", arguments.folder.path,
    ]
    let outcome = try await soak.run(Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]), host)
    let sizes = outcome.memory.map { $0 / 1_048_576 }
    print(
        """
        \(arguments.minutes) minutes for \(arguments.hours) hours, \(outcome.kills) processes killed, \
        \(outcome.problems.count) problems
        the process that stayed: \(sizes.min() ?? 0) to \(sizes.max() ?? 0) MB, the last third \
        \(String(format: "%+.1f", outcome.growth * 100)) % against the middle one
        """)
    problems = outcome.problems
    if outcome.growth > 0.02 { problems.append("its memory grows") }
}
print(problems.prefix(20).joined(separator: "\n"))
exit(problems.isEmpty ? 0 : 70)
