import Apus
import Foundation

/// Tells a model what time it is, by the clock of the run's environment.
public struct Clock: Tool {
    public struct Input: Codable, Sendable {}

    public struct Output: Codable, Sendable {
        /// As ISO 8601 has it, in UTC.
        public var utc: String
        public var secondsSince1970: Int64
    }

    public let name = "current_time"
    public let description = "The date and time now, in UTC"
    public var policy: ToolPolicy { .readOnly }

    public init() {}

    public func call(_ input: Input, _ context: ToolContext) async throws -> Output {
        let now = context.environment.now()
        return Output(
            utc: now.date.formatted(.iso8601), secondsSince1970: now.wallTime.milliseconds / 1_000)
    }
}
