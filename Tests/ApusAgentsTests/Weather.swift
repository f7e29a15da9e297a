import Apus
import ApusAgents

/// A tool for tests that remembers its calls.
final class Weather: Tool {
    struct Input: Codable {
        var city: String
        var days: Int?
    }

    let name = "weather"
    let description = "The weather of a city in degrees Celsius"
    let policy: ToolPolicy
    private let calls = Guarded<[String]>([])

    init(_ policy: ToolPolicy = ToolPolicy()) { self.policy = policy }

    var cities: [String] { calls.withLock { $0 } }

    func call(_ input: Input, _ context: ToolContext) async throws -> [String: Int] {
        calls.withLock { $0.append(input.city) }
        if input.city == "Atlantis" { throw NoSuchCity() }
        return ["degrees": input.city.utf8.count]
    }

    struct NoSuchCity: Error, CustomStringConvertible { let description = "there is no such city" }
}
