import Apus
import Foundation
import OverdueRequestsKit

/// What was asked for on the command line.
struct Arguments {
    enum Command: String { case day, month, soak, serve }

    static let usage = """
        usage: FieldOperations [month | soak] [--from day] [--hours n] [--seed n] [--out folder] [--minutes n]
        """

    var command = Command.day
    var from: LocalTime
    var hours: Int
    var seed: UInt64
    var minutes: Double
    var folder: URL
    /// When a soak began, for its hosts.
    var began = WallTime(milliseconds: 0)

    /// `nil` if they are not understood.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        if let first = rest.first, !first.hasPrefix("--") {
            guard let command = Command(rawValue: first) else { return nil }
            self.command = command
            rest.removeFirst()
        }
        var options = ["--seed": "311", "--out": "out/field", "--minutes": "10"]
        options["--from"] = command == .day ? "2011-03-02" : "2011-03-01"
        options["--hours"] = command == .day ? "24" : "744"
        while rest.count >= 2, let name = rest.first, options[name] != nil {
            rest.removeFirst()
            options[name] = rest.removeFirst()
        }
        if command == .serve, let text = rest.popFirst(), let moment = Int64(text) {
            began = WallTime(milliseconds: moment)
        }
        guard rest.isEmpty, let from = try? LocalTime(isoForm: options["--from"] ?? ""),
            let hours = Int(options["--hours"] ?? ""), (1...8_760).contains(hours),
            let seed = UInt64(options["--seed"] ?? ""), let minutes = Double(options["--minutes"] ?? ""), minutes > 0
        else { return nil }
        (self.from, self.hours, self.seed, self.minutes) = (from, hours, seed, minutes)
        folder = URL(filePath: options["--out"] ?? "", directoryHint: .isDirectory)
    }
}
