import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct DecoratorTests {
    /// Fails so often, and then answers.
    private final class Moody: LLMProvider {
        let info = ModelInfo(provider: "moody", model: "m")
        private let left: Guarded<[LLMError.Code]>
        private let count = Guarded(0)
        init(_ failures: [LLMError.Code]) { left = Guarded(failures) }
        var asked: Int { count.withLock { $0 } }

        func chat(_ request: ChatRequest) async throws -> ChatResponse {
            count.withLock { $0 += 1 }
            if let code = left.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                throw LLMError(code, info, retryAfter: .seconds(7))
            }
            return ChatResponse(.assistant("yes"), finish: .stop, usage: Usage(inputTokens: 100, outputTokens: 20))
        }

        func stream(
            _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
        ) async throws -> ChatResponse {
            try await receive(.text("y", index: 0))
            return try await chat(request)
        }
    }

    private let request = ChatRequest([.user("?")])

    @Test func `a model is asked again after the wait it asked for`() throws {
        try Simulator(seed: 1).run(limit: .seconds(600)) { environment in
            let moody = Moody([.rateLimited, .overloaded])
            let start = environment.now().uptime
            let response = try await moody.retrying(environment: environment).chat(request)
            #expect(response.text == "yes")
            #expect(moody.asked == 3)
            #expect(environment.now().uptime - start >= .seconds(14))
        }
    }

    @Test func `what a request itself is refused for is not tried again`() async throws {
        let moody = Moody([.invalidRequest])
        await #expect(throws: LLMError(.invalidRequest, moody.info)) { try await moody.retrying().chat(request) }
        #expect(moody.asked == 1)
    }

    @Test func `a stream that has begun is not begun again`() async throws {
        let moody = Moody([.cutStream])
        await #expect(throws: LLMError(.cutStream, moody.info)) {
            try await moody.retrying().fallingBack(to: ScriptedModel([.text("no")])).stream(request) { _ in }
        }
        #expect(moody.asked == 1)
    }

    @Test func `another model answers when the first one can't`() async throws {
        let other = ScriptedModel([.text("other")])
        #expect(try await Moody([.quotaExhausted]).fallingBack(to: other).chat(request).text == "other")
        await #expect(throws: LLMError.self) { try await Moody([.filtered]).fallingBack(to: other).chat(request) }
    }

    @Test func `equal requests are asked once and remembered, failures are not`() async throws {
        let moody = Moody([.overloaded])
        let cached = moody.cached()
        await #expect(throws: LLMError.self) { try await cached.chat(request) }
        for _ in 0..<3 { #expect(try await cached.chat(request).text == "yes") }
        #expect(moody.asked == 2)
        _ = try await cached.chat(ChatRequest([.user("!")]))
        #expect(moody.asked == 3)
    }

    @Test func `requests wait for their share of a minute`() throws {
        try Simulator(seed: 2).run(limit: .seconds(3_600)) { environment in
            let limited = Moody([]).limited(requestsPerMinute: 60, environment: environment)
            let start = environment.now().uptime
            try await withThrowingTaskGroup { group in
                for _ in 0..<120 { group.addTask { _ = try await limited.chat(request) } }
                try await group.waitForAll()
            }
            let time = environment.now().uptime - start
            #expect(time >= .seconds(59) && time <= .seconds(61), "\(time)")
        }
    }

    @Test func `each request is measured, also one that fails`() async throws {
        let seen = Guarded<[ModelMeasure]>([])
        let metered = Moody([.overloaded]).metered { measure in seen.withLock { $0.append(measure) } }
        _ = try? await metered.chat(request)
        _ = try await metered.chat(request)
        #expect(seen.withLock { $0 }.map(\.failure) == [.overloaded, nil])
        #expect(seen.withLock { $0 }.map(\.usage.totalTokens) == [0, 120])
    }

    @Test func `a price table charges cached tokens at their own price`() throws {
        let prices = PriceTable([
            "m": .init(input: 2, output: 10, cachedInput: 0.5), "m-mini": .init(input: 1, output: 1),
        ])
        let usage = Usage(inputTokens: 1_000_000, outputTokens: 100_000, cachedInputTokens: 400_000)
        #expect(prices.cost(of: usage, model: "m-2026") == 0.6 * 2 + 0.4 * 0.5 + 1)
        #expect(prices.cost(of: usage, model: "m-mini-1") == 1.1)
        #expect(prices.cost(of: usage, model: "x") == nil)
    }
}
