public import Apus
public import ApusAgents

/// What goes wrong with a simulated model, and how long it takes.
public struct ModelTrouble: Sendable {
    /// How long it is until an answer begins.
    public var latency: ClosedRange<Duration>
    /// Between the pieces of a stream.
    public var pause: Duration
    /// The share of requests that fail, from 0 to 1, and with which of these codes, each as likely as the others.
    public var failures: Double
    public var codes: [LLMError.Code]
    /// The share of streams that break off somewhere.
    public var cuts: Double

    public init(
        latency: ClosedRange<Duration> = .milliseconds(200)...(.seconds(4)), pause: Duration = .milliseconds(20),
        failures: Double = 0, codes: [LLMError.Code] = [.rateLimited, .overloaded, .unreachable], cuts: Double = 0
    ) {
        self.latency = latency
        self.pause = pause
        self.failures = failures
        self.codes = codes
        self.cuts = cuts
    }
}

/// A model that takes its time, fails and breaks off, by the clock and the chance of an environment: in a simulation the same for
/// the same seed.
public struct SimulatedModel<Base: LLMProvider>: LLMProvider {
    let base: Base
    let trouble: ModelTrouble
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try await begin()
        return try await base.chat(request)
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try await begin()
        let isCut = chance() < trouble.cuts
        let pieces = Guarded<[ChatEvent]>([])
        let whole = try await base.stream(request) { event in pieces.withLock { $0.append(event) } }
        let events = pieces.withLock { $0 }
        let last = isCut ? Int(chance() * Double(events.count)) : events.count
        var assembly = ChatAssembly()
        for event in events.prefix(last) {
            try await environment.sleep(for: trouble.pause)
            assembly.add(event)
            try await receive(event)
        }
        if isCut { throw LLMError(.cutStream, info, partial: assembly.response) }
        return whole
    }

    private func begin() async throws {
        let width = trouble.latency.upperBound - trouble.latency.lowerBound
        try await environment.sleep(for: trouble.latency.lowerBound + width * chance())
        guard chance() < trouble.failures, !trouble.codes.isEmpty else { return }
        let code = trouble.codes[Int(chance() * Double(trouble.codes.count))]
        throw LLMError(code, info, retryAfter: code == .rateLimited ? .seconds(1 + chance() * 9) : nil)
    }

    /// From 0 to below 1.
    private func chance() -> Double { Double(environment.random() >> 11) / Double(1 << 53) }
}

extension LLMProvider {
    /// The same model with the trouble that real ones have.
    public func simulated(_ trouble: ModelTrouble = ModelTrouble(), in environment: any Environment)
        -> SimulatedModel<Self>
    {
        SimulatedModel(base: self, trouble: trouble, environment: environment)
    }
}
