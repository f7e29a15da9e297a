public import ApusAgents

/// A streamed answer while it is read: bytes in, pieces out, and the whole at the end. A plain value.
public struct ChatStream<Dialect: ChatDialect>: Sendable {
    private let info: ModelInfo
    private var splitter: StreamSplitter
    private var answer: Answer

    /// - Parameter framing: what the server says it sends, where that differs from the dialect's own.
    public init(
        _ dialect: Dialect, of info: ModelInfo, framing: StreamFraming? = nil, eventLimit: Int = HTTPLimits().event
    ) {
        self.info = info
        answer = Answer(fold: dialect.fold())
        splitter = StreamSplitter(framing ?? dialect.framing, eventLimit: eventLimit)
    }

    /// Whether the answer has said that it is over. Some servers tell the usage after that.
    public var isComplete: Bool { answer.fold.isComplete }

    /// Reads on, and hands over the pieces that `bytes` complete.
    /// - Throws: `LLMError` with what had come, for an error that the vendor sends in the middle and for what can't be read.
    public mutating func consume(_ bytes: [UInt8], _ emit: (ChatEvent) -> Void) throws {
        do {
            try Self.feed(&answer, from: &splitter, bytes, emit)
        } catch {
            throw self.error(error)
        }
    }

    /// Ends the answer.
    /// - Throws: `LLMError` with the code `cutStream` and what had come, if it never said that it is over.
    public mutating func finish(_ emit: (ChatEvent) -> Void = { _ in }) throws -> ChatResponse {
        // The last event may lack the blank line behind it. If it can't be read, the answer was cut within it.
        if let last = splitter.finish() { try? answer.take(last, emit) }
        guard isComplete else {
            throw AnswerFault(.cutStream, "the stream ended early").error(info, partial: answer.assembly.response)
        }
        return answer.assembly.response
    }

    /// What a failure of the network or of the vendor means now that this much has come.
    func error(_ error: any Error) -> any Error {
        switch error {
        case let fault as AnswerFault: fault.error(info, partial: answer.assembly.response)
        case let error as HTTPError where error.code == .tooLarge:
            AnswerFault(error).error(info, partial: answer.assembly.response)
        case let error as HTTPError: AnswerFault(.cutStream, "\(error)").error(info, partial: answer.assembly.response)
        default: error
        }
    }

    private static func feed(
        _ answer: inout Answer, from splitter: inout StreamSplitter, _ bytes: [UInt8], _ emit: (ChatEvent) -> Void
    ) throws {
        try splitter.consume(bytes) { try answer.take($0, emit) }
    }

    /// What has come so far.
    private struct Answer: Sendable {
        var fold: Dialect.Fold
        var assembly = ChatAssembly()

        mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
            try Self.take(event, &fold, &assembly, emit)
        }

        private static func take(
            _ event: WireEvent, _ fold: inout Dialect.Fold, _ assembly: inout ChatAssembly,
            _ emit: (ChatEvent) -> Void
        ) throws(AnswerFault) {
            try fold.take(event) { event in
                assembly.add(event)
                emit(event)
            }
        }
    }
}
